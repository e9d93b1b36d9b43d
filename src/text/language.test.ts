import { expect, test } from 'vitest'
import { bestLanguage, firstSentence, languageOf, pick } from './language.ts'

test('a text in both languages is picked, one in a single language stands in for the other', () => {
  expect(pick({ en: 'Seven orders.', ko: '주문 7건.' }, 'ko')).toBe('주문 7건.')
  expect(pick({ en: 'Seven orders.' }, 'ko')).toBe('Seven orders.')
  expect(languageOf({ en: 'Seven orders.' }, 'ko')).toBe('en')
  expect(pick('8', 'ko')).toBe('8')
  expect(pick(undefined, 'en')).toBe('')
})

test('the first language of the browser that we speak is taken, English when there is none', () => {
  expect(bestLanguage(['fr-FR', 'ko-KR', 'en-US'])).toBe('ko')
  expect(bestLanguage(['en-GB', 'ko'])).toBe('en')
  expect(bestLanguage(['fr'])).toBe('en')
})

test('the first sentence of a step serves as its title', () => {
  expect(firstSentence('kill -9 on the leader. Some seconds later b2 leads.')).toEqual({
    head: 'kill -9 on the leader.', rest: 'Some seconds later b2 leads.',
  })
  expect(firstSentence('acks=all, RF 3, version 4.1 runs')).toEqual({ head: 'acks=all, RF 3, version 4.1 runs', rest: '' })
  expect(firstSentence('주문 8이 왔다. 리더가 저장하고 응답했다.').head).toBe('주문 8이 왔다.')
})
