/** The leader's part of a write. Follows core/.../cluster/Partition.scala#appendRecordsToLeader and storage/.../log/UnifiedLog.java#append. */
import type { Offset } from '../../base/units.ts'
import { codecOf } from '../log/codec.ts'
import { compressionSlot } from '../log/compression-slot.ts'
import { checkSequence } from '../log/producer-state.ts'
import { stamped, withAppendTime, type RecordBatch } from '../log/record.ts'
import { inTopicCodec, refusal } from '../log/validate.ts'
import type { KafkaError } from '../errors.ts'
import { wallMs } from '../wall-clock.ts'
import { store } from './disk.ts'
import { canWrite } from './log-directories.ts'
import { effectiveMinIsr, maybeAdvanceHighWatermark } from './high-watermark.ts'
import type { Broker, BrokerContext, Leading, Replica } from './state.ts'

export type Appended =
  | { readonly kind: 'appended' | 'duplicate'; readonly baseOffset: Offset; readonly required: Offset; readonly advanced: boolean }
  | { readonly kind: 'refused'; readonly error: KafkaError }

/**
 * acks=all is refused beforehand when too few are in sync; acks 0 and 1 do not ask (REP-16, REP-17). A repeat that is
 * still remembered is answered with the old offset and appended no second time (PRD-32).
 */
export function appendAsLeader(broker: Broker, replica: Replica, leading: Leading, sent: RecordBatch, acks: 0 | 1 | -1, ctx: BrokerContext): Appended {
  if (acks === -1 && leading.isr.isr.length < effectiveMinIsr(replica)) return { kind: 'refused', error: 'NOT_ENOUGH_REPLICAS' }
  const { log, partition } = replica
  const nowMs = wallMs(ctx)
  const batch = inTopicCodec(sent, replica.limits)
  const wrong = refusal(sent, replica.limits, nowMs, batch)
  if (wrong !== undefined) return { kind: 'refused', error: wrong }
  if (batch.producerId >= 0) {
    const check = checkSequence(log.producers.get(batch.producerId), batch)
    if (check.kind === 'refused') return check
    if (check.kind === 'duplicate') {
      ctx.note({ code: 'duplicate.refused', partition, node: broker.spec.name, producer: batch.sender, sequence: batch.baseSequence, offset: check.baseOffset })
      return { kind: 'duplicate', baseOffset: check.baseOffset, required: check.baseOffset + batch.records.length, advanced: false }
    }
  }
  if (broker.disk.watched && !canWrite(broker, replica, batch.sizeInBytes, ctx)) return { kind: 'refused', error: 'KAFKA_STORAGE_ERROR' }
  const baseOffset = log.endOffset
  store(broker, replica, stamped(log.config.logAppendTime ? withAppendTime(batch, nowMs) : batch, baseOffset, replica.leaderEpoch), ctx)
  const told = { code: 'batch.appended', partition, node: broker.spec.name, base: baseOffset, last: log.endOffset - 1, epoch: replica.leaderEpoch, producer: batch.sender } as const
  if (codecOf(batch) === 0 && batch === sent) ctx.note(told)
  else for (const fact of compressionSlot().factsOf(told, sent, batch)) ctx.note(fact)
  const advanced = maybeAdvanceHighWatermark(broker, replica, ctx)
  return { kind: 'appended', baseOffset, required: log.endOffset, advanced }
}
