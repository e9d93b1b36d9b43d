/** What a broker refuses, and what a producer makes of it. */
import { fromMs, SECOND } from '../../base/units.ts'
import type { AnyProcessType, Tagged } from '../../engine/process.ts'
import { apply, runUntil, type Simulation } from '../../engine/simulation.ts'
import { noWatch } from '../../engine/watch.ts'
import { handleProduceRequest } from '../../kafka/broker/produce.ts'
import { applyPartition } from '../../kafka/broker/replicas.ts'
import { producerType } from '../../kafka/client/producer/producer.ts'
import type { ProducerConfig, ProducerState } from '../../kafka/client/producer/state.ts'
import { newTestRun } from '../../kafka/client/testing.ts'
import { batchSize, newBatch, NO_PRODUCER, type KafkaRecord } from '../../kafka/log/record.ts'
import type { ProduceRequest, ProduceResponse } from '../../kafka/protocol/produce.ts'
import { orders, someBatch, someRecords, TestCluster } from '../../kafka/testing.ts'
import { adapter, type Adapters } from './adapter.ts'
import { contextOf } from './lone-broker.ts'

interface Leader {
  id: number
  epoch: number
}
interface NotLeader {
  acks: string
  currentLeader: Leader
  clientBelieves: Leader
}
interface TooLarge {
  recordsInBatch: number
  batchBytes: number
  'max.message.bytes': number
}
interface Timestamp {
  'message.timestamp.after.max.ms': number
  recordTimestampMinusNow: number
}

const acksOf = (acks: string): ProduceRequest['acks'] => (acks === 'all' ? -1 : (Number(acks) as ProduceRequest['acks']))

/** So many records that their batch is so large: all but the last are empty. */
function recordsOf(count: number, bytes: number): readonly KafkaRecord[] {
  const records = (valueBytes: number) =>
    someRecords(count).map((record, i) => ({ ...record, value: '', valueBytes: i === count - 1 ? valueBytes : 0 }))
  let valueBytes = Math.max(0, bytes - batchSize(records(0)))
  while (valueBytes > 0 && batchSize(records(valueBytes)) > bytes) valueBytes--
  return records(valueBytes)
}

/** A cluster of one, and a producer that puts all it is given into one batch. */
function produceAtOnce(
  records: readonly KafkaRecord[],
  limit: number,
): { readonly error: string | undefined; readonly requests: number; readonly retries: number } {
  const large = { 'batch.size': 2 ** 30, 'max.request.size': 2 ** 30, 'buffer.memory': 2 ** 31, 'linger.ms': 100 }
  const config: ProducerConfig = { id: 'p', library: 'java', topic: 'orders', bootstrap: ['b1'], configs: large }
  const cluster = new TestCluster({
    brokers: 1,
    controllers: 1,
    topics: [orders({ 'max.message.bytes': String(limit) }, [[1]])],
    producers: [config],
  })
  cluster.send('p', ...records.map(({ value, valueBytes }) => ({ value: value ?? '', valueBytes: valueBytes ?? 0 }))).run(1)
  const answers = cluster.sent.filter(({ message }) => message.type === 'ProduceResponse').map(({ message }) => message as ProduceResponse)
  return { error: answers[0]?.partitions[0]?.error, requests: answers.length, retries: cluster.producer('p').notebook.retries }
}

/** A producer that knows one leader, and is told of another when the record is on its way. */
function producerThatIsToldOf(current: Leader, believes: Leader): { readonly state: ProducerState; readonly waitedMs: number } {
  const nodes = [`b${believes.id}`, `b${current.id}`]
  const cluster = { partitions: ['orders/0'], brokers: nodes, leaders: { 'orders/0': nodes[0]! } }
  const config: ProducerConfig = { id: 'p', library: 'java', topic: 'orders', bootstrap: [nodes[0]!], configs: {} }
  const requests: number[] = [],
    answers: number[] = []
  const sim = newTestRun(cluster, [{ name: 'p', kind: 'producer', config, running: true }], [producerType as unknown as AnyProcessType], {
    ...noWatch,
    sent: (_id, _step, _wire, _from, _to, { type }, at, arrives) =>
      void (type === 'ProduceRequest' ? requests.push(at) : type === 'ProduceResponse' && answers.push(arrives)),
  })
  setEpochs(sim, nodes, believes.epoch)
  const send = (value: string): void => apply(sim, { do: 'tell', node: 'p', order: { type: 'send', records: [{ value }] } as Tagged })
  send('first')
  runUntil(sim, SECOND)
  for (const node of nodes) apply(sim, { do: 'tell', node, order: { type: 'lead', leaders: { 'orders/0': nodes[1]! } } as Tagged })
  setEpochs(sim, nodes, current.epoch)
  send('second')
  runUntil(sim, 2 * SECOND)
  return { state: sim.world.nodes.get('p')!.state as ProducerState, waitedMs: ((requests[2] ?? Infinity) - (answers[1] ?? 0)) / 1000 }
}
function setEpochs(sim: Simulation, nodes: readonly string[], epoch: number): void {
  for (const node of nodes) (sim.world.nodes.get(node)!.state as { epochs: Record<string, number> }).epochs['orders/0'] = epoch
}
/** Less than any `retry.backoff.ms` with its jitter: time to connect to the new leader. */
const AT_ONCE_MS = 50

export const producerAdapters: Adapters = {
  'produce-outcome/not-leader': adapter(({ acks, currentLeader, clientBelieves }: NotLeader) => {
    const ids = [clientBelieves.id, currentLeader.id]
    const cluster = new TestCluster({ brokers: Math.max(...ids), topics: [orders({}, [ids])] })
    const [broker, ctx] = [cluster.broker(clientBelieves.id), contextOf(`b${clientBelieves.id}`)]
    const registration = { ...broker.metadata.partitions.get('orders/0')!, leader: currentLeader.id, leaderEpoch: currentLeader.epoch }
    broker.metadata.partitions.set('orders/0', registration)
    applyPartition(broker, registration, ctx)
    const request: ProduceRequest = {
      type: 'ProduceRequest',
      clientId: 'p',
      acks: acksOf(acks),
      timeoutMs: 30_000,
      partitions: [{ partition: 'orders/0', batch: someBatch() }],
    }
    handleProduceRequest(broker, request, 'p', ctx)
    const answer = (ctx.sent.find(({ on }) => on === 'p')?.message as ProduceResponse | undefined)?.partitions[0]
    const { state, waitedMs } = producerThatIsToldOf(currentLeader, clientBelieves)
    return {
      error: answer?.error,
      answerLeader: { id: answer?.currentLeader?.leaderId, epoch: answer?.currentLeader?.leaderEpoch },
      clientLeaderAfter: Number(state.metadata.beliefs.get('orders/0')?.leader?.slice(1)),
      clientRetries: state.notebook.retries > 0,
      clientWaitsBackoff: waitedMs > AT_ONCE_MS,
    }
  }),
  'produce-outcome/too-large': adapter(({ recordsInBatch, batchBytes, 'max.message.bytes': limit }: TooLarge) => {
    const { error, requests, retries } = produceAtOnce(recordsOf(recordsInBatch, batchBytes), limit)
    return { error, producerAction: error === 'NONE' ? 'NONE' : requests > 1 && retries === 0 ? 'SPLIT_AND_RETRY' : 'FAIL' }
  }),
  'produce-outcome/timestamp': adapter((input: Timestamp) => {
    const limit = String(input['message.timestamp.after.max.ms'])
    const cluster = new TestCluster({ brokers: 1, controllers: 1, topics: [orders({ 'message.timestamp.after.max.ms': limit }, [[1]])] })
    const ctx = contextOf('b1')
    const nowMs = 1_000_000_000
    ctx.now = fromMs(nowMs)
    const batch = newBatch(
      someRecords(1).map((record) => ({ ...record, timestamp: nowMs + input.recordTimestampMinusNow })),
      'p',
      NO_PRODUCER,
    )
    handleProduceRequest(
      cluster.broker(1),
      { type: 'ProduceRequest', clientId: 'p', acks: 1, timeoutMs: 30_000, partitions: [{ partition: 'orders/0', batch }] },
      'p',
      ctx,
    )
    return { error: (ctx.sent.find(({ on }) => on === 'p')?.message as ProduceResponse | undefined)?.partitions[0]?.error }
  }),
}
