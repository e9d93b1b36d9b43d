/** Comparison records of a live run: what the file names, in the scenario's names. */
import { askedOf, judgedAt, optionKey, rowKey, untilKey, whenKey, type Asked } from '../../src/scenario/asked.ts'
import type { ClientRecord, ComparisonRecord, GroupRecord, LogRecord, PartitionRecord, SegmentRecord } from '../../src/scenario/comparison-record.ts'
import { compareText } from '../../src/kafka/topic-partition.ts'
import { verdict } from '../../src/scenario/rows.ts'
import type { Send } from './books.ts'
import { brokerName, isAlive, type LiveState } from './live-state.ts'
import { SAME_BREATH, type LivePlay } from './play.ts'
import { generationOf } from './read-clients.ts'
import { epochOfRun, quorumOf } from './quorum.ts'
import type { SeenShare } from './seen.ts'

type Records<T> = Readonly<Record<string, T>>
const sorted = <T>(entries: readonly (readonly [string, T])[]): Records<T> => Object.fromEntries(entries.toSorted(([a], [b]) => compareText(a, b)))
const named = <K extends string, T extends object>(key: K, of: T): { [P in K]?: T } => (Object.keys(of).length === 0 ? {} : { [key]: of }) as { [P in K]?: T }

/** Of these sends those from number `from` on: failures, and where offsets went back, with the one before, be it of an earlier step. */
export function worthTelling(sends: readonly Send[], from = 0): readonly Send[] {
  const last = new Map<string, Send>()
  const kept = new Set<Send>()
  for (const [i, send] of sends.entries()) {
    if (send.error !== 'NONE') {
      if (i >= from) kept.add(send)
    } else if (send.partition !== undefined && send.offset >= 0) {
      const before = last.get(send.partition)
      if (i >= from && before !== undefined && before.offset >= send.offset) for (const each of [before, send]) kept.add(each)
      last.set(send.partition, send)
    }
  }
  return sends.filter((send) => kept.has(send))
}

/** By the clients' own clock: a step is taken a while after it has ended. */
const endOf = ({ marks, tallies, now }: LivePlay): number => tallies.zero + (marks.at(-1)?.endAt ?? now) + SAME_BREATH

export class LiveRecording {
  readonly #live: LivePlay
  readonly #asked: readonly Asked[]
  /** At 00:00: epochs are told relative to these. */
  readonly #epochs: ReadonlyMap<string, { readonly leaderEpoch: number; readonly partitionEpoch: number }>
  readonly #taken = new Map<string, number>()
  readonly #answered = new Set<string>()
  constructor(live: LivePlay) {
    this.#live = live
    this.#asked = askedOf(live.scenario)
    this.#epochs = new Map([...live.seen.partitions].map(([name, { leaderEpoch, partitionEpoch }]) => [name, { leaderEpoch, partitionEpoch }]))
  }

  record(index: number): ComparisonRecord {
    const asked = this.#asked[index]!
    const { id, startAt, endAt = this.#live.now, late } = this.#live.marks[index]!
    const isLast = index === this.#asked.length - 1
    return {
      step: id, elapsedMs: Math.round((endAt - startAt - late) / 1_000), partitions: this.#partitions(asked), ...named('groups', this.#groups(asked)), ...named('shares', this.#shares(asked)),
      ...named('transactions', this.#transactions(asked)), client: this.#client(asked), ...named('records', this.#logs(asked.records, (name) => this.#recordsOf(name))),
      ...named('segments', this.#logs(asked.segments, (name) => this.#segmentsOf(name))), ...(asked.quorum.size === 0 ? {} : { quorum: this.#quorum() }),
      ...named('statements', { ...this.#statements(index), ...(isLast ? this.#statementsOfRun() : {}) }),
    }
  }

  #partitions(asked: Asked): Records<PartitionRecord> {
    return sorted([...asked.partitions.keys()].flatMap((name) => {
      const record = partitionRecord(this.#live, name, this.#epochs.get(name))
      return record === undefined ? [] : [[name, record] as const]
    }))
  }

  #groups(asked: Asked): Records<GroupRecord> {
    const { seen } = this.#live
    return sorted([...new Set([...asked.groups.keys(), ...asked.committed.keys()])].flatMap((id) => {
      const group = seen.groups.get(id)
      const share = seen.shares.get(id)
      if (share !== undefined) return [[id, shareGroup(share)] as const]
      if (group === undefined || group.state === 'Dead') return []
      const record: GroupRecord = {
        state: group.state, type: group.type === 'Consumer' ? 'Consumer' : 'Classic', coordinator: group.coordinator === undefined ? null : brokerName(group.coordinator),
        epoch: group.type === 'Consumer' ? (group.epoch ?? 0) : generationOf(this.#live, id),
        members: sorted((group.members ?? []).map(({ client, assigned }) => [client, assigned.toSorted(compareText)] as const)), committed: sorted(Object.entries(seen.committed.get(id) ?? {})),
      }
      return [[id, record] as const]
    }))
  }
  #shares(asked: Asked): Records<{ readonly startOffsets: Records<number> }> {
    return sorted([...asked.shares.keys()].flatMap((id) => {
      const share = this.#live.seen.shares.get(id)
      return share === undefined ? [] : [[id, { startOffsets: sorted(Object.entries(share.starts)) }] as const]
    }))
  }
  #transactions(asked: Asked): Records<{ readonly state: string; readonly epoch: number }> {
    return sorted([...asked.transactions.keys()].flatMap((id) => {
      const { state, epoch = -1 } = this.#live.seen.transactions.get(id) ?? {}
      return state === undefined ? [] : [[id, { state, epoch }] as const]
    }))
  }
  #quorum(): NonNullable<ComparisonRecord['quorum']> {
    return { leader: quorumOf(this.#live).leader ?? null, epoch: epochOfRun(this.#live, quorumOf(this.#live).epoch) }
  }

  #client(asked: Asked): readonly ClientRecord[] {
    return [...[...asked.clients].toSorted(compareText).flatMap((id) => this.#resultsOf(id)), ...this.#answers(asked)]
  }
  /** Of a client that goes on by itself, at a rate, what went wrong and where offsets went back: how many went well is a matter of time. */
  #resultsOf(id: string): readonly ClientRecord[] {
    const book = this.#live.books.get(id)
    if (book === undefined) return []
    const isSteady = this.#live.stage.plans.get(id)?.spec['everyMicros'] !== undefined
    const from = this.#taken.get(id) ?? 0
    const decided = book.decidedBy(endOf(this.#live))
    this.#taken.set(id, decided)
    const told = (sends: readonly Send[]): readonly Send[] => sends.filter(({ error }) => error !== undefined)
    const sends = told(isSteady ? worthTelling(book.sends.slice(0, decided), from) : book.sends.slice(from, decided))
    const isReader = this.#live.stage.plans.get(id)?.kind === 'consumer' || this.#live.stage.plans.get(id)?.kind === 'share'
    return [
      ...sends.map(({ partition, offset, error = '' }): ClientRecord => ({ by: id, op: `send${partition === undefined ? '' : ` ${partition}`}`, result: error === 'NONE' ? { offset } : { error } })),
      ...(isReader && book.lastError !== undefined ? [{ by: id, op: 'lastError', result: { error: book.lastError } }] : []),
    ]
  }
  #answers(asked: Asked): readonly ClientRecord[] {
    return [...this.#live.seen.answers].flatMap(([name, { done, error, value, at = 0 }]): readonly ClientRecord[] => {
      if (!done || at > endOf(this.#live) || this.#answered.has(name) || name.startsWith(' ') || !asked.results.has(name)) return []
      this.#answered.add(name)
      return [{ by: 'admin', op: name, result: error !== undefined ? { error } : value === undefined ? {} : { value } } as ClientRecord]
    })
  }

  #logs<T>(partitions: ReadonlySet<string>, of: (name: string) => readonly T[] | undefined): Records<readonly T[]> {
    return sorted([...partitions].flatMap((name) => {
      const found = of(name)
      return found === undefined ? [] : [[name, found] as const]
    }))
  }
  #recordsOf(name: string): readonly LogRecord[] | undefined {
    const at = liveLeader(this.#live, name)
    const replica = at === undefined ? undefined : this.#live.seen.replicas.get(at)
    const marks = at === undefined ? undefined : this.#live.seen.marks.get(at)
    if (replica === undefined || marks === undefined) return undefined
    return replica.batches.flatMap(({ control, records }) => records.flatMap(([offset, key, value]): readonly LogRecord[] => {
      if (offset < marks.start || offset >= marks.hw) return []
      return [control === 'commit' || control === 'abort' ? { offset, key: null, value: null, control } : { offset, key, value }]
    }))
  }
  #segmentsOf(name: string): readonly SegmentRecord[] | undefined {
    const at = liveLeader(this.#live, name)
    const replica = at === undefined ? undefined : this.#live.seen.replicas.get(at)
    return replica?.bases.map((base, i) => ({ base, bytes: replica.sizes[i]! }))
  }

  #statements(index: number): Readonly<Record<string, boolean>> {
    const live = this.#live
    const { until, whens, checks } = live.stage.program.steps[index]!
    const { startAt, reached, fired } = live.marks[index]!
    const known = (text: string): boolean => !live.unjudged.has(text)
    return Object.fromEntries([
      ...(until === undefined || !known(until.text) ? [] : [[untilKey(until.text), reached] as const]),
      ...whens.flatMap((when, i) => (when === undefined || !known(when.text) ? [] : [[whenKey(when.text), fired[i] === true] as const])),
      ...checks.flatMap((row) => (known(row.statement.text) ? [[rowKey('check', row), verdict(row, live.rows.get(row.key), startAt, live.now, true) === true] as const] : [])),
      ...judgedAt(live.stage.program, index).flatMap(({ id, options }) => options.flatMap((option, i) => {
        const outcome = live.judged.get(id)?.[i]
        return option === undefined || outcome === undefined ? [] : [[optionKey(id, i, option.text), outcome] as const]
      })),
    ])
  }
  #statementsOfRun(): Readonly<Record<string, boolean>> {
    const live = this.#live
    return Object.fromEntries((['goal', 'forbid', 'expect'] as const).flatMap((where) => live.stage.program[where].flatMap((row) =>
      (live.unjudged.has(row.statement.text) ? [] : [[rowKey(where, row), verdict(row, live.rows.get(row.key), 0, live.now, true) === true] as const]))))
  }
}

/** The replica of the leader, `t/0@1`, as long as that is there to be asked. */
function liveLeader(live: LiveState, name: string): string | undefined {
  const leader = live.seen.partitions.get(name)?.leader ?? -1
  return isAlive(live, leader) ? `${name}@${leader}` : undefined
}

/** `from`: its epochs at 00:00. */
export function partitionRecord(live: LiveState, name: string, from = { leaderEpoch: 0, partitionEpoch: 0 }): PartitionRecord | undefined {
  const registration = live.seen.partitions.get(name)
  if (registration === undefined) return undefined
  const { leader, leaderEpoch, partitionEpoch, replicas, isr, elr, lastKnownElr, adding, removing } = registration
  // Offsets are the leader's to tell. Of one that is down, and leads until its session has ended, what it said last is no answer.
  const marks = live.seen.marks.get(liveLeader(live, name) ?? '')
  const set = (ids: readonly number[]): readonly string[] => ids.map(brokerName).toSorted(compareText)
  return {
    leader: leader < 0 ? null : brokerName(leader), leaderEpoch: leaderEpoch - from.leaderEpoch, partitionEpoch: partitionEpoch - from.partitionEpoch, replicas: replicas.map(brokerName),
    adding: set(adding), removing: set(removing), isr: set(isr), elr: set(elr), lastKnownElr: set(lastKnownElr), earliest: marks?.start ?? null, hw: marks?.hw ?? null, lso: marks?.lso ?? null,
  }
}

/** Its offsets are in `shares`. */
const shareGroup = ({ state, epoch = 0, members }: SeenShare): GroupRecord =>
  ({ state, type: 'Share', coordinator: null, epoch, members: sorted(members.map(({ client, assigned }) => [client, assigned.toSorted(compareText)] as const)), committed: {} })
