import { expect, test } from 'vitest'
import type { StoryLine } from '../projection/story.ts'
import { headlinesOf, headlinesUntil } from './headlines.ts'

const line = (index: number, code: 'node.crashed' | 'request.parked'): StoryLine => ({
  index,
  at: index * 10,
  step: 0,
  cause: 0,
  node: 'b1',
  fact: code === 'node.crashed' ? { code, node: 'b1' } : { code, node: 'b1', api: 'Fetch', client: 'c1', partition: 'orders/0' },
})

test('headlines are found as the story grows, and told up to a moment', () => {
  const story = [line(0, 'node.crashed'), line(1, 'request.parked')]
  expect(headlinesOf(story).map(({ index }) => index)).toEqual([0])
  story.push(line(2, 'node.crashed'))
  expect(headlinesOf(story).map(({ index }) => index)).toEqual([0, 2])
  expect(headlinesUntil(story, 19).map(({ index }) => index)).toEqual([0])
  expect(headlinesUntil(story, 20).map(({ index }) => index)).toEqual([0, 2])
})
