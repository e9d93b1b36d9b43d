/** Looking into a world: the state of a machine, alive or as its disk keeps it. For observers; the model never looks. */
import type { Node, World } from '../engine/world.ts'
import type { ConsumerState } from './client/consumer/state.ts'
import type { ProducerState } from './client/producer/state.ts'
import { TRANSACTION_TOPIC, transactionPartition, type Transaction } from './transaction/state.ts'
import { nodeName, type Broker, type Replica } from './broker/state.ts'
import { coordinatorPartition, OFFSETS_TOPIC } from './group/coordinator-partition.ts'
import { seenGroup, type SeenGroup } from './group/seen.ts'
import { sharePart } from './parts.ts'
import type { Controller } from './controller/state.ts'

/** A broker that runs or is frozen; undefined when its process is gone. */
export function brokerOf(world: World, id: number): Broker | undefined {
  const node = world.nodes.get(nodeName(id))
  return node?.kind === 'broker' && node.condition !== 'down' ? (node.state as Broker) : undefined
}

/** Its process runs: it can answer. */
export function isLive(world: World, id: number): boolean {
  const condition = world.nodes.get(nodeName(id))?.condition
  return condition === 'running' || condition === 'stopping'
}

/** A replica in memory, or on the disk of a broker that is down. */
export function replicaOf(world: World, partition: string, id: number): Replica | undefined {
  const node = world.nodes.get(nodeName(id))
  const kept = (node?.state ?? node?.disk) as Pick<Broker, 'replicas' | 'offline'> | undefined
  return kept?.replicas.get(partition) ?? kept?.offline?.get(partition)
}

/** The voter that knows the most of what is committed, or what is left of it: what one knows to be committed is so for ever. */
export function controllerOf(world: World): KeptController | undefined {
  let best: KeptController | undefined
  for (const name of VOTERS) {
    const node = world.nodes.get(name)
    if (node === undefined) break
    const kept = (node.state ?? node.disk) as KeptController
    if (best === undefined || kept.highWatermark > best.highWatermark) best = kept
  }
  return best
}
const VOTERS = Object.freeze(['k1', 'k2', 'k3', 'k4', 'k5'])
type KeptController = Pick<Controller, 'committed' | 'highWatermark' | 'log' | 'logStart' | 'moments'>

/** Who leads the quorum: of those whose process is there, in the highest epoch. One that was frozen may not know that it is over. */
export function quorumLeaderOf(world: World): Controller | undefined {
  let leader: Controller | undefined
  for (const name of VOTERS) {
    const controller = world.nodes.get(name)?.state as Controller | undefined
    if (controller?.voter.kind === 'Leader' && (leader === undefined || controller.epoch > leader.epoch)) leader = controller
  }
  return leader
}

/** What a node is as a consumer, alive or as its disk keeps it: a client that reads and writes has that in it. */
export function consumerOf(node: Node | undefined): Partial<ConsumerState> | undefined {
  const kept = node?.state ?? node?.disk
  return node?.kind === 'producer' ? (kept as Partial<ProducerState> | undefined)?.reader : (kept as Partial<ConsumerState> | undefined)
}

/** Who coordinates this transactional id by the committed metadata, and what that broker has of it in memory; nothing while it is not live. */
export function transactionOf(world: World, id: string): { readonly coordinator: string | undefined; readonly transaction: Transaction | undefined } {
  const { topics, partitions } = controllerOf(world)?.committed ?? {}
  const count = topics?.get(TRANSACTION_TOPIC)?.partitions.length ?? 0
  const leader = count === 0 ? undefined : partitions?.get(transactionPartition(id, count))?.leader
  if (leader === undefined || !isLive(world, leader)) return { coordinator: undefined, transaction: undefined }
  return { coordinator: nodeName(leader), transaction: brokerOf(world, leader)?.transactions.coordinator.transactions.get(id) }
}

/** The partition of `__consumer_offsets` that keeps this group; undefined when there is no such topic. */
export function groupPartition(world: World, group: string): string | undefined {
  const count = controllerOf(world)?.committed.topics.get(OFFSETS_TOPIC)?.partitions.length ?? 0
  return count === 0 ? undefined : coordinatorPartition(group, count)
}

/** Who coordinates this group by the committed metadata, and the group as that broker has it in memory; nothing while it is not live. */
export function groupOf(world: World, name: string): { readonly coordinator: string | undefined; readonly group: SeenGroup | undefined } {
  const partition = groupPartition(world, name)
  const leader = partition === undefined ? undefined : controllerOf(world)?.committed.partitions.get(partition)?.leader
  if (leader === undefined || !isLive(world, leader)) return { coordinator: undefined, group: undefined }
  return { coordinator: nodeName(leader), group: seenIn(brokerOf(world, leader), name) }
}
function seenIn(broker: Broker | undefined, name: string): SeenGroup | undefined {
  const shared = broker?.share?.groups.get(name)
  return broker === undefined ? undefined : shared === undefined ? seenGroup(broker.coordinator, name) : sharePart().seen(shared)
}
