/** Brokers as small as a client can be tested against: one process leads everything, and does what a test tells it to. */
import type { Micros } from '../../base/units.ts'
import type { Connection, Context, ProcessType, Tagged } from '../../engine/process.ts'
import { newSimulation, type NodeSpec, type Simulation } from '../../engine/simulation.ts'
import type { AnyProcessType } from '../../engine/process.ts'
import type { Watch } from '../../engine/watch.ts'
import type { KafkaError } from '../errors.ts'
import { lastSequence, stamped, type RecordBatch } from '../log/record.ts'
import type { Fact } from '../notes.ts'
import type { MetadataRequest } from '../protocol/metadata.ts'
import type { InitProducerIdRequest, ProduceRequest } from '../protocol/produce.ts'

export interface FakeCluster {
  readonly partitions: readonly string[]
  readonly brokers: readonly string[]
  /** Who leads, by partition; the others answer NOT_LEADER_OR_FOLLOWER. */
  readonly leaders: Readonly<Record<string, string>>
}

/** What the next produces meet, one after another: an error, or a connection that ends before or after the append, or silence. */
export type Mishap = KafkaError | 'closeBefore' | 'closeAfter' | 'silence'

interface FakeState {
  cluster: FakeCluster
  epochs: Record<string, number>
  log: Map<string, RecordBatch[]>
  mishaps: Mishap[]
  delays: Micros[]
  answers: number
  waiting: { on: Connection; response: Tagged }[]
  producerIds: number
  /** Connections that are read no more. */
  silent: Connection[]
}
type FakeOrder =
  | { readonly type: 'mishaps'; readonly mishaps: readonly Mishap[]; readonly delays?: readonly Micros[] }
  | { readonly type: 'lead'; readonly leaders: Readonly<Record<string, string>> }

const idOf = (name: string): number => Number(name.slice(1))

export const fakeBroker: ProcessType<FakeCluster, FakeState, ProduceRequest | MetadataRequest | InitProducerIdRequest,
  { readonly type: 'answer'; readonly key: string }, FakeOrder, Fact> = {
  kind: 'fakeBroker',
  boot: (cluster, disk) => ({
    cluster, epochs: Object.fromEntries(cluster.partitions.map((partition) => [partition, 0])), log: new Map(), mishaps: [], delays: [],
    answers: 0,
    waiting: [], producerIds: 0, silent: [], ...disk,
  }),
  disk: ({ log, epochs, cluster, producerIds }) => ({ log, epochs, cluster, producerIds }),
  messages: {
    MetadataRequest(state, { topics }, on, ctx) {
      if (state.silent.includes(on)) return
      answerInTurn(state, on, {
        type: 'MetadataResponse', brokers: state.cluster.brokers.map((name) => ({ id: idOf(name), name, rack: undefined })),
        topics: topics.map((name) => {
          const partitions = state.cluster.partitions.filter((partition) => partition.startsWith(`${name}/`))
          return {
            name, error: partitions.length === 0 ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NONE',
            partitions: partitions.map((partition) => ({
              partition, error: state.cluster.leaders[partition] === undefined ? 'LEADER_NOT_AVAILABLE' : 'NONE',
              leaderId: state.cluster.leaders[partition] === undefined ? -1 : idOf(state.cluster.leaders[partition]),
              leaderEpoch: state.epochs[partition]!, replicas: [], isr: [],
            })),
          }
        }),
      } as Tagged, 0, ctx)
    },
    InitProducerIdRequest(state, _, on, ctx) {
      if (state.silent.includes(on)) return
      answerInTurn(state, on, { type: 'InitProducerIdResponse', error: 'NONE', producerId: idOf(ctx.self) * 1000 + state.producerIds++,
        producerEpoch: 0 } as Tagged, 0, ctx)
    },
    ProduceRequest(state, request, on, ctx) {
      if (state.silent.includes(on)) return undefined
      const mishap = state.mishaps.shift()
      const delay = state.delays.shift() ?? 0
      if (mishap === 'closeBefore') return ctx.close(on)
      const partitions = request.partitions.map(({ partition, batch }) => append(state, partition, batch, mishap, ctx))
      if (mishap === 'closeAfter') return ctx.close(on)
      if (mishap === 'silence') state.silent.push(on)
      if (mishap === 'silence' || request.acks === 0) return undefined
      answerInTurn(state, on, { type: 'ProduceResponse', partitions } as Tagged, delay, ctx)
    },
  },
  timers: {
    answer(state, _, ctx) {
      const first = state.waiting.shift()
      if (first !== undefined) ctx.send(first.on, first.response)
    },
  },
  signals: { Connected: () => undefined, Disconnected: (state, { on }) => void (state.waiting =
    state.waiting.filter((one) => one.on !== on)), Terminate: (_, __, ctx) => ctx.exit() },
  orders: {
    mishaps(state, { mishaps, delays }) {
      state.mishaps.push(...mishaps)
      state.delays.push(...(delays ?? []))
    },
    lead(state, { leaders }) {
      for (const partition of Object.keys(leaders)) state.epochs[partition] = state.epochs[partition]! + 1
      state.cluster = { ...state.cluster, leaders: { ...state.cluster.leaders, ...leaders } }
    },
  },
}

/** No answer overtakes an earlier one of its connection. */
function answerInTurn(state: FakeState, on: Connection, response: Tagged, delay: Micros, ctx: Context): void {
  if (delay === 0 && state.waiting.every((one) => one.on !== on)) return ctx.send(on, response)
  state.waiting.push({ on, response })
  ctx.setTimer({ type: 'answer', key: String(state.answers++) }, delay)
}

/** PRD-32, as far as one producer session needs it. */
function append(state: FakeState, partition: string, batch: RecordBatch, mishap: Mishap | undefined, ctx: Context) {
  const leader = state.cluster.leaders[partition]
  const currentLeader = leader === undefined ? undefined : { leaderId: idOf(leader), leaderEpoch: state.epochs[partition]! }
  const answer = (error: KafkaError, baseOffset = -1) =>
    ({ partition, error, baseOffset, currentLeader: error === 'NOT_LEADER_OR_FOLLOWER' ? currentLeader : undefined })
  if (leader !== ctx.self) return answer('NOT_LEADER_OR_FOLLOWER')
  if (mishap !== undefined && mishap !== 'closeAfter' && mishap !== 'silence' && mishap !== 'closeBefore') return answer(mishap)
  const log = state.log.get(partition) ?? []
  const own = log.filter(({ producerId }) => producerId === batch.producerId && producerId >= 0)
  const duplicate = own.slice(-5).find((one) =>
    one.producerEpoch === batch.producerEpoch && one.baseSequence === batch.baseSequence && lastSequence(one) === lastSequence(batch))
  if (duplicate !== undefined) return answer('NONE', duplicate.baseOffset)
  const last = own.at(-1)
  // Who has just become the leader would know the producer from the log it had followed; this one has none.
  const unknown = state.epochs[partition]! > 0 ? batch.baseSequence : 0
  const expected = last === undefined ? unknown : batch.producerEpoch > last.producerEpoch ? 0 : lastSequence(last) + 1
  if (batch.producerId >= 0 && batch.baseSequence !== expected) return answer('OUT_OF_ORDER_SEQUENCE_NUMBER')
  const base = (log.at(-1)?.lastOffset ?? -1) + 1
  state.log.set(partition, [...log, stamped(batch, base, state.epochs[partition]!)])
  return answer('NONE', base)
}

/** Brokers and clients with a hop of 5 ms, none of them running yet but the brokers. */
export function newTestRun(
  cluster: FakeCluster, clients: readonly NodeSpec[], types: readonly AnyProcessType[], watch?: Watch, seed = 1,
): Simulation {
  const brokers = cluster.brokers.map((name) => ({ name, kind: 'fakeBroker', config: cluster, running: true }))
  return newSimulation(seed, 5_000, 0, [fakeBroker, ...types], [...brokers, ...clients], watch)
}

export const logOf = (sim: Simulation, broker: string, partition: string): readonly RecordBatch[] => {
  const node = sim.world.nodes.get(broker)!
  return ((node.state ?? node.disk) as FakeState).log.get(partition) ?? []
}
export const recordsOf = (sim: Simulation, broker: string, partition: string): string[] =>
  logOf(sim, broker, partition).flatMap(({ records }) => records.map(({ value }) => value ?? ''))
