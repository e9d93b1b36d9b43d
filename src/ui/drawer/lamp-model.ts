/** The always-on checkers: how many, and since when. Pure. */
import { SECOND, type Micros } from '../../base/units.ts'
import type { Film } from '../../bridge/film.ts'
import type { LedgerView } from '../../projection/cluster-view.ts'

export const lampNames = ['lost', 'duplicated', 'outOfOrder', 'invisible', 'offline', 'underMin', 'underReplicated'] as const
export type LampName = (typeof lampNames)[number]
/** Of these real Kafka knows nothing. */
export const onlyHere: ReadonlySet<LampName> = new Set<LampName>(['lost', 'duplicated', 'outOfOrder', 'invisible'])
/** A record is always acknowledged a moment before its readers hear of the high watermark; only what lasts is worth a lamp. */
const patience: Micros = SECOND

const counts: Readonly<Record<LampName, (ledger: LedgerView) => number>> = {
  lost: (ledger) => ledger.lost.length,
  duplicated: (ledger) => ledger.duplicated,
  outOfOrder: (ledger) => ledger.outOfOrderKeys,
  invisible: (ledger) => ledger.ackedInvisible,
  offline: (ledger) => ledger.offlinePartitions,
  underMin: (ledger) => ledger.underMinIsr,
  underReplicated: (ledger) => ledger.underReplicated,
}

/** Promises that have been broken up to this moment. */
export const brokenAt = ({ broken }: Film, at: Micros): Film['broken'] => broken.filter((one) => one.at <= at)

/** What the lamp reads at this moment. */
export function lampAt(film: Film, at: Micros, name: LampName): number {
  const count = counts[name](film.exposureAt(at).ledger)
  if (name !== 'invisible' || count === 0) return count
  const since = litSince(film, at, name, at - patience)
  return since === undefined || at - since >= patience ? count : 0
}

/** Since when it has been above nothing without a break; undefined = since before the film, or before `notBefore`. */
export function litSince(film: Film, at: Micros, name: LampName, notBefore: Micros = -1): Micros | undefined {
  const { exposures } = film
  let since: Micros | undefined
  for (let i = film.exposureIndexAt(at); i >= 0; i--) {
    const exposure = exposures[i]!
    if (counts[name](exposure.ledger) === 0) return since
    if (exposure.at < notBefore) return undefined
    since = exposure.at
  }
  return since
}
