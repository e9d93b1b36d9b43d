/**
 * The headlines of a story, found once: a run tells thousands of lines a minute, and the panels look ten times a second.
 * A story only grows; one that is another array is another story.
 */
import { countLeading } from '../base/search.ts'
import type { Micros } from '../base/units.ts'
import { isHeadline, type StoryLine } from '../projection/story.ts'

const found = new WeakMap<readonly StoryLine[], { read: number; readonly lines: StoryLine[] }>()

export function headlinesOf(story: readonly StoryLine[]): readonly StoryLine[] {
  let known = found.get(story)
  if (known === undefined) {
    known = { read: 0, lines: [] }
    found.set(story, known)
  }
  for (; known.read < story.length; known.read++) if (isHeadline(story[known.read]!)) known.lines.push(story[known.read]!)
  return known.lines
}

/** Those told up to `at`. */
export function headlinesUntil(story: readonly StoryLine[], at: Micros): readonly StoryLine[] {
  const lines = headlinesOf(story)
  const told = countLeading(lines.length, (i) => lines[i]!.at <= at)
  return told === lines.length ? lines : lines.slice(0, told)
}
