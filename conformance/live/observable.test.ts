import { describe, expect, test } from 'vitest'
import { expression, pathsOf } from '../../src/scenario/expression.ts'
import { roots } from '../../src/scenario/vocabulary.ts'
import { tallyKey } from '../../src/scenario/observe.ts'
import type { LiveState } from './live-state.ts'
import { conjuncts, hiddenIn, hiddenOf, Unobservable } from './observable.ts'
import { reader } from './read.ts'
import { emptyLive, liveWith } from './testing.ts'

const pathOf = (text: string) => pathsOf(expression(text).node)[0]!

const examples: Readonly<Record<string, string>> = {
  number: '1', error: 'TIMED_OUT', event: '"leader.elected"', partition: 't/0', replica: 't/0@b1', about: 't/0', share: 's', step: '"one"', result: '"one"', broker: 'b1', controller: 'k1', topic: 't',
}
const called = (args: readonly string[]): string => (args.length === 0 ? '' : `(${args.map((kind) => examples[kind] ?? 'p').join(', ')})`)
/** A statement of each word that the engine plays. */
/** But for toys: a file that has one is not played (`obstacles`). */
const statements = (): readonly string[] => Object.entries(roots).filter(([root]) => root !== 'toy').flatMap(([root, forms]) => forms.filter(({ needs }) => needs === undefined).flatMap(({ args, properties }) =>
  Object.entries(properties).filter(([, { needs }]) => needs === undefined).flatMap(([name, property]) => {
    const of = `${root}${called(args)}.${name}${called(property.args)}`
    return property.properties === undefined ? [of] : Object.keys(property.properties).map((inner) => `${of}.${inner}`)
  })))

/** With one of everything that the examples name. */
function furnishedLive(): LiveState {
  const live = liveWith([
    { e: 'broker', at: 0, b: 1, registered: true, epoch: 10, fenced: false, rack: 'r1' },
    { e: 'quorum', at: 0, k: 'k1', state: { leaderId: 101, leaderEpoch: 1, votedId: -1 } },
    { e: 'partition', at: 0, p: 't/0', leader: 1, leaderEpoch: 0, partitionEpoch: 0, recovery: 'recovered', replicas: [1], isr: [1], elr: [], lastKnownElr: [], adding: [], removing: [] },
    {
      e: 'replica', at: 0, p: 't/0', b: 1, path: '', leo: 2, bases: [0], sizes: [160], epochs: [[0, 0]], aborted: [],
      batches: [0, 1].map((base) => ({ position: base * 80, base, last: base, bytes: 80, epoch: 0, producerId: 5, producerEpoch: 0, sequence: base, crc: base, timestamp: 1, timestampType: 'CreateTime', records: [[base, null, 'v']] })),
    },
    { e: 'marks', at: 0, b: 1, p: 't/0', hw: 2, lso: 2, start: 0 }, { e: 'believes', at: 0, b: 1, p: 't/0', leader: 1, epoch: 0, isr: [1] },
    { e: 'group', at: 0, g: 'p', state: 'Stable', type: 'Consumer', epoch: 1, targetEpoch: 1, coordinator: 1, members: [{ client: 'p', id: 'p-1', epoch: 1, assigned: ['t/0'], target: ['t/0'] }] },
    { e: 'share', at: 0, g: 's', state: 'Stable', epoch: 1, members: [], starts: { 't/0': 0 } }, { e: 'transaction', at: 0, t: 'p', state: 'Empty', producerId: 5, epoch: 0, coordinator: 1 },
    { e: 'answer', at: 9, name: 'one', called: 2, value: 3 }, ...[1, 2].flatMap((n) => [{ e: 'sent', at: n, c: 'p', n, key: null, value: 'v' }, { e: 'acked', at: n + 5, c: 'p', n, p: 't/0', o: n - 1 }]),
  ])
  live.tallies.counts.set(tallyKey('leader.elected', 't/0'), { count: 1, firstAt: 1, lastAt: 1 })
  return { ...live, marks: [{ id: 'one', startAt: 0, endAt: 5 }] }
}
const furnished = furnishedLive()

describe('statements on a live cluster', () => {
  test.each([['where all of it is there', furnished], ['where nothing is there yet', emptyLive]])('every word of the vocabulary is either read or said to be hidden, %s; none is forgotten', (_where, live) => {
    const read = reader(live)
    for (const text of statements()) {
      const path = pathOf(text)
      if (hiddenIn(path) !== undefined) expect(() => read(path), text).toThrow(Unobservable)
      else expect(() => read(path), text).not.toThrow()
    }
  })

  test('a word that nobody reads is found out', () => {
    const known = pathOf('cluster.time')
    for (const text of statements()) {
      const { root, parts } = pathOf(text)
      const forgotten = { ...known, root, parts: parts.with(-1, { ...parts.at(-1)!, name: 'forgotten' }) }
      expect(() => reader(furnished)(forgotten), text).toThrow(Unobservable)
    }
  })

  test('what is hidden in a conjunction does not hide the rest', () => {
    const { node } = expression('producer(p).inFlight == 0 and partition(t/0).hw == 3 and not broker(b1).fenced')
    expect(conjuncts(node).map((part) => hiddenOf(part))).toEqual([['producer().inFlight'], [], []])
  })

  test('an event that no request and no log line tells is hidden; an error name never is', () => {
    expect(hiddenIn(pathOf('event("request.parked").count'))).toBe('event("request.parked")')
    expect(hiddenIn(pathOf('event("NOT_ENOUGH_REPLICAS").count'))).toBeUndefined()
    expect(hiddenIn(pathOf('event("leader.elected", t/0).count'))).toBeUndefined()
  })

  const live = liveWith([
    { e: 'broker', at: 0, b: 1, registered: true, epoch: 10, fenced: false, rack: 'r1' },
    { e: 'partition', at: 0, p: 't/0', leader: 1, leaderEpoch: 0, partitionEpoch: 0, recovery: 'recovered', replicas: [1, 2], isr: [1, 2], elr: [], lastKnownElr: [], adding: [], removing: [] },
    {
      e: 'replica', at: 0, p: 't/0', b: 1, path: '/run/kafka/b1/data-0/t-0', leo: 3, bases: [0], sizes: [240], epochs: [[0, 0]], aborted: [],
      batches: [0, 1, 2].map((base) => ({ position: base * 80, base, last: base, bytes: 80, epoch: 0, producerId: 5, producerEpoch: 0, sequence: base, crc: base, timestamp: 1, timestampType: 'CreateTime', records: [[base, null, `p-${base + 1}`]] })),
    },
    { e: 'marks', at: 0, b: 1, p: 't/0', hw: 2, lso: 2, start: 0 },
    ...[1, 2, 3].flatMap((n) => [{ e: 'sent', at: n, c: 'p', n, key: null, value: `p-${n}` }, { e: 'acked', at: n + 5, c: 'p', n, p: 't/0', o: n - 1 }]),
  ])
  const value = (text: string) => reader(live)(pathOf(text))

  test('a partition is read from its leader’s files and marks', () => {
    expect(value('partition(t/0).leader')).toBe('b1')
    expect(value('partition(t/0).isr')).toEqual(['b1', 'b2'])
    expect(value('partition(t/0).records')).toBe(2)
    expect(value('partition(t/0).leo')).toBe(3)
    expect(value('partition(t/0).value(1)')).toBe('p-2')
    expect(value('partition(t/0).batch(2).sequence')).toBe(2)
    expect(value('replica(t/0@b2).leo')).toBeUndefined()
  })

  test('epochs of the quorum count from 00:00, whatever it took until the first controller led', () => {
    live.seen.take({ e: 'quorum', at: 0, k: 'k1', state: { leaderId: 101, leaderEpoch: 5, votedId: -1 } })
    live.seen.take({ e: 'quorum', at: 0, k: 'k2', state: { leaderId: 101, leaderEpoch: 4, votedId: -1 } })
    const read = reader({ ...live, quorumEpoch: 4 })
    expect(['controller.active', 'controller.epoch', 'controller(k1).epoch', 'controller(k2).epoch', 'controller(k1).state'].map((text) => read(pathOf(text)))).toEqual(['k1', 2, 2, 1, 'leader'])
  })

  test('the ledger is kept by what clients were told and what lies in the logs', () => {
    expect(value('ledger.acked')).toBe(3)
    expect(value('ledger.lost')).toBe(0)
    expect(value('ledger.ackedInvisible')).toBe(1)
    expect(value('producer(p).outcome(2).offset')).toBe(2)
    expect(value('producer(p).longestGapMs')).toBe(0.001)
  })

  test('an acknowledged record that is not where it was said to be is lost', () => {
    live.seen.take({ e: 'replica', at: 1, p: 't/0', b: 1, path: '', leo: 1, bases: [0], sizes: [80], epochs: [], aborted: [], batches: live.seen.replicas.get('t/0@1')!.batches.slice(0, 1) })
    expect(value('ledger.lost')).toBe(2)
    live.states.set('b1', 'down')
    live.seen.version++
    expect(value('ledger.lost')).toBe(0)
    expect(value('ledger.unavailable')).toBe(3)
  })
})
