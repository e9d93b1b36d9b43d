/**
 * The comparison record: what a real cluster and the simulated one are both asked after each step of a scenario. A
 * recording (`conformance/recordings`) is an array of them, one a step, in order.
 *
 * Names are the scenario's (`b2`, `t/0`, `c`); `null` stands for no leader, and for what nobody could be asked; sets
 * are sorted, replicas and client results keep their order; errors are Kafka's names. Epochs count from the scenario's
 * start: what stands at 00:00 has leader epoch 0 and partition epoch 0, the quorum is in epoch 1. Which of all this a
 * file names, and so is recorded and compared, says `asked.ts`.
 */

export interface PartitionRecord {
  readonly leader: string | null; readonly leaderEpoch: number; readonly partitionEpoch: number
  readonly replicas: readonly string[]; readonly adding?: readonly string[]; readonly removing?: readonly string[]
  readonly isr: readonly string[]; readonly elr: readonly string[]; readonly lastKnownElr: readonly string[]
  readonly earliest: number | null; readonly hw: number | null; readonly lso: number | null
}

export interface GroupRecord {
  readonly state: string; readonly type: 'Classic' | 'Consumer' | 'Share'; readonly coordinator: string | null
  /** Of a classic group its generation, of the consumer protocol the group's epoch. */
  readonly epoch: number
  /** By client id. */
  readonly members: Readonly<Record<string, readonly string[]>>
  readonly committed: Readonly<Record<string, number>>
}

/** What came of one call of a client; of one client in the order of its calls. */
export interface ClientRecord {
  /** The client; `admin` for what an admin client or a raw request was answered. */
  readonly by: string
  /**
   * `send t/0` (`send` alone where no partition was found), the `as` of an action, or of a consumer `lastError`: what
   * its last failure is at the end of the step, there only if it had one.
   */
  readonly op: string
  /** An answer without error and without a value is `{}`. */
  readonly result: { readonly offset?: number; readonly error?: string; readonly value?: number }
}

/**
 * One record as any reader of a log finds it, with all its offsets. A value that a scenario makes up to a size is its
 * text, without the spaces behind it. Bytes that are no text are written in hex. Of a marker there is no key and no value.
 */
export interface LogRecord {
  readonly offset: number; readonly key: string | null; readonly value: string | null
  readonly control?: 'commit' | 'abort'
}
/** One segment of the leader's replica. */
export interface SegmentRecord { readonly base: number; readonly bytes: number }

export interface ComparisonRecord {
  readonly step: string
  readonly elapsedMs: number
  readonly partitions: Readonly<Record<string, PartitionRecord>>
  readonly groups?: Readonly<Record<string, GroupRecord>>
  readonly shares?: Readonly<Record<string, { readonly startOffsets: Readonly<Record<string, number>> }>>
  readonly transactions?: Readonly<Record<string, { readonly state: string; readonly epoch: number }>>
  readonly client: readonly ClientRecord[]
  /** By partition, from its start to its high watermark, also what was aborted, and markers. */
  readonly records?: Readonly<Record<string, readonly LogRecord[]>>
  readonly segments?: Readonly<Record<string, readonly SegmentRecord[]>>
  readonly quorum?: { readonly leader: string | null; readonly epoch: number }
  /**
   * What the file says, judged on this side, by the keys of `asked.ts`: whether the step's `until` came true, its
   * `when` fired, its checks are met, its options hold; in the last record also the rows of the whole run. Not here is
   * what cannot be judged on this side.
   */
  readonly statements?: Readonly<Record<string, boolean>>
}
