/**
 * INV-R9, INV-R14, INV-R16 and INV-R18: what leaders say, and what others make of it. What a leader has told a follower is
 * remembered when it is sent; what the follower does with it comes later.
 */
import type { Connection } from '../engine/process.ts'
import type { World } from '../engine/world.ts'
import { nodeName, type Broker, type Replica } from './broker/state.ts'
import type { Memory, Violation } from './invariants-memory.ts'
import { lastStableOffset } from './log/transactions.ts'
import type { FactOf } from './notes.ts'
import type { FetchResponse } from './protocol/fetch.ts'
import type { ProduceResponse } from './protocol/produce.ts'
import type { ShareFetchResponse } from './protocol/share.ts'

/** A message that was sent in this step. */
export interface SentMessage<Message> { readonly on: Connection; readonly from: string; readonly to: string; readonly message: Message }

const brokerAt = (world: World, name: string): Broker | undefined => {
  const node = world.nodes.get(name)
  return node?.kind === 'broker' ? (node.state as Broker | undefined) : undefined
}

/** INV-R14, where a client gets it. */
export function noteFetchResponse(world: World, { from, to, message }: SentMessage<FetchResponse>, memory: Memory): Violation | undefined {
  const broker = brokerAt(world, from)
  if (broker === undefined) return undefined
  const isFollower = world.nodes.get(to)?.kind === 'broker'
  for (const { partition, error, divergingEpoch, highWatermark, batches, lastStableOffset: stable } of message.partitions) {
    const replica = broker.replicas.get(partition)
    if (error !== 'NONE' || divergingEpoch !== undefined || replica === undefined) continue
    if (isFollower) tell(memory, `${partition}@${to}`, from, replica, highWatermark)
    else if (batches.length > 0) {
      const end = stable === undefined ? replica.highWatermark : lastStableOffset(replica.log.transactions, replica.highWatermark)
      const last = batches[batches.length - 1]!.lastOffset
      if (last >= end) return { id: 'INV-R14', what: `${from} sent ${to} ${partition} up to ${last}, ${stable === undefined ? 'its HW' : 'its last stable offset'} is ${end}` }
    }
  }
  return undefined
}

/** INV-R14, of what members of a share group are handed: by the high watermark, whatever their isolation. */
export function noteShareFetchResponse(world: World, { from, to, message }: SentMessage<ShareFetchResponse>): Violation | undefined {
  const broker = brokerAt(world, from)
  for (const { partition, error, acquired } of message.partitions) {
    const replica = broker?.replicas.get(partition)
    const last = acquired[acquired.length - 1]?.last ?? -1
    if (error === 'NONE' && replica !== undefined && last >= replica.highWatermark) return { id: 'INV-R14', what: `${from} lent ${to} ${partition} up to ${last}, its HW is ${replica.highWatermark}` }
  }
  return undefined
}

/** In the step in which it hears of another epoch a leader may have said something in the one before: then it counts as said in the later one. */
function tell({ told }: Memory, key: string, leader: string, { leaderEpoch: epoch }: Replica, highWatermark: number): void {
  const before = told.get(key)
  if (before?.leader === leader && before.epoch === epoch && before.highWatermark >= highWatermark) return
  told.set(key, { leader, epoch, highWatermark: before?.leader === leader ? Math.max(before.highWatermark, highWatermark) : highWatermark })
}

/** INV-R9: the high watermark of this follower has moved. */
export function checkFollower(node: string, replica: Replica, to: number, memory: Memory): Violation | undefined {
  const { partition, leader } = replica
  const told = memory.told.get(`${partition}@${node}`)
  if (told === undefined || told.leader !== nodeName(leader) || to <= told.highWatermark) return undefined
  return { id: 'INV-R9', what: `${partition}@${node} has HW ${to}, ${told.leader} has said ${told.highWatermark}` }
}

/** INV-R16: what it has stored was sent by a leader that is not behind it. */
export function noteFetched(world: World, node: string, { partition, leader }: FactOf<'replica.fetched'>, memory: Memory): Violation | undefined {
  const told = memory.told.get(`${partition}@${node}`)
  const replica = brokerAt(world, node)?.replicas.get(partition)
  if (told?.leader !== leader || replica === undefined || replica.leaderEpoch <= told.epoch) return undefined
  return { id: 'INV-R16', what: `${partition}@${node} is in epoch ${replica.leaderEpoch}, and took from ${leader} what that wrote in epoch ${told.epoch}` }
}

/** INV-R18: a Produce request begins to wait; one at a time on a connection. */
export function noteParked(world: World, node: string, { partition, client }: FactOf<'request.parked'>, memory: Memory): Violation | undefined {
  const broker = brokerAt(world, node)
  for (const { on, clientId, waiting } of broker?.parked.produces.values() ?? []) {
    if (clientId !== client || memory.parked.has(on) || !waiting.some((one) => one.partition === partition)) continue
    memory.parked.set(on, { node, waiting: new Map(waiting.map((one) => [one.partition, { required: one.required, epoch: one.leaderEpoch }])) })
  }
  return undefined
}

const isDone = (replica: Replica | undefined, { required, epoch }: { readonly required: number; readonly epoch: number }): boolean =>
  replica?.leading !== undefined && replica.leaderEpoch === epoch && replica.highWatermark >= required

/** The high watermark of this leader has moved: whatever it has passed is done, whatever comes later. */
export function completeWrites(node: string, replica: Replica, { parked }: Memory): void {
  for (const one of parked.values()) {
    const wanted = one.node === node ? one.waiting.get(replica.partition) : undefined
    if (wanted !== undefined && isDone(replica, wanted)) one.waiting.delete(replica.partition)
  }
}

export function noteProduceResponse(world: World, { on, from, to, message }: SentMessage<ProduceResponse>, memory: Memory): Violation | undefined {
  const known = memory.parked.get(on)
  if (known === undefined) return undefined
  memory.parked.delete(on)
  for (const { partition, error } of message.partitions) {
    const wanted = error === 'NONE' ? known.waiting.get(partition) : undefined
    const replica = brokerAt(world, from)?.replicas.get(partition)
    if (wanted === undefined || isDone(replica, wanted)) continue
    return { id: 'INV-R18', what: `${from} told ${to} that ${partition} has what ends at ${wanted.required}, written in epoch ${wanted.epoch}: it is in epoch ${replica?.leaderEpoch ?? -1}, HW ${replica?.highWatermark ?? -1}` }
  }
  return undefined
}

/** Connections that have ended are answered on no more. */
export function forgetConnections({ connections }: World, { parked, proposals, commits }: Memory): void {
  for (const known of [parked, proposals, commits]) if (known.size > 64) for (const on of known.keys()) if (!connections.has(on)) known.delete(on)
}
