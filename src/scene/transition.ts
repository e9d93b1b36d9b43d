/**
 * What has just changed, so that it can be shown changing: a pure function of the views around the playhead.
 *
 * A change begins at its event, never before it, and is over after a fixed time on the screen. Nothing here remembers a
 * frame: seeking to the middle of a change shows the middle of it.
 */
import type { Micros, Offset } from '../base/units.ts'
import type { ClusterView, NodeName, PartitionName, ReplicaName, ReplicaView } from '../projection/cluster-view.ts'
import { sightOf } from './window.ts'

export interface Exposed {
  readonly at: Micros
  readonly view: ClusterView
}
/** Milliseconds on the screen between a moment of the run and the playhead. */
export type Since = (at: Micros) => number

export const durations = { state: 160, watermark: 200, layout: 240, truncation: 320 } as const
const longest = 320
/** At great speed many changes fall into one moment of the screen; older ones of them are not worth showing. */
const mostExposures = 48

interface Moved {
  readonly at: Micros
  readonly by: number
}

/** Everything is keyed by what it happens to; a missing key = nothing is under way there. */
export interface Changes {
  /** First offset of those just written, by replica. */
  readonly written: ReadonlyMap<ReplicaName, readonly { readonly at: Micros; readonly from: Offset; readonly to: Offset }[]>
  /** How far the high watermark of a partition moved, and how far its window. */
  readonly watermark: ReadonlyMap<PartitionName, readonly Moved[]>
  readonly window: ReadonlyMap<PartitionName, readonly Moved[]>
  /** Role or ISR membership of a replica changed. */
  readonly standing: ReadonlyMap<ReplicaName, { readonly at: Micros; readonly before: ReplicaView }>
  /** A partition got another leader. */
  readonly crown: ReadonlyMap<PartitionName, { readonly at: Micros; readonly before: NodeName | undefined }>
  readonly condition: ReadonlyMap<NodeName, Micros>
}
export const noChanges: Changes = {
  written: new Map(),
  watermark: new Map(),
  window: new Map(),
  standing: new Map(),
  crown: new Map(),
  condition: new Map(),
}

/** `cells` says how many offsets a partition's window shows; `index` is the exposure in force. */
export function changesAt(exposures: readonly Exposed[], index: number, since: Since, cells: ReadonlyMap<PartitionName, number>): Changes {
  const draft = {
    written: new Map(),
    watermark: new Map(),
    window: new Map(),
    standing: new Map(),
    crown: new Map(),
    condition: new Map(),
  } as Draft
  const oldest = Math.max(1, index - mostExposures)
  let any = false
  for (let i = index; i >= oldest; i--) {
    const now = exposures[i],
      before = exposures[i - 1]
    if (now === undefined || before === undefined || since(now.at) >= longest) break
    any = true
    compareReplicas(before.view, now.view, now.at, draft)
    comparePartitions(before.view, now.view, now.at, draft)
    compareBrokers(before.view, now.view, now.at, draft)
    if (now.view.replicas !== before.view.replicas || now.view.partitions !== before.view.partitions)
      compareSights(before.view, now.view, now.at, cells, draft)
  }
  return any ? draft : noChanges
}

type Draft = { -readonly [K in keyof Changes]: Changes[K] extends ReadonlyMap<infer Key, infer Value> ? Map<Key, Value> : never }

function compareReplicas(before: ClusterView, now: ClusterView, at: Micros, draft: Draft): void {
  if (before.replicas === now.replicas) return
  for (const [name, replica] of Object.entries(now.replicas)) {
    const was = before.replicas[name]
    if (was === undefined || was === replica) continue
    if (replica.logEndOffset > was.logEndOffset) push(draft.written, name, { at, from: was.logEndOffset, to: replica.logEndOffset })
    if ((replica.inSync !== was.inSync || replica.role !== was.role) && !draft.standing.has(name))
      draft.standing.set(name, { at, before: was })
  }
}

function comparePartitions(before: ClusterView, now: ClusterView, at: Micros, draft: Draft): void {
  if (before.partitions === now.partitions) return
  for (const [name, partition] of Object.entries(now.partitions)) {
    const was = before.partitions[name]
    if (was !== undefined && was.leader !== partition.leader && !draft.crown.has(name)) draft.crown.set(name, { at, before: was.leader })
  }
}

function compareBrokers(before: ClusterView, now: ClusterView, at: Micros, draft: Draft): void {
  if (before.brokers === now.brokers) return
  for (const [name, broker] of Object.entries(now.brokers)) {
    const was = before.brokers[name]
    if (was !== undefined && was.condition !== broker.condition && !draft.condition.has(name)) draft.condition.set(name, at)
  }
}

function compareSights(before: ClusterView, now: ClusterView, at: Micros, cells: ReadonlyMap<PartitionName, number>, draft: Draft): void {
  for (const [partition, n] of cells) {
    if (before.partitions[partition] === undefined) continue
    const was = sightOf(before, partition, n),
      is = sightOf(now, partition, n)
    if (was.highWatermark !== is.highWatermark) push(draft.watermark, partition, { at, by: is.highWatermark - was.highWatermark })
    if (was.first !== is.first) push(draft.window, partition, { at, by: is.first - was.first })
  }
}

function push<K, V>(map: Map<K, readonly V[]>, key: K, value: V): void {
  map.set(key, [...(map.get(key) ?? []), value])
}

export const easeOut = (share: number): number => 1 - (1 - share) ** 3

/** 0 at the event, 1 when the change is over. */
export const progress = (at: Micros, duration: number, since: Since): number => {
  const passed = since(at)
  return passed >= duration ? 1 : passed <= 0 ? 0 : easeOut(passed / duration)
}

/** How far something that moved is still from its place, in the units it moved by. Several moves add up smoothly. */
export function lag(moves: readonly Moved[] | undefined, duration: number, since: Since): number {
  if (moves === undefined) return 0
  let rest = 0
  for (const { at, by } of moves) rest -= by * (1 - progress(at, duration, since))
  return rest
}

/** Of a window: no more than one cell, or a fast log would run away from its own newest records. */
export const windowLag = (moves: readonly Moved[] | undefined, since: Since): number =>
  Math.max(-1, Math.min(1, lag(moves, durations.layout, since)))

/** How much of an offset's cell is there: a new one fades in. */
export function presence(
  written: readonly { readonly at: Micros; readonly from: Offset; readonly to: Offset }[] | undefined,
  offset: Offset,
  since: Since,
): number {
  const found = written?.find((each) => offset >= each.from && offset < each.to)
  return found === undefined ? 1 : progress(found.at, durations.state, since)
}
