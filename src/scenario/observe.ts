/**
 * What statements speak of, read from a world: every root and property of the vocabulary that this version plays. An
 * observer sees all machines at once, as nobody in the cluster can.
 */
import { toMs } from '../base/units.ts'
import type { Node, World } from '../engine/world.ts'
import type { AdminState } from '../kafka/client/admin/state.ts'
import { dirtyRecords } from '../kafka/broker/disk.ts'
import { nodeName, type Broker } from '../kafka/broker/state.ts'
import { isActiveController, type Controller } from '../kafka/controller/state.ts'
import { account, duplicatesOf, newLedgerIndex, type Ledger, type LedgerIndex } from '../kafka/ledger.ts'
import { bytesIn } from '../kafka/broker/log-directories.ts'
import { brokerOf, controllerOf, isLive, quorumLeaderOf, replicaOf } from '../kafka/look.ts'
import type { PartitionRegistration } from '../kafka/metadata/image.ts'
import { newAppAccount, update, type AppAccount } from './apps.ts'
import type { Value } from './expression.ts'
import type { PathNode } from './expression-syntax.ts'
import { readApp, readConsumer, readGroup, readProducer, readTransaction } from './observe-clients.ts'
import { leaderName, type Identity, type Observed } from './observed.ts'
import { partReaders } from './part-readers.ts'
import type { Pause, Pauses } from './pauses.ts'
import { readPartition, readReplica } from './observe-log.ts'
import type { Scenario } from './types.ts'

/** Counted since 00:00: how often something was told, first and last when. */
export interface Tally { count: number; firstAt: number; lastAt: number }
/** What a statement may know of the run beside its world. */
export interface Telling {
  /** `code`, or `code|about`. */
  readonly tallies: ReadonlyMap<string, Tally>
  readonly marks: readonly { readonly id: string; readonly startAt: number; readonly endAt: number | undefined }[]
  /** How a process that is down came to its end. */
  readonly ended: ReadonlyMap<string, 'stopped' | 'crashed'>
  readonly pauses: Pauses
  readonly actions: number
}

export const tallyKey = (code: string, about: string | undefined): string => (about === undefined ? code : `${code}|${about}`)

export class Observer implements Observed {
  readonly scenario: Scenario
  world!: World
  telling!: Telling
  /** Look at the same state by a clock that is so much ahead. */
  shift = 0
  #index: LedgerIndex = newLedgerIndex()
  #indexed: World | undefined
  #ledger: Ledger | undefined
  #ledgerAt = -1
  #apps = new Map<string, AppAccount>()
  constructor(scenario: Scenario) {
    this.scenario = scenario
  }

  /** Look at this world from now on; one that was put back is counted anew. */
  look(world: World, telling: Telling): this {
    this.world = world
    this.telling = telling
    if (this.#indexed !== world) {
      this.#indexed = world
      this.#index = newLedgerIndex()
      this.#ledgerAt = -1
      this.#apps = new Map()
    }
    return this
  }

  readonly read = (path: PathNode): Value => {
    const [root, property, inner] = [path.root, path.parts[0], path.parts[1]]
    const name = root.args[0]?.text ?? ''
    if (property === undefined) return undefined
    const args = property.args.map(({ text }) => text)
    switch (root.name) {
      case 'cluster': return this.#cluster(property.name)
      case 'controller': return root.args.length === 0 ? this.#quorum(property.name) : this.#controller(name, property.name)
      case 'broker': return this.#broker(name, property.name, args[0])
      case 'topic': return this.#topic(name, property.name)
      case 'partition': return readPartition(this, name, property.name, args[0], inner?.name)
      case 'replica': return readReplica(this, name, property.name, args[0], inner?.name)
      case 'producer': return readProducer(this, name, property.name, args[0], inner?.name)
      case 'consumer': return readConsumer(this, name, property.name, args[0])
      case 'group': return readGroup(this, name, property.name, args[0])
      case 'share': return partReaders.share?.(this, name, property.name, args)
      case 'toy': return partReaders.toy?.(this, name, property.name, args, inner?.name)
      case 'txn': return readTransaction(this, name, property.name)
      case 'app': return readApp(this, name, property.name)
      case 'ledger': return this.#account(property.name)
      case 'event': return this.#event(tallyKey(name, root.args[1]?.text), property.name)
      case 'step': return this.#step(name, property.name)
      case 'result': return this.#result(name, property.name)
      case 'learner': return property.name === 'actions' ? this.telling.actions : undefined
      default: return undefined
    }
  }

  get committed(): Pick<Controller, 'committed'>['committed'] | undefined {
    return controllerOf(this.world)?.committed
  }
  partition(name: string): PartitionRegistration | undefined {
    return this.committed?.partitions.get(name)
  }
  /** The omniscient account, made once a step. */
  get ledger(): Ledger {
    if (this.#ledger === undefined || this.#ledgerAt !== this.world.steps) {
      this.#ledger = account(this.world, this.#index)
      this.#ledgerAt = this.world.steps
    }
    return this.#ledger
  }
  duplicatedOf(client: string): number {
    void this.ledger
    return duplicatesOf(this.#index, client)
  }
  pauseOf(group: string): Pause | undefined {
    return this.telling.pauses.get(group)
  }
  appAccount(name: string): AppAccount | undefined {
    const app = this.scenario.apps?.find(({ id }) => id === name)
    if (app === undefined) return undefined
    const account = this.#apps.get(name) ?? newAppAccount(app)
    this.#apps.set(name, account)
    update(account, app, this.scenario, this.world)
    return account
  }
  identityOf(topic: string): Identity {
    return this.scenario.apps?.find(({ reads }) => reads === topic)?.identity ?? 'value'
  }
  stateOf(name: string, alive: string): string {
    const condition = this.world.nodes.get(name)?.condition
    if (condition === 'down') return this.telling.ended.get(name) === 'stopped' ? 'stopped' : 'down'
    return condition === 'frozen' ? 'frozen' : alive
  }

  #partitionsOf(topic: string | undefined): readonly PartitionRegistration[] {
    return [...(this.committed?.partitions.values() ?? [])].filter((each) => topic === undefined || each.topic === topic)
  }
  #minIsr({ partition, leader, replicas }: PartitionRegistration): number {
    const min = replicaOf(this.world, partition, leader < 0 ? (replicas[0] ?? 0) : leader)?.minInsyncReplicas ?? 1
    return Math.min(min, replicas.length)
  }

  #cluster(property: string): Value {
    const { world } = this
    switch (property) {
      case 'time': return toMs(world.now + this.shift)
      case 'aliveBrokers': return [...world.nodes.values()].filter(
        ({ kind, condition }) => kind === 'broker' && (condition === 'running' || condition === 'stopping'),
      ).length
      case 'offlinePartitions': return this.#partitionsOf(undefined).filter(({ leader }) => !isLive(world, leader)).length
      case 'underReplicated': return this.#partitionsOf(undefined).filter(({ isr, replicas }) => isr.length < replicas.length).length
      case 'underMinIsr': return this.#partitionsOf(undefined).filter((each) => each.isr.length < this.#minIsr(each)).length
      default: return undefined
    }
  }

  #voters(): readonly string[] {
    return [...this.world.nodes].filter(([, { kind }]) => kind === 'controller').map(([name]) => name)
  }
  #quorum(property: string): Value {
    const voters = this.#voters()
    const alive = voters.filter((name) => ['running', 'stopping'].includes(this.world.nodes.get(name)?.condition ?? ''))
    const leader = quorumLeaderOf(this.world)
    switch (property) {
      case 'active': return leader !== undefined && isActiveController(leader) ? leader.spec.name : undefined
      case 'epoch': return Math.max(...voters.map((name) => epochOf(this.world, name)))
      case 'aliveVoters': return alive.length
      case 'hasMajority': return alive.length * 2 > voters.length
      default: return undefined
    }
  }
  #controller(name: string, property: string): Value {
    const node = this.world.nodes.get(name)
    const kept = (node?.state ?? node?.disk) as Partial<Controller> | undefined
    switch (property) {
      case 'state': return node?.condition === 'down'
        ? 'down' : node?.condition === 'frozen' ? 'frozen' : kept === undefined ? undefined : voterStateOf(kept as Controller)
      case 'epoch': return kept?.epoch
      case 'leo': return kept?.log?.length
      case 'hw': return kept?.highWatermark
      default: return undefined
    }
  }

  #broker(name: string, property: string, argument = ''): Value {
    const id = Number(name.slice(1))
    const node = this.world.nodes.get(name)
    const broker = brokerOf(this.world, id)
    const registration = this.committed?.brokers.get(id)
    switch (property) {
      case 'state': return stateOfBroker(node?.condition, broker)
      case 'fenced': return registration?.fenced ?? true
      case 'epoch': return registration?.epoch
      case 'dirtyRecords': return dirtyOf(((node?.state ?? node?.disk) as Partial<Broker> | undefined)?.replicas)
      case 'starts': return ((node?.state ?? node?.disk) as Partial<Broker> | undefined)?.starts
      case 'recoveries': return ((node?.state ?? node?.disk) as Partial<Broker> | undefined)?.recoveries
      case 'leaders': return this.#partitionsOf(undefined).filter(({ leader }) => leader === id).length
      case 'leads': return this.#partitionsOf(argument).filter(({ leader }) => leader === id).length
      case 'replicas': return this.#partitionsOf(undefined).filter(({ replicas }) => replicas.includes(id)).length
      case 'logDirOnline': return isLogDirOnline(node, argument)
      case 'diskUsedPct': return diskUsed(node)
      case 'believes': return leaderName(broker?.metadata.partitions.get(argument)?.leader)
      case 'believesIsr': return broker?.metadata.partitions.get(argument)?.isr.map(nodeName)
      default: return undefined
    }
  }

  #topic(name: string, property: string): Value {
    const partitions = this.#partitionsOf(name)
    const records = partitions.map(({ partition }) => Number(readPartition(this, partition, 'records', undefined, undefined) ?? 0))
    const racks = (each: PartitionRegistration): readonly (string | undefined)[] =>
      each.replicas.map((id) => this.committed?.brokers.get(id)?.rack)
    switch (property) {
      case 'exists': return partitions.length > 0
      case 'partitions': return partitions.length
      case 'replicationFactor': return partitions[0]?.replicas.length
      case 'nonEmptyPartitions': return records.filter((count) => count > 0).length
      case 'records': return records.reduce((sum, count) => sum + count, 0)
      case 'maxRecords': return records.length === 0 ? undefined : Math.max(...records)
      case 'minRecords': return records.length === 0 ? undefined : Math.min(...records)
      case 'minRacks': return partitions.length === 0 ? undefined : Math.min(...partitions.map((each) => new Set(racks(each)).size))
      case 'leadersCycleRacks': return this.#leadersCycleRacks(partitions)
      default: return undefined
    }
  }
  #leadersCycleRacks(partitions: readonly PartitionRegistration[]): boolean {
    const all = [...(this.committed?.brokers.values() ?? [])]
    const count = new Set(all.map(({ rack }) => rack)).size
    const racks = [...partitions].sort((a, b) => a.index - b.index).map(({ leader }) => all.find(({ id }) => id === leader)?.rack)
    // From partition 0 on: after each round the placer may shuffle (StripedReplicaPlacer), so only whole rounds count.
    return racks.every((_, i) => i % count > 0 || i + count > racks.length || new Set(racks.slice(i, i + count)).size === count)
  }

  #account(property: string): Value {
    const { ledger } = this
    switch (property) {
      case 'produced': return ledger.produced
      case 'acked': return ledger.acked
      case 'lost': return ledger.lost.length
      case 'unavailable': return ledger.unavailable
      case 'duplicated': return ledger.duplicated
      case 'ackedInvisible': return ledger.ackedInvisible
      case 'outOfOrderKeys': return ledger.outOfOrderKeys
      default: return undefined
    }
  }

  #event(key: string, property: string): Value {
    const tally = this.telling.tallies.get(key)
    if (property === 'count') return tally?.count ?? 0
    if (tally === undefined || tally.count === 0) return undefined
    return toMs(property === 'firstAt' ? tally.firstAt : tally.lastAt)
  }
  #result(name: string, property: string): Value {
    const result = [...this.world.nodes.values()].flatMap((node) => resultsOf(node)?.get(name) ?? [])[0]
    if (property === 'done') return result?.answeredAt !== undefined
    if (result?.answeredAt === undefined) return undefined
    switch (property) {
      case 'error': return result.error === 'NONE' ? undefined : result.error
      case 'value': return result.value
      case 'at': return toMs(result.answeredAt)
      case 'took': return toMs(result.answeredAt - result.calledAt)
      default: return undefined
    }
  }
  #step(id: string, property: string): Value {
    const mark = this.telling.marks.find((each) => each.id === id)
    if (mark === undefined) return undefined
    if (property === 'startAt') return toMs(mark.startAt)
    if (mark.endAt === undefined) return undefined
    return toMs(property === 'endAt' ? mark.endAt : mark.endAt - mark.startAt)
  }
}

const resultsOf = ({ kind, state, disk }: Node): AdminState['results'] | undefined =>
  (kind === 'admin' ? ((state ?? disk) as AdminState | undefined)?.results : undefined)
const epochOf = (world: World, name: string): number => ((world.nodes.get(name)?.state ?? world.nodes.get(name)?.disk) as Controller | undefined)?.epoch ?? -1
/** In the words of statements: one that has voted and waits is `voted`. */
function voterStateOf({ voter, votedFor }: Controller): string {
  return voter.kind === 'Unattached' && votedFor !== undefined ? 'voted' : voter.kind.toLowerCase()
}
/** One of them, or all; of a process that has ended: what the next one would find. */
function isLogDirOnline(node: Node | undefined, argument: string): Value {
  const kept = (node?.state ?? node?.disk) as Pick<Broker, 'logDirs'> | undefined
  const dirs = argument === '' ? kept?.logDirs : kept?.logDirs[Number(argument)] === undefined ? undefined : [kept.logDirs[Number(argument)]!]
  return dirs?.every(({ online, ails }) => (node?.state === undefined ? ails === undefined : online))
}
/** Of the fullest disk; nothing while nobody has said how large they are, but that one is full. */
function diskUsed(node: Node | undefined): Value {
  const kept = (node?.state ?? node?.disk) as Pick<Broker, 'logDirs' | 'replicas' | 'offline'> | undefined
  return kept === undefined ? undefined : Math.max(...kept.logDirs.map(({ ails, bytes }, dir) => (ails === 'full' ? 100 : bytes === Infinity ? 0 : (100 * bytesIn(kept, dir)) / bytes)))
}
/** What of its logs a power cut would take. */
const dirtyOf = (replicas: Broker['replicas'] | undefined): Value => (replicas === undefined ? undefined : [...replicas.values()].reduce((sum, { log }) => sum + dirtyRecords(log), 0))

function stateOfBroker(condition: string | undefined, broker: Broker | undefined): string {
  if (condition === 'down' || condition === 'frozen' || condition === 'stopping') return condition
  return broker?.lifecycle === 'shuttingDown' ? 'stopping' : (broker?.lifecycle ?? 'down')
}
