/**
 * How a lease ends: accepted, released, rejected, renewed, or run out (SHR-3). What is acknowledged counts when the share
 * coordinator has written it down; until then it is in transition, and if it cannot be written it is as it was.
 * Follows core/.../server/share/SharePartition.java and server/.../share/fetch/InFlightState.java.
 */
import type { Micros, Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import type { AcknowledgementBatch } from '../protocol/share.ts'
import { inFlight, inFlightOf, recordAt, setRecord, type InFlight, type RecordState, type SharePartition } from './in-flight.ts'

export type Ending = 'accepted' | 'released' | 'rejected' | 'gap' | 'limit' | 'lock' | 'left'
/** Offsets with what has become of them, and how. */
export type Changes = (readonly [offset: Offset, record: InFlight, how: Ending])[]
const endings = { accept: 'accepted', release: 'released', reject: 'rejected', gap: 'gap' } as const

/** Given back often enough, it is archived: nobody gets it any more. */
const freed = (count: number, limit: number): RecordState => (count >= limit ? 'ARCHIVED' : 'AVAILABLE')

const begin = (before: InFlight, state: RecordState, count: number): InFlight => Object.freeze({ state, count, member: '', lockedUntil: before.lockedUntil, before })

/**
 * All of it, or nothing: one record that the member does not hold spoils the request for its partition.
 * A record before the start offset is finished anyway, and nobody is told so. `renewedUntil`: undefined = the group allows no renewal (KIP-1240).
 */
export function acknowledge(
  share: SharePartition, member: string, batches: readonly AcknowledgementBatch[], limit: number, renewedUntil: Micros | undefined,
): { readonly error: KafkaError; readonly changes: Changes; readonly renewed: readonly Offset[] } {
  const changes: Changes = []
  const renewed: (readonly [Offset, InFlight])[] = []
  for (const { first, last, types } of batches) {
    for (let offset = Math.max(first, share.startOffset); offset <= last; offset++) {
      const record = recordAt(share, offset)
      const type = types.length === 1 ? types[0]! : types[offset - first]!
      const error = refusal(share, record, offset, member) ?? (type === 'renew' && renewedUntil === undefined ? 'INVALID_RECORD_STATE' : undefined)
      if (error !== undefined) {
        for (const [at, { before }] of changes) setRecord(share, at, Object.freeze({ ...before! }))
        return { error, changes: [], renewed: [] }
      }
      if (type === 'renew') renewed.push([offset, inFlight('ACQUIRED', record!.count, member, renewedUntil!)])
      else {
        const state = type === 'accept' ? 'ACKNOWLEDGED' : type === 'release' ? freed(record!.count, limit) : 'ARCHIVED'
        const after = begin(record!, state, record!.count)
        setRecord(share, offset, after)
        changes.push([offset, after, type === 'release' && state === 'ARCHIVED' ? 'limit' : endings[type]])
      }
    }
  }
  for (const [offset, record] of renewed) setRecord(share, offset, record)
  return { error: 'NONE', changes, renewed: renewed.map(([offset]) => offset) }
}

function refusal(share: SharePartition, record: InFlight | undefined, offset: Offset, member: string): KafkaError | undefined {
  if (record === undefined) return share.batches.length > 0 && offset > share.endOffset ? 'INVALID_REQUEST' : 'INVALID_RECORD_STATE'
  return record.state !== 'ACQUIRED' || record.member !== member ? 'INVALID_RECORD_STATE' : undefined
}

/** SHR-6: its session is over. What it held was fetched but, for all that is known, not handled: that delivery does not count. */
export function releaseAll(share: SharePartition, member: string): Changes {
  const changes: Changes = []
  for (const [offset, record] of inFlightOf(share)) {
    if (record.state !== 'ACQUIRED' || record.member !== member) continue
    changes.push([offset, begin(record, 'AVAILABLE', record.count - 1), 'left'])
  }
  for (const [offset, record] of changes) setRecord(share, offset, record)
  return changes
}

/** Locks that have run out: the records are free, or archived, whether or not that can be written down. */
export function expireLocks(share: SharePartition, now: Micros, limit: number): { readonly changes: Changes; readonly members: readonly string[] } {
  const changes: Changes = []
  const members: string[] = []
  for (const { first, records } of share.batches) {
    records.forEach((record, i) => {
      if (record.state !== 'ACQUIRED' || record.lockedUntil > now) return
      // What the log does not have any more comes back to nobody.
      const isGone = first + i < share.startOffset
      const state = isGone ? 'ARCHIVED' : freed(record.count, limit)
      records[i] = inFlight(state, record.count)
      changes.push([first + i, records[i]!, isGone ? 'gap' : state === 'ARCHIVED' ? 'limit' : 'lock'])
      members.push(record.member)
    })
  }
  return { changes, members }
}

export function nextExpiry({ batches }: SharePartition): Micros {
  let next = Infinity
  for (const { records } of batches) for (const { state, lockedUntil } of records) if (state === 'ACQUIRED') next = Math.min(next, lockedUntil)
  return next
}

/** Written down, or not: then it is as it was, but free if its lock has run out meanwhile. */
export function complete(share: SharePartition, offsets: readonly Offset[], written: boolean, now: Micros): void {
  for (const offset of offsets) {
    const record = recordAt(share, offset)
    if (record?.before === undefined) continue
    const { state, count, before } = record
    if (written) setRecord(share, offset, inFlight(state, count))
    else setRecord(share, offset, before.lockedUntil <= now ? inFlight('AVAILABLE', before.count) : inFlight(before.state, before.count, before.member, before.lockedUntil))
  }
}
