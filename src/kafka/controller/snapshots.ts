/**
 * Snapshots of the metadata log (KIP-630): every voter takes its own, gives up what lies before an old one in time, and one
 * that was away for too long fetches the leader's. Follows metadata/.../image/publisher/SnapshotGenerator.java,
 * raft/.../internals/KafkaRaftLog.java#maybeClean and raft/.../KafkaRaftClient.java#handleFetchSnapshotRequest, #handleFetchSnapshotResponse.
 *
 * Simplified: only controllers take snapshots; a broker has one in its memory at most. One answer carries a whole snapshot; who is
 * refused one asks again after controller.quorum.retry.backoff.ms, by a fetch. A log is as large as the records that it still has,
 * where Kafka counts whole segments.
 */
import { dropFirst, newChunks } from '../../base/chunks.ts'
import { fromMs, toMs, type NodeId, type Offset } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { nodeName } from '../broker/state.ts'
import { copyImage } from '../metadata/image.ts'
import { imageOf, recordsOf, type MetadataSnapshot } from '../metadata/snapshot.ts'
import { respond } from '../network/server.ts'
import type { FactOf } from '../notes.ts'
import type { FetchSnapshotRequest, FetchSnapshotResponse } from '../protocol/controller.ts'
import { isCurrent } from './answers.ts'
import { entryAt, RECORD_BYTES } from './metadata-log.ts'
import { noteFollowing } from './quorum.ts'
import type { Controller, ControllerContext } from './state.ts'
import { setFetchTimer } from './transitions.ts'

/** KafkaRaftClient: the log is looked at once a minute. */
const CLEAN_EVERY = fromMs(60_000)

/** So much has been committed since the last one, or so long ago was it. */
export function takeSnapshot(controller: Controller, ctx: ControllerContext): void {
  const { spec, committed, config, bytesSinceSnapshot, snapshotAt } = controller
  const { endOffset } = committed
  const byBytes = bytesSinceSnapshot >= config.snapshotBytes
  const snapshot: MetadataSnapshot = Object.freeze({ endOffset, epoch: entryAt(controller, endOffset - 1)!.epoch, takenAt: ctx.now, records: recordsOf(committed) })
  controller.snapshots = Object.freeze([...controller.snapshots, snapshot])
  controller.bytesSinceSnapshot = 0
  controller.snapshotAt = ctx.now
  ctx.note({
    code: 'metadata.snapshotTaken', node: spec.name, offset: endOffset, epoch: snapshot.epoch, records: snapshot.records.length, why: byBytes ? 'bytes' : 'time',
    figure: byBytes ? bytesSinceSnapshot : toMs(ctx.now - snapshotAt), limit: byBytes ? config.snapshotBytes : toMs(config.snapshotInterval),
  })
  armCleaner(controller, ctx)
}

/** At every full minute of the process, from its boot on; while there is one snapshot only, nothing can go. */
export function armCleaner(controller: Controller, ctx: ControllerContext): void {
  if (controller.snapshots.length < 2 || ctx.hasTimer({ type: 'metadataClean' })) return
  ctx.setTimer({ type: 'metadataClean' }, CLEAN_EVERY - ((ctx.now - controller.bootedAt) % CLEAN_EVERY))
}

type Breach = Pick<FactOf<'metadata.cleaned'>, 'why' | 'figure' | 'limit'>
/** First what is too much, then what is too old. The newest snapshot always stays. */
export function cleanSnapshots(controller: Controller, ctx: ControllerContext): void {
  const { config } = controller
  clean(controller, () => {
    const bytes = (controller.log.length + controller.snapshots.reduce((sum, { records }) => sum + records.length, 0)) * RECORD_BYTES
    return config.retentionBytes >= 0 && bytes > config.retentionBytes ? { why: 'size', figure: bytes, limit: config.retentionBytes } : undefined
  }, ctx)
  clean(controller, ({ takenAt }) => {
    const age = ctx.now - takenAt
    return config.retention >= 0 && age > config.retention ? { why: 'time', figure: toMs(age), limit: toMs(config.retention) } : undefined
  }, ctx)
  armCleaner(controller, ctx)
}

/** The log begins where the next snapshot ends, as long as the oldest one is in breach. */
function clean(controller: Controller, breachOf: (oldest: MetadataSnapshot) => Breach | undefined, ctx: ControllerContext): void {
  for (;;) {
    const [oldest, next] = controller.snapshots
    const breach = next === undefined ? undefined : breachOf(oldest!)
    if (breach === undefined) return
    const from = controller.logStart
    beginAt(controller, next!.endOffset)
    controller.snapshots = Object.freeze(controller.snapshots.slice(1))
    ctx.note({ code: 'metadata.cleaned', node: controller.spec.name, from, to: controller.logStart, ...breach })
  }
}
function beginAt(controller: Controller, offset: Offset): void {
  dropFirst(controller.log, offset - controller.logStart)
  controller.logStart = offset
}

/** Asked of the leader by who is told of it in answer to a fetch. */
export function handleFetchSnapshot(controller: Controller, { replicaId, snapshotId, currentLeaderEpoch }: FetchSnapshotRequest, on: Connection, ctx: ControllerContext): void {
  const { epoch, leaderId, voter, snapshots } = controller
  const snapshot = snapshots.find(({ endOffset }) => endOffset === snapshotId.endOffset)
  const error = currentLeaderEpoch < epoch ? 'FENCED_LEADER_EPOCH' : currentLeaderEpoch > epoch ? 'UNKNOWN_LEADER_EPOCH'
    : voter.kind !== 'Leader' ? 'NOT_LEADER_OR_FOLLOWER' : snapshot === undefined ? 'SNAPSHOT_NOT_FOUND' : 'NONE'
  const response: FetchSnapshotResponse = { type: 'FetchSnapshotResponse', error, leaderId, leaderEpoch: epoch, snapshot: error === 'NONE' ? snapshot : undefined }
  if (error === 'NONE' && voter.kind === 'Leader') noteFollowing(controller, voter, replicaId, ctx)
  respond(on, response, ctx)
}

/**
 * In place of all that it has: its log begins, empty, where the snapshot ends. Whoever does not lead has told nothing of it:
 * only an answer by the leader of this epoch keeps a voter from standing for election.
 */
export function handleSnapshotFetched(controller: Controller, response: FetchSnapshotResponse, from: NodeId, ctx: ControllerContext): void {
  const leader = controller.leaderId
  const isGone = response.error === 'SNAPSHOT_NOT_FOUND' && response.leaderEpoch === controller.epoch
  const isHeard = isCurrent(controller, response, ctx) || isGone
  const { voter } = controller
  if (voter.kind !== 'Follower') return
  // As with a fetch that is refused.
  if (!isHeard && controller.leaderId === leader) {
    voter.snapshotId = undefined
    voter.fetchAgainAt = ctx.now + controller.config.quorumRetryBackoff
  }
  if (!isHeard || from !== controller.leaderId) return
  voter.snapshotId = undefined
  const { snapshot } = response
  setFetchTimer(controller, ctx)
  // It may be gone by now: the next fetch says which there is.
  if (snapshot === undefined || snapshot.endOffset <= controller.highWatermark) return
  controller.log = newChunks()
  controller.logStart = snapshot.endOffset
  controller.snapshots = Object.freeze([snapshot])
  controller.highWatermark = snapshot.endOffset
  controller.committed = imageOf(snapshot)
  controller.image = copyImage(controller.committed)
  controller.moments = []
  controller.bytesSinceSnapshot = 0
  controller.snapshotAt = ctx.now
  ctx.note({ code: 'metadata.snapshotFetched', node: controller.spec.name, from: nodeName(from), offset: snapshot.endOffset, epoch: snapshot.epoch, records: snapshot.records.length })
}
