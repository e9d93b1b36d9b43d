/**
 * The two that tidy up a broker's logs: the retention check, and the cleaner for compacted ones. Each replica is looked at by
 * itself, whoever leads. Follows core/.../log/LogManager.scala#cleanupLogs and storage/.../log/LogCleaner.java#doWork. RET-1, CMP-2.
 *
 * Simplified: neither notices that a disk has failed.
 */
import type { Cleaning } from '../log/cleaner.ts'
import { firstDirty, logToClean, needsCleaning, type LogToClean } from '../log/cleanable.ts'
import type { Log } from '../log/log.ts'
import { forgetExpired } from '../log/producer-state.ts'
import { deleteOldSegments, hasOldSegments } from '../log/retention.ts'
import { wallMs } from '../wall-clock.ts'
import { stir } from './fetch-session.ts'
import { armCleaner } from './disk.ts'
import type { Broker, BrokerContext, Replica } from './state.ts'
import { cleanerSlot } from './upkeep.ts'

/** Every `log.retention.check.interval.ms`, `log.initial.task.delay.ms` after the start for the first time. Compacted logs are the cleaner's. */
export function checkRetention(broker: Broker, ctx: BrokerContext): void {
  ctx.setTimer({ type: 'retention' }, broker.config.retentionCheckInterval)
  for (const replica of broker.replicas.values()) if (!replica.log.config.compact) deleteOld(broker, replica, ctx)
  forgetProducers(broker, ctx)
}

/** At the first retention check after every `producer.id.expiration.check.interval.ms`. Follows UnifiedLog.scala#removeExpiredProducers. */
function forgetProducers({ config, disk: { startedAt }, replicas }: Broker, ctx: BrokerContext): void {
  const checks = (at: number): number => Math.floor((at - startedAt) / config.producerIdExpirationCheck)
  if (checks(ctx.now) === checks(ctx.now - config.retentionCheckInterval)) return
  for (const { log } of replicas.values()) if (log.producers.size > 0) forgetExpired(log.producers, config.producerIdExpirationMs, wallMs(ctx))
}

function deleteOld(broker: Broker, replica: Replica, ctx: BrokerContext): void {
  const { log, partition } = replica
  const nowMs = wallMs(ctx)
  if (!hasOldSegments(log, nowMs)) return
  const node = broker.spec.name
  const from = log.startOffset
  stir(broker, replica)
  for (const { segment: { baseOffset: base, sizeInBytes: bytes }, last, breach } of deleteOldSegments(log, replica.highWatermark, nowMs)) {
    ctx.note({ code: 'segment.deleted', partition, node, base, last, bytes, why: breach.why, figure: breach.figure, limit: breach.limit })
  }
  if (log.startOffset > from) ctx.note({ code: 'logStart.moved', partition, node, from, to: log.startOffset, why: 'retention' })
}

/** As long as there is something dirty enough, the dirtiest first; then what is old; then it rests. */
export function runCleaner(broker: Broker, ctx: BrokerContext): void {
  broker.disk.cleanerAt = Infinity
  while (cleanDirtiest(broker, ctx));
  let more = false
  for (const replica of broker.replicas.values()) {
    if (!replica.log.config.compact) continue
    deleteOld(broker, replica, ctx)
    more ||= hasWork(replica.log)
  }
  if (more) armCleaner(broker, ctx)
}

function cleanDirtiest(broker: Broker, ctx: BrokerContext): boolean {
  const nowMs = wallMs(ctx)
  let dirtiest: { readonly replica: Replica; readonly toClean: LogToClean } | undefined
  for (const replica of broker.replicas.values()) {
    const { log } = replica
    if (!log.config.compact || log.closed.length === 0) continue
    const toClean = logToClean(log, replica.highWatermark, nowMs)
    if (needsCleaning(log, toClean) && toClean.cleanableRatio > (dirtiest?.toClean.cleanableRatio ?? -1)) dirtiest = { replica, toClean }
  }
  if (dirtiest === undefined) return false
  const { replica, toClean } = dirtiest
  noteCleaned(broker, replica, toClean, cleanerSlot().clean(replica.log, toClean, nowMs), ctx)
  return true
}

function noteCleaned(broker: Broker, replica: Replica, toClean: LogToClean, { newDirtyOffset, removedRecords, bytesBefore, bytesAfter }: Cleaning, ctx: BrokerContext): void {
  const { log, partition } = replica
  replica.rewrites++
  ctx.note({
    code: 'log.cleaned', partition, node: broker.spec.name, removed: removedRecords, upTo: newDirtyOffset, bytes: bytesBefore - bytesAfter,
    dirtyPercent: Math.round(toClean.cleanableRatio * 100),
    ...(toClean.cleanableRatio > log.config.minCleanableDirtyRatio ? { why: 'dirty', limit: Math.round(log.config.minCleanableDirtyRatio * 100) } : { why: 'lag', limit: log.config.maxCompactionLagMs }),
  })
}

/** Something closed that is not clean, or something that may grow old. */
function hasWork(log: Log): boolean {
  const { config, closed, active, startOffset, endOffset } = log
  if (closed.length > 0 && (firstDirty(log) < active.baseOffset || (closed[1] ?? active).baseOffset <= startOffset)) return true
  return config.delete && endOffset > startOffset && (config.retentionMs >= 0 || config.retentionBytes >= 0)
}
