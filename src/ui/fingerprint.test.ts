import { expect, test } from 'vitest'
import { fingerprint } from './fingerprint.ts'

test('equal data have equal fingerprints, in whatever order they were written', () => {
  expect(fingerprint({ b: [1, 2], a: { y: 1, x: undefined } })).toBe(fingerprint({ a: { x: undefined, y: 1 }, b: [1, 2] }))
  expect(fingerprint({ a: 1 })).not.toBe(fingerprint({ a: 2 }))
  expect(fingerprint([1, 2])).not.toBe(fingerprint([2, 1]))
})
