/** The cluster as a whole, its controllers and its brokers, as statements speak of them. */
import { toMs } from '../base/units.ts'
import type { Node, World } from '../engine/world.ts'
import { dirtyRecords } from '../kafka/broker/disk.ts'
import { bytesIn } from '../kafka/broker/log-directories.ts'
import { nodeName, type Broker } from '../kafka/broker/state.ts'
import { isActiveController, type Controller } from '../kafka/controller/state.ts'
import { brokerOf, isLive, quorumLeaderOf, replicaOf } from '../kafka/look.ts'
import type { PartitionRegistration } from '../kafka/metadata/image.ts'
import type { Value } from './expression.ts'
import { leaderName, type Observed } from './observed.ts'

export function partitionsOf(observer: Observed, topic: string | undefined): readonly PartitionRegistration[] {
  return [...(observer.committed?.partitions.values() ?? [])].filter((each) => topic === undefined || each.topic === topic)
}
function minIsr(observer: Observed, { partition, leader, replicas }: PartitionRegistration): number {
  const min = replicaOf(observer.world, partition, leader < 0 ? (replicas[0] ?? 0) : leader)?.minInsyncReplicas ?? 1
  return Math.min(min, replicas.length)
}

export function readCluster(observer: Observed, _name: string, property: string): Value {
  const { world } = observer
  switch (property) {
    case 'time': return toMs(world.now + observer.shift)
    case 'aliveBrokers': return [...world.nodes.values()].filter(
      ({ kind, condition }) => kind === 'broker' && (condition === 'running' || condition === 'stopping'),
    ).length
    case 'offlinePartitions': return partitionsOf(observer, undefined).filter(({ leader }) => !isLive(world, leader)).length
    case 'underReplicated': return partitionsOf(observer, undefined).filter(({ isr, replicas }) => isr.length < replicas.length).length
    case 'underMinIsr': return partitionsOf(observer, undefined).filter((each) => each.isr.length < minIsr(observer, each)).length
    default: return undefined
  }
}

const votersOf = (world: World): readonly string[] =>
  [...world.nodes].filter(([, { kind }]) => kind === 'controller').map(([name]) => name)

function readQuorum({ world }: Observed, property: string): Value {
  const voters = votersOf(world)
  const alive = voters.filter((name) => ['running', 'stopping'].includes(world.nodes.get(name)?.condition ?? ''))
  const leader = quorumLeaderOf(world)
  switch (property) {
    case 'active': return leader !== undefined && isActiveController(leader) ? leader.spec.name : undefined
    case 'epoch': return Math.max(...voters.map((name) => epochOf(world, name)))
    case 'aliveVoters': return alive.length
    case 'hasMajority': return alive.length * 2 > voters.length
    default: return undefined
  }
}
/** One voter; without a name the quorum. */
export function readController(observer: Observed, name: string, property: string): Value {
  if (name === '') return readQuorum(observer, property)
  const { world } = observer
  const node = world.nodes.get(name)
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

export function readBroker(observer: Observed, name: string, property: string, argument = ''): Value {
  const { world } = observer
  const id = Number(name.slice(1))
  const node = world.nodes.get(name)
  const broker = brokerOf(world, id)
  const registration = observer.committed?.brokers.get(id)
  switch (property) {
    case 'state': return stateOfBroker(node?.condition, broker)
    case 'fenced': return registration?.fenced ?? true
    case 'epoch': return registration?.epoch
    case 'dirtyRecords': return dirtyOf(((node?.state ?? node?.disk) as Partial<Broker> | undefined)?.replicas)
    case 'starts': return ((node?.state ?? node?.disk) as Partial<Broker> | undefined)?.starts
    case 'recoveries': return ((node?.state ?? node?.disk) as Partial<Broker> | undefined)?.recoveries
    case 'leaders': return partitionsOf(observer, undefined).filter(({ leader }) => leader === id).length
    case 'leads': return partitionsOf(observer, argument).filter(({ leader }) => leader === id).length
    case 'replicas': return partitionsOf(observer, undefined).filter(({ replicas }) => replicas.includes(id)).length
    case 'logDirOnline': return isLogDirOnline(node, argument)
    case 'diskUsedPct': return diskUsed(node)
    case 'believes': return leaderName(broker?.metadata.partitions.get(argument)?.leader)
    case 'believesIsr': return broker?.metadata.partitions.get(argument)?.isr.map(nodeName)
    default: return undefined
  }
}

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
