/**
 * Everything that a statement can speak of, as data: the roots, their properties, what each gives, and the words a
 * property may be. What `needs` a feature is known, checked and refused by name until the engine plays it.
 */
import type { Feature } from './features.ts'
import type { ThingKind } from './findings.ts'
import { isRootName, type RootName } from './root-names.ts'

/** What stands in an argument: a thing of the file by name, or a value. */
export type ArgumentKind = ThingKind | 'number' | 'error' | 'event' | 'about'

/** A set is compared without order, a sequence in order; `object` has properties of its own and no value. */
export type Type = 'number' | 'boolean' | 'text' | 'set' | 'sequence' | 'object'

export interface Form {
  readonly args: readonly ArgumentKind[]
  /** That many of them may be left out, from the end. */
  readonly optional: number
}
export interface Property extends Form {
  readonly type: Type
  /** The words that a text of a closed list may be. */
  readonly words: readonly string[] | undefined
  readonly needs: Feature | undefined
  /** Of an object. */
  readonly properties: Properties | undefined
  /** A text or the members of a list are names of these things. */
  readonly names: ArgumentKind | undefined
}
export type Properties = Readonly<Record<string, Property>>
export interface Root extends Form {
  readonly needs: Feature | undefined
  readonly properties: Properties
}

const property = (type: Type, args: readonly ArgumentKind[] = [], more: Partial<Property> = {}): Property =>
  ({ type, args, optional: 0, words: undefined, needs: undefined, properties: undefined, names: undefined, ...more })
const number = (...args: ArgumentKind[]) => property('number', args)
const boolean = (...args: ArgumentKind[]) => property('boolean', args)
const text = (...args: ArgumentKind[]) => property('text', args)
const sequence = (...args: ArgumentKind[]) => property('sequence', args)
/** The name of such a thing, and a set of such names. */
const nameOf = (names: ArgumentKind, ...args: ArgumentKind[]) => property('text', args, { names })
const set = (names: ArgumentKind, ...args: ArgumentKind[]) => property('set', args, { names })
const oneOf = (words: string) => property('text', [], { words: words.split(' ') })
const object = (properties: Properties, ...args: ArgumentKind[]) => property('object', args, { properties })
const later = (needs: Feature, of: Property): Property => ({ ...of, needs })

const root = (args: readonly ArgumentKind[], properties: Properties, more: Partial<Root> = {}): Root =>
  ({ args, optional: 0, needs: undefined, properties, ...more })

const batch: Properties = {
  base: number(), last: number(), count: number(), epoch: number(), producerId: number(), producerEpoch: number(), sequence: number(),
  bytes: number(), crc: number(), timestamp: number(), timestampType: oneOf('CreateTime LogAppendTime'),
  control: oneOf('none commit abort'), horizon: number(),
}

const cluster: Properties =
  { time: number(), aliveBrokers: number(), offlinePartitions: number(), underReplicated: number(), underMinIsr: number() }
const controllers: Properties = { active: nameOf('controller'), epoch: number(), aliveVoters: number(), hasMajority: boolean() }
const controller: Properties = {
  state: oneOf('leader follower prospective candidate voted unattached resigned frozen down'), epoch: number(), leo: number(), hw: number(),
}
const broker: Properties = {
  state: oneOf('starting recovering running stopping frozen down'), fenced: boolean(), epoch: number(), starts: number(), leaders: number(),
  leads: number('topic'), replicas: number(), believes: nameOf('broker', 'partition'), believesIsr: set('broker', 'partition'),
  recoveries: number(),
  diskUsedPct: number(), logDirOnline: property('boolean', ['number'], { optional: 1 }),
  dirtyRecords: number(),
}
const topic: Properties = {
  exists: boolean(), partitions: number(), replicationFactor: number(), nonEmptyPartitions: number(), records: number(),
  maxRecords: number(),
  minRecords: number(), minRacks: number(), leadersCycleRacks: boolean(), incarnation: later('figures', number()),
}
const partition: Properties = {
  leader: nameOf('broker'), leaderEpoch: number(), partitionEpoch: number(), replicas: property('sequence', [], { names: 'broker' }),
  isr: set('broker'), online: boolean(), hw: number(),
  leo: number(), logStart: number(), records: number(), distinctKeys: number(), duplicates: number(), gaps: number(), offsets: sequence(),
  replicasIdentical: boolean(), key: text('number'), value: text('number'), batch: object(batch, 'number'),
  elr: set('broker'), lastKnownElr: set('broker'), recovery: oneOf('recovered recovering'),
  adding: set('broker'), removing: set('broker'),
  lso: number(), markers: sequence(), aborted: sequence(),
  bytes: number(), segments: number(), segmentBases: sequence(),
}
const replica: Properties = {
  exists: boolean(), leo: number(), hw: number(), logStart: number(), inSync: boolean(), lagMs: number(), truncations: number(),
  epochs: sequence(), batch: object(batch, 'number'),
  bytes: number(), segmentBases: sequence(), dirtyRecords: number(),
}
const outcome: Properties = { error: nameOf('error'), partition: number(), offset: number(), sequence: number(), at: number() }
const producer: Properties = {
  state: oneOf('stopped ready inTransaction committing aborting abortableError fatalError frozen down'),
  sent: number(), acked: number(), failed: number(), retries: number(), inFlight: number(), buffered: number(), blocked: boolean(),
  batches: number(), avgBatchRecords: number(), requests: number(), id: number(), epoch: number(), fenced: boolean(),
  lastError: nameOf('error'),
  errors: number('error'), longestGapMs: number(), lost: number(), duplicated: number(), believes: nameOf('broker', 'partition'),
  epochOf: number('partition'), outcome: object(outcome, 'number'),
  p50LatencyMs: number(), uncommitted: number(),
}
const consumer: Properties = {
  state: oneOf('stopped joining stable reconciling left fatal frozen down'), polls: number(), emptyPolls: number(), processed: number(), filtered: number(), fetchedBytes: number(),
  position: number('partition'), epochOf: number('partition'), believes: nameOf('broker', 'partition'), offsets: sequence('partition'),
  assigned: set('partition'), paused: set('partition'), assignedLast: set('partition'), revoked: set('partition'), assignedCount: number(), revokedCount: number(),
  lostCount: number(), fetchesFrom: number('broker'),
  lastError: nameOf('error'), errors: number('error'),
}
const group: Properties = {
  state: oneOf('Empty PreparingRebalance CompletingRebalance Assigning Reconciling Stable Dead'), protocol: oneOf('classic consumer share'),
  members: number(), generation: number(), coordinator: nameOf('broker'), assignor: text(), rebalances: number(),
  assigned: set('partition', 'consumer'), owner: nameOf('consumer', 'partition'), idle: set('consumer'), committed: number('partition'),
  lag: number(), lagOf: number('partition'),
  epoch: number(), targetEpoch: number(), memberEpoch: number('consumer'), target: set('partition', 'consumer'),
  pausedPartitions: number(), maxPausedPartitions: number(), pausedMs: number(),
}
const app: Properties = { processed: number(), distinct: number(), duplicates: number(), missed: number(), outOfOrder: number(), refused: number() }
const ledger: Properties = {
  produced: number(), acked: number(), lost: number(), unavailable: number(), duplicated: number(), ackedInvisible: number(), outOfOrderKeys: number(),
}
const share: Properties = {
  members: number(), acquired: number(), acknowledged: number(), archived: number(), redelivered: number(), active: number(),
  startOffset: number('partition'), persistedStart: number('partition'), deliveries: number('partition', 'number'),
  state: property('text', ['partition', 'number'], { words: ['available', 'acquired', 'acknowledged', 'archiving', 'archived'] }),
  holder: nameOf('shareConsumer', 'partition', 'number'),
}
const txn: Properties = {
  state: oneOf('Empty Ongoing PrepareCommit PrepareAbort CompleteCommit CompleteAbort PrepareEpochFence Dead'),
  epoch: number(), producerId: number(), coordinator: nameOf('broker'),
}
const result: Properties = { done: boolean(), error: nameOf('error'), value: number(), at: number(), took: number() }

const machine = oneOf('stopped running frozen down')
const toy: Properties = {
  published: number(), waiting: number(), blocked: boolean(), blockedMs: number(), state: oneOf('running frozen down'),
  sender: object({ state: machine, sent: number(), waiting: number() }, 'toySender'),
  reader: object({ state: machine, processed: number(), waiting: number(), inbox: number(), dropped: number() }, 'toyReader'),
}

/** A name with two forms, `controller` and `controller(k1)`, has two entries. */
export const roots: Readonly<Record<RootName, readonly Root[]>> = {
  cluster: [root([], cluster)],
  controller: [root([], controllers), root(['controller'], controller)],
  broker: [root(['broker'], broker)],
  topic: [root(['topic'], topic)],
  partition: [root(['partition'], partition)],
  replica: [root(['replica'], replica)],
  producer: [root(['producer'], producer)],
  consumer: [root(['consumer'], consumer)],
  group: [root(['group'], group)],
  share: [root(['share'], share)],
  app: [root(['app'], app)],
  ledger: [root([], ledger)],
  txn: [root(['txn'], txn)],
  toy: [root(['toy'], toy)],
  registry: [root([], { rejected: number(), versions: number() }, { needs: 'neighbourhood' })],
  connector: [root(['target'], { tasksRunning: number(), failures: number() }, { needs: 'neighbourhood' })],
  streams: [root(['target'], { restoredRecords: number(), storeSize: number() }, { needs: 'neighbourhood' })],
  mirror: [root(['target'], { lag: number(), translated: number('group') }, { needs: 'secondCluster' })],
  result: [root(['result'], result)],
  event: [root(['event', 'about'], { count: number(), firstAt: number(), lastAt: number() }, { optional: 1 })],
  step: [root(['step'], { startAt: number(), endAt: number(), took: number() })],
  learner: [root([], { predicted: later('figures', text('predict')), hintsUsed: later('figures', number()), actions: number() })],
}

/** The form of a root that fits this many arguments, or the nearest there is. */
export function rootForm(name: string, args: number): Root | undefined {
  const forms = isRootName(name) ? roots[name] : []
  return forms.find((form) => fits(form, args)) ?? forms[forms.length - 1]
}
export const fits = (form: Form, args: number): boolean => args <= form.args.length && args >= form.args.length - form.optional
