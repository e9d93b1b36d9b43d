import { expect, test } from 'vitest'
import { Book, type Send } from './books.ts'
import { partitionRecord, worthTelling } from './take.ts'
import { liveWith } from './testing.ts'
import { failedDirIn, isRecovery } from './stage.ts'

const send = (n: number, offset: number, error = 'NONE', partition = 't/0'): Send => ({ n, key: null, value: `p-${n}`, sentAt: n, partition, offset, error, at: n + 1 })

test('of a steady producer failures are told, and where offsets went back', () => {
  const sends = [send(1, 0), send(2, 1), send(3, -1, 'TIMED_OUT'), send(4, 2), send(5, 0, 'NONE', 't/1'), send(6, 1), send(7, 2)]
  expect(worthTelling(sends).map(({ n }) => n)).toEqual([3, 4, 6])
  expect(worthTelling(sends.slice(0, 2))).toEqual([])
  // Of a later step: what came before it is told again where it takes two to see it.
  expect(worthTelling(sends, 4).map(({ n }) => n)).toEqual([4, 6])
  expect(worthTelling(sends, 6)).toEqual([])
})

test('what a client is told after a step has ended is of the next one', () => {
  const book = new Book('p', -1)
  book.sends = [send(1, 0), send(2, 1), { ...send(3, 2), at: undefined }, send(4, 3)]
  expect([0, 2, 3, Infinity].map((moment) => book.decidedBy(moment))).toEqual([0, 1, 2, 2])
  expect(book.decided).toBe(2)
})

test('of a leader that is down nobody tells offsets, though it leads until its session has ended', () => {
  const live = liveWith([
    { e: 'partition', at: 0, p: 't/0', leader: 1, leaderEpoch: 3, partitionEpoch: 5, recovery: 'recovered', replicas: [1, 2], isr: [2, 1], elr: [], lastKnownElr: [], adding: [], removing: [] },
    { e: 'marks', at: 0, b: 1, p: 't/0', hw: 7, lso: 6, start: 2 },
  ])
  const record = () => partitionRecord(live, 't/0', { leaderEpoch: 2, partitionEpoch: 1 })
  expect(record()).toMatchObject({ leader: 'b1', leaderEpoch: 1, partitionEpoch: 4, isr: ['b1', 'b2'], earliest: 2, hw: 7, lso: 6 })
  for (const state of ['down', 'frozen', 'starting'] as const) {
    live.states.set('b1', state)
    expect(record(), state).toMatchObject({ leader: 'b1', earliest: null, hw: null, lso: null })
  }
  expect(partitionRecord(live, 't/1')).toBeUndefined()
})

test('lines of a node’s log that say what no request does', () => {
  expect(failedDirIn('[2026-11-26T05:00:00,000] WARN Stopping serving logs in dir /run/kafka/b3/data-0 (LogManager)')).toBe('/run/kafka/b3/data-0')
  expect(failedDirIn('ERROR Failed to create or validate data directory /run/kafka/b3/data-1 (LogDirFailureChannel)')).toBe('/run/kafka/b3/data-1')
  expect(failedDirIn('INFO Loading logs from log dirs')).toBeUndefined()
  expect(isRecovery('INFO [LogLoader partition=t-0, dir=/d] Recovering unflushed segment 0. 0/1 recovered for t-0.')).toBe(true)
  expect(isRecovery('INFO [LogLoader partition=__cluster_metadata-0, dir=/d] Recovering unflushed segment 0.')).toBe(false)
})
