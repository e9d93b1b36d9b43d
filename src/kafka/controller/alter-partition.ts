/** The controller's answer to a leader's ISR proposal. Follows metadata/.../controller/ReplicationControlManager.java#alterPartition. REP-23. */
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import { respond } from '../network/server.ts'
import type { AlteredPartition, AlterPartition, AlterPartitionRequest, AlterPartitionResponse } from '../protocol/controller.ts'
import { isActive } from './active.ts'
import { change } from './topic-settings.ts'
import type { Controller, ControllerContext } from './state.ts'
import { answer, write } from './write.ts'

export function handleAlterPartition(controller: Controller, request: AlterPartitionRequest, on: Connection, ctx: ControllerContext): void {
  if (controller.image.brokers.get(request.brokerId)?.epoch !== request.brokerEpoch) {
    return respond(on, { type: 'AlterPartitionResponse', error: 'STALE_BROKER_EPOCH', partitions: Object.freeze([]) } as { type: string }, ctx)
  }
  const partitions = request.partitions.map((proposal) => alter(controller, request.brokerId, proposal, ctx))
  const response: AlterPartitionResponse = { type: 'AlterPartitionResponse', error: 'NONE', partitions: Object.freeze(partitions) }
  answer(controller, on, response, ctx)
}

function alter(controller: Controller, sender: number, proposal: AlterPartition, ctx: ControllerContext): AlteredPartition {
  const { partition } = proposal
  const error = refuse(controller, sender, proposal)
  if (error !== undefined) return Object.freeze({ partition, error, leaderId: -1, leaderEpoch: -1, isr: Object.freeze([]), partitionEpoch: -1 })
  const targetIsr = proposal.newIsr.map(({ brokerId }) => brokerId)
  const record = change(controller, controller.image.partitions.get(partition)!, {
    targetIsr, targetRecoveryState: proposal.leaderRecoveryState, isAcceptable: (id) => isActive(controller, id),
  })
  if (record !== undefined) write(controller, [record], { isr: proposal.why, election: 'clean' }, ctx)
  const { leader, leaderEpoch, isr, partitionEpoch } = controller.image.partitions.get(partition)!
  return Object.freeze({ partition, error: 'NONE', leaderId: leader, leaderEpoch, isr, partitionEpoch })
}

/** In Kafka's order. A sender that knows more than this controller means that this is no longer the controller. */
function refuse(controller: Controller, sender: number, { partition, leaderEpoch, partitionEpoch, newIsr, leaderRecoveryState }: AlterPartition): KafkaError | undefined {
  const now = controller.image.partitions.get(partition)
  if (now === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (leaderEpoch > now.leaderEpoch || partitionEpoch > now.partitionEpoch) return 'NOT_CONTROLLER'
  if (leaderEpoch < now.leaderEpoch) return 'FENCED_LEADER_EPOCH'
  if (sender !== now.leader) return 'INVALID_REQUEST'
  if (partitionEpoch < now.partitionEpoch) return 'INVALID_UPDATE_VERSION'
  const ids = newIsr.map(({ brokerId }) => brokerId)
  if (!ids.includes(now.leader) || !ids.every((id) => now.replicas.includes(id))) return 'INVALID_REQUEST'
  // CTL-4: nobody joins a leader that is still recovering, and none goes back to recovering.
  if (leaderRecoveryState === 'RECOVERING' && (ids.length > 1 || now.leaderRecoveryState === 'RECOVERED')) return 'INVALID_REQUEST'
  const eligible = newIsr.every(({ brokerId, brokerEpoch }) => isActive(controller, brokerId) && controller.image.brokers.get(brokerId)?.epoch === brokerEpoch)
  return eligible ? undefined : 'INELIGIBLE_REPLICA'
}
