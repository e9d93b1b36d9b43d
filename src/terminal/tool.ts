/**
 * What a tool of the command line is: its flags, and what it makes of a line. It looks at the cluster as it stands at one moment,
 * and either prints, or asks for something and prints when the answers are there. What it asks for are actions of scenario files.
 * Simplified: Java's stack traces are left out, a flag is explained in words of ours, and a server that does not answer is given up at once.
 */
import type { KafkaError } from '../kafka/errors.ts'
import type { Sight, SightWish } from '../projection/sight.ts'
import type { Action } from '../scenario/types.ts'
import { optionsOf, type Flag, type Options } from './parse.ts'

export type Stream = 'out' | 'err' | 'note'
export interface Line { readonly on: Stream; readonly text: string }
/** What the simulator has to say for itself, in the learner's language. */
export type Remark =
  | { readonly code: 'unsupported'; readonly what: string }
  | { readonly code: 'tooMany'; readonly most: number }
  | { readonly code: 'unknownCommand'; readonly what: string }
  | { readonly code: 'openQuote' | 'noAnswer' | 'refused' | 'stopped' | 'waits' | 'noGroup' | 'interrupt' | 'help' }
  | { readonly code: 'noServer'; readonly what: string }
/** Printed lines; the list of a tool's flags; or a remark. */
export type Output = Line | { readonly options: readonly Flag[] } | { readonly remark: Remark }

export interface Ask {
  readonly action: Action
  /** By which its answer is known. */
  readonly api: string; readonly about: string
}
export interface Answer {
  readonly error: KafkaError; readonly message?: string | undefined
  /** Where partitions were answered one by one, and not all alike. */
  readonly partitions?: readonly { readonly partition: string; readonly error: KafkaError }[]
}

export type Plan =
  | { readonly kind: 'printed'; readonly output: readonly Output[] }
  /** All at once, as one gesture; when the last has been answered `print` is shown the cluster as it is then. */
  | { readonly kind: 'asked'; readonly asks: readonly Ask[]; readonly output: readonly Output[]; readonly print: (answers: readonly Answer[], after: Sight) => readonly Output[]; readonly next?: (answers: readonly Answer[], after: Sight) => Plan | undefined }
  /** Reads lines. */
  | { readonly kind: 'produces'; readonly output: readonly Output[]; readonly take: (line: string, sight: Sight) => Plan }
  /** Goes on reading: what has come since the sight before, and whether that was all. */
  | { readonly kind: 'consumes'; readonly topic: string; readonly read: (sight: Sight) => { readonly output: readonly Output[]; readonly over: boolean }; readonly stop: () => readonly Output[] }

/** What has been written with `>`, by name. */
export type Files = ReadonlyMap<string, string>

export interface Tool {
  readonly name: string
  readonly flags: readonly Flag[]
  /** Words that may stand first: `describe`. */
  readonly verbs?: readonly string[]
  readonly wants?: (options: Options) => SightWish
  readonly run: (options: Options, sight: Sight, words: readonly string[], files: Files) => Plan
}

export const out = (...texts: readonly string[]): readonly Line[] => texts.map((text) => ({ on: 'out', text }))
export const err = (...texts: readonly string[]): readonly Line[] => texts.map((text) => ({ on: 'err', text }))
export const printed = (...output: readonly (readonly Output[])[]): Plan => ({ kind: 'printed', output: output.flat() })
export const remark = (given: Remark): Plan => ({ kind: 'printed', output: [{ remark: given }] })
export const unsupported = (what: string): Plan => remark({ code: 'unsupported', what })
/** A message, and the list of flags under it. */
export const usage = ({ flags }: Pick<Tool, 'flags'>, ...texts: readonly string[]): Plan => printed(err(...texts), [{ options: flags }])

/** `[2026-01-01 00:00:05,250]`, by the clock of the machine where the tool runs. */
export function stamp(sight: Pick<Sight, 'at'>): string {
  const ms = Math.floor(sight.at / 1_000)
  const two = (n: number): string => String(n).padStart(2, '0')
  const days = Math.floor(ms / 86_400_000)
  const [month, day] = monthAndDay(days)
  const rest = ms % 86_400_000
  return `[2026-${two(month)}-${two(day)} ${two(Math.floor(rest / 3_600_000))}:${two(Math.floor(rest / 60_000) % 60)}:${two(Math.floor(rest / 1_000) % 60)},${String(rest % 1_000).padStart(3, '0')}]`
}
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
function monthAndDay(days: number): readonly [number, number] {
  let rest = days % 365
  for (const [i, length] of monthDays.entries()) {
    if (rest < length) return [i + 1, rest + 1]
    rest -= length
  }
  return [12, 31]
}

/** The tool's own part of a line, without those that no tool gets past. */
export function planOf(tool: Tool, words: readonly string[], sight: Sight, files: Files = new Map()): Plan {
  const options = optionsOf(tool.flags, words)
  if ('problem' in options) return printed(err(options.problem, `${options.exception}: ${options.problem}`))
  return tool.run(options, sight, words, files)
}

/** Whom the line names to begin with; a remark when nobody of them answers. */
export function unreachable(options: Options, sight: Sight, client = 'AdminClient clientId=adminclient-1'): Plan | undefined {
  const servers = (options.value('bootstrap-server') ?? '').split(',')
  const hosts = servers.map((server) => server.replace(/:[0-9]+$/, ''))
  const bad = hosts.find((host) => host !== 'localhost' && !sight.brokers.some(({ name }) => name === host))
  if (bad !== undefined) return remark({ code: 'noServer', what: bad })
  const named = sight.brokers.filter(({ name }) => hosts.includes('localhost') || hosts.includes(name))
  if (named.some(({ answers }) => answers)) return undefined
  return printed(
    err(...servers.map((server) => `${stamp(sight)} WARN [${client}] Connection to node -1 (${server}) could not be established. Node may not be available. (org.apache.kafka.clients.NetworkClient)`)),
    [{ remark: { code: 'noAnswer' } }],
  )
}

/** The exception that a client makes of an error. */
const exceptions: Partial<Record<KafkaError, readonly [name: string, says: string]>> = {
  TOPIC_ALREADY_EXISTS: ['TopicExistsException', 'Topic with this name already exists.'],
  INVALID_TOPIC_EXCEPTION: ['InvalidTopicException', 'The request attempted to perform an operation on an invalid topic.'],
  INVALID_PARTITIONS: ['InvalidPartitionsException', 'Number of partitions is below 1.'],
  INVALID_REPLICATION_FACTOR: ['InvalidReplicationFactorException', 'Replication factor is below 1 or larger than the number of available brokers.'],
  INVALID_REPLICA_ASSIGNMENT: ['InvalidReplicaAssignmentException', 'Replica assignment is invalid.'],
  INVALID_CONFIG: ['InvalidConfigurationException', 'Configuration is invalid.'],
  INVALID_REQUEST: ['InvalidRequestException', 'This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.'],
  UNKNOWN_TOPIC_OR_PARTITION: ['UnknownTopicOrPartitionException', 'This server does not host this topic-partition.'],
  GROUP_ID_NOT_FOUND: ['GroupIdNotFoundException', 'The group id does not exist.'],
  GROUP_SUBSCRIBED_TO_TOPIC: ['GroupSubscribedToTopicException', 'Deleting offsets of a topic is forbidden while the consumer group is actively subscribed to it.'],
  NON_EMPTY_GROUP: ['GroupNotEmptyException', 'The group is not empty.'],
  NOT_ENOUGH_REPLICAS: ['NotEnoughReplicasException', 'Messages are rejected since there are fewer in-sync replicas than required.'],
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: ['NotEnoughReplicasAfterAppendException', 'Messages are written to the log, but to fewer in-sync replicas than required.'],
  REQUEST_TIMED_OUT: ['TimeoutException', 'The request timed out.'],
  TIMED_OUT: ['TimeoutException', 'Call(callName=call, deadlineMs=60000) timed out'],
  NOT_LEADER_OR_FOLLOWER: ['NotLeaderOrFollowerException', 'For requests intended only for the leader, this error indicates that the broker is not the current leader. For requests intended for any replica, this error indicates that the broker is not a replica of the topic partition.'],
  MESSAGE_TOO_LARGE: ['RecordTooLargeException', 'The request included a message larger than the max message size the server will accept.'],
  NETWORK_EXCEPTION: ['NetworkException', 'The server disconnected before a response was received.'],
  PREFERRED_LEADER_NOT_AVAILABLE: ['PreferredLeaderNotAvailableException', 'The preferred leader was not available.'],
  ELIGIBLE_LEADERS_NOT_AVAILABLE: ['EligibleLeadersNotAvailableException', 'Eligible topic partition leaders are not available.'],
  INVALID_PRODUCER_EPOCH: ['InvalidProducerEpochException', 'Producer attempted to produce with an old epoch.'],
  TRANSACTION_COORDINATOR_FENCED: ['TransactionCoordinatorFencedException', 'The transaction coordinator sending a WriteTxnMarker is no longer the current coordinator for a given producer.'],
  NO_REASSIGNMENT_IN_PROGRESS: ['NoReassignmentInProgressException', 'No partition reassignment is in progress.'],
}
export function exceptionOf({ error, message }: Answer): { readonly name: string; readonly says: string } {
  const [name, says] = exceptions[error] ?? ['UnknownServerException', error]
  return { name: `org.apache.kafka.common.errors.${name}`, says: message ?? says }
}

/** Brokers as a tool writes a list of them. */
export const ids = (list: readonly number[]): string => list.join(',')
