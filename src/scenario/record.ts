/** Takes comparison records from a simulated run. */
import { at } from '../base/chunks.ts'
import type { Micros } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import { names } from '../kafka/broker/state.ts'
import type { AdminState } from '../kafka/client/admin/state.ts'
import type { ProducerState } from '../kafka/client/producer/state.ts'
import { OFFSETS_TOPIC } from '../kafka/group/coordinator-partition.ts'
import { lastStableOffset } from '../kafka/log/transactions.ts'
import { consumerOf, controllerOf, isLive, replicaOf, transactionOf } from '../kafka/look.ts'
import type { PartitionRegistration } from '../kafka/metadata/image.ts'
import { SHARE_STATE_TOPIC } from '../kafka/share/state.ts'
import { TRANSACTION_TOPIC } from '../kafka/transaction/state.ts'
import { askedOf, judgedAt, optionKey, rowKey, untilKey, whenKey, type Asked } from './asked.ts'
import type { ClientRecord, ComparisonRecord, GroupRecord, LogRecord, PartitionRecord, SegmentRecord } from './comparison-record.ts'
import { holds } from './expression.ts'
import type { FileData } from './format.ts'
import { coordinatorOf, groupOf } from './groups.ts'
import { namesOf, type Names } from './names.ts'
import { Observer } from './observe.ts'
import { leaderName } from './observed.ts'
import { readShare } from './observe-share.ts'
import { programOf, type Program } from './program.ts'
import { logRecordsOf, segmentRecordsOf } from './record-log.ts'
import { verdict } from './rows.ts'
import type { Mark, Play, Run } from './run.ts'
import type { Scenario } from './types.ts'

type Records<T> = Readonly<Record<string, T>>

/** Makes the records of one run, step by step: client results are those since the step before. */
export class Recording {
  readonly #scenario: Scenario
  readonly #names: Names
  readonly #program: Program
  readonly #asked: readonly Asked[]
  readonly #observer: Observer
  readonly #taken = new Map<string, number>()
  readonly #answered = new Set<string>()
  constructor(scenario: Scenario) {
    this.#scenario = scenario
    this.#names = namesOf(scenario as FileData)
    this.#program = programOf(scenario)
    this.#asked = askedOf(scenario)
    this.#observer = new Observer(scenario)
  }

  /** At the end of a step. Records and segments are there only where the step asks for them: they are long. */
  record({ world, play }: Run, index: number): ComparisonRecord {
    this.#observer.look(world, play)
    const mark = play.marks[index]!
    const { endAt = world.now } = mark
    const asked = this.#asked[index]!
    const statements = this.#statements(play, mark, world.now)
    return {
      step: mark.id, elapsedMs: Math.round((endAt - mark.startAt) / 1_000), partitions: partitionsOf(world, asked),
      ...named('groups', this.#groups(world)), ...named('shares', this.#shares()), ...named('transactions', this.#transactions(world)),
      client: this.#client(world),
      ...named('records', logsOf(world, asked.records, logRecordsOf)), ...named('segments', logsOf(world, asked.segments, segmentRecordsOf)),
      quorum: this.#quorum(), ...named('statements', statements),
    }
  }

  /** When the run has ended: what the file says of all of it. */
  statementsOfRun({ world, play }: Run): Readonly<Record<string, boolean>> {
    const rows = (['goal', 'forbid', 'expect'] as const).flatMap((where) => this.#program[where].map((row) => [where, row] as const))
    return Object.fromEntries(rows.map(([where, row]) => [rowKey(where, row), verdict(row, play.rows.get(row.key), 0, world.now, true) === true]))
  }

  #statements(play: Play, { index, startAt, reached = false }: Mark, now: Micros): Readonly<Record<string, boolean>> {
    const { until, whens, checks } = this.#program.steps[index]!
    return Object.fromEntries([
      ...(until === undefined ? [] : [[untilKey(until.text), reached] as const]),
      ...whens.flatMap((when, i) => (when === undefined ? [] : [[whenKey(when.text), play.fired[i] === true] as const])),
      ...checks.map((row) => [rowKey('check', row), verdict(row, play.rows.get(row.key), startAt, now, true) === true] as const),
      ...judgedAt(this.#program, index).flatMap(({ id, options }) => options.flatMap((option, i) =>
        (option === undefined ? [] : [[optionKey(id, i, option.text), holds(option, this.#observer.read)] as const]))),
    ])
  }

  #groups(world: World): Records<GroupRecord> {
    return Object.fromEntries(this.#names.groups.toSorted(byName).flatMap((id) => {
      const group = groupOf(world, id)
      if (group === undefined) return []
      const members = group.members.map(({ clientId, assignment }) => [clientId, assignment.toSorted(byName)] as const)
      const committed = [...group.offsets].map(([partition, { offset }]) => [partition, offset] as const)
      const record: GroupRecord = {
        state: group.state, type: groupTypes[group.type], coordinator: coordinatorOf(world, id) ?? null, epoch: group.generation,
        members: sorted(members), committed: sorted(committed),
      }
      return [[id, record] as const]
    }))
  }

  /** As the share coordinators have it written: what the leaders have in memory nobody can ask for. */
  #shares(): Records<{ readonly startOffsets: Records<number> }> {
    return Object.fromEntries(this.#names.shareGroups.toSorted(byName).map((group) => {
      const members = this.#scenario.clients?.shareConsumers?.filter((each) => each.group === group) ?? []
      const topics = new Set(members.flatMap(({ topic, topics: several = [] }) => [topic, ...several]))
      const partitions = [...(this.#observer.committed?.partitions.values() ?? [])].filter(({ topic }) => topics.has(topic))
      const starts = partitions.flatMap(({ partition }) => {
        const start = readShare(this.#observer, group, 'persistedStart', [partition])
        return typeof start === 'number' ? [[partition, start] as const] : []
      })
      return [group, { startOffsets: sorted(starts) }] as const
    }))
  }

  #transactions(world: World): Records<{ readonly state: string; readonly epoch: number }> {
    return sorted(this.#names.transactionalIds.flatMap((id) => {
      const { transaction } = transactionOf(world, id)
      return transaction === undefined ? [] : [[id, { state: transaction.metadata.state, epoch: transaction.metadata.producerEpoch }] as const]
    }))
  }

  #quorum(): NonNullable<ComparisonRecord['quorum']> {
    const { read } = this.#observer
    const of = (name: string) => read({ kind: 'path', from: 0, to: 0, root: part('controller'), parts: [part(name)] })
    return { leader: (of('active') as string | undefined) ?? null, epoch: of('epoch') as number }
  }

  #client(world: World): readonly ClientRecord[] {
    const producers = [...(this.#scenario.clients?.producers ?? []), ...(this.#scenario.clients?.transactional ?? [])]
    return [...producers.flatMap(({ id }) => this.#sends(world, id)), ...this.#lastErrors(world), ...this.#answers(world)]
  }
  #sends(world: World, id: string): readonly ClientRecord[] {
    const node = world.nodes.get(id)
    const outcomes = ((node?.state ?? node?.disk) as Partial<ProducerState> | undefined)?.notebook?.outcomes
    if (outcomes === undefined) return []
    const results: ClientRecord[] = []
    for (let i = this.#taken.get(id) ?? 0; i < outcomes.length; i++) {
      const { partition, offset, error } = at(outcomes, i)!
      if (error === undefined) continue
      results.push({ by: id, op: `send${partition === undefined ? '' : ` ${partition}`}`, result: error === 'NONE' ? { offset } : { error } })
    }
    this.#taken.set(id, outcomes.length)
    return results
  }
  #lastErrors(world: World): readonly ClientRecord[] {
    const { consumers = [], shareConsumers = [] } = this.#scenario.clients ?? {}
    return [...consumers, ...shareConsumers].flatMap(({ id }): readonly ClientRecord[] => {
      const error = consumerOf(world.nodes.get(id))?.notebook?.lastError
      return error === undefined || error === 'NONE' ? [] : [{ by: id, op: 'lastError', result: { error } }]
    })
  }
  #answers(world: World): readonly ClientRecord[] {
    const found: ClientRecord[] = []
    for (const { kind, state, disk } of world.nodes.values()) {
      if (kind !== 'admin') continue
      for (const [name, { answeredAt, error, value }] of ((state ?? disk) as AdminState | undefined)?.results ?? []) {
        if (answeredAt === undefined || this.#answered.has(name)) continue
        this.#answered.add(name)
        found.push({ by: 'admin', op: name, result: error !== undefined && error !== 'NONE' ? { error } : value === undefined ? {} : { value } })
      }
    }
    return found
  }
}

const groupTypes = { classic: 'Classic', consumer: 'Consumer', share: 'Share' } as const
const part = (name: string) => ({ name, args: [], called: false, from: 0, to: 0 })
const named = <K extends string, T extends object>(key: K, records: T): { [P in K]?: T } =>
  (Object.keys(records).length === 0 ? {} : { [key]: records }) as { [P in K]?: T }

const INTERNAL: ReadonlySet<string> = new Set([OFFSETS_TOPIC, TRANSACTION_TOPIC, SHARE_STATE_TOPIC])

/** All of the file's topics, and of Kafka's own those that the file speaks of. */
function partitionsOf(world: World, asked: Asked): Records<PartitionRecord> {
  const registrations = [...(controllerOf(world)?.committed.partitions.values() ?? [])]
  const seen = registrations.filter(({ topic, partition }) => !INTERNAL.has(topic) || asked.partitions.has(partition))
  return sorted(seen.map((registration) => [registration.partition, partitionRecord(world, registration)] as const))
}

function partitionRecord(
  world: World, { partition, leader, leaderEpoch, partitionEpoch, replicas, adding, removing, isr, elr, lastKnownElr }: PartitionRegistration,
): PartitionRecord {
  // Offsets are the leader's to tell: one that is down or frozen tells nobody.
  const log = leader < 0 || !isLive(world, leader) ? undefined : replicaOf(world, partition, leader)
  const set = (ids: readonly number[]): readonly string[] => names(ids).toSorted(byName)
  return {
    leader: leaderName(leader) ?? null, leaderEpoch, partitionEpoch, replicas: names(replicas), adding: set(adding), removing: set(removing),
    isr: set(isr), elr: set(elr), lastKnownElr: set(lastKnownElr), earliest: log?.log.startOffset ?? null, hw: log?.highWatermark ?? null,
    lso: log === undefined ? null : lastStableOffset(log.log.transactions, log.highWatermark),
  }
}

/** Of the live leader's replica. */
function logsOf<T extends LogRecord | SegmentRecord>(
  world: World, partitions: ReadonlySet<string>, of: (replica: NonNullable<ReturnType<typeof replicaOf>>) => readonly T[],
): Records<readonly T[]> {
  return sorted([...partitions].flatMap((partition) => {
    const leader = controllerOf(world)?.committed.partitions.get(partition)?.leader ?? -1
    const replica = leader < 0 || !isLive(world, leader) ? undefined : replicaOf(world, partition, leader)
    return replica === undefined ? [] : [[partition, of(replica)] as const]
  }))
}

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const sorted = <T>(entries: readonly (readonly [string, T])[]): Records<T> => Object.fromEntries(entries.toSorted(([a], [b]) => byName(a, b)))
