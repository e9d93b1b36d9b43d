/**
 * Which observations a scenario file names, step by step: what a comparison record has to hold, and what a real cluster
 * therefore is asked. A property that no real cluster can be asked for by itself is compared by the statement it stands in.
 */
import type { GroupRecord, PartitionRecord } from './comparison-record.ts'
import { pathsOf } from './expression.ts'
import type { PathNode } from './expression-syntax.ts'
import { namesOf } from './names.ts'
import type { FileData } from './format.ts'
import { programOf, type Program, type Question, type Row } from './program.ts'
import type { Scenario } from './types.ts'

export type PartitionKey = keyof PartitionRecord
export type GroupKey = Exclude<keyof GroupRecord, 'committed'>

export interface AskedStatement {
  /** Its name in a comparison record: `check atEnd: partition(t/0).leader == b2`, `until: …`, `expect always: …`. */
  readonly key: string
  readonly text: string
}

/** What one step names: by partition, group, share group, transactional id, client and `as`. */
export interface Asked {
  readonly step: string
  readonly partitions: ReadonlyMap<string, ReadonlySet<PartitionKey>>
  /** Partitions whose records, and whose segments, are looked at. */
  readonly records: ReadonlySet<string>
  readonly segments: ReadonlySet<string>
  /** Of those, where their sizes are looked at, not only where they begin. */
  readonly bytes: ReadonlySet<string>
  readonly groups: ReadonlyMap<string, ReadonlySet<GroupKey>>
  /** By group the partitions whose committed offset is looked at. */
  readonly committed: ReadonlyMap<string, ReadonlySet<string>>
  /** By share group the partitions whose persisted start offset is looked at. */
  readonly shares: ReadonlyMap<string, ReadonlySet<string>>
  readonly transactions: ReadonlyMap<string, ReadonlySet<'state' | 'epoch'>>
  readonly quorum: ReadonlySet<'leader' | 'epoch'>
  /**
   * Producers whose results, consumers whose last error, and answers of admin and raw actions that are looked at. Results
   * and answers count from 00:00: they are recorded in every step up to the last that asks for them.
   */
  readonly clients: ReadonlySet<string>
  readonly results: ReadonlySet<string>
  /** What the step says, and with the last step what the file says of the whole run. */
  readonly statements: readonly AskedStatement[]
}

/** In the order of the steps; what is expected of the whole run belongs to the last of them. */
export function askedOf(scenario: Scenario): readonly Asked[] {
  const program = programOf(scenario)
  const last = program.steps.length - 1
  return program.steps.map(({ step }, i) => {
    const asked = newAsked(step.id)
    const statements = [...statementsOfStep(program, i), ...(i === last ? statementsOfRun(program) : [])]
    for (const { text, paths, key } of statements) {
      asked.statements.push({ key, text })
      for (const path of paths) ask(asked, path, scenario)
    }
    return asked
  })
}

export const untilKey = (text: string): string => `until: ${text}`
export const whenKey = (text: string): string => `when: ${text}`
export const optionKey = (question: string, option: number, text: string): string => `predict ${question}/${option + 1}: ${text}`
/** `check`, `goal`, `forbid`, `expect`, and the row's own word. */
export const rowKey = (where: string, { kind, within, statement }: Pick<Row, 'kind' | 'within' | 'statement'>): string =>
  `${where} ${kind}${within === undefined ? '' : ` ${within}`}: ${statement.text}`

/** Questions that are judged at the end of this step. */
export const judgedAt = ({ questions }: Program, index: number): readonly Question[] => questions.filter((each) => each.judgedAt === index)

interface Read extends AskedStatement { readonly paths: readonly PathNode[] }

function statementsOfStep(program: Program, index: number): readonly Read[] {
  const { until, whens, checks } = program.steps[index]!
  return [
    ...(until === undefined ? [] : [read(untilKey(until.text), until)]),
    ...whens.flatMap((when) => (when === undefined ? [] : [read(whenKey(when.text), when)])),
    ...checks.map((row) => read(rowKey('check', row), row.statement)),
    ...judgedAt(program, index).flatMap(({ id, options }) =>
      options.flatMap((option, i) => (option === undefined ? [] : [read(optionKey(id, i, option.text), option)]))),
  ]
}
const statementsOfRun = (program: Program): readonly Read[] =>
  (['goal', 'forbid', 'expect'] as const).flatMap((where) => program[where].map((row) => read(rowKey(where, row), row.statement)))
const read = (key: string, { text, node }: Row['statement']): Read => ({ key, text, paths: pathsOf(node) })

const newAsked = (step: string) => ({
  step, partitions: new Map<string, Set<PartitionKey>>(), records: new Set<string>(), segments: new Set<string>(), bytes: new Set<string>(),
  groups: new Map<string, Set<GroupKey>>(), committed: new Map<string, Set<string>>(), shares: new Map<string, Set<string>>(),
  transactions: new Map<string, Set<'state' | 'epoch'>>(), quorum: new Set<'leader' | 'epoch'>(),
  clients: new Set<string>(), results: new Set<string>(), statements: [] as AskedStatement[],
})
type Asking = ReturnType<typeof newAsked>

const partitionKeys: Readonly<Record<string, PartitionKey>> = {
  leader: 'leader', online: 'leader', leaderEpoch: 'leaderEpoch', partitionEpoch: 'partitionEpoch', replicas: 'replicas', adding: 'adding',
  removing: 'removing', isr: 'isr', elr: 'elr', lastKnownElr: 'lastKnownElr', logStart: 'earliest', hw: 'hw', lso: 'lso',
}
const ofRecords = new Set(['records', 'offsets', 'key', 'value', 'batch', 'gaps', 'markers', 'aborted', 'distinctKeys', 'duplicates'])
const ofTopic = new Set(['records', 'nonEmptyPartitions', 'maxRecords', 'minRecords'])
const ofSegments = new Set(['segments', 'segmentBases', 'bytes'])
const groupKeys: Readonly<Record<string, GroupKey>> = {
  state: 'state', protocol: 'type', coordinator: 'coordinator', generation: 'epoch', epoch: 'epoch',
  members: 'members', assigned: 'members', owner: 'members', idle: 'members',
}
const ofProducer = new Set(['outcome', 'lastError', 'errors', 'acked', 'failed'])

function ask(asked: Asking, { root, parts }: PathNode, scenario: Scenario): void {
  const name = root.args[0]?.text ?? ''
  const property = parts[0]?.name ?? ''
  const argument = parts[0]?.args[0]?.text
  switch (root.name) {
    case 'partition': return askPartition(asked, name, property)
    case 'topic':
      if (ofTopic.has(property)) for (const partition of partitionsOf(name, scenario)) asked.records.add(partition)
      return
    case 'group': return askGroup(asked, name, property, argument, scenario)
    case 'share':
      if (argument !== undefined && (property === 'startOffset' || property === 'persistedStart')) setOf(asked.shares, name).add(argument)
      return
    case 'txn':
      if (property === 'state' || property === 'epoch') setOf(asked.transactions, name).add(property)
      return
    case 'controller':
      if (root.args.length > 0) return
      if (property === 'active') asked.quorum.add('leader')
      if (property === 'epoch') asked.quorum.add('epoch')
      return
    case 'producer':
      if (ofProducer.has(property)) asked.clients.add(name)
      return
    case 'consumer':
      if (property === 'lastError') asked.clients.add(name)
      return
    case 'result':
      if (property === 'error' || property === 'value') asked.results.add(name)
      return
  }
}

function askPartition(asked: Asking, name: string, property: string): void {
  const key = Object.hasOwn(partitionKeys, property) ? partitionKeys[property] : undefined
  if (key !== undefined) setOf(asked.partitions, name).add(key)
  else if (ofRecords.has(property)) asked.records.add(name)
  else if (ofSegments.has(property)) asked.segments.add(name)
  if (property === 'bytes') asked.bytes.add(name)
}

function askGroup(asked: Asking, name: string, property: string, argument: string | undefined, scenario: Scenario): void {
  const key = Object.hasOwn(groupKeys, property) ? groupKeys[property] : undefined
  if (key !== undefined) setOf(asked.groups, name).add(key)
  else if (property === 'committed' || property === 'lagOf') setOf(asked.committed, name).add(argument ?? '')
  else if (property === 'lag') {
    for (const topic of topicsOf(name, scenario)) for (const partition of partitionsOf(topic, scenario)) setOf(asked.committed, name).add(partition)
  }
}

/** All that the topic has by the end of the file. */
const partitionsOf = (topic: string, scenario: Scenario): readonly string[] =>
  Array.from({ length: namesOf(scenario as FileData).topics.get(topic) ?? 0 }, (_, i) => `${topic}/${i}`)
function topicsOf(group: string, { clients }: Scenario): ReadonlySet<string> {
  const members = [...(clients?.consumers ?? []), ...(clients?.transactional ?? [])].filter((each) => each.group === group)
  return new Set(members.flatMap(({ topic, topics = [] }) => [...topics, ...(topic === undefined ? [] : [topic])]))
}

function setOf<T>(map: Map<string, Set<T>>, name: string): Set<T> {
  const known = map.get(name)
  if (known !== undefined) return known
  const made = new Set<T>()
  map.set(name, made)
  return made
}
