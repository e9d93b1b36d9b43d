/** One record of a share partition, event by event (KIP-932). */
import { acknowledge, complete, expireLocks } from '../../kafka/share/acknowledge.ts'
import { acquire } from '../../kafka/share/acquire.ts'
import { newSharePartition, nextFetchOffset, recordAt, restore, type RecordState } from '../../kafka/share/in-flight.ts'
import { adapter, type Adapters } from './adapter.ts'

interface Delivery {
  limit: number
  lockMs: number
  events: { atMs: number; event: 'acquire' | 'accept' | 'release' | 'reject' | 'wait'; member?: string }[]
}
interface After {
  error: string
  state?: RecordState
  deliveryCount?: number
}

/** The start offset stays behind this record: another before it is held by nobody the vector speaks of. */
function deliver({ limit, lockMs, events }: Delivery): unknown {
  const share = newSharePartition('g', 't/0', 0)
  restore(share, 0, 0, [
    { first: 0, last: 0, state: 'AVAILABLE', count: 0 },
    { first: 1, last: 1, state: 'AVAILABLE', count: 0 },
  ])
  const ask = { limit, mostLocks: 2000, maxRecords: 1, batchSize: 1, recordLimit: true }
  acquire(share, [{ first: 0, last: 0 }], 0, { ...ask, member: 'somebody else', lockedUntil: Infinity })
  let deliveries = 0
  const afterEachEvent = events.map(({ atMs, event, member = '' }): After => {
    expireLocks(share, atMs, limit)
    if (event === 'acquire') deliveries += acquire(share, [{ first: 1, last: 1 }], 1, { ...ask, member, lockedUntil: atMs + lockMs }).length
    else if (event !== 'wait') {
      const { error, changes } = acknowledge(share, member, [{ first: 1, last: 1, types: [event] }], limit, atMs + lockMs)
      if (error !== 'NONE') return { error }
      complete(
        share,
        changes.map(([offset]) => offset),
        true,
        atMs,
      )
    }
    const { state, count } = recordAt(share, 1)!
    return { error: 'NONE', state, ...(state === 'ACQUIRED' ? { deliveryCount: count } : {}) }
  })
  return { afterEachEvent, redelivered: nextFetchOffset(share) === 1, deliveries }
}

export const shareAdapters: Adapters = { 'share-delivery': adapter(deliver) }
