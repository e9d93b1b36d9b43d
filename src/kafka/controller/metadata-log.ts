/**
 * A voter's copy of `__cluster_metadata`. Follows raft/.../internals/KafkaRaftLog.java and ReplicatedLog.java.
 * Simplified: the log is kept whole; there are no snapshots of the metadata. A voter that starts again remembers how far its
 * log is committed; Kafka's hears it anew from the leader.
 */
import { append, at, firstIndex, shorten, type Chunks } from '../../base/chunks.ts'
import { assert } from '../../base/assert.ts'
import type { Epoch, Offset } from '../../base/units.ts'
import { replay } from '../metadata/image.ts'
import type { MetadataEntry } from '../metadata/records.ts'
import { nodeName } from '../broker/state.ts'
import type { Controller, ControllerContext } from './state.ts'

const REMEMBERED_MOMENTS = 128

export function store(controller: Controller, entry: MetadataEntry, ctx: ControllerContext): void {
  append(controller.log, entry)
  controller.moments.push({ offset: entry.offset, appendedAt: ctx.now, committedAt: undefined })
  if (controller.moments.length > REMEMBERED_MOMENTS) controller.moments.shift()
}

export interface OffsetAndEpoch { readonly epoch: Epoch; readonly endOffset: Offset }

/** Epoch of the newest entry; 0 = the log is empty. */
export const lastEpochOf = (log: Chunks<MetadataEntry>): Epoch => at(log, log.length - 1)?.epoch ?? 0

/** Where this epoch, or the last one before it, ends. */
export function endOffsetForEpoch(log: Chunks<MetadataEntry>, epoch: Epoch): OffsetAndEpoch {
  const endOffset = firstIndex(log, (entry) => entry.epoch > epoch)
  return { epoch: at(log, endOffset - 1)?.epoch ?? 0, endOffset }
}

/** Where a fetcher's log parts from this one; undefined = not before `offset`. Follows ReplicatedLog#validateOffsetAndEpoch. */
export function divergence(log: Chunks<MetadataEntry>, offset: Offset, epoch: Epoch): OffsetAndEpoch | undefined {
  if (offset === 0) return undefined
  const end = endOffsetForEpoch(log, epoch)
  return end.epoch !== epoch || end.endOffset < offset ? end : undefined
}

/** Cut off what the leader does not have. Nothing committed is ever among it. Follows ReplicatedLog#truncateToEndOffset. */
export function truncateToEndOffset(controller: Controller, leaders: OffsetAndEpoch, ctx: ControllerContext): void {
  const { log } = controller
  const own = endOffsetForEpoch(log, leaders.epoch)
  const to = own.epoch === leaders.epoch ? Math.min(own.endOffset, leaders.endOffset) : own.endOffset
  assert(to >= controller.highWatermark, `${controller.spec.name} is to cut its metadata log at ${to}, below its high watermark ${controller.highWatermark}`)
  const from = log.length
  if (to >= from) return
  shorten(log, to)
  controller.moments = controller.moments.filter(({ offset }) => offset < to)
  ctx.note({ code: 'metadata.truncated', node: nodeName(controller.spec.id), from: to, to: from - 1, epoch: controller.epoch })
}

/** What everybody may know from now on. */
export function commitUpTo(controller: Controller, to: Offset, ctx: ControllerContext): void {
  for (let offset = controller.committed.endOffset; offset < to; offset++) replay(controller.committed, at(controller.log, offset)!)
  controller.highWatermark = to
  for (const moment of controller.moments) if (moment.offset < to) moment.committedAt ??= ctx.now
}

/** For the eye: when the entry at `offset` was written and committed. */
export const momentOf = (controller: Controller, offset: Offset): Controller['moments'][number] | undefined => controller.moments.find((moment) => moment.offset === offset)
