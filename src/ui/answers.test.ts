import { expect, test } from 'vitest'
import { line } from '../scene/fixtures/build.ts'
import { answerOf } from './answers.ts'

const story = [
  line(0, 10, 'admin', { code: 'admin.asked', api: 'CreateTopics', about: 'orders' }),
  line(1, 40, 'admin', { code: 'admin.answered', api: 'CreateTopics', about: 'orders', error: 'NONE', tookMs: 30 }),
  line(2, 90, 'other', { code: 'admin.answered', api: 'DeleteTopics', about: 'orders', error: 'NONE', tookMs: 5 }),
]

test('an admin client was told nothing before it was answered', () => expect(answerOf(story, 39, 'admin')).toBeUndefined())
test('its last answer is its own', () => expect(answerOf(story, 100, 'admin')).toMatchObject({ api: 'CreateTopics', tookMs: 30 }))
