/** A scenario as the engine takes it: parsed, checked, defaults filled in. `format.ts` is what a file may say. */
export type Text = string | { readonly en?: string; readonly ko?: string }
/** Kafka's configs by name; numbers and booleans as the file gave them. */
export type Configs = Readonly<Record<string, string | number | boolean>>

export interface Scenario {
  readonly format: 'kafka-scenario/v1'
  readonly id: string
  readonly kind: 'lesson' | 'demo' | 'challenge' | 'sandbox' | 'experiment'
  readonly title: Text; readonly summary?: Text; readonly watch?: Text
  readonly languages: readonly ('en' | 'ko')[]
  readonly seed: number
  readonly kafka?: string
  readonly meta?: {
    readonly minutes?: number; readonly level?: string
    readonly lesson?: string; readonly experiment?: string; readonly challenge?: string
    readonly [key: string]: unknown
  }
  readonly sim?: {
    readonly recordBytes?: number; readonly hop?: string; readonly jitter?: string; readonly requestCost?: string; readonly writeBack?: string
    readonly from?: string; readonly pace?: string; readonly until?: string
  }
  readonly cluster: {
    readonly brokers: number | readonly { readonly id: string; readonly rack?: string; readonly diskGB?: number; readonly logDirs?: number; readonly config?: Configs }[]
    readonly controllers?: 1 | 3 | 5; readonly combined?: boolean
    readonly config?: Configs
    /** Feature levels, by name. */
    readonly features?: Readonly<Record<string, number>>
  }
  readonly topics?: readonly TopicSpec[]
  readonly groups?: readonly { readonly id: string; readonly config?: Configs; readonly committed?: Readonly<Record<string, number>> }[]
  readonly clients?: { readonly producers?: readonly ProducerSpec[]; readonly consumers?: readonly ConsumerSpec[]; readonly shareConsumers?: readonly ShareConsumerSpec[]; readonly transactional?: readonly TransactionalSpec[] }
  readonly apps?: readonly AppSpec[]
  /** Not Kafka: to compare with. */
  readonly toys?: readonly ToySpec[]
  readonly steps?: readonly Step[]
  readonly goal?: readonly Assertion[]; readonly forbid?: readonly Assertion[]; readonly expect?: readonly Assertion[]
  readonly hints?: readonly Text[]
  readonly solution?: readonly { readonly step: string; readonly do: readonly Action[] }[]
}

export interface TopicSpec {
  readonly name: string; readonly partitions: number
  readonly replicationFactor?: number; readonly replicas?: Readonly<Record<string, readonly string[]>>
  readonly config?: Configs
  readonly records?: readonly RecordSpec[] | { readonly count: number; readonly each?: RecordSpec }
}
export interface RecordSpec {
  readonly key?: string | null; readonly value?: string | null; readonly partition?: number; readonly bytes?: number
  /** Milliseconds since 1970, or by how much it differs from the sender's clock. */
  readonly timestamp?: number | string
  readonly headers?: Readonly<Record<string, string>>
  /** Every handler fails on it. */
  readonly poison?: boolean
}
export type PoisonSpec = 'fail' | 'skip' | 'retry' | 'dead'
export interface ProducerSpec {
  readonly id: string; readonly topic: string; readonly library?: 'java' | 'librdkafka'; readonly bootstrap?: readonly string[]
  readonly config?: Configs; readonly rate?: string; readonly keys?: readonly string[]; readonly bytes?: number
  readonly partitioner?: readonly { readonly keys: string; readonly to: readonly number[] }[]
}
export interface ConsumerSpec {
  readonly id: string; readonly topic?: string; readonly topics?: readonly string[]; readonly group?: string
  readonly library?: 'java' | 'librdkafka'; readonly bootstrap?: readonly string[]; readonly config?: Configs; readonly processMs?: number
  readonly assign?: readonly string[]; readonly polls?: 'loop' | 'manual'; readonly commits?: 'auto' | 'before' | 'after' | 'afterAsync' | 'manual'
  readonly onPoison?: PoisonSpec
  /** Its handler works in a thread of its own, and its poll loop does not wait for it. */
  readonly threads?: boolean
  /** Topics that a record goes to on which its handler fails, each read so long after; and the last one. */
  readonly retry?: { readonly ladder?: readonly { readonly topic: string; readonly after: string }[]; readonly dead: string }
  /** It wants only records with such keys. */
  readonly filter?: { readonly keys: string }
}
/** A member of a share group. `answers`: what it gives back or rejects each time, in explicit mode. */
export interface ShareConsumerSpec {
  readonly id: string; readonly topic: string; readonly topics?: readonly string[]; readonly group: string
  readonly library?: 'java' | 'librdkafka'; readonly bootstrap?: readonly string[]; readonly config?: Configs; readonly processMs?: number
  readonly polls?: 'loop' | 'manual'; readonly ackMode?: 'implicit' | 'explicit'; readonly onPoison?: PoisonSpec
  readonly answers?: readonly { readonly partition: string; readonly offset: number; readonly as: 'accept' | 'release' | 'reject' }[]
}
/** Reads `topic` in a group and writes what it makes of it; without a group it writes to `topic`. */
export interface TransactionalSpec {
  readonly id: string; readonly topic: string; readonly topics?: readonly string[]; readonly group?: string; readonly writes?: string
  readonly library?: 'java' | 'librdkafka'; readonly bootstrap?: readonly string[]; readonly config?: Configs
  readonly batch?: number; readonly processMs?: number; readonly onPoison?: PoisonSpec; readonly filter?: { readonly keys: string }
}
export interface AppSpec {
  readonly id: string; readonly reads?: string; readonly group?: string; readonly identity?: 'value' | 'key' | 'offset';
  readonly isolation?: 'read_uncommitted' | 'read_committed'
  readonly dedupe?: boolean
  /** It is the side effect of these clients: for each record their handlers ask this sink for a row, or an e-mail. */
  readonly of?: readonly string[]; readonly effect?: 'row' | 'email'
}

/**
 * A broker that pushes: when a reader's inbox is full the message is dropped, or the broker waits, and with it everybody. Or a
 * queue: each message goes to one reader, and is gone.
 */
export interface ToySpec {
  readonly id: string; readonly kind: 'pushBroker' | 'queue'
  readonly senders: readonly { readonly id: string; readonly rate: string }[]
  readonly readers: readonly { readonly id: string; readonly processMs?: number; readonly inbox: number }[]
  /** Of a push broker. */
  readonly whenFull?: 'drop' | 'block'
}

export interface Step {
  readonly id: string
  /** A few words for lists and headings; not a key of the format, so a file may do without. */
  readonly 'x-title'?: Text
  readonly say?: Text; readonly notes?: Text
  readonly focus?: readonly string[]
  readonly do?: readonly Action[]
  readonly predict?: Predict
  readonly run?: { readonly for: string } | { readonly until: string; readonly max: string } | { readonly event: number }
  readonly check?: readonly Assertion[]
  readonly minutes?: number; readonly optional?: boolean; readonly card?: string
}
export interface Predict {
  readonly id: string; readonly ask: Text
  readonly options: readonly { readonly text: Text; readonly holds?: string; readonly correct?: boolean; readonly explain?: Text }[]
  readonly judge: { readonly at: string }
}
export interface Assertion {
  readonly eventually?: string; readonly always?: string; readonly never?: string; readonly atEnd?: string
  readonly within?: string; readonly that?: string
  readonly label?: Text
}
export type Targets = string | readonly string[]
export interface LinkSpec {
  readonly from: Targets; readonly to: Targets; readonly direction?: 'both' | 'oneway';
  readonly traffic?: 'all' | 'replication' | 'controller' | 'clients'; readonly reset?: boolean
}
export interface TamperSpec {
  readonly from: string; readonly to: string; readonly api: string; readonly part: 'request' | 'response'
  readonly by?: string; readonly times?: number; readonly close?: boolean
}
export interface DiskSpec { readonly target: string; readonly dir?: number }
/** Exactly one action key, and beside it `at`, or `when` with `within`, and `as`. */
export interface Action {
  readonly at?: string; readonly when?: string; readonly within?: string; readonly as?: string
  readonly start?: Targets; readonly stop?: Targets; readonly crash?: Targets; readonly restart?: Targets; readonly resume?: Targets
  readonly powerLoss?: Targets
  readonly damage?: { readonly target: string; readonly partition: string; readonly cutBytes?: number; readonly flipAt?: number }
  readonly pause?: { readonly target: Targets; readonly for?: string }
  readonly clock?: { readonly target: Targets; readonly add: string }
  readonly stallFetch?: { readonly target: Targets; readonly for?: string }
  readonly cut?: LinkSpec; readonly heal?: 'all' | LinkSpec
  readonly slow?: { readonly from?: Targets; readonly to?: Targets; readonly disk?: Targets; readonly handler?: Targets; readonly add: string }
  readonly fillDisk?: DiskSpec; readonly freeDisk?: DiskSpec; readonly failDisk?: DiskSpec
  readonly config?: {
    readonly topic?: string; readonly broker?: string; readonly cluster?: true; readonly group?: string; readonly client?: string
    readonly set?: Configs; readonly unset?: readonly string[]
  }
  readonly produce?: {
    readonly by: string; readonly topic?: string
    readonly records?: readonly RecordSpec[]; readonly count?: number; readonly each?: RecordSpec; readonly await?: boolean
  }
  readonly flush?: Targets
  readonly begin?: Targets; readonly commitTxn?: Targets; readonly abortTxn?: Targets
  readonly createTopic?: {
    readonly name: string; readonly partitions?: number; readonly replicationFactor?: number
    readonly replicas?: Readonly<Record<string, readonly string[]>>; readonly config?: Configs
  }
  readonly deleteTopic?: string
  readonly addPartitions?: { readonly topic: string; readonly to: number; readonly replicas?: Readonly<Record<string, readonly string[]>> }
  readonly electLeader?: { readonly partition: string; readonly type: 'preferred' | 'unclean' }
  readonly reassign?: { readonly partition: string; readonly to?: readonly string[]; readonly cancel?: true; readonly verify?: true; readonly throttle?: string }
  readonly dropNext?: TamperSpec; readonly delayNext?: TamperSpec; readonly duplicateNext?: TamperSpec
  readonly rawProduce?: {
    readonly to: string; readonly partition: string; readonly acks?: 0 | 1 | 'all'
    readonly producerId?: number; readonly epoch?: number; readonly baseSequence?: number; readonly records: readonly RecordSpec[]
  }
  readonly poll?: Targets
  readonly acknowledge?: { readonly by: string; readonly partition: string; readonly offset: number; readonly as: 'accept' | 'release' | 'reject' | 'renew' }
  readonly seek?: { readonly by: string; readonly partition: string; readonly to: number | 'earliest' | 'latest'; readonly withEpoch?: boolean }
  readonly pausePartitions?: { readonly by: string; readonly partitions: readonly string[] }; readonly resumePartitions?: { readonly by: string; readonly partitions: readonly string[] }
  readonly commit?: { readonly by: string; readonly offsets?: Readonly<Record<string, number>>; readonly async?: boolean }
  readonly deleteRecords?: { readonly partition: string; readonly before: number | 'hw' }
  /** Admin.abortTransaction: a marker for this partition alone, past the coordinator. Below 0 `coordinatorEpoch` counts as 0. */
  readonly abortTransaction?: { readonly partition: string; readonly producerId: number; readonly epoch: number; readonly coordinatorEpoch?: number }
  /** Of one topic, or exactly these. */
  readonly resetOffsets?: { readonly group: string; readonly topic?: string; readonly to?: number | string; readonly offsets?: Readonly<Record<string, number>> }
  readonly deleteGroup?: string
  readonly deleteOffsets?: { readonly group: string; readonly partitions: readonly string[] }
  readonly resetShareOffsets?: { readonly group: string; readonly offsets: Readonly<Record<string, number>> }
  readonly deleteShareOffsets?: { readonly group: string; readonly partitions: readonly string[] }
  readonly ask?: { readonly say: Text; readonly until: string }
}
