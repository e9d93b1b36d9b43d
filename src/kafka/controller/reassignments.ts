/**
 * A partition is to have other replicas, or is to keep those it had. Follows metadata/.../controller/ReplicationControlManager.java
 * #alterPartitionReassignment and PartitionReassignmentRevert.java. CTL-20 to CTL-22.
 */
import type { KafkaError } from '../errors.ts'
import type { PartitionRegistration } from '../metadata/image.ts'
import type { AlterPartitionReassignmentsRequest, ListPartitionReassignmentsRequest, Verdict } from '../protocol/admin.ts'
import { isActive } from './active.ts'
import { towards } from './reassignment.ts'
import type { Controller, ControllerContext } from './state.ts'
import { allowsUncleanElection, change } from './topic-settings.ts'
import { checked } from './topics.ts'
import { write } from './write.ts'

export function reassign(controller: Controller, { partition: name, replicas }: AlterPartitionReassignmentsRequest, ctx: ControllerContext): KafkaError {
  const partition = controller.image.partitions.get(name)
  if (partition === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (replicas === undefined) return cancel(controller, partition, ctx)
  if (typeof checked(controller, [replicas]) === 'string') return 'INVALID_REPLICA_ASSIGNMENT'
  const target = towards(partition.replicas, replicas)
  const record = change(controller, partition, {
    targetReplicas: target.replicas, isAcceptable: (id) => isActive(controller, id),
    ...(target.removing.length === 0 ? {} : { targetRemoving: target.removing }), ...(target.adding.length === 0 ? {} : { targetAdding: target.adding }),
  })
  if (record !== undefined) write(controller, [record], { isr: 'reassignment', election: 'reassignment' }, ctx)
  return 'NONE'
}

export function listed({ image }: Controller, { partition: name }: ListPartitionReassignmentsRequest): Verdict {
  const partition = image.partitions.get(name)
  return { error: 'NONE', value: partition !== undefined && partition.adding.length + partition.removing.length > 0 ? 1 : 0 }
}

/** Whoever was being added goes again; not where that would leave nobody in sync. */
function cancel(controller: Controller, partition: PartitionRegistration, ctx: ControllerContext): KafkaError {
  const { adding, removing, replicas, isr } = partition
  if (adding.length === 0 && removing.length === 0) return 'NO_REASSIGNMENT_IN_PROGRESS'
  const stays = (id: number): boolean => !adding.includes(id)
  const targetIsr = isr.filter(stays)
  if (targetIsr.length === 0 && !allowsUncleanElection(controller, partition.topic)) return 'INVALID_REPLICA_ASSIGNMENT'
  const record = change(controller, partition, {
    targetIsr, targetReplicas: replicas.filter(stays), targetAdding: [], targetRemoving: [], isAcceptable: (id) => isActive(controller, id),
  })
  if (record !== undefined) write(controller, [record], { isr: 'reassignment', election: 'reassignment', cancelled: true }, ctx)
  return 'NONE'
}
