/** A broker as small as a coordinator can live in: it appends at once, and says that records are committed when a test says so. */
import type { Micros } from '../../base/units.ts'
import { assert } from '../../base/assert.ts'
import { deepFreeze, findNonTree } from '../../base/clone.ts'
import type { Tagged } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import type { KafkaRecord } from '../log/record.ts'
import type { Fact } from '../notes.ts'
import { becomeCoordinator, handleCommitted, handleCoordinatorTimer, newCoordinator, type Coordinator } from './coordinator.ts'
import type { CoordinatorHost } from './host.ts'
import { checkOffsets } from './offset-expiry.ts'

/** The group `g` belongs to the second of them. */
const PARTITIONS = 3

export class TestBroker {
  readonly coordinator: Coordinator = newCoordinator()
  readonly responses = new Map<string, Tagged[]>()
  readonly facts: Fact[] = []
  readonly log: KafkaRecord[] = []
  now: Micros = 0
  /** How far its wall clock is off. */
  skew: Micros = 0
  refuse: KafkaError | undefined
  /** Appended records count as committed at once. */
  instant = true
  #timers = new Map<string, { at: Micros; seq: number }>()
  #seq = 0
  #word = 1
  readonly topics = new Map<string, number>()
  readonly configs: Record<string, number> = {
    'group.initial.rebalance.delay.ms': 3000, 'group.min.session.timeout.ms': 6000, 'group.max.session.timeout.ms': 1_800_000,
      'offsets.commit.timeout.ms': 5000, 'group.consumer.session.timeout.ms': 45_000, 'group.consumer.heartbeat.interval.ms': 5000,
      'group.consumer.assignment.interval.ms': 1000, 'offsets.retention.minutes': 10_080, 'offsets.retention.check.interval.ms': 600_000,
  }

  constructor(records: readonly KafkaRecord[] = [], epoch = 0) {
    this.log.push(...records)
    for (let i = 0; i < PARTITIONS; i++) {
      becomeCoordinator(this.coordinator, `__consumer_offsets/${i}`, epoch, i === 1 ? records : [], this.host)
    }
  }

  get host(): CoordinatorHost {
    return {
      now: this.now, clock: this.now + this.skew, self: 'b1', random: () => (this.#word = (Math.imul(this.#word, 1103515245) + 12345) >>> 0),
      append: (_partition, records) => {
        if (this.refuse !== undefined) return this.refuse
        this.log.push(...records)
        return { committedAt: this.log.length }
      },
      respond: (on, response) => void this.responses.set(on, [...(this.responses.get(on) ?? []), response]),
      setTimer: (key, delay) => void this.#timers.set(key, { at: this.now + delay, seq: this.#seq++ }),
      cancelTimer: (key) => void this.#timers.delete(key),
      note: (fact) => void this.facts.push(fact),
      config: (name) => this.configs[name]!,
      partitionsOf: (topic) => this.topics.get(topic) ?? 0,
      offsetsPartitions: PARTITIONS,
      leaderEpochOf: () => 0,
    }
  }

  /** Hand a request to its handler; give what it answered at once, if anything. */
  ask<Request extends Tagged, Response extends Tagged>(
    handle: (coordinator: Coordinator, request: Request, on: string, host: CoordinatorHost) => void, request: Request, on: string,
  ): Response | undefined {
    handle(this.coordinator, deepFreeze(request), on, this.host)
    this.#settle()
    return this.take<Response>(on)
  }

  /** What has been answered on a connection since last time. */
  take<Response extends Tagged>(on: string): Response | undefined {
    const [first, ...rest] = this.responses.get(on) ?? []
    this.responses.set(on, rest)
    return first as Response | undefined
  }

  runUntil(at: Micros): void {
    for (;;) {
      const next = [...this.#timers].filter(([, timer]) => timer.at <= at).sort(([, a], [, b]) => a.at - b.at || a.seq - b.seq)[0]
      const check = Math.min(...this.coordinator.checks.values())
      if (check <= at && check <= (next?.[1].at ?? Infinity)) {
        this.now = check
        checkOffsets(this.coordinator, this.host)
        this.#settle()
        continue
      }
      if (next === undefined) break
      this.#timers.delete(next[0])
      this.now = next[1].at
      handleCoordinatorTimer(this.coordinator, next[0], this.host)
      this.#settle()
    }
    this.now = at
  }

  commit(): void {
    for (let i = 0; i < PARTITIONS; i++) handleCommitted(this.coordinator, `__consumer_offsets/${i}`, this.log.length, this.host)
    assert(findNonTree(this.coordinator) === undefined, 'the coordinator is a tree')
  }

  #settle(): void {
    if (this.instant) this.commit()
  }
}
