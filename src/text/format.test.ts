import { expect, test } from 'vitest'
import { formatBytes, formatDuration, formatNumber, formatTime, names, offsets, plural } from './format.ts'

test.each([
  [0, '00:00.000'], [14_200_000, '00:14.200'], [754_318_999, '12:34.318'], [3_723_400_000, '1:02:03.400'],
])('the moment %s', (at, text) => {
  expect(formatTime(at)).toBe(text)
})

test.each([
  [0, '0 ms', '0 ms'], [5.5, '5.5 ms', '5.5 ms'], [350, '350 ms', '350 ms'], [1_000, '1 s', '1초'], [9_400, '9.4 s', '9.4초'], [31_249, '31.2 s', '31.2초'],
  [59_990, '1 min', '1분'], [125_000, '2 min 5 s', '2분 5초'], [4_800_000, '1 h 20 min', '1시간 20분'], [691_200_000, '8 d', '8일'],
])('%s ms', (ms, en, ko) => {
  expect([formatDuration('en', ms), formatDuration('ko', ms)]).toEqual([en, ko])
})

test('numbers, bytes, plurals', () => {
  expect(formatNumber('en', 1_234_567)).toBe('1,234,567')
  expect([formatBytes('en', 512), formatBytes('en', 1_048_576), formatBytes('ko', 33_554_432)]).toEqual(['512 B', '1 MB', '32 MB'])
  expect([plural(1, 'record'), plural(7, 'record'), plural(2, 'index', 'indexes')]).toEqual(['1 record', '7 records', '2 indexes'])
  expect([offsets(4, 4), offsets(4, 6)]).toEqual(['offset 4', 'offsets 4 to 6'])
  expect([names('en', []), names('ko', []), names('ko', ['b1', 'b2'])]).toEqual(['none', '없음', 'b1, b2'])
})
