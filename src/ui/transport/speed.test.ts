import { expect, test } from 'vitest'
import { toFactor, toSlider } from './speed.ts'

test('stops are round numbers from a thousandth to a thousand', () => {
  expect([-30, -23, -10, -7, 0, 3, 10, 30].map(toFactor)).toEqual([0.001, 0.005, 0.1, 0.2, 1, 2, 10, 1000])
})
test('every stop is found again', () => {
  for (let stop = -30; stop <= 30; stop++) expect(toSlider(toFactor(stop))).toBe(stop)
})
