/** Controllers, the metadata log, and what it has committed about partitions. */
import { at } from '../base/chunks.ts'
import type { World, Node } from '../engine/world.ts'
import { names, nodeName } from '../kafka/broker/state.ts'
import type { VoterState } from '../kafka/controller/quorum-state.ts'
import type { Controller } from '../kafka/controller/state.ts'
import { isLive, replicaOf } from '../kafka/look.ts'
import type { MetadataImage } from '../kafka/metadata/image.ts'
import type { MetadataRecord } from '../kafka/metadata/records.ts'
import { snapshotFile } from '../kafka/metadata/snapshot.ts'
import { isInternal, leaderName, overridesOf } from './brokers.ts'
import type { ControllerView, MetadataCell, SnapshotView, PartitionView, VoterRole } from './cluster-view.ts'

const TAIL = 12
/** So far back the newest records are looked for among those of topics that are not drawn. */
const LOOK_BACK = 400

export function controllerView(name: string, node: Node, host?: string): ControllerView {
  const kept = (node.state ?? node.disk) as Pick<Controller, 'log' | 'logStart' | 'snapshots' | 'highWatermark' | 'moments'> & Partial<Controller>
  const { id, voters } = node.config as Controller['spec']
  const voter = (node.state as Controller | undefined)?.voter
  const { log } = kept
  const tail: MetadataCell[] = []
  for (let place = log.length - 1; place >= Math.max(0, log.length - LOOK_BACK) && tail.length < TAIL; place--) {
    const { record } = at(log, place)!
    const offset = kept.logStart + place
    if (isOfInternal(record)) continue
    const moment = kept.moments.find((known) => known.offset === offset)
    const committed = offset < kept.highWatermark
    tail.unshift({ offset, type: record.type, text: textOf(record), committed, appendedAt: moment?.appendedAt ?? 0, committedAt: moment === undefined && committed ? 0 : moment?.committedAt })
  }
  return {
    name, ...(host === undefined ? {} : { host }), nodeId: id, condition: node.condition, since: node.since, role: roleOf(voter), active: voter?.kind === 'Leader' && voter.active, epoch: kept.epoch ?? 0,
    leader: kept.leaderId === undefined ? undefined : nodeName(kept.leaderId), votedFor: kept.votedFor === undefined ? undefined : nodeName(kept.votedFor),
    votes: voter?.kind === 'Prospective' || voter?.kind === 'Candidate' ? { granted: names([...voter.granted]), refused: names([...voter.refused]), of: voters.length } : undefined,
    logEndOffset: kept.logStart + log.length, highWatermark: kept.highWatermark, tail, ...snapshotsOf(kept),
  }
}
function snapshotsOf({ logStart, snapshots }: Pick<Controller, 'logStart' | 'snapshots'>): Pick<ControllerView, 'logStart' | 'snapshots'> {
  if (snapshots.length === 0) return {}
  let known = views.get(snapshots)
  if (known === undefined) {
    known = Object.freeze(snapshots.map((snapshot): SnapshotView => Object.freeze({
      file: snapshotFile(snapshot), endOffset: snapshot.endOffset, epoch: snapshot.epoch, takenAt: snapshot.takenAt,
      records: Object.freeze(snapshot.records.filter((record) => !isOfInternal(record)).map((record) => Object.freeze({ type: record.type, text: textOf(record) }))),
    })))
    views.set(snapshots, known)
  }
  return { logStart, snapshots: known }
}
/** The same list as long as the snapshots are the same. */
const views = new WeakMap<Controller['snapshots'], readonly SnapshotView[]>()

/** Also the topic itself and its configs. */
function isOfInternal(record: MetadataRecord): boolean {
  if ('partition' in record) return isInternal(record.partition)
  if ('topic' in record) return isInternal(record.topic)
  return record.type === 'TopicRecord' || (record.type === 'ConfigRecord' && record.resource === 'topic') ? isInternal(record.name) : false
}
const roleOf = (voter: VoterState | undefined): VoterRole => (voter?.kind.toLowerCase() ?? 'unattached') as VoterRole

/** Fields in words that need no translation. */
function textOf(record: MetadataRecord): string {
  switch (record.type) {
    case 'LeaderChangeMessage': return nodeName(record.leaderId)
    case 'RegisterBrokerRecord': return nodeName(record.brokerId)
    case 'BrokerRegistrationChangeRecord':
      return [nodeName(record.brokerId), record.fenced === undefined ? '' : record.fenced ? 'fenced' : 'unfenced', record.inControlledShutdown === true ? 'inControlledShutdown' : '', record.logDirs === undefined ? '' : `logDirs ${shortIds(record.logDirs)}`].filter((word) => word !== '').join(' ')
    case 'FeatureLevelRecord': return `${record.name}=${record.level}`
    case 'TopicRecord': return record.name
    case 'RemoveTopicRecord': return record.topic
    case 'ConfigRecord': return `${record.name} ${record.key}=${record.value ?? ''}`.trim()
    case 'ClearElrRecord': return record.topic
    case 'ProducerIdsRecord': return `${record.brokerId < 0 ? '' : `${nodeName(record.brokerId)} `}nextProducerId ${record.nextProducerId}`
    case 'PartitionRecord': return `${record.partition} leader ${leaderName(record.leader) ?? 'none'} isr ${names(record.isr).join(' ')}`
    case 'PartitionChangeRecord': {
      const leader = record.leader === undefined ? '' : ` leader ${leaderName(record.leader) ?? 'none'}`
      const state = record.leaderRecoveryState === undefined ? '' : ` ${record.leaderRecoveryState}`
      return `${record.partition}${leader}${listOf('replicas', record.replicas)}${listOf('adding', record.adding)}${listOf('removing', record.removing)}${listOf('isr', record.isr)}${listOf('elr', record.elr)}${listOf('lastKnownElr', record.lastKnownElr)}${record.directories === undefined ? '' : ` directories ${shortIds(record.directories)}`}${state}`
    }
  }
}
/** As much of each as tells it from the others. */
const shortIds = (ids: readonly string[]): string => ids.map((id) => id.slice(0, 4)).join(' ')
const listOf = (name: string, ids: readonly number[] | undefined): string => (ids === undefined ? '' : ` ${name} ${names(ids).join(' ') || 'none'}`)

export const leaderSinceOf = (world: World, partition: string, leader: number): number => replicaOf(world, partition, leader)?.leading?.since ?? 0

export function partitionViews(world: World, committed: MetadataImage): Record<string, PartitionView> {
  const views: Record<string, PartitionView> = {}
  for (const registration of committed.partitions.values()) {
    const { partition, topic, index, leader, leaderEpoch, partitionEpoch, replicas, isr, elr, lastKnownElr, adding, removing } = registration
    const internal = isInternal(partition)
    if (internal) continue
    const config = committed.topics.get(topic)?.config ?? {}
    views[partition] = {
      name: partition, topic, index, leader: leaderName(leader), leaderEpoch, partitionEpoch, replicas: names(replicas), isr: names(isr),
      elr: names(elr), lastKnownElr: names(lastKnownElr), ...(adding.length + removing.length === 0 ? {} : { adding: names(adding), removing: names(removing) }),
      minIsr: Math.min(Number(config['min.insync.replicas'] ?? committed.brokerConfig.get('min.insync.replicas') ?? 1), replicas.length), online: isLive(world, leader), leaderSince: leaderSinceOf(world, partition, leader), internal,
      overrides: overridesOf('topic', config),
    }
  }
  return views
}
