/** What a toy has to tell. None of it happens in Kafka. */
/** A reader's inbox is full: the message is dropped; or the broker waits, and with it everybody; or, in a queue, it is kept for whoever has room first. */
export type WhenFull = 'drop' | 'block' | 'keep'
type Toy = string
type Sender = string
type Reader = string
/** `feed#7` */
type Message = string

export type ToyFact =
  /** `before`: how many messages went by before it came; `taken`: out of a queue, where others still wait. */
  | { readonly code: 'toy.subscribed'; readonly toy: Toy; readonly reader: Reader; readonly inbox: number; readonly before: number; readonly taken?: true }
  | { readonly code: 'toy.pushed'; readonly toy: Toy; readonly message: Message; readonly readers: readonly Reader[]; readonly whenFull: WhenFull }
  /** It waits for its turn in the reader's memory; `waiting`: how many do now. */
  | { readonly code: 'toy.queued'; readonly toy: Toy; readonly reader: Reader; readonly message: Message; readonly waiting: number; readonly inbox: number }
  /** `dropped`: how many the reader has dropped so far. */
  | { readonly code: 'toy.dropped'; readonly toy: Toy; readonly reader: Reader; readonly message: Message; readonly inbox: number; readonly dropped: number }
  | { readonly code: 'toy.processed'; readonly toy: Toy; readonly reader: Reader; readonly message: Message; readonly processMs: number; readonly waiting: number }
  /** It was down and is back: what it had in its memory is gone, or what was pushed meanwhile. */
  | { readonly code: 'toy.missed'; readonly toy: Toy; readonly reader: Reader; readonly count: number; readonly why: 'memory' | 'away' }
  /** Out of a queue: to this reader, and to nobody else. */
  | { readonly code: 'toy.handed'; readonly toy: Toy; readonly reader: Reader; readonly message: Message; readonly waiting: number }
  /** `again`: since it last had room for more than one. */
  | { readonly code: 'toy.blocked'; readonly toy: Toy; readonly reader: Reader; readonly message: Message; readonly inbox: number; readonly again?: true }
  | { readonly code: 'toy.unblocked'; readonly toy: Toy; readonly reader: Reader; readonly blockedMs: number }
  | { readonly code: 'toy.heldBack'; readonly toy: Toy; readonly sender: Sender; readonly message: Message }

/** Every code; the model's own list takes them in. */
export const toyCodes = {
  'toy.subscribed': 0, 'toy.pushed': 0, 'toy.queued': 0, 'toy.dropped': 0, 'toy.processed': 0, 'toy.missed': 0, 'toy.handed': 0, 'toy.blocked': 0, 'toy.unblocked': 0, 'toy.heldBack': 0,
} satisfies Record<ToyFact['code'], 0>
