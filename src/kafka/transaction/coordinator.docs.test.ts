/** A transaction coordinator alone, by KIP-98, KIP-360, KIP-890 and what TransactionCoordinator.scala does. */
import { describe, expect, test } from 'vitest'
import { SECOND, type Micros } from '../../base/units.ts'
import type { Tagged } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import type { KafkaRecord } from '../log/record.ts'
import type { EndTxnRequest, WriteTxnMarkersRequest } from '../protocol/transaction.ts'
import {
  becomeTransactionCoordinator, handleAddPartitions, handleCommitted, handleEndTxn, handleInitProducerId, handleMarkersAnswered, handleTransactionTimer,
  newTransactionCoordinator, transactionPartition,
} from './coordinator.ts'
import type { TransactionHost, TimerKey } from './host.ts'
import type { TransactionVersion } from './metadata.ts'

const PARTITIONS = 5, HOME = transactionPartition('x', PARTITIONS)
interface Answer extends Tagged { readonly error: KafkaError; readonly producerId?: number; readonly producerEpoch?: number }

/** A broker that appends at once; what is appended is committed when `commit` says so, markers are written when `mark` does. */
class Desk {
  readonly log: KafkaRecord[]
  readonly answers: Answer[] = []
  readonly markers: WriteTxnMarkersRequest[] = []
  readonly timers = new Map<TimerKey, Micros>()
  readonly coordinator = newTransactionCoordinator()
  readonly version: TransactionVersion
  now: Micros = 0
  refuse: KafkaError | undefined
  #ids = 100
  constructor(version: TransactionVersion = 2, log: readonly KafkaRecord[] = [], epoch = 0) {
    this.version = version
    this.log = [...log]
    becomeTransactionCoordinator(this.coordinator, HOME, epoch, log, this.host)
  }
  get host(): TransactionHost {
    return {
      now: this.now, clock: this.now, self: 'b1', startedAt: 0, version: this.version, statePartitions: PARTITIONS, offsetsPartitions: 3, leaderEpochOf: () => 0,
      leaderOf: (partition) => (partition.startsWith('lost') ? undefined : 'b2'), respond: (_, response) => void this.answers.push(response as Answer),
      answer: (_, response) => void this.answers.push(response),
      append: (_, records) => {
        if (this.refuse !== undefined) return this.refuse
        this.log.push(...records)
        return { committedAt: this.log.length }
      },
      setTimer: (key, delay) => void this.timers.set(key, this.now + delay), hasTimer: (key) => this.timers.has(key), note: () => undefined,
      config: (name) => (name === 'transaction.max.timeout.ms' ? 900_000 : 10_000), newProducerId: () => this.#ids++, writeMarkers: (_, request) => void this.markers.push(request),
    }
  }
  commit(): this {
    handleCommitted(this.coordinator, HOME, this.log.length, this.host)
    return this
  }
  init(own?: { readonly producerId: number; readonly producerEpoch: number }, transactionTimeoutMs = 60_000): this {
    handleInitProducerId(this.coordinator, { type: 'InitProducerIdRequest', clientId: 'c', transactionalId: 'x', transactionTimeoutMs, ...own }, 'c', this.host)
    return this
  }
  add(producerEpoch: number, partition = 't/0', verifyOnly = false): this {
    const request = { type: 'AddPartitionsToTxnRequest', clientId: 'c', transactionalId: 'x', producerId: 100, producerEpoch, partitions: [partition], verifyOnly, version: this.version } as const
    handleAddPartitions(this.coordinator, request, { on: 'c' }, this.host)
    return this
  }
  end(producerEpoch: number, committed: boolean, more: Partial<EndTxnRequest> = {}): this {
    handleEndTxn(this.coordinator, { type: 'EndTxnRequest', clientId: 'c', transactionalId: 'x', producerId: 100, producerEpoch, committed, version: this.version, ...more }, 'c', this.host)
    return this
  }
  mark(error: KafkaError = 'NONE'): this {
    for (const { markers } of this.markers.splice(0)) {
      const done = markers.flatMap(({ partitions, ...marker }) => partitions.map((partition) => ({ ...marker, partition, error })))
      handleMarkersAnswered(this.coordinator, { type: 'WriteTxnMarkersResponse', markers: done }, this.host)
    }
    return this.commit()
  }
  fire(key: TimerKey): this {
    this.now = this.timers.get(key)!
    this.timers.delete(key)
    handleTransactionTimer(this.coordinator, key, this.host)
    return this
  }
  get answer(): Answer | undefined {
    return this.answers.at(-1)
  }
  get state() {
    return this.coordinator.transactions.get('x')!.metadata
  }
}
const begun = (version: TransactionVersion = 2): Desk => new Desk(version).init().commit().add(0).commit()

describe('a change counts when it is committed', () => {
  test('before that nobody is answered, and nothing else may change', () => {
    const desk = new Desk().init()
    expect(desk.answers).toEqual([])
    expect(desk.init().answer).toMatchObject({ error: 'CONCURRENT_TRANSACTIONS' })
    expect(desk.commit().answer).toMatchObject({ error: 'NONE', producerId: 100, producerEpoch: 0 })
  })
  test('what cannot be written is refused with an error that makes the client look for the coordinator again', () => {
    const desk = new Desk()
    desk.refuse = 'NOT_ENOUGH_REPLICAS'
    expect(desk.init().answer).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' })
    desk.refuse = 'NOT_LEADER_OR_FOLLOWER'
    expect(desk.init().answer).toMatchObject({ error: 'NOT_COORDINATOR' })
  })
})

describe('EndTxn', () => {
  // TXN-6: "The client is answered when the Prepare record is committed, before any marker is written".
  test('is answered before any marker is written, with the next epoch', () => {
    const desk = begun().end(0, true).commit()
    expect(desk.answer).toMatchObject({ error: 'NONE', producerId: 100, producerEpoch: 1 })
    expect([desk.state.state, desk.markers.length]).toEqual(['PrepareCommit', 1])
    expect(desk.mark().state).toMatchObject({ state: 'CompleteCommit', producerEpoch: 1, partitions: [] })
  })
  test('by an id that nobody knows, and by another producer id', () => {
    expect(new Desk().end(0, true).answer).toMatchObject({ error: 'INVALID_PRODUCER_ID_MAPPING' })
    expect(begun().end(0, true, { producerId: 7 }).answer).toMatchObject({ error: 'INVALID_PRODUCER_ID_MAPPING' })
  })
  test.each([
    ['the same again, before the markers', true, false, 'CONCURRENT_TRANSACTIONS'], ['the other, before the markers', false, false, 'INVALID_TXN_STATE'],
    ['the same again, when all is done', true, true, 'NONE'], ['the other, when all is done', false, true, 'INVALID_TXN_STATE'],
  ])('%s', (_, committed, marked, error) => {
    const desk = begun().end(0, true).commit()
    if (marked) desk.mark()
    expect(desk.end(0, committed).answer).toMatchObject({ error })
  })
  test('of an epoch that is over', () => {
    const desk = begun().end(0, true).commit().mark().add(1).commit()
    expect(desk.end(0, true).answer).toMatchObject({ error: 'PRODUCER_FENCED' })
  })
  test('an abort without a partition raises the epoch with version 2, and is no transaction with version 1', () => {
    expect(new Desk().init().commit().end(0, false).commit().commit().answer).toMatchObject({ error: 'NONE', producerEpoch: 1 })
    expect(new Desk(1).init().commit().end(0, false).answer).toMatchObject({ error: 'INVALID_TXN_STATE' })
  })
  test('version 1 keeps the epoch', () => expect(begun(1).end(0, true).commit().answer).toMatchObject({ error: 'NONE', producerEpoch: 0 }))
})

describe('InitProducerId', () => {
  test('first ends what is going on: the caller has to come again, and gets another epoch', () => {
    const desk = begun().init().commit()
    expect(desk.answer).toMatchObject({ error: 'CONCURRENT_TRANSACTIONS' })
    expect(desk.state).toMatchObject({ state: 'PrepareAbort', producerEpoch: 1 })
    expect(desk.init().answer).toMatchObject({ error: 'CONCURRENT_TRANSACTIONS' })
    expect(desk.mark().init().commit().answer).toMatchObject({ error: 'NONE', producerEpoch: 2 })
    expect(desk.add(0).answer).toMatchObject({ error: 'PRODUCER_FENCED' })
  })
  // KIP-360: "the producer ... includes its current producer ID and epoch".
  test('who names the epoch it has goes on, who names an older one has been fenced', () => {
    const desk = new Desk().init().commit().init({ producerId: 100, producerEpoch: 0 }).commit()
    expect(desk.answer).toMatchObject({ error: 'NONE', producerEpoch: 1 })
    expect(desk.init({ producerId: 100, producerEpoch: 0 }).commit().answer).toMatchObject({ error: 'NONE', producerEpoch: 1 })
    desk.init().commit()
    expect(desk.init({ producerId: 100, producerEpoch: 0 }).answer).toMatchObject({ error: 'PRODUCER_FENCED' })
  })
  test('with a timeout that the brokers do not allow', () => expect(new Desk().init(undefined, 900_001).answer).toMatchObject({ error: 'INVALID_TRANSACTION_TIMEOUT' }))
})

describe('verification', () => {
  // KIP-890: "verify that a given transaction is ongoing", or a late batch would open one that nobody ends.
  test('finds whether the partition takes part', () => {
    expect(begun(1).add(0, 't/0', true).answer).toMatchObject({ error: 'NONE' })
    expect(begun(1).add(0, 't/1', true).answer).toMatchObject({ error: 'TRANSACTION_ABORTABLE', missing: ['t/1'] })
  })
})

describe('markers', () => {
  test('are sent again until every partition has one', () => {
    const desk = begun().end(0, true).commit().mark('NOT_LEADER_OR_FOLLOWER')
    expect(desk.state.state).toBe('PrepareCommit')
    expect(desk.fire('markers').markers).toHaveLength(1)
    expect(desk.mark().state.state).toBe('CompleteCommit')
  })
  test('a partition without a leader keeps the transaction open, and the next one waits', () => {
    const desk = new Desk().init().commit().add(0, 'lost/0').commit().end(0, false).commit()
    expect([desk.markers.length, desk.timers.has('markers')]).toEqual([0, true])
    expect(desk.add(1).answer).toMatchObject({ error: 'CONCURRENT_TRANSACTIONS' })
  })
  test('whoever coordinates after a crash tells everybody again, with its higher epoch', () => {
    const before = begun().end(0, true).commit()
    const after = new Desk(2, before.log, 3)
    expect(after.markers[0]!.markers[0]).toMatchObject({ producerEpoch: 1, outcome: 'commit', coordinatorEpoch: 3, partitions: ['t/0'] })
    expect(after.mark().state.state).toBe('CompleteCommit')
  })
})

test('a transaction that takes too long is aborted, at the next look every 10 s (TXN-12)', () => {
  const desk = new Desk()
  desk.now = 3 * SECOND
  desk.init(undefined, 15_000).commit().add(0).commit()
  expect(desk.timers.get('scan')).toBe(10 * SECOND)
  expect(desk.fire('scan').state.state).toBe('Ongoing')
  expect(desk.fire('scan').commit().state).toMatchObject({ state: 'PrepareAbort', producerEpoch: 1, lastProducerEpoch: 0 })
  // Its producer aborts, and is taken for somebody who asks again.
  expect(desk.mark().end(0, false).answer).toMatchObject({ error: 'NONE', producerEpoch: 1 })
  desk.fire('scan')
  expect(desk.timers.has('scan')).toBe(false)
})
