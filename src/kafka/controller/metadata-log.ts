/**
 * A voter's copy of `__cluster_metadata`. Follows raft/.../internals/KafkaRaftLog.java and ReplicatedLog.java.
 * Simplified: a record counts as 100 bytes. A voter that starts again remembers how far its log is committed; Kafka's hears it
 * anew from the leader.
 */
import { append, at, between, firstIndex, shorten } from '../../base/chunks.ts'
import { assert } from '../../base/assert.ts'
import type { Epoch, Offset } from '../../base/units.ts'
import { replay } from '../metadata/image.ts'
import type { MetadataEntry } from '../metadata/records.ts'
import type { SnapshotId } from '../metadata/snapshot.ts'
import { nodeName } from '../broker/state.ts'
import { snapshotSlot } from './snapshot-slot.ts'
import type { Controller, ControllerContext } from './state.ts'

const REMEMBERED_MOMENTS = 128
export const RECORD_BYTES = 100

type Held = Pick<Controller, 'log' | 'logStart' | 'snapshots'>
/** undefined = not written yet, or in a snapshot by now. */
export const entryAt = ({ log, logStart }: Pick<Held, 'log' | 'logStart'>, offset: Offset): MetadataEntry | undefined => (offset < logStart ? undefined : at(log, offset - logStart))
export const entriesFrom = ({ log, logStart }: Held, offset: Offset): Generator<MetadataEntry> => between(log, offset - logStart)

export function store(controller: Controller, entry: MetadataEntry, ctx: ControllerContext): void {
  append(controller.log, entry)
  controller.moments.push({ offset: entry.offset, appendedAt: ctx.now, committedAt: undefined })
  if (controller.moments.length > REMEMBERED_MOMENTS) controller.moments.shift()
}

export interface OffsetAndEpoch { readonly epoch: Epoch; readonly endOffset: Offset }

/** Of what comes before the log. */
const epochBefore = ({ logStart, snapshots }: Held): Epoch => snapshots.find(({ endOffset }) => endOffset === logStart)?.epoch ?? 0

/** Epoch of the newest entry; 0 = there has been none. */
export const lastEpochOf = (held: Held): Epoch => at(held.log, held.log.length - 1)?.epoch ?? epochBefore(held)

/** Where this epoch, or the last one before it, ends. */
export function endOffsetForEpoch(held: Held, epoch: Epoch): OffsetAndEpoch {
  const place = firstIndex(held.log, (entry) => entry.epoch > epoch)
  return { epoch: at(held.log, place - 1)?.epoch ?? epochBefore(held), endOffset: held.logStart + place }
}

/**
 * Where a fetcher's log parts from this one, undefined = not before `offset`; or, where this one begins too late to tell, the
 * snapshot to fetch instead. Follows ReplicatedLog#validateOffsetAndEpoch.
 */
export function divergence(held: Held, offset: Offset, epoch: Epoch): OffsetAndEpoch | { readonly snapshotId: SnapshotId } | undefined {
  const { logStart, snapshots } = held
  if (offset === 0 && logStart === 0) return undefined
  const earliest = snapshots[0]
  if (earliest !== undefined && (offset < logStart || (offset === logStart && epoch !== earliest.epoch) || epoch < earliest.epoch)) {
    const { endOffset, epoch: last } = snapshots[snapshots.length - 1]!
    return { snapshotId: Object.freeze({ endOffset, epoch: last }) }
  }
  const end = endOffsetForEpoch(held, epoch)
  return end.epoch !== epoch || end.endOffset < offset ? end : undefined
}

/** Cut off what the leader does not have. Nothing committed is ever among it. Follows ReplicatedLog#truncateToEndOffset. */
export function truncateToEndOffset(controller: Controller, leaders: OffsetAndEpoch, ctx: ControllerContext): void {
  const { log, logStart } = controller
  const own = endOffsetForEpoch(controller, leaders.epoch)
  const to = own.epoch === leaders.epoch ? Math.min(own.endOffset, leaders.endOffset) : own.endOffset
  assert(to >= controller.highWatermark, `${controller.spec.name} is to cut its metadata log at ${to}, below its high watermark ${controller.highWatermark}`)
  const from = logStart + log.length
  if (to >= from) return
  shorten(log, to - logStart)
  controller.moments = controller.moments.filter(({ offset }) => offset < to)
  ctx.note({ code: 'metadata.truncated', node: nodeName(controller.spec.id), from: to, to: from - 1, epoch: controller.epoch })
}

/** What everybody may know from now on. */
export function commitUpTo(controller: Controller, to: Offset, ctx: ControllerContext): void {
  const { committed, config } = controller
  controller.bytesSinceSnapshot += (to - committed.endOffset) * RECORD_BYTES
  for (let offset = committed.endOffset; offset < to; offset++) replay(committed, entryAt(controller, offset)!)
  controller.highWatermark = to
  for (const moment of controller.moments) if (moment.offset < to) moment.committedAt ??= ctx.now
  const isOld = config.snapshotInterval > 0 && ctx.now - controller.snapshotAt >= config.snapshotInterval
  if (isOld || controller.bytesSinceSnapshot >= config.snapshotBytes) snapshotSlot().takeSnapshot(controller, ctx)
}

/** For the eye: when the entry at `offset` was written and committed. */
export const momentOf = (controller: Controller, offset: Offset): Controller['moments'][number] | undefined => controller.moments.find((moment) => moment.offset === offset)
