/**
 * All facts that the model can tell: a code and its figures, never a sentence. The story, the why-chain, the marks on the
 * scrubber and `event("...")` of a scenario are made of these; `text/` has a sentence for each in every language.
 */
import type { Epoch, Offset } from '../base/units.ts'
import { sinkCodes, type SinkFact } from '../sink/notes.ts'
import { toyCodes, type ToyFact } from '../toy/notes.ts'
import type { KafkaError } from './errors.ts'

type Partition = string
type Node = string
type Client = string
type Group = string
type Txn = string
type Nodes = readonly string[]
interface Packed { readonly codec: string; readonly bytes: number; readonly was: number; readonly micros: number }

export type Fact =
  // Processes
  | { readonly code: 'node.crashed'; readonly node: Node }
  /** SIGTERM, from outside; `node.stopped` is the end of it. */
  | { readonly code: 'power.lost'; readonly node: Node; readonly records: number }
  | { readonly code: 'node.stopping'; readonly node: Node }
  | { readonly code: 'node.stopped'; readonly node: Node; readonly tookMs: number }
  /** A process that ends itself: without the log directories it needs it must not go on. */
  | { readonly code: 'node.halted'; readonly node: Node; readonly why: 'logDirs' | 'metadataDir'; readonly dir: string }
  | { readonly code: 'node.started'; readonly node: Node; readonly clean: boolean }
  | { readonly code: 'node.paused'; readonly node: Node }
  | { readonly code: 'node.resumed'; readonly node: Node; readonly pausedMs: number }
  // Network
  | { readonly code: 'link.cut'; readonly from: Node; readonly to: Node; readonly direction: 'both' | 'oneway'; readonly traffic: string; readonly reset?: true }
  | { readonly code: 'link.healed'; readonly from: Node; readonly to: Node }
  | { readonly code: 'fault.made'; readonly what: 'slow' | 'fast' | 'clock' | 'stallFetch' | 'damage' | 'failDisk' | 'fillDisk' | 'freeDisk' | 'slowDisk' | 'slowHandler' | 'dropNext' | 'delayNext' | 'duplicateNext'; readonly target: string; readonly ms: number }
  /** What was ordered has happened to a message, `ProduceResponse`. */
  | { readonly code: 'message.tampered'; readonly from: Node; readonly to: Node; readonly message: string; readonly how: 'drop' | 'delay' | 'duplicate'; readonly ms: number; readonly closes: boolean }
  | { readonly code: 'connection.lost'; readonly node: Node; readonly peer: Node; readonly how: 'reset' | 'timeout' | 'refused' }
  // Log
  | { readonly code: 'batch.appended'; readonly partition: Partition; readonly node: Node; readonly base: Offset; readonly last: Offset; readonly epoch: Epoch; readonly producer: Client;
    /** Of a compressed batch: bytes of it now and not compressed, and what the leader has spent on looking into it. */
    readonly packed?: Packed }
  /** The leader has unpacked it and packed it as its topic wants it. */
  | { readonly code: 'batch.recompressed'; readonly partition: Partition; readonly node: Node; readonly producer: Client; readonly base: Offset; readonly from: string; readonly to: string; readonly was: number; readonly bytes: number; readonly micros: number }
  | { readonly code: 'segment.rolled'; readonly partition: Partition; readonly node: Node; readonly base: Offset; readonly was: Offset; readonly why: 'size' | 'time' | 'lag' | 'index'; readonly limit: number }
  /** `figure`: bytes left without it, its age in milliseconds, or where the next one begins. */
  | { readonly code: 'segment.deleted'; readonly partition: Partition; readonly node: Node; readonly base: Offset; readonly last: Offset; readonly bytes: number; readonly why: 'time' | 'size' | 'logStart'; readonly figure: number; readonly limit: number }
  | { readonly code: 'logStart.moved'; readonly partition: Partition; readonly node: Node; readonly from: Offset; readonly to: Offset; readonly why: 'retention' | 'deleteRecords' | 'leader' }
  /** `limit`: a percentage, or milliseconds. */
  | { readonly code: 'log.cleaned'; readonly partition: Partition; readonly node: Node; readonly removed: number; readonly upTo: Offset; readonly bytes: number; readonly dirtyPercent: number; readonly why: 'dirty' | 'lag'; readonly limit: number }
  /** A new log, in one of several directories. */
  | { readonly code: 'log.placed'; readonly partition: Partition; readonly node: Node; readonly dir: string }
  /** `partitions`: how many replicas lie in it. */
  | { readonly code: 'logDir.failed'; readonly node: Node; readonly dir: string; readonly partitions: number; readonly why: 'failed' | 'full' }
  | { readonly code: 'logDir.untold'; readonly node: Node; readonly dir: string; readonly timeoutMs: number }
  | { readonly code: 'log.recovered'; readonly partition: Partition; readonly node: Node; readonly from: Offset; readonly to: Offset }
  | { readonly code: 'log.truncated'; readonly partition: Partition; readonly node: Node; readonly from: Offset; readonly to: Offset; readonly epoch: Epoch }
  // Replication
  | { readonly code: 'highWatermark.advanced'; readonly partition: Partition; readonly node: Node; readonly from: Offset; readonly to: Offset }
  | { readonly code: 'highWatermark.held'; readonly partition: Partition; readonly isr: Nodes; readonly min: number }
  | { readonly code: 'isr.changed'; readonly partition: Partition; readonly isr: Nodes; readonly was: Nodes; readonly why: 'lag' | 'caughtUp' | 'fenced' | 'shutdown' | 'elected' | 'reassignment' | 'logDir' }
  | { readonly code: 'isr.asked'; readonly partition: Partition; readonly node: Node; readonly isr: Nodes; readonly why: 'lag' | 'caughtUp'; readonly lagMs: number }
  | { readonly code: 'request.parked'; readonly node: Node; readonly api: string; readonly client: string; readonly partition: Partition }
  | { readonly code: 'replica.fetched'; readonly partition: Partition; readonly node: Node; readonly leader: Node; readonly offset: Offset }
  /** What it has sent to this follower, or fetched from this leader, goes over the rate: the rest waits. */
  | { readonly code: 'replication.throttled'; readonly partition: Partition; readonly node: Node; readonly peer: Node; readonly side: 'leader' | 'follower'; readonly limit: number }
  // Controllers
  | { readonly code: 'leader.elected'; readonly partition: Partition; readonly leader: Node; readonly epoch: Epoch; readonly how: 'clean' | 'preferred' | 'controlledShutdown' | 'eligible' | 'lastKnown' | 'unclean' | 'reassignment' }
  | { readonly code: 'elr.changed'; readonly partition: Partition; readonly elr: Nodes; readonly lastKnown: Nodes }
  | { readonly code: 'leader.lost'; readonly partition: Partition; readonly epoch: Epoch; readonly was: Node }
  | { readonly code: 'leader.started'; readonly partition: Partition; readonly node: Node; readonly epoch: Epoch; readonly offset: Offset }
  | { readonly code: 'broker.registered'; readonly node: Node; readonly epoch: Epoch }
  | { readonly code: 'broker.fenced'; readonly node: Node; readonly silentMs: number }
  | { readonly code: 'broker.unfenced'; readonly node: Node }
  // The metadata quorum
  | { readonly code: 'election.started'; readonly node: Node; readonly epoch: Epoch; readonly why: 'fetchTimeout' | 'electionTimeout' | 'leaderResigned'; readonly leader: Node | undefined; readonly timeoutMs: number }
  | { readonly code: 'vote.granted'; readonly node: Node; readonly candidate: Node; readonly epoch: Epoch; readonly preVote: boolean }
  | { readonly code: 'vote.refused'; readonly node: Node; readonly candidate: Node; readonly epoch: Epoch; readonly preVote: boolean; readonly why: 'leader' | 'voted' | 'log' | 'epoch'; readonly leader: Node | undefined }
  | { readonly code: 'controller.elected'; readonly node: Node; readonly epoch: Epoch; readonly votes: Nodes; readonly voters: number }
  | { readonly code: 'controller.activated'; readonly node: Node; readonly epoch: Epoch; readonly offset: Offset }
  | { readonly code: 'controller.resigned'; readonly node: Node; readonly epoch: Epoch; readonly why: 'quorum' | 'stop' | 'higherEpoch'; readonly timeoutMs: number; readonly undone: number }
  /** Fewer controllers run than a majority; or again as many. Nobody in the cluster sees it so. */
  | { readonly code: 'quorum.lost'; readonly alive: number; readonly voters: number }
  | { readonly code: 'quorum.regained'; readonly alive: number; readonly voters: number }
  | { readonly code: 'metadata.snapshotTaken'; readonly node: Node; readonly offset: Offset; readonly epoch: Epoch; readonly records: number; readonly why: 'bytes' | 'time'; readonly figure: number; readonly limit: number }
  | { readonly code: 'metadata.cleaned'; readonly node: Node; readonly from: Offset; readonly to: Offset; readonly why: 'size' | 'time'; readonly figure: number; readonly limit: number }
  /** A broker was given producer ids, both included, to give out. */
  | { readonly code: 'producerIds.allocated'; readonly node: Node; readonly first: number; readonly last: number }
  | { readonly code: 'metadata.snapshotFetched'; readonly node: Node; readonly from: Node; readonly offset: Offset; readonly epoch: Epoch; readonly records: number }
  | { readonly code: 'metadata.truncated'; readonly node: Node; readonly from: Offset; readonly to: Offset; readonly epoch: Epoch }
  // Producers
  | { readonly code: 'metadata.refreshed'; readonly client: Client; readonly partition: Partition; readonly leader: Node | undefined; readonly epoch: Epoch; readonly from: Node }
  | { readonly code: 'partition.switched'; readonly producer: Client; readonly topic: string; readonly to: number }
  | { readonly code: 'producer.started'; readonly producer: Client; readonly producerId: number; readonly epoch: Epoch }
  | { readonly code: 'producer.retried'; readonly producer: Client; readonly partition: Partition; readonly error: KafkaError; readonly attempt: number }
  /** MESSAGE_TOO_LARGE for a batch of several records: they are sent in smaller ones. */
  | { readonly code: 'batch.split'; readonly producer: Client; readonly partition: Partition; readonly records: number; readonly bytes: number; readonly into: number }
  | { readonly code: 'producer.failed'; readonly producer: Client; readonly error: KafkaError; readonly records: number; readonly partition: Partition }
  | { readonly code: 'producer.blocked'; readonly producer: Client; readonly buffered: number }
  | { readonly code: 'duplicate.refused'; readonly partition: Partition; readonly node: Node; readonly producer: Client; readonly sequence: number; readonly offset: Offset }
  | { readonly code: 'record.acked'; readonly producer: Client; readonly partition: Partition; readonly offset: Offset; readonly records: number; readonly acks: '0' | '1' | 'all' }
  | { readonly code: 'record.lost'; readonly producer: Client; readonly partition: Partition; readonly offset: Offset; readonly ackedBy: Node; readonly why: 'truncated' | 'unclean' }
  // Groups
  | { readonly code: 'member.joined'; readonly group: Group; readonly member: Client }
  | { readonly code: 'member.left'; readonly group: Group; readonly member: Client; readonly why: 'closed' | 'session' | 'poll' | 'fenced' }
  /** A static member under a new member id; `stable`: nobody else has to know. */
  | { readonly code: 'member.returned'; readonly group: Group; readonly member: Client; readonly instance: string; readonly stable: boolean }
  /** A static member is told that another process has its `group.instance.id`. */
  | { readonly code: 'member.fenced'; readonly group: Group; readonly member: Client; readonly instance: string }
  | { readonly code: 'rebalance.started'; readonly group: Group; readonly why: 'joined' | 'left' | 'metadata' | 'revoked' }
  /** A generation is complete; or, by the consumer protocol, every member has come to the target of this group epoch. */
  | { readonly code: 'rebalance.finished'; readonly group: Group; readonly epoch: Epoch; readonly tookMs: number; readonly protocol?: 'consumer' }
  // Groups of the consumer protocol (KIP-848)
  | { readonly code: 'group.advanced'; readonly group: Group; readonly epoch: Epoch; readonly why: 'joined' | 'left' | 'metadata' | 'initialized' }
  | { readonly code: 'target.computed'; readonly group: Group; readonly epoch: Epoch; readonly assignor: string; readonly members: number }
  /** What onPartitionsAssigned is given; `kept`: what a cooperative member goes on reading; `pausedMs`: how long it has had nothing to read. */
  | { readonly code: 'partitions.assigned'; readonly group: Group; readonly member: Client; readonly partitions: readonly Partition[]; readonly kept?: readonly Partition[]; readonly pausedMs?: number }
  /** `paused`: of these, and so no more. */
  | { readonly code: 'partitions.revoked'; readonly group: Group; readonly member: Client; readonly partitions: readonly Partition[]; readonly paused?: readonly Partition[] }
  | { readonly code: 'partitions.lost'; readonly group: Group; readonly member: Client; readonly partitions: readonly Partition[]; readonly paused?: readonly Partition[] }
  /** pause() or resume() of its application: what has changed by it. */
  | { readonly code: 'partitions.paused'; readonly consumer: Client; readonly partitions: readonly Partition[] }
  | { readonly code: 'partitions.resumed'; readonly consumer: Client; readonly partitions: readonly Partition[] }
  | { readonly code: 'offsets.committed'; readonly group: Group; readonly partition: Partition; readonly offset: Offset }
  /** `since`: its age counts from when it was committed, or from when the group became Empty. */
  | { readonly code: 'offsets.expired'; readonly group: Group; readonly partition: Partition; readonly offset: Offset; readonly since: 'committed' | 'empty'; readonly ageMs: number; readonly retentionMs: number }
  /** It had no members and nothing committed any more. */
  | { readonly code: 'group.expired'; readonly group: Group }
  | { readonly code: 'offset.reset'; readonly consumer: Client; readonly partition: Partition; readonly from: Offset | undefined; readonly to: Offset; readonly policy: string }
  /** KIP-392: the leader knows a replica in the consumer's rack. */
  | { readonly code: 'fetch.redirected'; readonly consumer: Client; readonly partition: Partition; readonly from: Node; readonly to: Node; readonly rack: string }
  /** seek(), seekToBeginning() or seekToEnd() of its application. */
  | { readonly code: 'position.sought'; readonly consumer: Client; readonly partition: Partition; readonly from: Offset | undefined; readonly to: Offset; readonly how: 'offset' | 'withEpoch' | 'earliest' | 'latest' }
  /** poll() threw; `policy` is `auto.offset.reset`, for where to read is all that can be wrong here, but for a spoiled record. */
  | { readonly code: 'consumer.failed'; readonly consumer: Client; readonly partition: Partition; readonly offset: Offset | undefined; readonly error: KafkaError; readonly policy: string }
  /** commitSync() threw; `async`: commitAsync() called back with it. */
  | { readonly code: 'commit.failed'; readonly consumer: Client; readonly group: Group; readonly error: KafkaError; readonly async?: boolean }
  | { readonly code: 'records.read'; readonly consumer: Client; readonly partition: Partition; readonly base: Offset; readonly last: Offset }
  /** Of what a poll returned its application did not want so many: their keys are others. */
  | { readonly code: 'records.filtered'; readonly consumer: Client; readonly count: number; readonly of: number; readonly keys: string }
  /** The handler fails on this record: the program ends, or its application does something about it. */
  | { readonly code: 'handler.failed'; readonly consumer: Client; readonly partition: Partition; readonly offset: Offset; readonly how: 'ends' | 'skipped' | 'again' | 'moved' | 'dead' | 'released' | 'rejected'; readonly to?: string; readonly afterMs?: number }
  /** A record of a retry topic that is not due yet is given back, and its partition paused. */
  | { readonly code: 'records.delayed'; readonly consumer: Client; readonly partition: Partition; readonly offset: Offset; readonly waitMs: number; readonly afterMs: number }
  | { readonly code: 'coordinator.moved'; readonly group: Group; readonly from: Node | undefined; readonly to: Node | undefined }
  // Share groups
  /** A leader has been told where the group stands in its partition; `policy`: it stood nowhere, and `share.auto.offset.reset` said so. */
  | { readonly code: 'share.started'; readonly group: Group; readonly partition: Partition; readonly offset: Offset; readonly policy: string | undefined }
  | { readonly code: 'share.acquired'; readonly group: Group; readonly member: Client; readonly partition: Partition; readonly offset: Offset; readonly last: Offset; readonly count: number; readonly limit: number; readonly lockMs: number }
  | { readonly code: 'share.released'; readonly group: Group; readonly member: Client; readonly partition: Partition; readonly offset: Offset; readonly last: Offset; readonly count: number; readonly why: 'asked' | 'lock' | 'left'; readonly lockMs: number }
  | { readonly code: 'share.archived'; readonly group: Group; readonly member: Client; readonly partition: Partition; readonly offset: Offset; readonly last: Offset; readonly count: number; readonly why: 'asked' | 'limit'; readonly limit: number }
  /** An acknowledgement was refused: nothing of it counts. */
  | { readonly code: 'share.refused'; readonly group: Group; readonly member: Client; readonly partition: Partition; readonly offset: Offset; readonly last: Offset; readonly error: KafkaError }
  // Transactions
  | { readonly code: 'txn.began'; readonly txn: Txn; readonly epoch: Epoch; readonly timeoutMs: number }
  /** The outcome is committed and cannot change; markers follow. */
  | { readonly code: 'txn.decided'; readonly txn: Txn; readonly outcome: 'commit' | 'abort'; readonly why: 'asked' | 'timeout' | 'fenced'; readonly epoch: Epoch; readonly partitions: readonly Partition[]; readonly timeoutMs: number }
  /** `txn` '': an admin asked for it, and no coordinator knows. */
  | { readonly code: 'marker.written'; readonly partition: Partition; readonly node: Node; readonly txn: Txn; readonly offset: Offset; readonly outcome: 'commit' | 'abort' }
  | { readonly code: 'txn.finished'; readonly txn: Txn; readonly outcome: 'commit' | 'abort'; readonly why: 'asked' | 'timeout' | 'fenced' }
  | { readonly code: 'txn.moved'; readonly txn: Txn; readonly to: Node; readonly state: string }
  | { readonly code: 'producer.fenced'; readonly producer: Client; readonly error: KafkaError; readonly txn: Txn }
  | { readonly code: 'client.misused'; readonly client: Client; readonly how: string; readonly state: string; readonly message?: string }
  // Admin and scenario
  | { readonly code: 'topic.created'; readonly topic: string; readonly partitions: number; readonly replicationFactor: number }
  | { readonly code: 'topic.deleted'; readonly topic: string }
  | { readonly code: 'partitions.added'; readonly topic: string; readonly from: number; readonly to: number }
  | { readonly code: 'reassignment.started'; readonly partition: Partition; readonly adding: Nodes; readonly removing: Nodes }
  | { readonly code: 'reassignment.finished'; readonly partition: Partition; readonly replicas: Nodes; readonly how: 'done' | 'cancelled' }
  | { readonly code: 'admin.asked'; readonly api: string; readonly about: string }
  /** The answer to a call of the admin client; `about` is the topic, partition, group or broker it was about; `partitions`, where they were not all answered alike. */
  | { readonly code: 'admin.answered'; readonly api: string; readonly about: string; readonly error: KafkaError; readonly tookMs: number; readonly message?: string; readonly partitions?: readonly { readonly partition: Partition; readonly error: KafkaError }[] }
  | { readonly code: 'config.changed'; readonly kind: 'topic' | 'broker' | 'group' | 'client'; readonly name: string; readonly key: string; readonly value: string; readonly was: string }
  | { readonly code: 'step.began'; readonly step: string; readonly index: number }
  /** What stands beside the cluster, and is not Kafka. */
  | ToyFact
  /** What applications do beside Kafka. */
  | SinkFact

export type NoteCode = Fact['code']
/** Figures of one code. */
export type FactOf<C extends NoteCode> = Extract<Fact, { code: C }>

/** Every code, for `event("...")`; `satisfies` keeps the list complete. */
export const noteCodes = Object.keys({
  'node.crashed': 0, 'power.lost': 0, 'node.stopping': 0, 'node.stopped': 0, 'node.halted': 0, 'node.started': 0, 'node.paused': 0, 'node.resumed': 0, 'link.cut': 0, 'link.healed': 0, 'fault.made': 0, 'message.tampered': 0,
  'connection.lost': 0, 'batch.appended': 0, 'batch.recompressed': 0, 'segment.rolled': 0, 'segment.deleted': 0, 'logStart.moved': 0, 'log.cleaned': 0, 'log.placed': 0, 'logDir.failed': 0, 'logDir.untold': 0, 'log.recovered': 0, 'log.truncated': 0, 'highWatermark.advanced': 0, 'highWatermark.held': 0, 'isr.changed': 0,
  'isr.asked': 0, 'request.parked': 0, 'replica.fetched': 0, 'replication.throttled': 0, 'leader.elected': 0, 'elr.changed': 0, 'leader.lost': 0, 'leader.started': 0, 'broker.registered': 0,
  'broker.fenced': 0, 'broker.unfenced': 0, 'election.started': 0, 'vote.granted': 0, 'vote.refused': 0, 'controller.elected': 0,
  'controller.activated': 0, 'controller.resigned': 0, 'quorum.lost': 0, 'quorum.regained': 0, 'metadata.truncated': 0, 'metadata.snapshotTaken': 0, 'metadata.cleaned': 0, 'metadata.snapshotFetched': 0, 'producerIds.allocated': 0, 'metadata.refreshed': 0, 'partition.switched': 0, 'producer.started': 0, 'producer.retried': 0, 'batch.split': 0,
  'producer.failed': 0, 'producer.blocked': 0, 'duplicate.refused': 0, 'record.acked': 0, 'record.lost': 0, 'member.joined': 0, 'member.left': 0, 'member.returned': 0, 'member.fenced': 0,
  'rebalance.started': 0, 'group.advanced': 0, 'target.computed': 0, 'rebalance.finished': 0, 'partitions.assigned': 0, 'partitions.revoked': 0, 'partitions.lost': 0, 'partitions.paused': 0, 'partitions.resumed': 0, 'offsets.committed': 0, 'offsets.expired': 0, 'group.expired': 0,
  'offset.reset': 0, 'fetch.redirected': 0, 'position.sought': 0, 'consumer.failed': 0, 'commit.failed': 0, 'records.read': 0, 'records.filtered': 0, 'handler.failed': 0, 'records.delayed': 0, 'coordinator.moved': 0, 'share.started': 0, 'share.acquired': 0, 'share.released': 0, 'share.archived': 0, 'share.refused': 0, 'txn.began': 0, 'txn.decided': 0, 'marker.written': 0, 'txn.finished': 0, 'txn.moved': 0, 'producer.fenced': 0, 'client.misused': 0,
  'topic.created': 0, 'topic.deleted': 0, 'partitions.added': 0,
  'reassignment.started': 0, 'reassignment.finished': 0, 'admin.asked': 0, 'admin.answered': 0, 'config.changed': 0, 'step.began': 0,
  ...toyCodes, ...sinkCodes,
} satisfies Record<NoteCode, 0>) as readonly NoteCode[]
