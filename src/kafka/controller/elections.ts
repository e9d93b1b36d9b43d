/** An election that somebody asks for. Follows metadata/.../controller/ReplicationControlManager.java#electLeader. CTL-40. */
import type { KafkaError } from '../errors.ts'
import { NO_LEADER } from '../metadata/records.ts'
import type { ElectLeadersRequest } from '../protocol/admin.ts'
import { isActive } from './active.ts'
import type { Controller, ControllerContext } from './state.ts'
import { change } from './topic-settings.ts'
import { write } from './write.ts'

export function electLeader(controller: Controller, { electionType, partition: name }: ElectLeadersRequest, ctx: ControllerContext): KafkaError {
  const partition = controller.image.partitions.get(name)
  if (partition === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
  const preferred = electionType === 'PREFERRED'
  const { leader, replicas } = partition
  if (preferred ? leader === replicas[0] : leader !== NO_LEADER) return 'ELECTION_NOT_NEEDED'
  const record = change(controller, partition, { election: preferred ? 'preferred' : 'unclean', isAcceptable: (id) => isActive(controller, id) })
  if (record === undefined) return preferred ? 'PREFERRED_LEADER_NOT_AVAILABLE' : 'ELIGIBLE_LEADERS_NOT_AVAILABLE'
  write(controller, [record], { isr: 'elected', election: preferred ? 'preferred' : 'unclean' }, ctx)
  return 'NONE'
}
