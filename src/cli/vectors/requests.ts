/** What a broker answers to produces and fetches, and when. */
import { MILLISECOND as MS } from '../../base/units.ts'
import { handleFetchRequest } from '../../kafka/broker/fetch.ts'
import { effectiveMinIsr } from '../../kafka/broker/high-watermark.ts'
import { adoptIsr } from '../../kafka/broker/isr.ts'
import { handleProduceRequest } from '../../kafka/broker/produce.ts'
import { completeDue } from '../../kafka/broker/purgatory.ts'
import { applyPartition } from '../../kafka/broker/replicas.ts'
import { checkSequence } from '../../kafka/log/producer-state.ts'
import type { FetchRequest, FetchResponse } from '../../kafka/protocol/fetch.ts'
import type { ProduceRequest, ProduceResponse } from '../../kafka/protocol/produce.ts'
import { batchOfBytes, someBatch } from '../../kafka/testing.ts'
import { adapter, type Adapters } from './adapter.ts'
import { loneLeader, setFollower, type Lone } from './lone-broker.ts'

const consumerFetch = (minBytes: number, maxWaitMs: number, names: readonly string[], partitionMaxBytes = 1048576): FetchRequest => ({
  type: 'FetchRequest',
  clientId: 'c1',
  replicaId: -1,
  brokerEpoch: -1,
  maxWaitMs,
  minBytes,
  maxBytes: 52428800,
  partitions: names.map((partition) => ({ partition, fetchOffset: 0, currentLeaderEpoch: -1, lastFetchedEpoch: -1, partitionMaxBytes })),
})
const followerFetch = ({ broker }: Lone, id: number, fetchOffset: number): FetchRequest => ({
  type: 'FetchRequest',
  clientId: `b${id}`,
  replicaId: id,
  brokerEpoch: broker.metadata.brokers.get(id)!.epoch,
  maxWaitMs: 500,
  minBytes: 1,
  maxBytes: 1e7,
  partitions: [{ partition: 'orders/0', fetchOffset, currentLeaderEpoch: 0, lastFetchedEpoch: 0, partitionMaxBytes: 1e6 }],
})
const write = ({ broker, ctx }: Lone, bytes: number): void =>
  handleProduceRequest(
    broker,
    {
      type: 'ProduceRequest',
      clientId: 'p',
      acks: 1,
      timeoutMs: 30_000,
      partitions: [{ partition: 'orders/0', batch: batchOfBytes(bytes) }],
    },
    'p',
    ctx,
  )
const bytesIn = ({ partitions }: FetchResponse): number =>
  partitions.flatMap(({ batches }) => batches).reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0)

const produceOf = (acks: string, timeoutMs = 30_000, idempotent = false): ProduceRequest => ({
  type: 'ProduceRequest',
  clientId: 'p',
  acks: (acks === 'all' ? -1 : Number(acks)) as ProduceRequest['acks'],
  timeoutMs,
  partitions: [{ partition: 'orders/0', batch: someBatch(1, idempotent ? { producerId: 7, producerEpoch: 0, baseSequence: 0 } : {}) }],
})
const answerOf = ({ ctx }: Lone) => (ctx.sent.find(({ on }) => on === 'p')?.message as ProduceResponse | undefined)?.partitions[0]

interface LongPoll {
  minBytes: number
  maxWaitMs: number
  visible: [number, number][]
  errorOnOnePartition: boolean
}
interface SizeLimit {
  'max.partition.fetch.bytes': number
  firstBatchBytes: number
}
interface Append {
  acks: string
  isr: number
  minInsyncReplicas: number
  rf: number
}
interface Waiting {
  acks: string
  isr: number[]
  rf: number
  minInsyncReplicas: number
  'request.timeout.ms': number
  events: Event[]
}
type Event = { atMs: number } & (
  | { event: 'followerFetch'; follower: number; fetchOffset: number }
  | { event: 'isrCommitted'; isr: number[] }
  | { event: 'newLeader'; newLeaderHasRecord: boolean }
)

function happen(one: Lone, event: Event): void {
  const { broker, replica, leading, ctx } = one
  if (event.event === 'followerFetch')
    return handleFetchRequest(broker, followerFetch(one, event.follower, event.fetchOffset), `b${event.follower}`, ctx)
  if (event.event === 'newLeader')
    return applyPartition(broker, { ...broker.metadata.partitions.get('orders/0')!, leader: 2, leaderEpoch: 1, partitionEpoch: 1 }, ctx)
  for (const [id, known] of broker.metadata.brokers) broker.metadata.brokers.set(id, { ...known, fenced: !event.isr.includes(id) })
  adoptIsr(broker, replica, leading, event.isr, leading.isr.epoch + 1, ctx)
}

export const requestAdapters: Adapters = {
  'fetch-wait/long-poll': adapter(({ minBytes, maxWaitMs, visible, errorOnOnePartition }: LongPoll) => {
    const one = loneLeader(1, 1)
    const answer = (): FetchResponse | undefined => one.ctx.sent.find(({ on }) => on === 'c')?.message as FetchResponse | undefined
    handleFetchRequest(
      one.broker,
      consumerFetch(minBytes, maxWaitMs, errorOnOnePartition ? ['orders/0', 'orders/7'] : ['orders/0']),
      'c',
      one.ctx,
    )
    let total = 0
    for (let ms = 0; ; ms++) {
      one.ctx.now = ms * MS
      const grown = visible.find(([from]) => from === ms)?.[1]
      if (grown !== undefined) {
        write(one, grown - total)
        total = grown
      }
      if (answer() === undefined && ms >= maxWaitMs) completeDue(one.broker, one.ctx)
      const answered = answer()
      if (answered !== undefined) return { respondsAfterMs: ms, bytesReturned: bytesIn(answered) }
    }
  }),
  'fetch-wait/size-limit': adapter((input: SizeLimit) => {
    const one = loneLeader(1, 1)
    write(one, input.firstBatchBytes)
    handleFetchRequest(one.broker, consumerFetch(1, 500, ['orders/0'], input['max.partition.fetch.bytes']), 'c', one.ctx)
    return { bytesReturned: bytesIn(one.ctx.sent.find(({ on }) => on === 'c')!.message as FetchResponse) }
  }),
  'produce-outcome/append': adapter(({ acks, isr, minInsyncReplicas, rf }: Append) => {
    const one = loneLeader(rf, minInsyncReplicas)
    one.leading.isr = { kind: 'Committed', isr: Array.from({ length: isr }, (_, i) => i + 1), epoch: 1 }
    handleProduceRequest(one.broker, produceOf(acks), 'p', one.ctx)
    const before = answerOf(one)
    const appended = one.replica.log.endOffset === 1
    // What its followers would do next: they fetch behind the record.
    for (let id = 2; id <= isr; id++) handleFetchRequest(one.broker, followerFetch(one, id, one.replica.log.endOffset), `b${id}`, one.ctx)
    const answer = before ?? answerOf(one)
    return {
      answered: answer !== undefined,
      error: answer?.error,
      appended,
      highWatermarkAdvances: one.replica.highWatermark === 1,
      visibleWhenIsrReaches: effectiveMinIsr(one.replica),
    }
  }),
  'produce-outcome/waiting': adapter((input: Waiting) => {
    const one = loneLeader(input.rf, input.minInsyncReplicas)
    const { broker, replica, leading, ctx } = one
    for (const id of leading.followers.keys()) setFollower(one, id, { logEndOffset: 0, lastCaughtUpAt: 0 })
    leading.isr = { kind: 'Committed', isr: input.isr, epoch: 0 }
    handleProduceRequest(broker, produceOf('all', input['request.timeout.ms'], true), 'p', ctx)
    let answeredAtMs: number | undefined
    for (const event of input.events) {
      ctx.now = event.atMs * MS
      if (answeredAtMs === undefined) happen(one, event)
      if (answerOf(one) !== undefined) answeredAtMs ??= event.atMs
    }
    if (answeredAtMs === undefined) {
      ctx.now = input['request.timeout.ms'] * MS
      completeDue(broker, ctx)
      answeredAtMs = ctx.now / MS
    }
    // Whoever has the record in its log knows the repeat, the next leader too.
    const moved = input.events.find(({ event }) => event === 'newLeader') as { newLeaderHasRecord: boolean } | undefined
    const known = checkSequence(replica.log.producers.get(7), produceOf('all', 0, true).partitions[0]!.batch).kind === 'duplicate'
    return {
      error: answerOf(one)?.error,
      answeredAtMs,
      appended: replica.log.endOffset === 1,
      highWatermarkAdvances: replica.highWatermark === 1,
      retryIsDuplicate: known && moved?.newLeaderHasRecord !== false,
    }
  }),
}
