/** What a sink has to tell. None of it happens in Kafka. */
import type { EffectKind, Marks } from './effects.ts'

/**
 * Why it is asked for a second time: the handler had no answer and tried again; the network brought what it had sent twice; its program was started again and read the record
 * again; the same program did; another member of its group did; another group did, as each reads everything; or two records
 * carry the same identity.
 */
export type Again = 'noAnswer' | 'copied' | 'restarted' | 'readAgain' | 'otherMember' | 'otherGroup' | 'sameIdentity'

interface OfRecord { readonly sink: string; readonly effect: EffectKind; readonly client: string; readonly partition: string; readonly offset: number; readonly identity: string }
/** `before`: whose handler asked for it the last time, and `was`: for which record, `orders/0@3`. */
interface Repetition extends OfRecord { readonly why: Again; readonly before: string; readonly was: string; readonly marks: Marks; readonly intervalMs: number | undefined; readonly txn: string | undefined }

export type SinkFact =
  | ({ readonly code: 'effect.made' } & OfRecord)
  /** `times`: how often it has been made by now. */
  | ({ readonly code: 'effect.repeated'; readonly times: number } & Repetition)
  /** Its unique key has kept the second one out. */
  | ({ readonly code: 'effect.refused' } & Repetition)

/** Every code; the model's own list takes them in. */
export const sinkCodes = { 'effect.made': 0, 'effect.repeated': 0, 'effect.refused': 0 } satisfies Record<SinkFact['code'], 0>
