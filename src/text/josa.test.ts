import { describe, expect, test } from 'vitest'
import { josa, particleAfter } from './josa.ts'

describe('particles', () => {
  test.each([
    ['b1', '이/가', 'b1이'], ['b2', '이/가', 'b2가'], ['b3', '으로/로', 'b3으로'], ['b1', '으로/로', 'b1로'], ['7', '이/가', '7이'],
    ['10', '으로/로', '10으로'], ['ISR', '이/가', 'ISR이'], ['LEO', '이/가', 'LEO가'], ['orders/0', '이/가', 'orders/0이'], ['리더', '이/가', '리더가'],
  ] as const)('%s with %s', (word, particle, whole) => {
    expect(josa(word, particle)).toBe(whole)
  })

  test.each([
    [0, '0이'], [1, '1이'], [2, '2가'], [3, '3이'], [4, '4가'], [5, '5가'], [6, '6이'], [7, '7이'], [8, '8이'], [9, '9가'], [20, '20이'], [100, '100이'],
    [3000, '3000이'], [10000, '10000이'], [100000000, '100000000이'], [45, '45가'], [101, '101이'],
  ])('after the number %s', (number, whole) => {
    expect(josa(number, '이/가')).toBe(whole)
  })

  test('ㄹ takes 로, every other consonant 으로', () => {
    expect(['1', '7', '8', '3', '6', '0', '10', 'HW', 'ISR', 'URL', '브로커', '파티션'].map((word) => josa(word, '으로/로'))).toEqual([
      '1로', '7로', '8로', '3으로', '6으로', '0으로', '10으로', 'HW로', 'ISR로', 'URL로', '브로커로', '파티션으로',
    ])
  })

  test('names that are words are read as words', () => {
    expect(['shop', 'reader', 'billing', 'topic', 'client', 'offset', 'poll', 'acks', 'member'].map((word) => josa(word, '은/는'))).toEqual([
      'shop은', 'reader는', 'billing은', 'topic은', 'client는', 'offset은', 'poll은', 'acks는', 'member는',
    ])
  })

  test('decimals are read digit by digit, thousands without their commas', () => {
    expect(josa('9.4', '이/가')).toBe('9.4가')
    expect(josa('1.0', '이/가')).toBe('1.0이')
    expect(josa('12,000', '이/가')).toBe('12,000이')
  })

  test('what closes a word is not read', () => {
    expect(particleAfter('`b1`', '이/가')).toBe('이')
    expect(particleAfter('"order-8"', '을/를')).toBe('을')
    expect(josa('NOT_LEADER_OR_FOLLOWER', '을/를')).toBe('NOT_LEADER_OR_FOLLOWER를')
  })
})
