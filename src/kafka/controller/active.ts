/** Which brokers may lead, and from which of their log directories. */
import type { NodeId } from '../../base/units.ts'
import type { PartitionRegistration } from '../metadata/image.ts'
import { UNASSIGNED } from '../metadata/records.ts'
import type { Controller } from './state.ts'

/** Unfenced and not shutting down; what stands in for it where a change is about to make one so or not so. */
export const isActive = (controller: Controller, id: NodeId): boolean => {
  const broker = controller.image.brokers.get(id)
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown
}

/** The directory that holds this replica works, as far as anybody has told. Follows ReplicationControlManager.java's LeaderAcceptor. */
export function hasOnlineDirectory({ image }: Controller, { replicas, directories }: PartitionRegistration, id: NodeId): boolean {
  const directory = directories?.[replicas.indexOf(id)]
  return directory === undefined || directory === UNASSIGNED || image.brokers.get(id)?.directories.includes(directory) === true
}
