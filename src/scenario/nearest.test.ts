import { expect, test } from 'vitest'
import { distance, nearest } from './nearest.ts'

test('changes are counted, a swap as one', () => {
  expect([distance('', 'abc'), distance('abc', 'abc'), distance('abc', 'acb'), distance('kitten', 'sitting')]).toEqual([3, 0, 1, 3])
})

test('the nearest word is found, or none where none is near', () => {
  const names = ['min.insync.replicas', 'replica.lag.time.max.ms', 'acks', 'retries']
  expect(nearest('min.insyc.replicas', names)).toBe('min.insync.replicas')
  expect(nearest('insync.replicas', names)).toBe('min.insync.replicas')
  expect(nearest('ACKS', names)).toBe('acks')
  expect(nearest('zookeeper', names)).toBeUndefined()
  expect(nearest('b4', ['b1', 'b2', 'b3'])).toBeUndefined()
})
