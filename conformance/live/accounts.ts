/** The ledger and the apps of a live run, by the same rules as the simulator's: from what clients were told and what lies in the logs. */
import { parsePartition } from '../../src/kafka/topic-partition.ts'
import type { Value } from '../../src/scenario/expression.ts'
import type { Handled, Send } from './books.ts'
import { committedRecords, isAlive, type LiveState } from './live-state.ts'
import { unread } from './observable.ts'
import type { SeenBatch } from './seen.ts'

interface Account {
  readonly produced: number; readonly acked: number; readonly lost: number; readonly unavailable: number
  readonly duplicated: number; readonly ackedInvisible: number; readonly outOfOrderKeys: number
  lostOf(client: string): number
  duplicatedOf(client: string): number
}

type Found = { readonly send: Send; readonly client: string; readonly as: 'held' | 'invisible' | 'lost' | 'unavailable' | 'gone' }

/** Microseconds after which what was answered is to be seen in the files. */
const SETTLED = 300_000
const made = new WeakMap<LiveState, { readonly key: string; readonly account: Account }>()

/** Made again when anything has changed. */
export function accountOf(live: LiveState): Account {
  const key = `${live.seen.version} ${Math.floor(live.now / SETTLED)} ${[...live.books.values()].map(({ sends, acked, failed }) => `${sends.length}.${acked}.${failed}`).join()}`
  const known = made.get(live)
  if (known?.key === key) return known.account
  const account = newAccount(live)
  made.set(live, { key, account })
  return account
}

function newAccount(live: LiveState): Account {
  const found: Found[] = []
  let produced = 0, acked = 0
  const twice = new Map<string, number>()
  for (const [client, { sends, acks }] of live.books) {
    produced += sends.length
    for (const send of sends) {
      if (acks === 0 || send.error !== 'NONE' || send.partition === undefined) continue
      acked++
      found.push({ send, client, as: fateOf(live, send) })
    }
    twice.set(client, duplicatesOf(live, sends))
  }
  const many = (as: Found['as'], client?: string): number => found.filter((each) => each.as === as && (client === undefined || each.client === client)).length
  return {
    produced, acked, lost: many('lost'), unavailable: many('unavailable'), ackedInvisible: many('invisible'),
    duplicated: [...twice.values()].reduce((sum, count) => sum + count, 0), outOfOrderKeys: outOfOrderKeys(live),
    lostOf: (client) => many('lost', client), duplicatedOf: (client) => twice.get(client) ?? 0,
  }
}

const isCompacted = ({ scenario }: LiveState, partition: string): boolean => {
  const topic = scenario.topics?.find(({ name }) => name === parsePartition(partition).topic)
  return String(topic?.config?.['cleanup.policy'] ?? '').includes('compact')
}

function fateOf(live: LiveState, { partition = '', offset, key, value, at: answeredAt = 0 }: Send): Found['as'] {
  const registration = live.seen.partitions.get(partition)
  if (registration === undefined) return 'gone'
  if (!isAlive(live, registration.leader)) return 'unavailable'
  const at = `${partition}@${registration.leader}`
  const marks = live.seen.marks.get(at)
  const replica = live.seen.replicas.get(at)
  if (marks === undefined || replica === undefined || offset < marks.start) return 'gone'
  const record = recordIn(replica.batches, offset)
  // The files are looked at a moment after the client has heard.
  if (record === undefined && live.tallies.zero > 0 && live.tallies.zero + live.now - answeredAt < SETTLED) return 'held'
  if (record === undefined && isCompacted(live, partition)) return 'gone'
  if (record === undefined || record[1] !== key || record[2] !== value) return 'lost'
  return offset >= marks.hw ? 'invisible' : 'held'
}

function recordIn(batches: readonly SeenBatch[], offset: number): SeenBatch['records'][number] | undefined {
  let low = 0, high = batches.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (batches[middle]!.last < offset) low = middle + 1
    else high = middle
  }
  const batch = batches[low]
  return batch?.control === undefined ? batch?.records.find(([at]) => at === offset) : undefined
}

/** Sends that stand at two offsets: more records of this key and value than there were sends of them. */
function duplicatesOf(live: LiveState, sends: readonly Send[]): number {
  const sent = new Map<string, number>()
  const idOf = (key: string | null, value: string | null): string => JSON.stringify([key, value])
  for (const { key, value } of sends) sent.set(idOf(key, value), (sent.get(idOf(key, value)) ?? 0) + 1)
  const stands = new Map<string, number>()
  for (const partition of live.seen.partitions.keys()) {
    if (partition.startsWith('__')) continue
    for (const [, key, value] of committedRecords(live, partition)) stands.set(idOf(key, value), (stands.get(idOf(key, value)) ?? 0) + 1)
  }
  let count = 0
  for (const [id, times] of sent) count += Math.max(0, (stands.get(id) ?? 0) - times)
  return count
}

/** Keys with a record that stands before one sent earlier, by the same producer. */
function outOfOrderKeys(live: LiveState): number {
  const wrong = new Set<string>()
  for (const [client, { sends }] of live.books) {
    const last = new Map<string, number>()
    for (const { key, partition, offset, error } of sends) {
      if (key === null || error !== 'NONE' || partition === undefined || offset < 0) continue
      const id = `${client} ${partition} ${key}`
      if ((last.get(id) ?? -1) > offset) wrong.add(key)
      last.set(id, Math.max(last.get(id) ?? -1, offset))
    }
  }
  return wrong.size
}

const isHandled = (dealt: { readonly at: number } | Handled): dealt is Handled => 'value' in dealt

/** The outcome of all handlers of a group on the topic it reads. */
export function appOf(live: LiveState, name: string, property: string): Value {
  const app = live.scenario.apps?.find(({ id }) => id === name)
  if (app === undefined) return undefined
  const { group = app.id, identity = 'value', dedupe = false, reads } = app
  const { consumers = [], transactional = [], shareConsumers = [] } = live.scenario.clients ?? {}
  const members = new Set([...consumers, ...transactional, ...shareConsumers].filter((each) => each.group === group).map(({ id }) => id))
  const topics = new Set([reads ?? '', ...consumers.filter((each) => each.group === group).flatMap(({ retry }) => retry?.ladder?.map(({ topic }) => topic) ?? [])])
  const handled = [...live.books].flatMap(([client, book]) => (members.has(client) ? book.handled : []))
    .filter(({ partition }) => topics.has(parsePartition(partition).topic))
  // What went to another topic, or was not wanted, is dealt with, though not processed.
  const moved = [...live.books].flatMap(([client, book]) => (members.has(client) ? [...book.moved, ...book.filtered] : []))
  const identities = new Set<string>()
  const offsets = new Map<string, Set<number>>()
  let processed = 0, duplicates = 0, refused = 0, outOfOrder = 0
  for (const dealt of [...handled, ...moved].toSorted((a, b) => a.at - b.at)) {
    const { partition, offset } = dealt
    const of = offsets.get(partition) ?? new Set<number>()
    if (isHandled(dealt)) {
      const known = identity === 'offset' ? `${partition}@${offset}` : (dealt[identity] ?? `${partition}@${offset}`)
      const again = identities.has(known)
      identities.add(known)
      if (!again || !dedupe) processed++
      if (again && dedupe) refused++
      else if (again) duplicates++
      if (!of.has(offset) && offset < Math.max(-1, ...of)) outOfOrder++
    }
    of.add(offset)
    offsets.set(partition, of)
  }
  switch (property) {
    case 'processed': return processed
    case 'distinct': return identities.size
    case 'duplicates': return duplicates
    case 'refused': return refused
    case 'outOfOrder': return outOfOrder
    case 'missed': return missed(live, group, offsets, app.isolation === 'read_committed')
    default: return unread(`app().${property}`)
  }
}

/** Offsets it has moved past without handling them, markers left out, and of a careful reader what was aborted. */
function missed(live: LiveState, group: string, offsets: ReadonlyMap<string, ReadonlySet<number>>, careful: boolean): number {
  let count = 0
  for (const [partition, handled] of offsets) {
    const lowest = Math.min(...handled)
    const end = Math.max(Math.max(...handled) + 1, live.seen.committed.get(group)?.[partition] ?? 0)
    const readable = readableOffsets(live, partition, careful)
    for (let offset = lowest; offset < end; offset++) if (!handled.has(offset) && readable(offset)) count++
  }
  return count
}

function readableOffsets(live: LiveState, partition: string, careful: boolean): (offset: number) => boolean {
  const leader = live.seen.partitions.get(partition)?.leader ?? -1
  const replica = live.seen.replicas.get(`${partition}@${leader}`)
  if (replica === undefined) return () => true
  return (offset) => {
    const batch = replica.batches.find(({ base, last }) => base <= offset && offset <= last)
    if (batch === undefined || batch.control !== undefined) return false
    const isAborted = careful && replica.batches.some(({ control, producerId, base }) => control === 'abort' && producerId === batch.producerId && base > offset
      && !replica.batches.some((other) => other.control !== undefined && other.producerId === producerId && other.base > offset && other.base < base))
    return !isAborted || !(batch as { readonly txn?: boolean }).txn
  }
}
