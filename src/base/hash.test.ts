import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fold, foldTree, hashOf, newFingerprint, printed } from './hash.ts'

fc.configureGlobal({ seed: 1 })

const printOf = (value: unknown): string => {
  const print = newFingerprint()
  foldTree(print, value)
  return printed(print)
}

// Fixed for ever: a fingerprint is compared between Node, the browser's worker and stored goldens.
test('fingerprints are fixed', () => {
  expect(printed(newFingerprint())).toMatchInlineSnapshot(`"811c9dc52c9277b5"`)
  expect(printOf({ code: 'isr.changed', partition: 'orders/0', isr: ['b1', 'b2'], epoch: 3, at: 12_345_678_901, held: true, none: undefined })).toMatchInlineSnapshot(`"d11f4b73642112ac"`)
})

test('FNV-1a of ASCII text is the published one', () => {
  expect(hashOf('') >>> 0).toBe(0x811c9dc5)
  expect(hashOf('a') >>> 0).toBe(0xe40c292c)
  expect(hashOf('foobar') >>> 0).toBe(0xbf9cf968)
})

test('order counts, and so does every bit of a number up to 2^53', () => {
  fc.assert(fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
    fc.pre(a !== b)
    const one = newFingerprint(), other = newFingerprint()
    for (const value of [a, b]) fold(one, value)
    for (const value of [b, a]) fold(other, value)
    expect(printed(one)).not.toBe(printed(other))
  }))
  expect(printOf(4294967296)).not.toBe(printOf(0))
})

test('sixteen hex digits, leading zeros too', () => expect(printed([1, 2])).toBe('0000000100000002'))
