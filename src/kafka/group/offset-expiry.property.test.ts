/**
 * Random joins, leaves, commits and failovers of a group's coordinator, with a retention of a minute: an offset never expires before
 * its time, nor while somebody in the group reads its topic; and one check after its time it is gone.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConsumerGroupHeartbeatRequest } from '../protocol/consumer-group.ts'
import type { JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest, OffsetCommitRequest, OffsetCommitResponse, SyncGroupRequest } from '../protocol/group.ts'
import { parsePartition } from '../topic-partition.ts'
import { handleConsumerGroupHeartbeat } from './consumer/heartbeat.ts'
import { becomeCoordinator, handleJoinGroup, handleLeaveGroup, handleOffsetCommit, handleSyncGroup, resign } from './coordinator.ts'
import { TestBroker } from './testing.ts'
import '../whole.ts'

const SECOND = 1_000_000, PARTITION = '__consumer_offsets/1'
const RETENTION = 60 * SECOND
const partitions = ['t/0', 't/1', 'u/0'] as const

type Deed =
  | { readonly do: 'join'; readonly topics: readonly string[] }
  | { readonly do: 'leave' | 'failOver' }
  | { readonly do: 'commit'; readonly partition: (typeof partitions)[number] }
interface Timed { readonly after: number; readonly deed: Deed }
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.constantFrom<Deed>({ do: 'join', topics: ['t'] }, { do: 'join', topics: ['u'] }, { do: 'join', topics: ['t', 'u'] }, { do: 'leave' }, { do: 'leave' }, { do: 'failOver' }),
  fc.constantFrom(...partitions).map((partition): Deed => ({ do: 'commit', partition })),
)
/** Tenths of a second, up to 50 s. */
const deeds: fc.Arbitrary<readonly Timed[]> = fc.array(fc.record({ after: fc.integer({ min: 0, max: 500 }), deed }), { minLength: 2, maxLength: 14 })

/** A group with one member or none, and what is known of it from outside. */
class Seen {
  readonly at = new TestBroker()
  readonly protocol: 'classic' | 'consumer'
  readonly interval: number
  member: { readonly memberId: string; readonly generation: number; readonly topics: readonly string[] } | undefined
  /** When each offset was committed; when the last member of a classic group left; when its partition was loaded. */
  readonly committed = new Map<string, number>()
  emptySince: number | undefined
  loaded = 0
  /** When what it reads was last another. */
  changed = 0
  #told = 0
  #members = 0

  constructor(protocol: 'classic' | 'consumer', interval: number) {
    this.protocol = protocol
    this.interval = interval * SECOND
    Object.assign(this.at.configs, {
      'offsets.retention.minutes': 1, 'offsets.retention.check.interval.ms': interval * 1000, 'group.initial.rebalance.delay.ms': 0, 'group.consumer.session.timeout.ms': 1_800_000,
    })
    for (const topic of ['t', 'u']) this.at.topics.set(topic, 2)
    this.load()
  }
  load(): void {
    resign(this.at.coordinator, PARTITION, this.at.host)
    becomeCoordinator(this.at.coordinator, PARTITION, this.at.log.length === 0 ? 0 : 1, this.at.log, this.at.host)
    this.loaded = this.at.now
  }

  perform(what: Deed): void {
    switch (what.do) {
      case 'failOver': return this.load()
      case 'commit': return this.#commit(what.partition)
      case 'leave': return this.#leave()
      case 'join': {
        this.#leave()
        this.member = this.protocol === 'classic' ? this.#join(what.topics) : this.#beatIn(what.topics)
        this.emptySince = undefined
        this.changed = this.at.now
      }
    }
  }
  #commit(partition: string): void {
    const { memberId = '', generation = -1 } = this.member ?? {}
    const request: OffsetCommitRequest = { type: 'OffsetCommitRequest', clientId: 'c', groupId: 'g', generationId: generation, memberId, offsets: [{ partition, offset: 7, leaderEpoch: 0 }] }
    const answer = this.at.ask<OffsetCommitRequest, OffsetCommitResponse>(handleOffsetCommit, request, 'commit')
    expect(answer!.partitions[0]!.error).toBe('NONE')
    this.committed.set(partition, this.at.now)
  }
  #join(topics: readonly string[]): Seen['member'] {
    const request = (memberId: string): JoinGroupRequest => ({
      type: 'JoinGroupRequest', clientId: 'A', groupId: 'g', memberId, sessionTimeoutMs: 1_800_000, rebalanceTimeoutMs: 60_000, protocols: [{ name: 'range', topics, owned: [], generation: -1 }],
    })
    const { memberId } = this.at.ask<JoinGroupRequest, JoinGroupResponse>(handleJoinGroup, request(''), 'A')!
    let joined = this.at.ask<JoinGroupRequest, JoinGroupResponse>(handleJoinGroup, request(memberId), 'A')
    if (joined === undefined) {
      this.at.runUntil(this.at.now)
      joined = this.at.take<JoinGroupResponse>('A')
    }
    const generation = joined!.generationId
    this.at.ask(handleSyncGroup, { type: 'SyncGroupRequest', clientId: 'A', groupId: 'g', generationId: generation, memberId, assignments: [] } satisfies SyncGroupRequest, 'A')
    return { memberId, generation, topics }
  }
  #beatIn(topics: readonly string[]): Seen['member'] {
    const memberId = `m${this.#members++}`
    const answer = this.at.ask<ConsumerGroupHeartbeatRequest, { readonly type: string; readonly memberEpoch: number }>(handleConsumerGroupHeartbeat, {
      type: 'ConsumerGroupHeartbeatRequest', clientId: 'A', groupId: 'g', memberId, memberEpoch: 0, subscribedTopicNames: topics, rebalanceTimeoutMs: 60_000, topicPartitions: [],
    }, 'A')
    return { memberId, generation: answer!.memberEpoch, topics }
  }
  #leave(): void {
    const { member } = this
    if (member === undefined) return
    if (this.protocol === 'classic') this.at.ask(handleLeaveGroup, { type: 'LeaveGroupRequest', clientId: 'A', groupId: 'g', memberId: member.memberId } satisfies LeaveGroupRequest, 'A')
    else this.at.ask(handleConsumerGroupHeartbeat, { type: 'ConsumerGroupHeartbeatRequest', clientId: 'A', groupId: 'g', memberId: member.memberId, memberEpoch: -1 } satisfies ConsumerGroupHeartbeatRequest, 'A')
    this.member = undefined
    this.changed = this.at.now
    if (this.protocol === 'classic') this.emptySince = this.at.now
  }

  /** From when on it grows old. */
  since = (partition: string): number => this.emptySince ?? this.committed.get(partition)!
  isRead = (partition: string): boolean => this.member?.topics.includes(parsePartition(partition).topic) === true

  look(): void {
    const { at } = this
    for (const fact of at.facts.slice(this.#told)) {
      if (fact.code === 'offsets.expired') {
        const { partition, since, ageMs } = fact
        expect(at.now - this.since(partition), `${partition} has come of age`).toBeGreaterThanOrEqual(RETENTION)
        expect(this.isRead(partition), `${partition} is read`).toBe(false)
        expect([since, ageMs]).toEqual([this.emptySince === undefined ? 'committed' : 'empty', (at.now - this.since(partition)) / 1000])
        this.committed.delete(partition)
      }
      if (fact.code === 'group.expired') {
        expect([this.member, this.committed.size]).toEqual([undefined, 0])
        this.emptySince = undefined
      }
    }
    this.#told = at.facts.length
    expect([...at.coordinator.groups.get('g')?.offsets.keys() ?? []].toSorted()).toEqual([...this.committed.keys()].toSorted())
    for (const partition of this.committed.keys()) {
      if (!this.isRead(partition)) expect(at.now, `${partition} should be gone`).toBeLessThan(Math.max(this.since(partition) + RETENTION, this.loaded, this.changed) + this.interval)
    }
  }
}

describe.each(['classic', 'consumer'] as const)('GRP-21, a %s group', (protocol) => {
  test('loses each offset between its time and one check later, and never one that is read', () => {
    let expired = 0, gone = 0
    fc.assert(fc.property(deeds, fc.integer({ min: 1, max: 12 }), (plan, interval) => {
      const seen = new Seen(protocol, interval)
      const runFor = (tenths: number): void => {
        for (let i = 0; i < tenths; i++) {
          seen.at.runUntil(seen.at.now + SECOND / 10)
          seen.look()
        }
      }
      for (const { after, deed: next } of plan) {
        runFor(after)
        seen.perform(next)
        seen.look()
      }
      runFor(800)
      expired += seen.at.facts.filter(({ code }) => code === 'offsets.expired').length
      gone += seen.at.facts.filter(({ code }) => code === 'group.expired').length
    }), { numRuns: 100, seed: 21 })
    expect(Math.min(expired, gone)).toBeGreaterThan(20)
  })
})
