/**
 * What an admin client asks for, one item a request. Brokers send it on to the active controller in an envelope.
 * Follows clients/src/main/resources/common/message/{CreateTopics,CreatePartitions,DeleteTopics,IncrementalAlterConfigs,
 * ElectLeaders,AlterPartitionReassignments}Request.json.
 */
import type { NodeId } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'

export interface CreateTopicsRequest {
  readonly type: 'CreateTopicsRequest'
  readonly topic: string
  /** -1 = the broker's default, or what the assignment says. */
  readonly numPartitions: number; readonly replicationFactor: number
  /** Replicas of each partition; undefined = where Kafka's placer puts them. */
  readonly assignments: readonly (readonly NodeId[])[] | undefined
  readonly configs: Readonly<Record<string, string>>
}
export interface CreatePartitionsRequest {
  readonly type: 'CreatePartitionsRequest'
  readonly topic: string
  /** How many there shall be. */
  readonly count: number
  /** Of the new ones. */
  readonly assignments: readonly (readonly NodeId[])[] | undefined
}
export interface DeleteTopicsRequest { readonly type: 'DeleteTopicsRequest'; readonly topic: string }
export interface IncrementalAlterConfigsRequest {
  readonly type: 'IncrementalAlterConfigsRequest'
  readonly resource: 'topic' | 'broker' | 'group'
  /** A topic, or a group; of a broker undefined = all brokers. */
  readonly name: string | undefined
  readonly set: Readonly<Record<string, string>>; readonly unset: readonly string[]
}
export interface ElectLeadersRequest { readonly type: 'ElectLeadersRequest'; readonly electionType: 'PREFERRED' | 'UNCLEAN'; readonly partition: string }
export interface AlterPartitionReassignmentsRequest {
  readonly type: 'AlterPartitionReassignmentsRequest'
  readonly partition: string
  /** undefined = take the reassignment under way back. */
  readonly replicas: readonly NodeId[] | undefined
}

/** How many of these are being moved: the answer's value. */
export interface ListPartitionReassignmentsRequest { readonly type: 'ListPartitionReassignmentsRequest'; readonly partition: string }

export type AdminRequest =
  | CreateTopicsRequest | CreatePartitionsRequest | DeleteTopicsRequest | IncrementalAlterConfigsRequest | ElectLeadersRequest
  | AlterPartitionReassignmentsRequest | ListPartitionReassignmentsRequest

type ResponseTo<Type extends string> = Type extends `${infer Api}Request` ? `${Api}Response` : never
/** What came of the one item that was asked for: an error, and where Kafka says more than its name, what it says. */
export type Verdict = KafkaError | { readonly error: KafkaError; readonly message: string } | { readonly error: 'NONE'; readonly value: number }
/** The error of the one item that was asked for. */
export type AdminResponse = { [Type in ResponseTo<AdminRequest['type']>]: { readonly type: Type; readonly error: KafkaError; readonly message?: string; readonly value?: number } }[ResponseTo<AdminRequest['type']>]

export const answerTo = (request: AdminRequest, verdict: Verdict): AdminResponse =>
  Object.freeze({ type: `${apiOf(request)}Response`, ...(typeof verdict === 'string' ? { error: verdict } : verdict) } as AdminResponse)
/** The topic, partition or broker that a request is about; '' = all brokers. */
export function aboutOf(request: AdminRequest): string {
  if ('partition' in request) return request.partition
  return 'topic' in request ? request.topic : (request.name ?? '')
}
/** `CreateTopics` */
export const apiOf = (request: Pick<AdminRequest, 'type'>): string => request.type.slice(0, -'Request'.length)
