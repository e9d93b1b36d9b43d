/** INV-C7: a controller changes an ISR only for who leads, and only when that knows the record that it changes. */
import type { World } from '../engine/world.ts'
import { nodeName } from './broker/state.ts'
import type { Controller } from './controller/state.ts'
import type { Memory, Violation } from './invariants-memory.ts'
import type { SentMessage } from './invariants-replication.ts'
import type { FactOf } from './notes.ts'
import type { AlterPartitionRequest } from './protocol/controller.ts'

export function noteProposal(_world: World, { on, message }: SentMessage<AlterPartitionRequest>, { proposals }: Memory): undefined {
  proposals.set(on, message)
}
export function noteVerdict(_world: World, { on }: SentMessage<unknown>, { proposals }: Memory): undefined {
  proposals.delete(on)
}

/** For a run that is not looked at from its start: what is on its way already. */
export function recallProposals(world: World, { proposals }: Memory): void {
  const wires = [...world.connections.values()].flatMap(({ there, back }) => [...there.held, ...there.inbox, ...back.held, ...back.inbox])
  const waiting = [...world.nodes.values()].flatMap((node) => node.waiting)
  for (const { body, on } of [...world.queue, ...wires, ...waiting]) if (body.type === 'AlterPartitionRequest') proposals.set(on, body as AlterPartitionRequest)
}

/** In the step that decided: the record is one further than the one that was proposed to be changed. */
export function noteIsrChanged(world: World, node: string, { partition, isr, why }: FactOf<'isr.changed'>, { proposals }: Memory): Violation | undefined {
  const { image } = (world.nodes.get(node)?.state ?? {}) as Partial<Controller>
  const now = image?.partitions.get(partition)
  if (now === undefined || (why !== 'lag' && why !== 'caughtUp')) return undefined
  const wanted = isr.join()
  for (const { brokerId, partitions } of proposals.values()) {
    if (brokerId !== now.leader) continue
    for (const one of partitions) {
      if (one.partition === partition && one.leaderEpoch === now.leaderEpoch && one.partitionEpoch === now.partitionEpoch - 1 && one.newIsr.map(({ brokerId: id }) => nodeName(id)).join() === wanted) return undefined
    }
  }
  return { id: 'INV-C7', what: `${node} made ${wanted} the ISR of ${partition} in epoch ${now.leaderEpoch}, ${now.partitionEpoch}: its leader b${now.leader} has not asked for that` }
}
