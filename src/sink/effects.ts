/** What the handler of a client asks of a sink, and is told. Neither is Kafka's. */
import type { Epoch, Micros, Offset } from '../base/units.ts'

/** A database gets a row, a gateway sends an e-mail. */
export type EffectKind = 'row' | 'email'
/** By what one business event is told from another. */
export type EffectIdentity = 'value' | 'key' | 'offset'

/**
 * How a client says that it has read: `enable.auto.commit`, by hand around the handler or when told to, with the transaction of
 * its turn, after what its turn has written, by acknowledging each record; `off`: that is off and nobody does; or it has no group.
 */
export type Marks = 'auto' | 'before' | 'after' | 'afterAsync' | 'manual' | 'transaction' | 'turn' | 'acknowledge' | 'off' | 'none'

/** One record's effect, as its handler asks for it. Frozen. */
export interface EffectRequest {
  readonly type: 'EffectRequest'
  readonly client: string
  /** Of the client; '' = none. */
  readonly group: string
  /** When this program first asked for an effect, and which of its handlings this is: a program that is started again has another. */
  readonly session: Micros; readonly handling: number
  /** How often that one has asked, this time included. */
  readonly attempt: number
  /** The ledger's identity, `shop#8`. */
  readonly id: string
  readonly key: string | undefined; readonly value: string | undefined
  readonly partition: string; readonly offset: Offset; readonly epoch: Epoch
  readonly marks: Marks
  /** `auto.commit.interval.ms`, where that is how it marks. */
  readonly intervalMs: number | undefined
  /** `transactional.id`, where it does so in a transaction. */
  readonly txn: string | undefined
}
/** `present`: there is one of this identity already, and none was made. */
export interface EffectResponse { readonly type: 'EffectResponse'; readonly handling: number; readonly outcome: 'made' | 'present' }

/** Traffic of clients: what a cut of a link calls so. */
export const EFFECTS = 'clients:effects'
/** A handler that finds nobody tries again so much later. */
export const EFFECT_RETRY: Micros = 200_000

/** A record without such a field is known by its place. */
export function identityOf({ key, value, partition, offset }: Pick<EffectRequest, 'key' | 'value' | 'partition' | 'offset'>, by: EffectIdentity): string {
  return (by === 'offset' ? undefined : by === 'key' ? key : value) ?? `${partition}@${offset}`
}
