/** Producers, consumers, groups and apps, as statements speak of them. */
import { between, type Chunks } from '../base/chunks.ts'
import { toMs } from '../base/units.ts'
import type { ConsumerNotebook } from '../kafka/client/consumer/notebook.ts'
import { pausedOf } from '../kafka/client/consumer/paused.ts'
import type { ConsumerState } from '../kafka/client/consumer/state.ts'
import { medianLatencyMs, outcomeOf } from '../kafka/client/producer/notebook.ts'
import type { ProducerState } from '../kafka/client/producer/state.ts'
import type { Node } from '../engine/world.ts'
import type { KafkaError } from '../kafka/errors.ts'
import { consumerOf, transactionOf } from '../kafka/look.ts'
import type { Value } from './expression.ts'
import { coordinatorOf, groupOf, ownerOf } from './groups.ts'
import type { Observed } from './observed.ts'
import { readPartition } from './observe-log.ts'
import { pausedFor } from './pauses.ts'

const lifecycles = { stopped: 'stopped', ready: 'ready', closing: 'ready', failed: 'fatalError' } as const
const errorName = (error: KafkaError | undefined): string | undefined => (error === 'NONE' ? undefined : error)

export function readProducer(
  observer: Observed, name: string, property: string, argument: string | undefined, inner: string | undefined,
): Value {
  const node = observer.world.nodes.get(name)
  const state = node?.state as ProducerState | undefined
  switch (property) {
    case 'state': return observer.stateOf(name, state === undefined ? 'down' : stateOfProducer(state))
    case 'inFlight': return state === undefined ? 0 : [...state.batches.values()].filter(({ inFlight }) => inFlight).length
    case 'buffered': return state === undefined
      ? 0 : [...state.batches.values()].reduce((sum, { inFlight, records }) => sum + (inFlight ? 0 : records.length), 0)
    case 'blocked': return state?.blocked ?? false
    case 'id': return state?.identity.state === 'known' ? state.identity.producerId : undefined
    case 'epoch': return state?.identity.state === 'known' ? state.identity.epoch : undefined
    case 'fenced': return bookOf(node)?.fencedBy !== undefined
    case 'uncommitted': return state?.turn?.written ?? 0
    case 'believes': return state?.metadata.beliefs.get(argument ?? '')?.leader
    case 'epochOf': return state?.metadata.beliefs.get(argument ?? '')?.epoch
    case 'lost': return observer.ledger.lost.filter(({ id }) => id.startsWith(`${name}#`)).length
    case 'duplicated': return observer.duplicatedOf(name)
    default: return readBook(observer, name, property, argument, inner)
  }
}

const bookOf = (node: Node | undefined): ProducerState['notebook'] | undefined => ((node?.state ?? node?.disk) as Partial<ProducerState> | undefined)?.notebook

/** A transactional producer is what its transaction is. */
function stateOfProducer({ lifecycle, txn }: ProducerState): string {
  if (txn === undefined || lifecycle !== 'ready' || txn.state === 'uninitialized' || txn.state === 'initializing') return lifecycles[lifecycle]
  return txn.state
}

export function readTransaction(observer: Observed, id: string, property: string): Value {
  const { coordinator, transaction } = transactionOf(observer.world, id)
  switch (property) {
    case 'coordinator': return coordinator
    case 'state': return transaction === undefined ? undefined : transaction.metadata.state
    case 'epoch': return transaction === undefined || transaction.metadata.producerEpoch < 0 ? undefined : transaction.metadata.producerEpoch
    case 'producerId': return transaction?.metadata.producerId
    default: return undefined
  }
}

function readBook(observer: Observed, name: string, property: string, argument: string | undefined, inner: string | undefined): Value {
  const node = observer.world.nodes.get(name)
  const book = bookOf(node)
  if (book === undefined) return undefined
  switch (property) {
    case 'sent': return book.sent
    case 'acked': return book.acked
    case 'failed': return book.failed
    case 'retries': return book.retries
    case 'batches': return book.batches
    case 'requests': return book.requests
    case 'avgBatchRecords': return book.batches === 0 ? undefined : book.recordsInBatches / book.batches
    case 'lastError': return errorName(book.lastError)
    case 'errors': return book.errors.get(argument as KafkaError) ?? 0
    case 'p50LatencyMs': return medianLatencyMs(book)
    case 'longestGapMs': return toMs(book.longestGap)
    case 'outcome': {
      const outcome = outcomeOf(book, Number(argument))
      if (outcome === undefined) return undefined
      switch (inner) {
        case 'error': return errorName(outcome.error)
        case 'partition': return outcome.partition === undefined
          ? undefined : Number(outcome.partition.slice(outcome.partition.lastIndexOf('/') + 1))
        case 'offset': return outcome.offset < 0 ? undefined : outcome.offset
        case 'sequence': return outcome.sequence < 0 ? undefined : outcome.sequence
        case 'at': return toMs(outcome.at)
        default: return undefined
      }
    }
    default: return undefined
  }
}

export function readConsumer(observer: Observed, name: string, property: string, argument = ''): Value {
  const node = observer.world.nodes.get(name)
  const kept = consumerOf(node)
  const state = node?.state === undefined ? undefined : (kept as ConsumerState | undefined)
  switch (property) {
    case 'state': return observer.stateOf(name, state === undefined ? 'down' : stateOfConsumer(state))
    case 'position': return state?.positions.get(argument)?.offset
    case 'epochOf': return epochOrNone(state?.positions.get(argument)?.leaderEpoch)
    case 'believes': return state?.metadata.beliefs.get(argument)?.leader
    case 'assigned': return state === undefined ? [] : [...state.positions.keys()]
    case 'paused': return state === undefined ? [] : pausedOf(state)
    default: return readNotes(kept?.notebook, property, argument)
  }
}
const epochOrNone = (epoch: number | undefined): number | undefined => (epoch === undefined || epoch < 0 ? undefined : epoch)

function stateOfConsumer({ lifecycle, fatal, config, membership, protocol }: ConsumerState): string {
  if (fatal || lifecycle === 'failed') return 'fatal'
  if (lifecycle === 'stopped') return 'stopped'
  if (lifecycle === 'closing') return 'left'
  if (protocol.state === 'reconciling' || protocol.state === 'acknowledging') return 'reconciling'
  return config.group === undefined || config.assign !== undefined || membership.state === 'stable' ? 'stable' : 'joining'
}

function readNotes(book: ConsumerNotebook | undefined, property: string, argument: string): Value {
  if (book === undefined) return undefined
  switch (property) {
    case 'polls': return book.polls
    case 'emptyPolls': return book.emptyPolls
    case 'processed': return book.handled.length
    case 'filtered': return book.filtered?.length ?? 0
    case 'fetchedBytes': return book.fetchedBytes
    case 'offsets': return listed(book.returned.get(argument))
    case 'assignedLast': return book.assignedLast
    case 'revoked': return book.revoked
    case 'assignedCount': return book.assignedCount
    case 'revokedCount': return book.revokedCount
    case 'lostCount': return book.lostCount
    case 'fetchesFrom': return book.fetches.get(argument) ?? 0
    case 'lastError': return errorName(book.lastError)
    case 'errors': return book.errors.get(argument as KafkaError) ?? 0
    default: return undefined
  }
}
const listed = (chunks: Chunks<number> | undefined): readonly number[] => (chunks === undefined ? [] : [...between(chunks, 0)])

export function readGroup(observer: Observed, name: string, property: string, argument = ''): Value {
  const { world } = observer
  const coordinator = coordinatorOf(world, name)
  if (property === 'coordinator') return coordinator
  if (property === 'owner') return ownerOf(world, name, argument)
  if (property === 'pausedPartitions') return observer.pauseOf(name)?.paused.size ?? 0
  if (property === 'maxPausedPartitions') return observer.pauseOf(name)?.most ?? 0
  if (property === 'pausedMs') return toMs(pausedFor(observer.pauseOf(name), world.now + observer.shift))
  const group = groupOf(world, name)
  if (group === undefined) return coordinator === undefined ? undefined : emptyGroup(property)
  const { members } = group
  switch (property) {
    case 'state': return group.state
    case 'members': return members.length
    case 'generation': return group.generation
    case 'protocol': return group.type
    case 'epoch': return group.type === 'consumer' ? group.generation : undefined
    case 'targetEpoch': return group.targetEpoch
    case 'memberEpoch': return members.find(({ clientId }) => clientId === argument)?.epoch
    case 'target': return members.filter(({ clientId }) => clientId === argument).flatMap(({ target = [] }) => target)
    case 'assignor': return group.assignor
    case 'rebalances': return group.rebalances
    case 'assigned': return members.filter(({ clientId }) => clientId === argument).flatMap(({ assignment }) => assignment)
    case 'idle': return members.filter(({ assignment }) => assignment.length === 0).map(({ clientId }) => clientId)
    case 'committed': return group.offsets.get(argument)?.offset
    case 'lagOf': return lagOf(observer, argument, group.offsets.get(argument)?.offset)
    case 'lag': return lagOfAll(observer, name, (partition) => group.offsets.get(partition)?.offset)
    default: return undefined
  }
}

/** Nobody has ever asked for this group: to Kafka it is dead. */
function emptyGroup(property: string): Value {
  if (property === 'state') return 'Dead'
  if (property === 'protocol') return 'classic'
  if (property === 'members' || property === 'generation' || property === 'rebalances') return 0
  return property === 'assigned' || property === 'idle' ? [] : undefined
}

/** What lies below the high watermark and is not committed yet. */
function lagOf(observer: Observed, partition: string, committed: number | undefined): Value {
  const hw = readPartition(observer, partition, 'hw', undefined, undefined)
  return typeof hw === 'number' && committed !== undefined ? hw - committed : undefined
}
function lagOfAll(observer: Observed, group: string, committed: (partition: string) => number | undefined): Value {
  const { consumers = [], transactional = [] } = observer.scenario.clients ?? {}
  const members = [...consumers, ...transactional].filter((each) => each.group === group)
  const topics = new Set(members.flatMap(({ topic, topics: several = [] }) => [...several, ...(topic === undefined ? [] : [topic])]))
  let lag = 0
  for (const { partition, topic } of observer.committed?.partitions.values() ?? []) {
    if (!topics.has(topic)) continue
    const from = committed(partition) ?? readPartition(observer, partition, 'logStart', undefined, undefined)
    const behind = lagOf(observer, partition, typeof from === 'number' ? from : undefined)
    if (typeof behind === 'number') lag += behind
  }
  return lag
}
