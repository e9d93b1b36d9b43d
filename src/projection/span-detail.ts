/**
 * What a message in flight shows when it is drawn or clicked. The kernel's span says who, whither and when; this says
 * what, in Kafka's terms.
 */
import type { Epoch, Offset } from '../base/units.ts'
import type { Cell, PartitionName } from './cluster-view.ts'

/** How much a message matters to someone who watches. The painter draws `data` first; smart pace skips `beat`. */
export type Weight =
  /** carries records, or an acknowledgement of them */
  | 'data'
  /** membership, metadata, elections: something is decided */
  | 'control'
  /** an empty fetch or its empty answer, a commit */
  | 'quiet'
  /** heartbeats and whatever repeats for ever without news */
  | 'beat'

export interface SpanDetail {
  /** Kafka's API name: `Produce`, `Fetch`, `BrokerHeartbeat` */
  readonly api: string
  readonly part: 'request' | 'response'
  readonly weight: Weight
  /** A produce answered with success: drawn as the acknowledgement disc. */
  readonly ack: boolean
  readonly partition: PartitionName | undefined
  /** How many partitions it speaks of. */
  readonly partitions: number
  readonly records: readonly Cell[]
  /** A message of a toy: none of Kafka's. */
  readonly toy?: true
  /** Kafka's error name; undefined = none */
  readonly error: string | undefined
  readonly offset: Offset | undefined
  readonly highWatermark: Offset | undefined
  readonly leaderEpoch: Epoch | undefined
  /** The remaining figures, for the card: `[name, value]`, Kafka's field names. */
  readonly fields: readonly (readonly [string, string])[]
}

/** One message on its way, complete when it is born; only `fate` and `arrivesAt` can still change. */
export interface Span {
  readonly id: number
  /** Step that sent it. */
  readonly step: number
  readonly from: string; readonly to: string
  /** Purpose of its connection: `clients`, `replication`, `controller`, `quorum`. */
  readonly traffic: string
  /** Both ends of the connection, the opener first: one round trip runs on one of them. */
  readonly connection: string
  readonly sentAt: number
  /** Infinity while nothing is known (a cut link, a frozen peer). */
  readonly arrivesAt: number
  readonly fate: 'arrives' | 'held' | 'lost'
  readonly detail: SpanDetail
}
