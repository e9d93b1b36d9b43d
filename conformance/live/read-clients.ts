/** Producers, consumers, groups and transactions of a live run, as statements speak of them. */
import { parsePartition } from '../../src/kafka/topic-partition.ts'
import type { Value } from '../../src/scenario/expression.ts'
import { pausedFor } from '../../src/scenario/pauses.ts'
import { accountOf } from './accounts.ts'
import type { Book } from './books.ts'
import { brokerId, brokerName, isAlive, type LiveState } from './live-state.ts'
import { unread } from './observable.ts'
import { readPartition } from './read-log.ts'
import type { SeenGroup } from './seen.ts'

const toMs = (micros: number): number => micros / 1_000
const named = (error: string | undefined): string | undefined => (error === 'NONE' ? undefined : error)

const txnStates: Readonly<Record<string, string>> = {
  IN_TRANSACTION: 'inTransaction', COMMITTING_TRANSACTION: 'committing', ABORTING_TRANSACTION: 'aborting', ABORTABLE_ERROR: 'abortableError', FATAL_ERROR: 'fatalError',
}

export function readProducer(live: LiveState, name: string, property: string, argument: string | undefined, inner: string | undefined): Value {
  const book = live.books.get(name)
  if (book === undefined) return undefined
  switch (property) {
    case 'state': return ['stopped', 'down', 'frozen', 'fatalError'].includes(book.state) ? book.state : (txnStates[book.txnState ?? ''] ?? 'ready')
    case 'id': return book.producerId
    case 'epoch': return book.producerEpoch
    case 'fenced': case 'sent': case 'acked': case 'failed': case 'retries': case 'batches': case 'requests': return book[property]
    case 'avgBatchRecords': return book.batches === 0 ? undefined : book.recordsInBatches / book.batches
    case 'lastError': return named(book.lastError)
    case 'errors': return book.errors.get(argument ?? '') ?? 0
    case 'p50LatencyMs': return median(book.latencies)
    case 'longestGapMs': return toMs(book.longestGap)
    case 'believes': {
      const leader = book.beliefs.get(argument ?? '')?.leader
      return leader === undefined ? undefined : brokerName(leader)
    }
    case 'epochOf': return book.beliefs.get(argument ?? '')?.epoch
    case 'lost': return accountOf(live).lostOf(name)
    case 'duplicated': return accountOf(live).duplicatedOf(name)
    case 'outcome': return readOutcome(live, book, Number(argument), inner)
    default: return unread(`producer().${property}`)
  }
}

function readOutcome(live: LiveState, book: Book, index: number, inner: string | undefined): Value {
  const send = book.sends[index]
  if (send?.at === undefined) return undefined
  switch (inner) {
    case 'error': return named(send.error)
    case 'partition': return send.partition === undefined ? undefined : parsePartition(send.partition).partition
    case 'offset': return send.offset < 0 ? undefined : send.offset
    case 'at': return toMs(send.at - live.tallies.zero)
    default: return unread(`outcome().${inner}`)
  }
}

function median(latencies: readonly number[]): number | undefined {
  const sorted = latencies.toSorted((a, b) => a - b)
  return sorted[(sorted.length - 1) >> 1]
}

export function readConsumer(live: LiveState, name: string, property: string, argument = ''): Value {
  const book = live.books.get(name)
  if (book === undefined) return undefined
  const position = book.positions.get(argument)
  switch (property) {
    case 'state': return stateOfConsumer(live, name, book)
    case 'polls': case 'emptyPolls': case 'assignedLast': case 'revoked': case 'assignedCount': case 'revokedCount': case 'lostCount': return book[property]
    case 'processed': return book.handled.length
    case 'filtered': return book.filtered.length
    case 'position': return position?.offset
    case 'epochOf': return position?.epoch
    case 'believes': return position?.leader === undefined ? undefined : brokerName(position.leader)
    case 'offsets': return book.returned.get(argument) ?? []
    case 'assigned': return [...book.positions.keys()]
    case 'paused': return [...book.positions].flatMap(([partition, { paused }]) => (paused === true ? [partition] : []))
    case 'fetchesFrom': return book.fetches.get(brokerId(argument)) ?? 0
    case 'lastError': return named(book.lastError)
    case 'errors': return book.errors.get(argument) ?? 0
    default: return unread(`consumer().${property}`)
  }
}

function stateOfConsumer(live: LiveState, name: string, book: Book): Value {
  if (['stopped', 'down', 'frozen', 'fatal'].includes(book.state)) return book.state
  const { consumers = [] } = live.scenario.clients ?? {}
  const { group, assign } = consumers.find(({ id }) => id === name) ?? {}
  if (group === undefined || assign !== undefined) return 'stable'
  const seen = live.seen.groups.get(group)
  const member = seen?.members?.find(({ client }) => client === name)
  if (seen?.type === 'Consumer') return member === undefined ? 'joining' : member.epoch === seen.epoch ? 'stable' : 'reconciling'
  return seen?.state === 'Stable' && member !== undefined ? 'stable' : 'joining'
}

export function readGroup(live: LiveState, name: string, property: string, argument = ''): Value {
  const share = live.seen.shares.get(name)
  const group: SeenGroup = share === undefined ? (live.seen.groups.get(name) ?? { state: 'Dead' }) : { ...share, type: 'Share' }
  const members = group.members ?? []
  const of = members.filter(({ client }) => client === argument)
  switch (property) {
    case 'state': return group.state
    case 'protocol': return group.type === undefined ? 'classic' : group.type.toLowerCase()
    case 'members': return members.length
    case 'generation': return group.type !== undefined && group.type !== 'Classic' ? group.epoch : generationOf(live, name)
    case 'epoch': return group.epoch
    case 'targetEpoch': return group.targetEpoch
    case 'memberEpoch': return of[0]?.epoch
    case 'target': return of.flatMap(({ target = [] }) => target)
    case 'assigned': return of.flatMap(({ assigned }) => assigned)
    case 'owner': return members.find(({ assigned }) => assigned.includes(argument))?.client
    case 'idle': return members.filter(({ assigned }) => assigned.length === 0).map(({ client }) => client)
    case 'coordinator': return group.coordinator !== undefined && isAlive(live, group.coordinator) ? brokerName(group.coordinator) : undefined
    case 'assignor': return group.assignor
    case 'committed': return live.seen.committed.get(name)?.[argument]
    case 'lagOf': return lagOf(live, argument, live.seen.committed.get(name)?.[argument])
    case 'lag': return lagOfAll(live, name)
    case 'pausedPartitions': return live.tallies.pauses.get(name)?.paused.size ?? 0
    case 'maxPausedPartitions': return live.tallies.pauses.get(name)?.most ?? 0
    case 'pausedMs': return toMs(pausedFor(live.tallies.pauses.get(name), live.now))
    default: return unread(`group().${property}`)
  }
}

/** As its members know it, and as the coordinator's records say: a description does not tell. */
export function generationOf(live: LiveState, group: string): number {
  const { consumers = [], transactional = [] } = live.scenario.clients ?? {}
  const members = [...consumers, ...transactional].filter((each) => each.group === group)
  return Math.max(live.seen.generations.get(group) ?? 0, ...members.map(({ id }) => live.books.get(id)?.generation ?? 0))
}

function lagOf(live: LiveState, partition: string, committed: number | undefined): Value {
  const hw = readPartition(live, partition, 'hw', undefined, undefined)
  return typeof hw === 'number' && committed !== undefined ? hw - committed : undefined
}
function lagOfAll(live: LiveState, group: string): Value {
  const { consumers = [], transactional = [] } = live.scenario.clients ?? {}
  const members = [...consumers, ...transactional].filter((each) => each.group === group)
  const topics = new Set(members.flatMap(({ topic, topics: several = [] }) => [...several, ...(topic === undefined ? [] : [topic])]))
  let lag = 0
  for (const partition of live.seen.partitions.keys()) {
    if (!topics.has(parsePartition(partition).topic)) continue
    const start = readPartition(live, partition, 'logStart', undefined, undefined)
    const behind = lagOf(live, partition, live.seen.committed.get(group)?.[partition] ?? (typeof start === 'number' ? start : undefined))
    if (typeof behind === 'number') lag += behind
  }
  return lag
}

export function readTransaction(live: LiveState, id: string, property: string): Value {
  const seen = live.seen.transactions.get(id)
  switch (property) {
    case 'state': return seen?.state
    case 'epoch': return seen?.epoch === undefined || seen.epoch < 0 ? undefined : seen.epoch
    case 'producerId': return seen?.producerId
    case 'coordinator': return seen?.coordinator === undefined ? undefined : brokerName(seen.coordinator)
    default: return unread(`txn().${property}`)
  }
}

export function readShare(live: LiveState, name: string, property: string, [partition = '', offset = '']: readonly string[]): Value {
  const members = live.scenario.clients?.shareConsumers?.filter(({ group }) => group === name) ?? []
  const holding = members.map(({ id }) => [id, live.books.get(id)?.holds.get(partition)?.get(Number(offset))] as const)
  switch (property) {
    case 'members': return live.seen.shares.get(name)?.members.length ?? 0
    case 'persistedStart': return live.seen.shares.get(name)?.starts[partition]
    // Who was given it last: from whom a lock that ran out has taken it does not know.
    case 'holder': return holding.filter(([, count]) => count !== undefined).toSorted(([, a], [, b]) => b! - a!)[0]?.[0]
    // How often its members were given it: each was told with the record.
    case 'deliveries': return Math.max(0, ...members.map(({ id }) => live.books.get(id)?.deliveries.get(`${partition}@${offset}`) ?? 0))
    case 'acknowledged': return members.reduce((sum, { id }) => sum + (live.books.get(id)?.accepted ?? 0), 0)
    case 'redelivered': return members.reduce((sum, { id }) => sum + (live.books.get(id)?.redelivered ?? 0), 0)
    case 'active': return holdersOf(live, members.map(({ id }) => id)).size
    default: return unread(`share().${property}`)
  }
}

/** Members that were given something last, and have not answered for it. */
function holdersOf(live: LiveState, members: readonly string[]): ReadonlySet<string> {
  const holders = new Set<string>()
  const lastCount = (at: string): number => Math.max(...members.map((id) => live.books.get(id)?.deliveries.get(at) ?? 0))
  for (const id of members) {
    for (const [partition, held] of live.books.get(id)?.holds ?? []) for (const [offset, count] of held) if (count === lastCount(`${partition}@${offset}`)) holders.add(id)
  }
  return holders
}
