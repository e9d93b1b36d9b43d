import { beforeEach, expect, test } from 'vitest'
import { useLesson } from './lesson.ts'

const lesson = () => useLesson.getState()
beforeEach(() => lesson().reset())

test('a choice may be changed until it is sealed, and not after', () => {
  lesson().choose('q', 0)
  lesson().choose('q', 2)
  lesson().seal('q')
  lesson().choose('q', 1)
  expect(lesson().answers).toEqual({ q: 2 })
})
test('nothing chosen is nothing sealed', () => {
  lesson().seal('q')
  expect(lesson().answers).toEqual({})
})
test('a question that was reopened may be answered again, one passed over counts as answered', () => {
  lesson().choose('q', 0)
  lesson().seal('q')
  lesson().reopen('q')
  expect(lesson().answers).toEqual({})
  lesson().passOver('q')
  expect(lesson().answers).toEqual({ q: -1 })
})
test('hints come one by one and end with the last', () => {
  for (let i = 0; i < 5; i++) lesson().showHint(3)
  expect(lesson().hints).toBe(3)
})
