/** The records of a run as a list of single observations: what is asked, by (step, path), each with its value. */
import { askedOf, type Asked, type GroupKey, type PartitionKey } from '../../src/scenario/asked.ts'
import type { ClientRecord, ComparisonRecord, LogRecord, PartitionRecord } from '../../src/scenario/comparison-record.ts'
import type { Scenario } from '../../src/scenario/types.ts'
import { isPlaced, looseOf, topicOf, type Loose, type Rule } from './loose.ts'
import { isAsked } from './only-asked.ts'

export interface Observation {
  readonly step: string
  /** In the words of statements: `partition(t/0).isr`, `producer(p).results`; of a statement its key. */
  readonly path: string
  /** As the record has it, sets in order; `undefined` = there is no such thing. */
  readonly value: unknown
  /** Why only a part of it is compared, and this is that part. */
  readonly rule: Rule | undefined
}

/** In the order of the file. A step that the records do not have has no observations. */
export function observationsOf(records: readonly ComparisonRecord[], scenario: Scenario): readonly Observation[] {
  const before: ClientRecord[] = []
  const loose = looseOf(scenario)
  const readers = new Set([...(scenario.clients?.consumers ?? []), ...(scenario.clients?.shareConsumers ?? [])].map(({ id }) => id))
  return askedOf(scenario).flatMap((each) => {
    const record = records.find(({ step }) => step === each.step)
    if (record === undefined) return []
    before.push(...record.client)
    const seen = new Seen(each.step)
    ofPartitions(seen, record, each, loose)
    ofGroups(seen, record, each, loose)
    ofOthers(seen, record, each, loose)
    for (const client of each.clients) {
      if (readers.has(client)) seen.add(`consumer(${client}).lastError`, record.client.find(({ by, op }) => by === client && op === 'lastError')?.result.error)
      else ofProducer(seen, client, before.filter(({ by }) => by === client), loose)
    }
    ofAnswers(seen, before, each, loose)
    for (const { key } of each.statements) seen.add(key, record.statements?.[key])
    return seen.list
  })
}

class Seen {
  readonly list: Observation[] = []
  readonly #step: string
  constructor(step: string) {
    this.#step = step
  }
  add(path: string, value: unknown, rule?: Rule): void {
    this.list.push({ step: this.#step, path, value, rule })
  }
}

const words: Partial<Record<PartitionKey, string>> = { earliest: 'logStart' }
const offsets: ReadonlySet<PartitionKey> = new Set(['earliest', 'hw', 'lso'])
const places: ReadonlySet<PartitionKey> = new Set(['leader', 'replicas', 'adding', 'removing', 'isr', 'elr', 'lastKnownElr'])

function ofPartitions(seen: Seen, record: ComparisonRecord, asked: Asked, loose: Loose): void {
  for (const [partition, keys] of asked.partitions) {
    for (const key of keys) {
      const path = `partition(${partition}).${words[key] ?? key}`
      const value = record.partitions[partition]?.[key]
      const rule = offsets.has(key) ? loose.topics.get(topicOf(partition)) : places.has(key) && isPlaced(loose, partition) ? 'placement' : undefined
      if (rule === undefined) seen.add(path, inOrder(key, value))
      else seen.add(path, rule === 'placement' ? countOf(value) : key === 'earliest' ? movedOf(value) : isKnown(value), rule)
    }
  }
  for (const partition of asked.records) {
    const rule = loose.topics.get(topicOf(partition))
    const list = record.records?.[partition]
    seen.add(`partition(${partition}).records`, rule === undefined ? list?.map(trimmed) : list && shapeOf(list, rule), rule)
  }
  for (const partition of asked.segments) {
    const rule = loose.topics.get(topicOf(partition))
    const list = record.segments?.[partition]
    seen.add(`partition(${partition}).segments`, rule !== undefined ? isKnown(list) : asked.bytes.has(partition) ? list : list?.map(({ base }) => base), rule)
  }
}
const inOrder = (key: PartitionKey, value: PartitionRecord[PartitionKey] | undefined): unknown =>
  (Array.isArray(value) && key !== 'replicas' ? (value as readonly string[]).toSorted() : value)
const countOf = (value: unknown): unknown => (Array.isArray(value) ? value.length : value === null || value === undefined ? value : 'somebody')
const movedOf = (value: unknown): unknown => (typeof value === 'number' && value > 0 ? 'moved' : value)
/** There is one, or nobody could be asked, or there is none. */
const isKnown = (value: unknown): unknown => (value === null || value === undefined ? value : 'known')
/** A value that was made up to a size has spaces behind it. */
const trimmed = (record: LogRecord): LogRecord => ({ ...record, value: record.value === null ? null : record.value.trimEnd() })

/** What does not depend on how many there are. Turns are taken again after a crash, so what they write is there twice at times. */
function shapeOf(list: readonly LogRecord[], rule: Rule): object {
  const gaps = list.some(({ offset }, i) => i > 0 && offset !== list[i - 1]!.offset + 1)
  if (rule === 'turns') return { gaps }
  const values = list.flatMap(({ value, control }) => (value === null || control !== undefined ? [] : [value.trimEnd()]))
  return { gaps, twice: new Set(values).size < values.length, inOrder: countUp(values) }
}
/** Generated values are `<client>-<n>`: those of each client count up. */
function countUp(values: readonly string[]): boolean {
  const last = new Map<string, number>()
  return values.every((value) => {
    const [, client = '', number = ''] = /^(.*)-([0-9]+)$/.exec(value) ?? []
    const isLater = number === '' || Number(number) > (last.get(client) ?? 0)
    last.set(client, Number(number))
    return isLater
  })
}

function ofGroups(seen: Seen, { groups = {} }: ComparisonRecord, asked: Asked, loose: Loose): void {
  const words: Partial<Record<GroupKey, string>> = { type: 'protocol', members: 'assigned' }
  for (const [group, keys] of asked.groups) {
    for (const key of keys) {
      const value = groups[group]?.[key]
      seen.add(`group(${group}).${words[key] ?? key}`, key === 'members' ? assignmentOf(groups[group]?.members) : value)
    }
  }
  for (const [group, partitions] of asked.committed) {
    for (const partition of partitions) {
      const value = groups[group]?.committed[partition]
      const rule = loose.topics.get(topicOf(partition))
      seen.add(`group(${group}).committed(${partition})`, rule === undefined ? value : isKnown(value), rule)
    }
  }
}
const assignmentOf = (members: Readonly<Record<string, readonly string[]>> | undefined): unknown =>
  members && Object.fromEntries(Object.entries(members).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([client, partitions]) => [client, partitions.toSorted()]))

function ofOthers(seen: Seen, { shares = {}, transactions = {}, quorum }: ComparisonRecord, asked: Asked, loose: Loose): void {
  for (const [group, partitions] of asked.shares) {
    for (const partition of partitions) seen.add(`share(${group}).persistedStart(${partition})`, shares[group]?.startOffsets[partition])
  }
  for (const [id, keys] of asked.transactions) {
    for (const key of keys) {
      const rule = key === 'epoch' && loose.transactions.has(id) ? 'turns' : undefined
      seen.add(`txn(${id}).${key}`, rule === undefined ? transactions[id]?.[key] : isKnown(transactions[id]?.[key]), rule)
    }
  }
  // In the first epoch the first controller leads. After that only that it is another one is the same twice.
  const isFirst = quorum?.epoch === 1
  if (asked.quorum.has('leader')) {
    const leader = quorum?.leader
    seen.add('controller.active', leader === null || leader === undefined || isFirst ? leader : leader === FIRST ? FIRST : 'another', isFirst ? undefined : 'election')
  }
  if (asked.quorum.has('epoch')) seen.add('controller.epoch', quorum === undefined || isFirst ? quorum?.epoch : 'later', isFirst ? undefined : 'election')
}
const FIRST = 'k1'

function ofProducer(seen: Seen, client: string, results: readonly ClientRecord[], loose: Loose): void {
  const rule = loose.clients.get(client)
  const path = `producer(${client}).results`
  if (rule !== undefined) seen.add(path, { errors: errorsOf(results), wentBack: wentBack(results) }, rule)
  else seen.add(path, results.map((each) => resultOf(each, loose)), anyRule(results, loose))
}
function ofAnswers(seen: Seen, before: readonly ClientRecord[], asked: Asked, loose: Loose): void {
  for (const name of asked.results) {
    const result = before.find((each) => each.op === name && isAsked(each, asked))?.result
    const rule = loose.topics.get(loose.results.get(name) ?? '')
    seen.add(`result("${name}")`, result !== undefined && rule !== undefined && result.value !== undefined ? { value: 'known' } : result, rule)
  }
}

const anyRule = (results: readonly ClientRecord[], { topics }: Loose): Rule | undefined =>
  results.flatMap(({ op }) => topics.get(topicOf(op.slice('send '.length))) ?? [])[0]
/** One call after the other: where it went and what came of it. */
function resultOf({ op, result }: ClientRecord, { topics }: Loose): readonly unknown[] {
  const topic = topicOf(op.slice('send '.length))
  const rule = topics.get(topic)
  if (rule === undefined) return [op, result]
  return [rule === 'sticky' ? `send ${topic}` : op, result.offset === undefined ? result : { offset: 'known' }]
}
/** Of a client that goes on and on: which errors it has seen, and where it was told an offset that is no later than the one before. Of a steady one no more is recorded. */
const errorsOf = (results: readonly ClientRecord[]): readonly string[] => [...new Set(results.flatMap(({ result: { error } }) => error ?? []))].toSorted()
function wentBack(results: readonly ClientRecord[]): readonly string[] {
  const last = new Map<string, number>()
  const found = new Set<string>()
  for (const { op, result: { offset } } of results) {
    if (offset === undefined || offset < 0) continue
    if (offset <= (last.get(op) ?? -1)) found.add(op.slice('send '.length))
    last.set(op, offset)
  }
  return [...found].toSorted()
}
