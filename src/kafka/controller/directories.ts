/**
 * Log directories as the controller knows them: which of each broker work, and which hold which replicas (KIP-858).
 * Follows metadata/.../controller/ReplicationControlManager.java#handleDirectoriesOffline, #handleAssignReplicasToDirs,
 * LeaderAcceptor, and ClusterControlManager.java#hasOnlineDir, #defaultDir. CTL-16.
 */
import type { NodeId } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import type { BrokerRegistration, PartitionRegistration } from '../metadata/image.ts'
import { UNASSIGNED, type MetadataRecord } from '../metadata/records.ts'
import { respond } from '../network/server.ts'
import type { AssignReplicasToDirsRequest, AssignReplicasToDirsResponse, DirectoryAssignment } from '../protocol/controller.ts'
import { isActive } from './active.ts'
import type { Controller, ControllerContext } from './state.ts'
import { change } from './topic-settings.ts'
import { answer, write } from './write.ts'

/** What the broker's heartbeats say has failed since the controller last heard: these replicas are in sync no more, and lead no more. */
export function handleDirectoriesOffline(controller: Controller, broker: BrokerRegistration, offline: readonly string[], ctx: ControllerContext): void {
  const newlyOffline = broker.directories.filter((id) => offline.includes(id))
  if (newlyOffline.length === 0) return
  const records: MetadataRecord[] = []
  for (const partition of controller.image.partitions.values()) {
    const directory = directoryOf(partition, broker.id)
    if (directory === undefined || !newlyOffline.includes(directory)) continue
    const record = withoutReplica(controller, partition, broker.id)
    if (record !== undefined) records.push(record)
  }
  const logDirs = Object.freeze(broker.directories.filter((id) => !offline.includes(id)))
  records.push(Object.freeze({ type: 'BrokerRegistrationChangeRecord', brokerId: broker.id, brokerEpoch: broker.epoch, fenced: undefined, inControlledShutdown: undefined, logDirs }))
  write(controller, records, { isr: 'logDir', election: 'clean' }, ctx)
}

const directoryOf = ({ replicas, directories }: PartitionRegistration, id: NodeId): string | undefined => directories?.[replicas.indexOf(id)]

function withoutReplica(controller: Controller, partition: PartitionRegistration, id: NodeId): MetadataRecord | undefined {
  if (!partition.isr.includes(id) && partition.leader !== id) return undefined
  return change(controller, partition, { targetIsr: partition.isr.filter((member) => member !== id), isAcceptable: (other) => other !== id && isActive(controller, other) })
}

/** Where a broker has put replicas that nobody had given a place. */
export function handleAssignReplicasToDirs(controller: Controller, request: AssignReplicasToDirsRequest, on: Connection, ctx: ControllerContext): void {
  const { brokerId, brokerEpoch, assignments } = request
  if (controller.image.brokers.get(brokerId)?.epoch !== brokerEpoch) {
    const refused: AssignReplicasToDirsResponse = { type: 'AssignReplicasToDirsResponse', error: 'STALE_BROKER_EPOCH', assignments: Object.freeze([]) }
    return respond(on, refused, ctx)
  }
  const answers = assignments.map((assignment) => Object.freeze({ partition: assignment.partition, error: assign(controller, brokerId, assignment, ctx) }))
  const response: AssignReplicasToDirsResponse = { type: 'AssignReplicasToDirsResponse', error: 'NONE', assignments: Object.freeze(answers) }
  answer(controller, on, response, ctx)
}

function assign(controller: Controller, id: NodeId, { partition: name, directory }: DirectoryAssignment, ctx: ControllerContext): KafkaError {
  const { image } = controller
  const partition = image.partitions.get(name)
  if (partition === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (!partition.replicas.includes(id)) return 'NOT_LEADER_OR_FOLLOWER'
  const why = { isr: 'logDir', election: 'clean' } as const
  const record = change(controller, partition, { targetDirectory: { id, directory }, isAcceptable: (other) => isActive(controller, other) })
  if (record !== undefined) write(controller, [record], why, ctx)
  // It has failed between the broker's word and now.
  const offline = image.brokers.get(id)?.directories.includes(directory) === true ? undefined : withoutReplica(controller, image.partitions.get(name)!, id)
  if (offline !== undefined) write(controller, [offline], why, ctx)
  return 'NONE'
}

/** Of new partitions: where a broker has one directory, it is there; where it has several, it chooses. Nothing where nobody has a choice. */
export function defaultDirectories({ image: { brokers } }: Controller, replicas: readonly NodeId[]): readonly string[] | undefined {
  if (replicas.every((id) => (brokers.get(id)?.directories.length ?? 0) <= 1)) return undefined
  return Object.freeze(replicas.map((id) => defaultDirectory(brokers.get(id))))
}
const defaultDirectory = (broker: BrokerRegistration | undefined): string => (broker?.directories.length === 1 ? broker.directories[0]! : UNASSIGNED)
