/** Where the zoom stands: the level in force, and what is looked at there. Pure, but for `zoomBy`. */
import type { Offset } from '../../base/units.ts'
import type { ClusterView, PartitionName, ReplicaName } from '../../projection/cluster-view.ts'
import { MOST_OPEN } from '../../scene/structure.ts'
import { placeOfRecord } from '../about.ts'
import type { Run } from '../run.tsx'
import type { Selection } from '../selection.ts'
import { usePicked } from '../stores/picked.ts'
import { levels, useZoom, type Level, type Zoom } from '../stores/zoom.ts'

/** A cluster too large for the logs of all its brokers is seen from far first. */
export const levelOf = (zoom: Pick<Zoom, 'level'>, view: Pick<ClusterView, 'brokers'>): Level =>
  zoom.level ?? (Object.keys(view.brokers).length > MOST_OPEN ? 'racks' : 'logs')

export const partitionOf = (replica: ReplicaName): PartitionName => replica.slice(0, replica.lastIndexOf('@'))
export const brokerOf = (replica: ReplicaName): string => replica.slice(replica.lastIndexOf('@') + 1)

/** Of a partition: the leader's, or that of whoever has one. */
export function replicaOf(view: Pick<ClusterView, 'partitions' | 'replicas'>, partition: PartitionName | undefined): ReplicaName | undefined {
  const record = partition === undefined ? undefined : view.partitions[partition]
  if (record === undefined) return undefined
  return [record.leader, ...record.replicas].map((broker) => `${record.name}@${broker}`).find((name) => view.replicas[name] !== undefined)
}

/** The one chosen, as long as it is of the partition that is shown. */
export function shownReplica(zoom: Pick<Zoom, 'replica'>, view: Pick<ClusterView, 'partitions' | 'replicas'>, partition: PartitionName | undefined): ReplicaName | undefined {
  const { replica } = zoom
  const holds = replica !== undefined && view.replicas[replica] !== undefined && (partition === undefined || partitionOf(replica) === partition)
  return holds ? replica : replicaOf(view, partition)
}

/** What of the log a selection points at. */
export function pointedAt(view: ClusterView, selection: Selection | undefined): { readonly partition?: PartitionName; readonly replica?: ReplicaName; readonly offset?: Offset } {
  if (selection?.kind === 'partition' && view.partitions[selection.key] !== undefined) return { partition: selection.key }
  if (selection?.kind === 'replica') {
    const partition = partitionOf(selection.key)
    return { partition, ...(view.replicas[selection.key] === undefined ? {} : { replica: selection.key }) }
  }
  if (selection?.kind === 'record') {
    const place = placeOfRecord(view, selection.key)
    if (place === undefined) return {}
    const leader = `${place.partition}@${view.partitions[place.partition]?.leader}`
    const replica = view.replicas[leader] !== undefined && place.on.includes(brokerOf(leader)) ? leader : `${place.partition}@${place.on[0]}`
    return { partition: place.partition, replica, offset: place.cell.offset }
  }
  return {}
}

/** To this level, at what is selected. */
export function zoomTo({ client, player }: Run, level: Level): void {
  const view = client.film.viewAt(player.at)
  const { selection } = usePicked.getState()
  const { partition, replica, offset } = pointedAt(view, selection)
  useZoom.getState().set({
    level,
    ...(partition === undefined ? {} : { partition: { name: partition, step: player.entered } }),
    ...(replica === undefined ? {} : { replica }),
    ...(offset === undefined ? {} : { offset }),
  })
}

/** One level nearer, or farther; at the ends it stays. */
export function zoomBy(run: Run, by: 1 | -1): void {
  const now = levelOf(useZoom.getState(), run.client.film.viewAt(run.player.at))
  const next = levels[levels.indexOf(now) + by]
  if (next !== undefined) zoomTo(run, next)
}
