import { describe, expect, test } from 'vitest'
import { findNonTree } from '../../../base/clone.ts'
import { apply, runUntil, type Simulation } from '../../../engine/simulation.ts'
import { noWatch } from '../../../engine/watch.ts'
import type { AnyProcessType, Tagged } from '../../../engine/process.ts'
import type { Fact, NoteCode, FactOf } from '../../notes.ts'
import type { ProduceRequest } from '../../protocol/produce.ts'
import type { Overrides } from '../../config.ts'
import { logOf, newTestRun, recordsOf, type Mishap } from '../testing.ts'
import { medianLatencyMs, outcomeOf } from './notebook.ts'
import { producerType } from './producer.ts'
import type { ProducerConfig, ProducerState, SendRecord } from './state.ts'

const MS = 1000
const SECOND = 1_000_000

interface Run { sim: Simulation; notes: { at: number; fact: Fact }[]; sent: { at: number; from: string; to: string; message: Tagged }[] }

function runOf(configs: Overrides = {}, more: Partial<ProducerConfig> = {}, partitions = 1, leaders: Record<string, string> = {}): Run {
  const notes: Run['notes'] = [], sent: Run['sent'] = []
  const names = Array.from({ length: partitions }, (_, index) => `orders/${index}`)
  const config: ProducerConfig = { id: 'shop', library: 'java', topic: 'orders', bootstrap: ['b1'], configs, ...more }
  const cluster = { partitions: names, brokers: ['b1', 'b2'], leaders: { ...Object.fromEntries(names.map((name) =>
    [name, 'b1'])), ...leaders } }
  const sim = newTestRun(cluster, [{ name: 'shop', kind: 'producer', config, running: true }],
    [producerType as unknown as AnyProcessType], {
    ...noWatch,
    noted: (at, _step, _cause, _node, fact) => void notes.push({ at, fact: fact as Fact }),
    sent: (_id, _step, _wire, from, to, message, at) => void sent.push({ at, from, to, message }),
  })
  return { sim, notes, sent }
}
const shop = ({ sim }: Run): ProducerState => {
  const node = sim.world.nodes.get('shop')!
  return (node.state ?? node.disk) as ProducerState
}
const tell = ({ sim }: Run, order: Tagged, node = 'shop'): void => apply(sim, { do: 'tell', node, order })
const send = (run: Run, ...records: SendRecord[]): void => tell(run, { type: 'send', records } as Tagged)
const meet = (run: Run, mishaps: Mishap[], delays: number[] = [], node = 'b1'): void =>
  tell(run, { type: 'mishaps', mishaps, delays } as Tagged, node)
const factsOf = <C extends NoteCode>({ notes }: Run, code: C): FactOf<C>[] =>
  notes.filter(({ fact }) => fact.code === code).map(({ fact }) => fact as FactOf<C>)
const produces = ({ sent }: Run) =>
  sent.filter(({ message }) => message.type === 'ProduceRequest').map(({ at, to, message }) => ({ at, to,
    request: message as ProduceRequest }))
const values = (count: number, from = 1): string[] => Array.from({ length: count }, (_, i) => `shop-${i + from}`)

describe('the way of a record', () => {
  test('the first send waits for a connection, metadata and a producer id, then linger.ms, and is acknowledged one round trip later',
    () => {
    const run = runOf()
    send(run, { key: 'k', value: 'v' })
    runUntil(run.sim, SECOND)
    // 10 ms to connect, 10 ms for metadata and producer id together, 5 ms linger, 10 ms produce
    expect(outcomeOf(shop(run).notebook, 0)).toMatchObject({ id: 'shop#1', key: 'k', partition: 'orders/0', offset: 0, sequence: 0,
      error: 'NONE', sentAt: 0, at: 35 * MS })
    expect(factsOf(run, 'record.acked')).toEqual([{ code: 'record.acked', producer: 'shop', partition: 'orders/0', offset: 0, records: 1,
      acks: 'all' }])
    expect(factsOf(run, 'producer.started')).toHaveLength(1)
    expect(factsOf(run, 'metadata.refreshed')).toEqual([])
  })

  test('records sent within linger.ms share a batch', () => {
    const run = runOf()
    send(run, {})
    runUntil(run.sim, 20 * MS)
    send(run, {}, {})
    runUntil(run.sim, SECOND)
    expect(produces(run).map(({ request }) => request.partitions[0]!.batch.records.length)).toEqual([3])
    expect(recordsOf(run.sim, 'b1', 'orders/0')).toEqual(values(3))
  })

  test('a full batch does not wait for linger.ms', () => {
    const run = runOf({ 'batch.size': 200, 'linger.ms': 1000 })
    send(run, ...Array.from({ length: 4 }, () => ({ valueBytes: 80 })))
    runUntil(run.sim, SECOND)
    expect(produces(run).map(({ at, request }) => [at, request.partitions[0]!.batch.records.length])).toEqual([[20 * MS, 1], [20 * MS, 1],
      [20 * MS, 1]])
    runUntil(run.sim, 2 * SECOND)
    expect(recordsOf(run.sim, 'b1', 'orders/0')).toHaveLength(4)
  })

  test('batch.size = 0 disables batching', () => {
    const run = runOf({ 'batch.size': 0 })
    send(run, { valueBytes: 20 }, { valueBytes: 20 }, { valueBytes: 20 })
    runUntil(run.sim, SECOND)
    expect(logOf(run.sim, 'b1', 'orders/0').map(({ records }) => records.length)).toEqual([1, 1, 1])
  })

  test('one Produce request a broker carries a batch of each partition it leads, whether its linger is over or not', () => {
    const run = runOf({}, {}, 3, { 'orders/2': 'b2' })
    runUntil(run.sim, 0)
    send(run, {})
    runUntil(run.sim, 100 * MS)
    send(run, { partition: 0 }, { partition: 2 })
    runUntil(run.sim, 103 * MS)
    send(run, { partition: 1 })
    runUntil(run.sim, SECOND)
    const last = produces(run).slice(1)
    expect(last.map(({ at, to, request }) => [at / MS, to, request.partitions.map(({ partition }) => partition)])).toEqual([
      [105, 'b1', expect.arrayContaining(['orders/0', 'orders/1'])], [115, 'b2', ['orders/2']],
    ])
  })

  test('keyed records go by murmur2 of the key, or by CRC-32 with librdkafka', () => {
    const keys = ['a', 'b', 'key-0', 'key-1', 'key-2']
    const java = runOf({}, {}, 6), native = runOf({}, { library: 'librdkafka' }, 6)
    for (const run of [java, native]) {
      send(run, ...keys.map((key) => ({ key })))
      runUntil(run.sim, SECOND)
    }
    expect(keys.map((_, i) => outcomeOf(shop(java).notebook, i)!.partition)).toEqual(['orders/4', 'orders/2', 'orders/1', 'orders/0',
      'orders/2'])
    expect(keys.map((_, i) => outcomeOf(shop(native).notebook, i)!.partition)).not.toEqual(keys.map((_,
      i) => outcomeOf(shop(java).notebook, i)!.partition))
  })

  test('keyless records stay on one partition until batch.size bytes have gone there', () => {
    const run = runOf({ 'batch.size': 1000 }, {}, 3)
    for (let i = 0; i < 12; i++) {
      send(run, { valueBytes: 180 })
      runUntil(run.sim, (i + 1) * 50 * MS)
    }
    runUntil(run.sim, SECOND)
    const order = Array.from({ length: 12 }, (_, i) => outcomeOf(shop(run).notebook, i)!.partition)
    const runs = order.filter((partition, i) => partition !== order[i - 1]).length
    expect(runs).toBeLessThanOrEqual(4)
    expect(factsOf(run, 'partition.switched').length).toBeLessThanOrEqual(3)
  })
})

describe('acks', () => {
  test('acks=0 is done when the bytes have been handed to the socket, with offset -1, and counts as no acknowledgement', () => {
    const run = runOf({ acks: '0' })
    send(run, {})
    runUntil(run.sim, SECOND)
    expect(outcomeOf(shop(run).notebook, 0)).toMatchObject({ error: 'NONE', offset: -1, at: 25 * MS, acks: 0 })
    expect(shop(run).notebook.acked).toBe(0)
    expect(recordsOf(run.sim, 'b1', 'orders/0')).toEqual(['shop-1'])
  })

  test('acks other than all switches idempotence off silently: no producer id is asked for', () => {
    const run = runOf({ acks: '1' })
    send(run, {})
    runUntil(run.sim, SECOND)
    expect(run.sent.some(({ message }) => message.type === 'InitProducerIdRequest')).toBe(false)
    expect(factsOf(run, 'record.acked')[0]?.acks).toBe('1')
  })

  test.each<[string, Overrides]>([
    ['idempotence asked for, acks=1', { 'enable.idempotence': true, acks: '1' }],
    ['idempotence asked for, no retries', { 'enable.idempotence': true, retries: 0 }],
    ['more than five in flight', { 'max.in.flight.requests.per.connection': 6 }],
    ['delivery.timeout.ms below linger.ms + request.timeout.ms', { 'delivery.timeout.ms': 20000 }],
  ])('%s: the client refuses to start', (_, configs) => {
    const run = runOf(configs)
    send(run, {})
    runUntil(run.sim, SECOND)
    expect(shop(run)).toMatchObject({ lifecycle: 'failed', notebook: { lastError: 'CONFIG' } })
    expect(outcomeOf(shop(run).notebook, 0)).toMatchObject({ error: 'CONFIG', offset: -1 })
    expect(run.sent).toEqual([])
  })

  test('six in flight without idempotence is allowed', () => {
    expect(runOf({ 'enable.idempotence': false, 'max.in.flight.requests.per.connection': 6 })).toBeDefined()
  })
})

describe('retries', () => {
  test('a retriable error is tried again after the backoff, with the same sequence', () => {
    const run = runOf()
    meet(run, ['NOT_ENOUGH_REPLICAS', 'NOT_ENOUGH_REPLICAS'])
    send(run, {})
    runUntil(run.sim, SECOND)
    const [first, second, third] = produces(run)
    expect(first!.request.partitions[0]!.batch).toBe(third!.request.partitions[0]!.batch)
    expect(second!.at - first!.at - 10 * MS).toBeGreaterThanOrEqual(80 * MS)
    expect(second!.at - first!.at - 10 * MS).toBeLessThanOrEqual(120 * MS)
    expect(third!.at - second!.at - 10 * MS).toBeGreaterThanOrEqual(160 * MS)
    expect(third!.at - second!.at - 10 * MS).toBeLessThanOrEqual(240 * MS)
    expect(shop(run).notebook).toMatchObject({ retries: 2, acked: 1, failed: 0, lastError: undefined })
    expect(shop(run).notebook.errors.get('NOT_ENOUGH_REPLICAS')).toBe(2)
  })

  test('an error that is not retriable fails the batch, and the epoch is raised so that the next one starts at sequence 0', () => {
    const run = runOf()
    meet(run, ['INVALID_RECORD'])
    send(run, {})
    runUntil(run.sim, 100 * MS)
    send(run, {})
    runUntil(run.sim, SECOND)
    expect(shop(run).notebook).toMatchObject({ acked: 1, failed: 1, lastError: 'INVALID_RECORD' })
    expect(logOf(run.sim, 'b1', 'orders/0').map(({ producerEpoch, baseSequence }) => [producerEpoch, baseSequence])).toEqual([[1, 0]])
  })

  test('FLT-24: a response lost after the append: the broker knows the sequence, the record is there once', () => {
    const run = runOf()
    meet(run, ['closeAfter'])
    send(run, {})
    runUntil(run.sim, SECOND)
    expect(recordsOf(run.sim, 'b1', 'orders/0')).toEqual(['shop-1'])
    expect(shop(run).notebook).toMatchObject({ acked: 1, retries: 1 })
    expect(factsOf(run, 'connection.lost')).toEqual([{ code: 'connection.lost', node: 'shop', peer: 'b1', how: 'reset' }])
    expect(factsOf(run, 'producer.retried')[0]).toMatchObject({ error: 'NETWORK_EXCEPTION', attempt: 1 })
  })

  test('FLT-24 without idempotence: the record is there twice', () => {
    const run = runOf({ 'enable.idempotence': false })
    meet(run, ['closeAfter'])
    send(run, {})
    runUntil(run.sim, SECOND)
    expect(recordsOf(run.sim, 'b1', 'orders/0')).toEqual(['shop-1', 'shop-1'])
  })

  test('retries=0: the first error is the last', () => {
    const run = runOf({ retries: 0 })
    meet(run, ['NOT_ENOUGH_REPLICAS'])
    send(run, {})
    runUntil(run.sim, SECOND)
    expect(outcomeOf(shop(run).notebook, 0)).toMatchObject({ error: 'NOT_ENOUGH_REPLICAS' })
  })

  test('a request without an answer for request.timeout.ms ends its connection, and everything in flight on it fails', () => {
    const run = runOf({ 'request.timeout.ms': 2000, 'delivery.timeout.ms': 30000 })
    meet(run, ['silence'])
    send(run, {})
    runUntil(run.sim, 5 * SECOND)
    expect(factsOf(run, 'connection.lost')).toEqual([{ code: 'connection.lost', node: 'shop', peer: 'b1', how: 'timeout' }])
    expect(produces(run).map(({ at }) => at)[0]).toBe(25 * MS)
    expect(outcomeOf(shop(run).notebook, 0)).toMatchObject({ error: 'NONE', offset: 0 })
  })

  test('delivery.timeout.ms counts from the creation of the batch and covers everything; nothing is said about the log', () => {
    const run = runOf({ 'delivery.timeout.ms': 31000 })
    meet(run, Array.from({ length: 60 }, () => 'NOT_ENOUGH_REPLICAS' as const))
    send(run, {})
    runUntil(run.sim, 60 * SECOND)
    expect(outcomeOf(shop(run).notebook, 0)).toMatchObject({ error: 'TIMED_OUT', at: 31 * SECOND + 20 * MS })
    expect(factsOf(run, 'producer.failed')).toEqual([{ code: 'producer.failed', producer: 'shop', error: 'TIMED_OUT', records: 1,
      partition: 'orders/0' }])
    runUntil(run.sim, 62 * SECOND)
    send(run, {})
    runUntil(run.sim, 100 * SECOND)
    expect(logOf(run.sim, 'b1', 'orders/0').map(({ producerEpoch, baseSequence }) => [producerEpoch, baseSequence])).toEqual([[1, 0]])
  })

  test('PRD-9: a new leader named in the error is believed at once, and the backoff is skipped', () => {
    const run = runOf()
    send(run, {})
    runUntil(run.sim, SECOND)
    for (const broker of ['b1', 'b2']) tell(run, { type: 'lead', leaders: { 'orders/0': 'b2' } } as Tagged, broker)
    send(run, {})
    runUntil(run.sim, 2 * SECOND)
    // linger 5 + refused 10 + connect 10 + produce 10
    expect(outcomeOf(shop(run).notebook, 1)!.at - SECOND).toBe(35 * MS)
    expect(factsOf(run, 'metadata.refreshed')).toEqual([{ code: 'metadata.refreshed', client: 'shop', partition: 'orders/0', leader: 'b2',
      epoch: 1, from: 'b1' }])
    expect(shop(run).metadata.beliefs.get('orders/0')).toEqual({ leader: 'b2', epoch: 1 })
  })

  test('metadata with a lower leader epoch than known is ignored', () => {
    const run = runOf({}, { bootstrap: ['b2', 'b1'] })
    send(run, {})
    runUntil(run.sim, SECOND)
    // b2 has heard nothing: its answers stay behind.
    tell(run, { type: 'lead', leaders: { 'orders/0': 'b2' } } as Tagged, 'b1')
    send(run, {})
    runUntil(run.sim, 3 * SECOND)
    expect(shop(run).metadata.beliefs.get('orders/0')).toEqual({ leader: 'b2', epoch: 1 })
  })
})

describe('the bounds of send()', () => {
  test('no metadata within max.block.ms: the call itself fails, and then the next one is made', () => {
    const run = runOf({ 'max.block.ms': 3000 })
    tell(run, { type: 'send', topic: 'nowhere', records: [{}] } as Tagged)
    send(run, {})
    runUntil(run.sim, 10 * SECOND)
    expect(outcomeOf(shop(run).notebook, 0)).toMatchObject({ error: 'TIMED_OUT', at: 3 * SECOND, partition: undefined })
    expect(outcomeOf(shop(run).notebook, 1)).toMatchObject({ error: 'NONE', sentAt: 3 * SECOND })
  })

  test('a full buffer.memory blocks the calling thread until a batch is done', () => {
    const run = runOf({ 'buffer.memory': 1000, 'batch.size': 500, 'linger.ms': 0 })
    send(run, ...Array.from({ length: 5 }, () => ({ valueBytes: 400 })))
    runUntil(run.sim, 20 * MS)
    expect(shop(run)).toMatchObject({ blocked: true, memoryUsed: 1000 })
    expect(factsOf(run, 'producer.blocked')).toEqual([{ code: 'producer.blocked', producer: 'shop', buffered: 1000 }])
    runUntil(run.sim, SECOND)
    expect(shop(run)).toMatchObject({ blocked: false, memoryUsed: 0 })
    expect(recordsOf(run.sim, 'b1', 'orders/0')).toEqual(values(5))
  })

  test('a record larger than max.request.size is refused at once', () => {
    const run = runOf()
    send(run, { valueBytes: 2_000_000 })
    runUntil(run.sim, SECOND)
    expect(outcomeOf(shop(run).notebook, 0)).toMatchObject({ error: 'MESSAGE_TOO_LARGE', offset: -1 })
  })

  // KAFKA-8350: what fits into batch.size stays whole the first time; what has been split before is halved.
  test('PRD-7: a batch that the broker finds too large is split', () => {
    const run = runOf()
    meet(run, ['MESSAGE_TOO_LARGE', 'MESSAGE_TOO_LARGE'])
    send(run, {}, {}, {})
    runUntil(run.sim, SECOND)
    expect(logOf(run.sim, 'b1', 'orders/0').map(({ records }) => records.length)).toEqual([2, 1])
    expect(factsOf(run, 'batch.split').map(({ into }) => into)).toEqual([1, 2])
    expect(recordsOf(run.sim, 'b1', 'orders/0')).toEqual(values(3))
    expect(shop(run).memoryUsed).toBe(0)
  })
})

describe('an application with a rate', () => {
  test('sends evenly, with keys taken in turn', () => {
    const run = runOf({}, { rate: { count: 20, per: SECOND }, keys: ['a', 'b', 'c'] })
    tell(run, { type: 'start' })
    runUntil(run.sim, 2 * SECOND)
    const { notebook } = shop(run)
    expect(notebook.sent).toBe(41)
    expect([0, 1, 2, 3].map((i) => outcomeOf(notebook, i)!.key)).toEqual(['a', 'b', 'c', 'a'])
    expect(outcomeOf(notebook, 10)!.sentAt).toBe(500 * MS)
    expect(medianLatencyMs(notebook)).toBe(15)
    expect(notebook.longestGap).toBeLessThanOrEqual(60 * MS)
  })
})

describe('the end of a producer', () => {
  test('close() sends what is held without waiting for linger, then exits', () => {
    const run = runOf({ 'linger.ms': 10000 })
    send(run, {}, {})
    runUntil(run.sim, 500 * MS)
    apply(run.sim, { do: 'stop', node: 'shop' })
    runUntil(run.sim, SECOND)
    expect(run.sim.world.nodes.get('shop')!.condition).toBe('down')
    expect(recordsOf(run.sim, 'b1', 'orders/0')).toEqual(values(2))
    expect(shop(run).notebook.acked).toBe(2)
  })

  test('flush() sends what is held and goes on', () => {
    const run = runOf({ 'linger.ms': 10000 })
    send(run, {}, {})
    runUntil(run.sim, 500 * MS)
    tell(run, { type: 'flush' })
    runUntil(run.sim, 600 * MS)
    expect(recordsOf(run.sim, 'b1', 'orders/0')).toEqual(values(2))
    expect(shop(run).lifecycle).toBe('ready')
  })

  test('a crash loses what was not sent; started again it counts on, under a new producer id', () => {
    const run = runOf({ 'linger.ms': 1000 }, { rate: { count: 10, per: SECOND } })
    tell(run, { type: 'start' })
    runUntil(run.sim, 1500 * MS)
    apply(run.sim, { do: 'crash', node: 'shop' })
    const before = shop(run).notebook.sent
    const kept = recordsOf(run.sim, 'b1', 'orders/0').length
    expect(before).toBe(16)
    expect(kept).toBeLessThan(before)
    apply(run.sim, { do: 'restart', node: 'shop' })
    expect(outcomeOf(shop(run).notebook, before - 1)).toMatchObject({ error: undefined })
    runUntil(run.sim, 4 * SECOND)
    expect(recordsOf(run.sim, 'b1', 'orders/0')[kept]).toBe('shop-17')
    expect(new Set(logOf(run.sim, 'b1', 'orders/0').map(({ producerId }) => producerId)).size).toBe(2)
    const { notebook, batches, calls } = shop(run)
    const open = [...batches.values()].reduce((count, { records }) => count + records.length, calls.length)
    expect(notebook.outcomes.length + notebook.early.size).toBe(notebook.sent - open)
  })

  test('configure closes, changes and starts again what was running', () => {
    const run = runOf({}, { rate: { count: 10, per: SECOND } })
    tell(run, { type: 'start' })
    runUntil(run.sim, SECOND)
    tell(run, { type: 'configure', set: { acks: '1' }, unset: [] } as Tagged)
    runUntil(run.sim, 2 * SECOND)
    expect(shop(run)).toMatchObject({ lifecycle: 'ready', configs: { acks: '1' }, settings: { acks: 1, idempotent: false } })
    expect(new Set(recordsOf(run.sim, 'b1', 'orders/0')).size).toBe(recordsOf(run.sim, 'b1', 'orders/0').length)
    tell(run, { type: 'configure', set: {}, unset: ['acks'] } as Tagged)
    runUntil(run.sim, 3 * SECOND)
    expect(shop(run).settings).toMatchObject({ acks: -1, idempotent: true })
  })

  test('a client that refused to start does so when its configs no longer contradict each other', () => {
    const run = runOf({ 'enable.idempotence': true, acks: '1' })
    send(run, {})
    tell(run, { type: 'configure', set: { acks: 'all' }, unset: [] } as Tagged)
    send(run, {})
    runUntil(run.sim, SECOND)
    expect(shop(run).lifecycle).toBe('ready')
    expect([0, 1].map((i) => outcomeOf(shop(run).notebook, i)!.error)).toEqual(['CONFIG', 'NONE'])
  })

  test('a producer that never ran is only changed', () => {
    const run = runOf()
    tell(run, { type: 'configure', set: { acks: '0' }, unset: [] } as Tagged)
    expect(shop(run)).toMatchObject({ lifecycle: 'stopped', settings: { acks: 0 } })
    expect(run.sent).toEqual([])
  })
})

test('the state is a tree of plain data', () => {
  const run = runOf({}, { rate: { count: 100, per: SECOND } }, 3)
  tell(run, { type: 'start' })
  meet(run, ['NOT_ENOUGH_REPLICAS', 'closeAfter'])
  for (let at = 0; at < 2 * SECOND; at += 17 * MS) {
    runUntil(run.sim, at)
    expect(findNonTree(shop(run))).toBeUndefined()
  }
})
