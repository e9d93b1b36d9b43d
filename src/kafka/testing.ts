/** Clusters for tests: a whole one that can be run and watched, single machines out of one, and a client that speaks the protocol. */
import { MILLISECOND as MS, SECOND, type Epoch, type Micros, type NodeId } from '../base/units.ts'
import type { Input } from '../engine/input.ts'
import type { AnyProcessType, Connection, ProcessType, Tagged } from '../engine/process.ts'
import { apply, runUntil, type Simulation } from '../engine/simulation.ts'
import { newNode } from '../engine/world.ts'
import type { Fate, Watch } from '../engine/watch.ts'
import type { Broker, Leading, Replica } from './broker/state.ts'
import type { AdminOrder } from './client/admin/admin.ts'
import type { AdminResult, AdminState } from './client/admin/state.ts'
import type { ProducerConfig, ProducerState, SendRecord } from './client/producer/state.ts'
import { newCluster, roundRobinPlacement, type ClusterSpec, type TopicSpec } from './cluster.ts'
import type { Overrides } from './config.ts'
import type { Controller } from './controller/state.ts'
import { brokerOf, controllerOf, replicaOf } from './look.ts'
import { append, type Log } from './log/log.ts'
import { newBatch, NO_PRODUCER, stamped, type KafkaRecord, type RecordBatch } from './log/record.ts'
import type { PartitionRegistration } from './metadata/image.ts'
import type { InvariantId } from './invariants-names.ts'
import { monitored } from './monitored.testing.ts'
import type { Fact, FactOf, NoteCode } from './notes.ts'

export interface Told { readonly at: Micros; readonly step: number; readonly cause: number; readonly node: string; readonly fact: Fact }
export interface Sent { readonly id: number; readonly at: Micros; readonly on: Connection; readonly from: string; readonly to: string; readonly message: Tagged; arrives: Micros; fate: Fate }

export interface TestOptions {
  readonly brokers?: number
  readonly controllers?: number
  readonly combined?: boolean
  readonly topics?: readonly TopicSpec[]
  readonly producers?: readonly ProducerConfig[]
  readonly consumers?: ClusterSpec['consumers']
  readonly shareConsumers?: ClusterSpec['shareConsumers']
  readonly groups?: ClusterSpec['groups']
  readonly overrides?: Overrides
  readonly features?: Readonly<Record<string, number>>
  readonly seed?: number
  readonly hop?: Micros
  readonly jitter?: Micros
  readonly stepped?: Watch['stepped']
  /** Named statements that are broken by what this test does. */
  readonly byRight?: readonly InvariantId[]
  /** Of some brokers: log directories, disks, a properties file of their own. */
  readonly machines?: Readonly<Record<NodeId, Partial<Pick<ClusterSpec['brokers'][number], 'logDirs' | 'diskBytes' | 'overrides'>>>>
}

/** `orders`, one partition on b1, b2 and b3, min ISR 2. */
export const orders = (config: Readonly<Record<string, string>> = { 'min.insync.replicas': '2' }, replicas: readonly (readonly NodeId[])[] = [[1, 2, 3]]): TopicSpec => ({ name: 'orders', replicas, config })

export const producer = (id: string, configs: Overrides = {}, more: Partial<ProducerConfig> = {}): ProducerConfig =>
  ({ id, library: 'java', topic: 'orders', bootstrap: ['b1', 'b2', 'b3'], configs, ...more })
/** Ten records a second. */
export const steady = { rate: { count: 10, per: SECOND } } as const

/** A cluster that runs, and what it has told and sent so far. */
export class TestCluster {
  readonly sim: Simulation
  readonly told: Told[] = []
  readonly sent: Sent[] = []

  constructor(options: TestOptions = {}) {
    const { brokers = 3, controllers = 3, topics = [orders()], producers = [], consumers = [], shareConsumers = [], groups = [], overrides = {}, features = {}, seed = 1, hop = 5 * MS, jitter = 0, combined = false, machines = {} } = options
    const spec: ClusterSpec = {
      seed, hop, jitter, controllers, combined, overrides, features, topics, producers, consumers, shareConsumers, groups, admin: 'admin',
      brokers: Array.from({ length: brokers }, (_, i) => ({ id: i + 1, rack: `r${i + 1}`, overrides: {}, ...machines[i + 1] })),
    }
    this.sim = newCluster(spec, monitored({
      sent: (id, _step, wire, from, to, message, at, arrives) => void this.sent.push({ id, at, on: wire.id, from, to, message, arrives, fate: 'arrives' }),
      amended: (id, arrives, fate) => {
        const sent = this.sent.findLast((one) => one.id === id)
        if (sent !== undefined) Object.assign(sent, { arrives, fate })
      },
      noted: (at, step, cause, node, fact) => void this.told.push({ at, step, cause, node, fact: fact as Fact }),
      stepped: options.stepped ?? (() => undefined),
    }, options.byRight))
    addProbe(this.sim)
  }

  get now(): Micros {
    return this.sim.world.now
  }
  /** Up to this moment, seconds. */
  runTo(seconds: number): this {
    runUntil(this.sim, Math.round(seconds * SECOND))
    return this
  }
  run(seconds: number): this {
    return this.runTo(this.now / SECOND + seconds)
  }
  /** Until it holds, looked at after every millisecond in which something may have changed; an error when it never does. */
  runUntil(holds: () => boolean, within = 120): this {
    const end = this.now + within * SECOND
    while (!holds()) {
      if (this.now >= end) throw new Error(`it did not come true within ${within} s`)
      runUntil(this.sim, this.now + MS)
    }
    return this
  }
  do(...inputs: readonly Input[]): this {
    for (const input of inputs) apply(this.sim, input)
    return this
  }
  act(what: 'crash' | 'stop' | 'restart' | 'pause' | 'resume', ...nodes: readonly string[]): this {
    return this.do(...nodes.map((node): Input => ({ do: what, node })))
  }
  /** `b1-b2` both ways, `b1>b2` one way. */
  cut(link: string, traffic = 'all'): this {
    return this.do(...waysOf(link).map(([from, to]): Input => ({ do: 'cut', from, to, traffic })))
  }
  heal(link: string): this {
    return this.do(...waysOf(link).map(([from, to]): Input => ({ do: 'heal', from, to })))
  }
  tell(node: string, order: Tagged): this {
    return this.do({ do: 'tell', node, order })
  }
  start(...clients: readonly string[]): this {
    for (const client of clients) this.tell(client, { type: 'start' })
    return this
  }
  send(client: string, ...records: readonly SendRecord[]): this {
    return this.tell(client, { type: 'send', records } as Tagged)
  }
  /** Something happens to the disk under a log directory, whether the process runs or not; `undefined` = nothing is wrong with it any more. */
  ail(node: string, ails: 'failed' | 'full' | undefined, dir = 0): this {
    const what = { type: 'ailDisk', dir, ails } as Tagged
    return this.do(this.sim.world.nodes.get(node)!.condition === 'down' ? { do: 'damage', node, what } : { do: 'tell', node, order: what })
  }
  /** Hang the fetchers of this broker. */
  stallFetch(broker: string): this {
    return this.tell(broker, { type: 'stallFetch', for: undefined } as Tagged)
  }

  facts<C extends NoteCode>(code: C): readonly FactOf<C>[] {
    return this.told.filter(({ fact }) => fact.code === code).map(({ fact }) => fact as FactOf<C>)
  }
  /** When this was first told at or after `since`, seconds; undefined = it was not. */
  firstAt<C extends NoteCode>(code: C, holds: (fact: FactOf<C>) => boolean = () => true, since = 0): number | undefined {
    const found = this.told.find(({ at, fact }) => at >= since * SECOND && fact.code === code && holds(fact as FactOf<C>))
    return found === undefined ? undefined : found.at / SECOND
  }
  broker(id: NodeId): Broker {
    const broker = brokerOf(this.sim.world, id)
    if (broker === undefined) throw new Error(`b${id} is down`)
    return broker
  }
  controller(): Controller {
    return this.sim.world.nodes.get('k1')!.state as Controller
  }
  replica(id: NodeId, partition = 'orders/0'): Replica {
    return replicaOf(this.sim.world, partition, id)!
  }
  leading(id: NodeId, partition = 'orders/0'): Leading {
    const { leading } = this.replica(id, partition)
    if (leading === undefined) throw new Error(`b${id} does not lead ${partition}`)
    return leading
  }
  /** What the controllers have committed. */
  truth(partition = 'orders/0'): PartitionRegistration {
    return controllerOf(this.sim.world)!.committed.partitions.get(partition)!
  }
  producer(id: string): ProducerState {
    const node = this.sim.world.nodes.get(id)!
    return (node.state ?? node.disk) as ProducerState
  }
  /** Let the admin client make this call; what comes of it is `result(name)`. */
  call(name: string, request: AdminOrder['request']): this {
    return this.tell('admin', { type: 'call', name, request } as Tagged)
  }
  result(name: string): AdminResult {
    return (this.sim.world.nodes.get('admin')!.state as AdminState).results.get(name)!
  }
  /** Ask this broker by the protocol; the answers are in `answers`, in order. */
  ask(to: string, request: Tagged): this {
    return this.tell('probe', { type: 'ask', to, request } as Tagged)
  }
  get answers(): readonly Answer[] {
    return (this.sim.world.nodes.get('probe')!.state as ProbeState).answers
  }
}

function waysOf(link: string): [string, string][] {
  const [from, to] = link.split(/[->]/) as [string, string]
  return link.includes('>') ? [[from, to]] : [[from, to], [to, from]]
}

export interface Answer { readonly at: Micros; readonly from: string; readonly message: Tagged }
interface ProbeState { answers: Answer[]; ways: Map<string, { on: Connection; open: boolean; waiting: Tagged[] }> }
type ProbeOrder = { readonly type: 'ask'; readonly to: string; readonly request: Tagged }

const responses = ['ProduceResponse', 'FetchResponse', 'MetadataResponse', 'ListOffsetsResponse', 'OffsetForLeaderEpochResponse', 'InitProducerIdResponse', 'BrokerHeartbeatResponse',
  'BrokerRegistrationResponse', 'AlterPartitionResponse', 'MetadataFetchResponse', 'VoteResponse', 'DeleteRecordsResponse', 'ShareGroupHeartbeatResponse'] as const
const take = (state: ProbeState, message: Tagged, on: Connection, now: Micros): void => void state.answers.push({ at: now, from: /^probe>(.+)#/.exec(on)![1]!, message })

/** Sends what it is given, one connection a machine, and keeps what comes back. */
const probe: ProcessType<undefined, ProbeState, { readonly type: (typeof responses)[number] }, never, ProbeOrder> = {
  kind: 'probe',
  boot: () => ({ answers: [], ways: new Map() }),
  disk: () => ({}),
  messages: Object.fromEntries(responses.map((type) => [type, (state: ProbeState, message: Tagged, on: Connection, ctx: { now: Micros }) => take(state, message, on, ctx.now)])) as never,
  timers: {},
  signals: {
    Connected(state, { on, peer }, ctx) {
      const way = state.ways.get(peer)!
      way.open = true
      for (const request of way.waiting) ctx.send(on, request)
      way.waiting = []
    },
    Disconnected(state, { peer, how }, ctx) {
      state.ways.delete(peer)
      state.answers.push({ at: ctx.now, from: peer, message: { type: how } })
    },
    Terminate: (_state, _signal, ctx) => ctx.exit(),
  },
  orders: {
    ask(state, { to, request }, ctx) {
      let way = state.ways.get(to)
      if (way === undefined) state.ways.set(to, (way = { on: ctx.connect(to, 'clients'), open: false, waiting: [] }))
      if (way.open) ctx.send(way.on, request)
      else way.waiting.push(request)
    },
  },
}

function addProbe(sim: Simulation): void {
  ;(sim.types as Map<string, AnyProcessType>).set('probe', probe as unknown as AnyProcessType)
  sim.world.nodes.set('probe', { ...newNode('probe', 'probe', undefined), condition: 'running', state: { answers: [], ways: new Map() } })
}

/** Records without keys, one letter long. */
export const someRecords = (count: number): KafkaRecord[] =>
  Array.from({ length: count }, (_, i) => ({ id: `test#${i + 1}`, key: undefined, value: 'v', valueBytes: undefined, timestamp: 0 }))
export const someBatch = (count = 1, from: Partial<{ producerId: number; producerEpoch: number; baseSequence: number }> = {}): RecordBatch => newBatch(someRecords(count), 'test', { ...NO_PRODUCER, ...from })
/** A batch of one record that is so many bytes long. */
export function batchOfBytes(bytes: number, timestamp = 0): RecordBatch {
  const one = (valueBytes: number) => newBatch([{ id: 'test#1', key: undefined, value: 'v', valueBytes, timestamp }], 'test', NO_PRODUCER)
  let valueBytes = Math.max(0, bytes - one(0).sizeInBytes)
  while (one(valueBytes).sizeInBytes > bytes) valueBytes--
  return one(valueBytes)
}
/** Append batches of one record each, one for each epoch given. */
export function fill(log: Log, epochs: readonly Epoch[]): void {
  for (const epoch of epochs) append(log, stamped(someBatch(), log.endOffset, epoch))
}

export { roundRobinPlacement }
