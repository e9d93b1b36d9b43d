import type { Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'

/** To the leader: nothing before these offsets is to be read any more. */
export interface DeleteRecordsRequest {
  readonly type: 'DeleteRecordsRequest'
  readonly clientId: string
  readonly timeoutMs: number
  /** offset -1 = the high watermark */
  readonly partitions: readonly { readonly partition: string; readonly offset: Offset }[]
}
export interface DeleteRecordsResponse { readonly type: 'DeleteRecordsResponse'; readonly partitions: readonly DeletedRecords[] }
export interface DeletedRecords {
  readonly partition: string; readonly error: KafkaError
  /** The lowest log start of all live replicas; -1 with an error. */
  readonly lowWatermark: Offset
}
