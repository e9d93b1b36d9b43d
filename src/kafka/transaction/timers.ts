/** A coordinator's timers. There is one only while there is something to do. */
import { fromMs, MILLISECOND } from '../../base/units.ts'
import type { TransactionHost } from './host.ts'

/** Kafka looks every so often from its start on, so a time-out is noticed up to so much later; nobody looks when nothing is open. */
export function armScan(host: TransactionHost): void {
  if (host.hasTimer('scan')) return
  const interval = fromMs(host.config('transaction.abort.timed.out.transaction.cleanup.interval.ms'))
  host.setTimer('scan', interval - ((host.now - host.startedAt) % interval))
}

/**
 * Simplified: markers that were refused, or whose leader is not known, are tried again after 100 ms; Kafka tries as soon as its
 * sender comes round.
 */
const RETRY = 100 * MILLISECOND
export function tryMarkersLater(host: TransactionHost): void {
  if (!host.hasTimer('markers')) host.setTimer('markers', RETRY)
}
