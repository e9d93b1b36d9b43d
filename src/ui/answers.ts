/** What an admin client was last told: the view does not keep it, the story does. Pure. */
import type { Micros } from '../base/units.ts'
import type { StoryLine } from '../projection/story.ts'
import { headlinesUntil } from './headlines.ts'

export type Answer = Extract<StoryLine['fact'], { code: 'admin.answered' }>

export function answerOf(story: readonly StoryLine[], at: Micros, admin: string): Answer | undefined {
  const lines = headlinesUntil(story, at)
  for (let i = lines.length - 1; i >= 0; i--) {
    const { node, fact } = lines[i]!
    if (fact.code === 'admin.answered' && node === admin) return fact
  }
  return undefined
}
