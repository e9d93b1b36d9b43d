/**
 * What an admin client asks of a group's coordinator. Follows the DeleteGroups, OffsetDelete, AlterShareGroupOffsets and DeleteShareGroupOffsets schemas.
 *
 * Simplified: a request is about one group, of a share group about one partition.
 */
import type { Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'

export interface DeleteGroupsRequest { readonly type: 'DeleteGroupsRequest'; readonly clientId: string; readonly groupId: string }
export interface OffsetDeleteRequest { readonly type: 'OffsetDeleteRequest'; readonly clientId: string; readonly groupId: string; readonly partitions: readonly string[] }
/** One partition a request. */
export interface AlterShareGroupOffsetsRequest { readonly type: 'AlterShareGroupOffsetsRequest'; readonly clientId: string; readonly groupId: string; readonly partition: string; readonly startOffset: Offset }
export interface DeleteShareGroupOffsetsRequest { readonly type: 'DeleteShareGroupOffsetsRequest'; readonly clientId: string; readonly groupId: string; readonly partition: string }

export type GroupAdminRequest = DeleteGroupsRequest | OffsetDeleteRequest | AlterShareGroupOffsetsRequest | DeleteShareGroupOffsetsRequest
type ResponseTo<Type extends string> = Type extends `${infer Api}Request` ? `${Api}Response` : never
export interface GroupAdminResponse {
  readonly type: ResponseTo<GroupAdminRequest['type']>; readonly groupId: string; readonly error: KafkaError
  /** Of OffsetDelete, where the request as a whole is right: each partition has an answer of its own. */
  readonly partitions?: readonly OffsetDeleteResult[]
}
export interface OffsetDeleteResult { readonly partition: string; readonly error: KafkaError }

export const groupAnswer = ({ type, groupId }: GroupAdminRequest, error: KafkaError, partitions?: readonly OffsetDeleteResult[]): GroupAdminResponse =>
  Object.freeze({ type: type.replace('Request', 'Response') as GroupAdminResponse['type'], groupId, error, ...(partitions === undefined ? {} : { partitions: Object.freeze(partitions) }) })
