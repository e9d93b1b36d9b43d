/** A story in plain aligned lines. */
import { isHeadline, type StoryLine } from '../projection/story.ts'
import type { Scenario, Text } from '../scenario/types.ts'
import { formatTime } from '../text/format.ts'
import { pick, type Language } from '../text/language.ts'
import { say } from '../text/say.ts'

/** Without `all` only what a reader wants to know first. */
export function storyLines(scenario: Scenario, story: readonly StoryLine[], language: Language, all: boolean): readonly string[] {
  const shown = story.filter((line) => all || isHeadline(line))
  const width = Math.max(4, ...shown.map(({ node }) => node.length))
  return shown.flatMap(({ at, node, fact }) => {
    if (fact.code === 'step.began') return heading(scenario, fact.index, at, language)
    return [`${formatTime(at)}  ${node.padEnd(width)}  ${say(language, fact, node)}`]
  })
}

function heading({ steps = [] }: Scenario, index: number, at: number, language: Language): readonly string[] {
  const step = steps[index]
  const words: Text | undefined = step?.say
  return ['', `${formatTime(at)}  ${index + 1}/${steps.length} ${step?.id ?? ''}${words === undefined ? '' : `: ${pick(words, language)}`}`]
}

export const storyJson = (story: readonly StoryLine[]): readonly object[] => story.map(({ at, node, fact }) => {
  const { code, ...args } = fact
  return { atUs: at, code, args, en: say('en', fact, node), ko: say('ko', fact, node) }
})
