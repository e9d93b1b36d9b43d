/**
 * A broker and its log directory: what it writes, when that reaches the disk, and the small files it keeps beside the logs.
 * Follows core/.../log/LogManager.scala and core/.../server/ReplicaManager.scala#checkpointHighWatermarks. SEG-5, SEG-8, SEG-10.
 *
 * Simplified: an fsync takes no time; the system writes all that is dirty at once, `writeBack` after the first of it;
 * recovery points and log starts are written down whenever they change, not once a minute.
 */
import { fromMs, type Micros, type Offset } from '../../base/units.ts'
import { append, flushTo, truncateTo, type Log } from '../log/log.ts'
import type { RecordBatch } from '../log/record.ts'
import { whyRolled, type Segment } from '../log/segment.ts'
import { wallMs } from '../wall-clock.ts'
import { stir } from './fetch-session.ts'
import { changeDirectory, directoryOf, reportFailure } from './log-directories.ts'
import type { Broker, BrokerContext, Replica } from './state.ts'
import { recoverySlot } from './upkeep.ts'

/** `replica.high.watermark.checkpoint.interval.ms` */
const CHECKPOINT_INTERVAL = fromMs(5000)

/** A batch is written: to the page cache, and to the disk at once where `flush.messages` asks for it. */
export function store(broker: Broker, replica: Replica, batch: RecordBatch, ctx: BrokerContext): void {
  stir(broker, replica)
  const { log } = replica
  const nowMs = wallMs(ctx)
  const closed = append(log, batch, nowMs)
  if (closed !== undefined) noteRolled(broker, replica, closed, batch, ctx)
  if (log.endOffset - log.recoveryPoint >= log.config.flushMessages) flushTo(log, log.endOffset, nowMs)
  else if (broker.disk.writeBackAt === Infinity) armWriteBack(broker, ctx)
}

function noteRolled(broker: Broker, { partition, log }: Replica, closed: Segment, batch: RecordBatch, ctx: BrokerContext): void {
  ctx.note({ code: 'segment.rolled', partition, node: broker.spec.name, base: log.active.baseOffset, was: closed.baseOffset, ...whyRolled(closed, batch, log.config) })
  if (log.config.compact) armCleaner(broker, ctx)
}

/** The next of the moments that come every `period` since the broker started. */
export const nextTick = ({ disk: { startedAt } }: Broker, period: Micros, now: Micros): Micros =>
  startedAt + (Math.floor((now - startedAt) / period) + 1) * period

/** The cleaner looks every `log.cleaner.backoff.ms`; while nothing can be there for it, it need not. */
export function armCleaner(broker: Broker, ctx: BrokerContext): void {
  if (broker.disk.cleanerAt < Infinity) return
  broker.disk.cleanerAt = nextTick(broker, broker.config.cleanerBackoff, ctx.now)
  ctx.setTimer({ type: 'cleaner' }, broker.disk.cleanerAt - ctx.now)
}

export function nextCheckpoint(broker: Broker, ctx: BrokerContext): void {
  broker.disk.checkpointAt = nextTick(broker, CHECKPOINT_INTERVAL, ctx.now)
  ctx.setTimer({ type: 'checkpoint' }, broker.disk.checkpointAt - ctx.now)
}
/** Each directory has a file of its own, which cannot be written where the disk under it ails. */
export function writeCheckpoint(broker: Broker, ctx: BrokerContext): void {
  broker.disk.checkpointAt = Infinity
  for (const [dir, { ails, online }] of broker.logDirs.entries()) if (online && ails !== undefined) reportFailure(dir, ctx)
  for (const replica of broker.replicas.values()) {
    if (broker.logDirs[directoryOf(replica)]!.ails === undefined) replica.checkpointedHighWatermark = replica.highWatermark
  }
}

function armWriteBack(broker: Broker, ctx: BrokerContext): void {
  broker.disk.writeBackAt = ctx.now + broker.spec.writeBack
  ctx.setTimer({ type: 'writeBack' }, broker.spec.writeBack)
}
/** The system's doing, whatever becomes of the process. */
export function writeBack({ disk, replicas }: Pick<Broker, 'disk' | 'replicas'>): void {
  disk.writeBackAt = Infinity
  for (const { log } of replicas.values()) log.writtenTo = log.endOffset
}

/** Every `log.flush.scheduler.interval.ms`: logs that have waited for `flush.ms`. */
export function flushDirtyLogs(broker: Broker, ctx: BrokerContext): void {
  const interval = broker.config.flushSchedulerInterval
  if (interval === undefined) return
  ctx.setTimer({ type: 'flushLogs' }, interval)
  const nowMs = wallMs(ctx)
  for (const { log } of broker.replicas.values()) {
    if (log.recoveryPoint < log.endOffset && nowMs - log.flushedMs >= log.config.flushMs) flushTo(log, log.endOffset, nowMs)
  }
}

/** The end of an orderly stop: all logs are on the disk, and so is what says so. */
export function closeLogs(broker: Broker, ctx: BrokerContext): void {
  for (const [dir, { ails, online }] of broker.logDirs.entries()) changeDirectory(broker, dir, { unclean: !online || ails !== undefined })
  for (const replica of broker.replicas.values()) if (!broker.logDirs[directoryOf(replica)]!.unclean) flushTo(replica.log, replica.log.endOffset)
  writeCheckpoint(broker, ctx)
}

export interface DamageOrder { readonly type: 'damage'; readonly partition: string; readonly cutBytes?: number; readonly flipAt?: Offset }
/** Bytes are missing at the end of the active segment, or one in the batch that holds an offset is another. */
export function damageLog(kept: Pick<Broker, 'replicas'>, { partition, cutBytes, flipAt }: DamageOrder): void {
  const replica = kept.replicas.get(partition)
  if (replica === undefined) return
  const done = cutBytes !== undefined ? { segmentBaseOffset: replica.log.active.baseOffset, cutBytes } : flipAt === undefined ? undefined : recoverySlot().placeOf(replica.log, flipAt)
  if (done !== undefined) replica.damage = Object.freeze([...replica.damage, done])
}

/** What was only in the page cache is gone. Gives how many records. */
export function losePageCache(kept: Pick<Broker, 'disk' | 'replicas'>, now: Micros): number {
  if (kept.disk.writeBackAt <= now) writeBack(kept)
  let records = 0
  for (const replica of kept.replicas.values()) {
    const { log } = replica
    const { endOffset } = log
    if (log.writtenTo === endOffset) continue
    for (const batch of truncateTo(log, log.writtenTo)) records += batch.records.length
    replica.rewrites++
    replica.endBeforeLoss = endOffset
    replica.highWatermark = Math.min(replica.highWatermark, log.endOffset)
    replica.checkpointedHighWatermark = Math.min(replica.checkpointedHighWatermark, log.endOffset)
  }
  kept.disk.writeBackAt = Infinity
  return records
}

/**
 * A process begins with what it finds on the disk: the high watermark as far as it was written down, and after an end that
 * was not orderly the logs as far as they are whole. Followers and clients learn the rest from whoever leads.
 */
export function loadLogs(broker: Broker, wasClean: boolean, ctx: BrokerContext): void {
  if (broker.disk.writeBackAt <= ctx.now) writeBack(broker)
  else if (broker.disk.writeBackAt < Infinity) ctx.setTimer({ type: 'writeBack' }, broker.disk.writeBackAt - ctx.now)
  for (const replica of broker.replicas.values()) {
    const { log, partition, endBeforeLoss } = replica
    const hadCleanShutdown = wasClean && !broker.logDirs[directoryOf(replica)]!.unclean
    const from = endBeforeLoss ?? log.endOffset
    if (!hadCleanShutdown && log.recoveryPoint < log.endOffset) broker.recoveries++
    recoverySlot().load(log, hadCleanShutdown, replica.damage)
    replica.damage = Object.freeze([])
    replica.endBeforeLoss = undefined
    replica.highWatermark = Math.min(Math.max(replica.checkpointedHighWatermark, log.startOffset), log.endOffset)
    if (log.endOffset < from) {
      replica.rewrites++
      ctx.note({ code: 'log.recovered', partition, node: broker.spec.name, from, to: log.endOffset })
    }
    if (log.config.compact) armCleaner(broker, ctx)
  }
  if (broker.logDirs.some(({ ails, online }) => online && ails !== undefined)) nextCheckpoint(broker, ctx)
  ctx.setTimer({ type: 'retention' }, broker.config.initialTaskDelay)
  if (broker.config.flushSchedulerInterval !== undefined) ctx.setTimer({ type: 'flushLogs' }, broker.config.flushSchedulerInterval)
}

/** How many offsets of a log a power cut would take. */
export const dirtyRecords = ({ endOffset, writtenTo }: Log): Offset => endOffset - writtenTo
