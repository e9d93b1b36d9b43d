/**
 * INV-P1 and INV-P2: what idempotent producers have in the logs, looked at as far as it is committed. Only what leaders keep
 * of a producer lets them refuse a gap: where that is forgotten (it has expired, or the log was cut off or begun anew), a
 * session may go on in the middle.
 */
import { at, firstIndex } from '../base/chunks.ts'
import type { World } from '../engine/world.ts'
import type { Broker, Replica } from './broker/state.ts'
import type { Memory, Sequences, Session, Violation } from './invariants-memory.ts'
import { addSequence, isControl, lastSequence, type RecordBatch } from './log/record.ts'
import { brokerOf, controllerOf } from './look.ts'

const newSequences = (isWhole: boolean): Sequences => ({ next: 0, isWhole, sessions: new Map() })

/** What was known of the log does not count any more. */
export const forgetSequences = ({ sequences }: Memory, partition: string): void => void sequences.set(partition, newSequences(false))

export function checkSequences(world: World, memory: Memory): Violation | undefined {
  for (const { partition, leader, leaderEpoch } of controllerOf(world)?.committed.partitions.values() ?? []) {
    const broker = brokerOf(world, leader)
    const replica = broker?.replicas.get(partition)
    if (replica?.leading === undefined || replica.leaderEpoch !== leaderEpoch) continue
    let known = memory.sequences.get(partition)
    if (known === undefined) memory.sequences.set(partition, (known = newSequences(memory.isWhole)))
    if (replica.highWatermark <= known.next) continue
    const broken = checkFrom(world, broker!, replica, known)
    if (broken !== undefined) return broken
  }
  return undefined
}

function checkFrom(world: World, broker: Broker, { partition, log, highWatermark }: Replica, known: Sequences): Violation | undefined {
  const { batches } = log
  if ((at(batches, 0)?.baseOffset ?? log.startOffset) > known.next) {
    known.isWhole = false
    known.sessions.clear()
  }
  const { compact } = log.config
  for (let i = firstIndex(batches, ({ lastOffset }) => lastOffset >= known.next); i < batches.length; i++) {
    const batch = at(batches, i)!
    if (batch.lastOffset >= highWatermark) break
    known.next = batch.lastOffset + 1
    if (batch.producerId < 0 || batch.baseSequence < 0 || isControl(batch)) continue
    const session = sessionOf(world, broker, known, batch)
    const { baseSequence } = batch
    const isGap = compact && baseSequence > session.expected
    if (baseSequence !== session.expected && !isGap) return { id: 'INV-P1', what: `${partition}/${batch.baseOffset} on ${broker.spec.name}: sequence ${baseSequence} of ${batch.producerId}/${batch.producerEpoch}, expected ${session.expected}` }
    session.expected = addSequence(lastSequence(batch), 1)
    // What nobody's program has sent has no order.
    if (world.nodes.get(batch.sender)?.kind === 'producer') for (const { id } of batch.records) {
      const number = Number(id.slice(id.lastIndexOf('#') + 1))
      if (number <= session.newest) return { id: 'INV-P2', what: `${partition}/${batch.baseOffset} on ${broker.spec.name}: ${id} lies behind number ${session.newest} of its session` }
      if (number > session.newest) session.newest = number
    }
  }
  return undefined
}

/** A higher epoch begins at 0 again. A batch made by hand may begin anywhere. */
function sessionOf(world: World, { config }: Broker, known: Sequences, { producerId, producerEpoch: epoch, baseSequence, maxTimestamp, sender }: RecordBatch): Session {
  const before = known.sessions.get(producerId)
  const expires = config.producerIdExpirationMs
  const node = world.nodes.get(sender)
  const mayHaveExpired = before !== undefined
    && (isSkewed(world) || maxTimestamp - before.maxTimestamp >= expires || world.now - before.seenAt >= expires * 1000)
  const begins = before === undefined ? !known.isWhole || node?.kind !== 'producer' : mayHaveExpired
  const session = before?.epoch === epoch && !mayHaveExpired ? before
    : { epoch, expected: begins ? baseSequence : 0, newest: before?.epoch === epoch ? before.newest : 0, maxTimestamp, seenAt: world.now }
  session.maxTimestamp = maxTimestamp
  session.seenAt = world.now
  known.sessions.set(producerId, session)
  return session
}

/** By a clock that is set on, producers expire at once. */
function isSkewed({ nodes }: World): boolean {
  for (const { skew } of nodes.values()) if (skew !== undefined) return true
  return false
}
