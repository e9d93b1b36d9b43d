/** The monitors can see: a cluster that is spoiled by hand breaks the statement that it is about. */
import { describe, expect, test } from 'vitest'
import { append, at } from '../base/chunks.ts'
import { SECOND } from '../base/units.ts'
import type { ConsumerState } from './client/consumer/state.ts'
import { Monitor } from './invariants.ts'
import { statements, unwatched } from './invariants-names.ts'
import { append as appendTo } from './log/log.ts'
import { newBatch, NO_PRODUCER, stamped, type RecordBatch } from './log/record.ts'
import type { PartitionChangeRecord } from './metadata/records.ts'
import type { Fact } from './notes.ts'
import { Spoiled } from './spoiling.testing.ts'
import { orders, producer, someBatch, steady, TestCluster, type TestOptions } from './testing.ts'
import { TRANSACTION_TOPIC } from './transaction/state.ts'

const shop = producer('shop', { 'linger.ms': 0 }, { keys: ['a', 'b', 'c'], ...steady })
const reader = (id: string, configs: Readonly<Record<string, unknown>> = {}): NonNullable<TestOptions['consumers']>[number] =>
  ({ id, library: 'java', group: 'g', topics: ['orders'], bootstrap: ['b1', 'b2', 'b3'], configs: { 'auto.offset.reset': 'earliest', ...configs } as never })
const busy = (options: TestOptions = {}, seconds = 6): Spoiled => new Spoiled({ producers: [shop], ...options }, (cluster) => cluster.start('shop').run(seconds))
/** Nothing is under way any more. */
const quiet = (options: TestOptions = {}): Spoiled => new Spoiled({ producers: [shop], ...options }, (cluster) => cluster.start('shop').run(6).tell('shop', { type: 'close' }).run(10))
const change = (fields: Partial<PartitionChangeRecord>, partition = 'orders/0'): PartitionChangeRecord => ({
  type: 'PartitionChangeRecord', partition, isr: undefined, leader: undefined, elr: undefined, lastKnownElr: undefined, replicas: undefined, adding: undefined, removing: undefined, leaderRecoveryState: undefined, ...fields,
})
const lastBatch = (cluster: TestCluster, id = 1, partition = 'orders/0'): RecordBatch => {
  const { batches } = cluster.replica(id, partition).log
  return at(batches, batches.length - 1)!
}
/** On all three brokers, and committed. */
function write({ cluster }: Spoiled, batch: RecordBatch, partition = 'orders/0'): void {
  for (const id of [1, 2, 3]) {
    const replica = cluster.replica(id, partition)
    appendTo(replica.log, stamped(batch, replica.log.endOffset, replica.leaderEpoch))
    replica.highWatermark = replica.log.endOffset
    for (const follower of replica.leading?.followers.values() ?? []) follower.logEndOffset = replica.log.endOffset
  }
}

// Part 9 of the semantics, by number.
const named = [
  ...[10, 18, 12, 6, 4, 8, 10].flatMap((count, i) => Array.from({ length: count }, (_, n) => `INV-${'LRCKPTG'[i]}${n + 1}`)), 'INV-S1',
  ...Array.from({ length: 11 }, (_, n) => `LIV-${n + 1}`),
]
test('every statement of part 9 is watched, or it is said why not', () => {
  const known = [...Object.keys(statements), ...Object.keys(unwatched)]
  expect(new Set(known).size).toBe(known.length)
  expect(named.filter((id) => !known.includes(id))).toEqual([])
  expect(known.filter((id) => !named.includes(id))).toEqual([])
})

describe('logs', () => {
  test('INV-L6: another record where one stood', () => {
    const spoiled = busy()
    const { log } = spoiled.cluster.replica(2)
    log.batches.open[3] = Object.freeze({ ...log.batches.open[3]!, records: someBatch().records })
    expect(spoiled.look(400)).toContain('INV-L6')
  })

  test('INV-L8 and INV-L10: what is not committed is deleted, and more than was allowed', () => {
    const spoiled = busy({ topics: [orders({ 'min.insync.replicas': '2', 'retention.bytes': '1000000' })] })
    const { highWatermark } = spoiled.cluster.replica(1)
    const deleted = { code: 'segment.deleted', partition: 'orders/0', node: 'b1', base: 0, bytes: 10, why: 'size', figure: 0, limit: 0 } as const
    expect(spoiled.tell('b1', { ...deleted, last: highWatermark })).toEqual(['INV-L8'])
    expect(spoiled.tell('b1', { ...deleted, last: highWatermark - 1 })).toEqual(['INV-L10'])
  })

  test('INV-L9: compaction takes the newest record of a key, or moves one', () => {
    const cleaned = (spoil: (batches: RecordBatch[]) => void): readonly string[] => {
      const spoiled = busy({ topics: [orders({ 'cleanup.policy': 'compact' })] })
      const replica = spoiled.cluster.replica(2)
      spoil(replica.log.batches.open)
      replica.log.batches.length = replica.log.batches.open.length
      replica.rewrites++
      return spoiled.tell('b2', { code: 'log.cleaned', partition: 'orders/0', node: 'b2', removed: 1, upTo: replica.log.endOffset, bytes: 0, dirtyPercent: 50, why: 'dirty', limit: 50 })
    }
    expect(cleaned((batches) => { batches.shift() })).toEqual([])
    expect(cleaned((batches) => { batches.pop() })).toEqual(['INV-L9'])
    expect(cleaned((batches) => { batches[3] = Object.freeze({ ...batches[3]!, records: batches[4]!.records }) })).toEqual(['INV-L9'])
  })
})

describe('replication', () => {
  test('INV-R7: a leader that does not count who is in the ISR', () => {
    const spoiled = busy()
    const leading = spoiled.cluster.leading(1)
    leading.isr = { ...leading.isr, kind: 'Committed', isr: [1, 2] }
    expect(spoiled.look()).toContain('INV-R7')
  })

  test('INV-R9: a follower that knows better than its leader has said', () => {
    const spoiled = busy()
    const { highWatermark } = spoiled.cluster.replica(2)
    expect(spoiled.tell('b2', { code: 'highWatermark.advanced', partition: 'orders/0', node: 'b2', from: highWatermark, to: highWatermark + 100 })).toEqual(['INV-R9'])
  })

  test('INV-R14: records that are not committed, or not decided, are given out', () => {
    const spoiled = busy({ consumers: [reader('c')] })
    const { highWatermark } = spoiled.cluster.replica(1)
    const given = { partition: 'orders/0', error: 'NONE', highWatermark, logStartOffset: 0, batches: [lastBatch(spoiled.cluster)], divergingEpoch: undefined, currentLeader: undefined }
    expect(spoiled.send('b1', 'c', { type: 'FetchResponse', partitions: [given] })).toEqual([])
    spoiled.cluster.replica(1).highWatermark--
    expect(spoiled.send('b1', 'c', { type: 'FetchResponse', partitions: [given] })).toContain('INV-R14')
    const lent = { partition: 'orders/0', error: 'NONE', acknowledgeError: 'NONE', batches: [], acquired: [{ first: highWatermark - 1, last: highWatermark - 1, count: 1 }] }
    expect(spoiled.send('b1', 'c', { type: 'ShareFetchResponse', error: 'NONE', acquisitionLockTimeoutMs: 0, partitions: [lent] })).toContain('INV-R14')
    spoiled.cluster.replica(1).highWatermark++
    spoiled.cluster.replica(1).log.transactions = Object.freeze({ open: Object.freeze([{ producerId: 9, firstOffset: 2 }]), unreplicated: [], aborted: [] })
    expect(spoiled.send('b1', 'c', { type: 'FetchResponse', partitions: [{ ...given, lastStableOffset: 2 }] })).toContain('INV-R14')
  })

  test('INV-R16: a follower takes what a leader of an earlier epoch has written', () => {
    const spoiled = busy()
    const fetched: Fact = { code: 'replica.fetched', partition: 'orders/0', node: 'b2', leader: 'b1', offset: 9 }
    expect(spoiled.tell('b2', fetched)).toEqual([])
    spoiled.cluster.replica(2).leaderEpoch++
    expect(spoiled.tell('b2', fetched)).toEqual(['INV-R16'])
  })

  test('INV-R18: what was written in one epoch is acknowledged in the next', () => {
    const spoiled = new Spoiled({ producers: [shop] }, (cluster) => cluster.send('shop', { value: 'x' }).run(2).stallFetch('b2').stallFetch('b3').send('shop', { value: 'y' }).run(2))
    const { on } = [...spoiled.cluster.broker(1).parked.produces.values()][0]!
    spoiled.cluster.replica(1).leaderEpoch++
    expect(spoiled.send('b1', 'shop', { type: 'ProduceResponse', partitions: [{ partition: 'orders/0', error: 'NONE', baseOffset: 1, currentLeader: undefined }] }, on)).toEqual(['INV-R18'])
  })
})

describe('controllers', () => {
  test('INV-C3: somebody eligible beside an ISR that is large enough', () => {
    const spoiled = busy({ features: { 'eligible.leader.replicas.version': 1 } })
    spoiled.commit(change({ isr: [1, 2], elr: [3] }))
    expect(spoiled.look()).toContain('INV-C3')
  })

  test('INV-C7: an ISR that nobody has asked for', () => {
    const spoiled = busy()
    expect(spoiled.tell('k1', { code: 'isr.changed', partition: 'orders/0', isr: ['b1'], was: ['b1', 'b2', 'b3'], why: 'lag' })).toEqual(['INV-C7'])
  })

  test('INV-C11: replicas on one broker, a leader that is fenced, racks that are left out', () => {
    const placed = (replicas: readonly number[], leader: number): readonly string[] => {
      const spoiled = busy({ brokers: 4 })
      const [b4, b3] = [4, 3].map((id) => spoiled.cluster.controller().committed.brokers.get(id)!)
      const again = { type: 'RegisterBrokerRecord', incarnationId: 'again', brokerEpoch: 1_000, inControlledShutdown: false, logDirs: [] } as const
      spoiled.commit({ ...again, brokerId: 4, name: b4!.name, rack: 'r1', fenced: false })
      spoiled.commit({ ...again, brokerId: 3, name: b3!.name, rack: 'r3', fenced: true })
      spoiled.send('admin', 'b1', { type: 'CreateTopicsRequest', topic: 'new', numPartitions: 1, replicationFactor: 3, assignments: undefined, configs: {} })
      spoiled.commit({ type: 'TopicRecord', name: 'new' })
      spoiled.commit({ type: 'PartitionRecord', partition: 'new/0', topic: 'new', index: 0, leaderEpoch: 0, partitionEpoch: 0, replicas, isr: [leader], elr: [], lastKnownElr: [], leader, leaderRecoveryState: 'RECOVERED', adding: [], removing: [] })
      return spoiled.look().filter((id) => id === 'INV-C11')
    }
    expect(placed([1, 2, 3], 1)).toEqual([])
    expect(placed([1, 1, 2], 1)).toEqual(['INV-C11'])
    expect(placed([3, 1, 2], 3)).toEqual(['INV-C11'])
    expect(placed([1, 2, 4], 1)).toEqual(['INV-C11'])
  })

  test('INV-C12: two that act in one epoch, and what somebody wrote who leads no more', () => {
    const two = busy()
    const [first, second] = two.controllers()
    second!.voter = { ...first!.voter }
    expect(two.step('k2')).toEqual(['INV-K6'])
    const fresh = new Spoiled({}, (cluster) => cluster)
    const [one, other] = fresh.controllers()
    other!.voter = { ...one!.voter }
    other!.epoch = one!.epoch
    fresh.step('k1')
    expect(fresh.step('k2')).toEqual(['INV-C12'])
    const late = busy()
    late.cluster.controller().voter = { kind: 'Unattached', fetchAgainAt: 0 }
    late.commit(change({ isr: [1, 2, 3] }))
    expect(late.look()).toContain('INV-C12')
  })

  test('INV-K6: a follower leads without having been elected; a leader fetches', () => {
    const spoiled = busy()
    expect(spoiled.send('k1', 'k2', { type: 'MetadataFetchRequest' })).toEqual(['INV-K6'])
    const { voter } = spoiled.cluster.controller()
    spoiled.cluster.controller().voter = { kind: 'Follower', hasFetched: true, leaderResigned: false, fetchAgainAt: 0 }
    expect(spoiled.step('k1')).toEqual(['INV-K6'])
    spoiled.cluster.controller().voter = voter
    expect(spoiled.step('k1')).toEqual(['INV-K6'])
  })
})

describe('producers', () => {
  test('INV-P1 and INV-P2: a batch that is there twice, one that is missing, and two in the wrong order', () => {
    const written = (from: (newest: RecordBatch) => Partial<RecordBatch>): readonly string[] => {
      const spoiled = quiet()
      const newest = lastBatch(spoiled.cluster)
      write(spoiled, Object.freeze({ ...newest, ...from(newest) }))
      return spoiled.look()
    }
    const next = ({ baseSequence, records }: RecordBatch): number => baseSequence + records.length
    const renamed = (number: number) => ({ records: newBatch([{ id: `shop#${number}`, key: 'a', value: 'v', valueBytes: undefined, timestamp: 0 }], 'shop', NO_PRODUCER).records })
    expect(written((newest) => ({ baseSequence: next(newest), ...renamed(9999) }))).toEqual([])
    expect(written(({ baseSequence }) => ({ baseSequence }))).toEqual(['INV-P1'])
    expect(written((newest) => ({ baseSequence: next(newest) + 1, ...renamed(9999) }))).toEqual(['INV-P1'])
    expect(written((newest) => ({ baseSequence: next(newest), ...renamed(2) }))).toEqual(['INV-P2'])
  })

  test('INV-P4: a key that goes elsewhere; not where its sender has chosen the partition', () => {
    const spoiled = busy({ topics: [orders({}, [[1, 2, 3], [2, 3, 1]])] })
    spoiled.cluster.send('shop', ...[0, 1].map((partition) => ({ key: 'a', value: 'x', partition }))).run(1)
    expect(spoiled.look()).toEqual([])
    const { outcomes } = spoiled.cluster.producer('shop').notebook
    const newest = at(outcomes, outcomes.length - 1)!
    append(outcomes, { ...newest, number: newest.number + 1, acks: 1, key: 'a', partition: 'orders/0' })
    append(outcomes, { ...newest, number: newest.number + 2, acks: 1, key: 'a', partition: 'orders/1' })
    expect(spoiled.look()).toEqual(['INV-P4'])
  })
})

describe('groups', () => {
  const classic = (configs: Readonly<Record<string, unknown>> = {}, partitions = 4): Spoiled => new Spoiled(
    { producers: [shop], consumers: [reader('A', configs), reader('B', configs)], topics: [orders({}, [[1, 2, 3], [2, 3, 1], [3, 1, 2], [1, 2, 3]].slice(0, partitions))], overrides: { 'offsets.topic.num.partitions': 1 } },
    (cluster) => cluster.start('shop', 'A', 'B').run(20),
  )
  const coordinatorOf = ({ cluster }: Spoiled) => cluster.broker(cluster.truth('__consumer_offsets/0').leader)
  const groupIn = (spoiled: Spoiled) => coordinatorOf(spoiled).coordinator.groups.get('g')!
  const finished = (spoiled: Spoiled): readonly string[] => spoiled.tell(coordinatorOf(spoiled).spec.name, { code: 'rebalance.finished', group: 'g', epoch: groupIn(spoiled).generation, tookMs: 0 })
  const newTarget = (spoiled: Spoiled): readonly string[] => spoiled.tell(coordinatorOf(spoiled).spec.name, { code: 'target.computed', group: 'g', epoch: 9, assignor: 'uniform', members: 2 })

  test('INV-G3: a member of another generation, and a commit that counts all the same', () => {
    const spoiled = classic()
    const name = coordinatorOf(spoiled).spec.name
    const { generation } = groupIn(spoiled)
    const commit = (generationId: number): readonly string[] => {
      spoiled.send('A', name, { type: 'OffsetCommitRequest', clientId: 'A', groupId: 'g', generationId, memberId: 'x', offsets: [] }, 'on')
      return spoiled.send(name, 'A', { type: 'OffsetCommitResponse', groupId: 'g', partitions: [{ partition: 'orders/0', error: 'NONE' }] }, 'on')
    }
    expect([commit(generation), commit(generation - 1), commit(-1)]).toEqual([[], ['INV-G3'], ['INV-G3']])
    ;(spoiled.cluster.sim.world.nodes.get('A')!.state as ConsumerState).membership.generation++
    expect(spoiled.look()).toContain('INV-G3')
  })

  test('INV-G5: told to be at rest, and it is not', () => {
    const spoiled = classic({ 'group.protocol': 'consumer' })
    coordinatorOf(spoiled).coordinator.consumerGroups.get('g')!.settledEpoch--
    expect(spoiled.look()).toContain('INV-G5')
  })

  test('INV-G6: a partition that nobody gets, and one who gets too much', () => {
    const spoiled = classic()
    expect(finished(spoiled)).toEqual([])
    const [first, second] = [...groupIn(spoiled).members.values()]
    const all = [...first!.assignment, ...second!.assignment]
    first!.assignment = first!.assignment.slice(1)
    expect(finished(spoiled)).toEqual(['INV-G6'])
    first!.assignment = all
    second!.assignment = []
    expect(finished(spoiled)).toEqual(['INV-G6'])
    const modern = classic({ 'group.protocol': 'consumer' })
    const { target } = coordinatorOf(modern).coordinator.consumerGroups.get('g')!
    target.set([...target.keys()][0]!, Object.freeze([]))
    expect(newTarget(modern)).toEqual(['INV-G6'])
  })

  test('INV-G7: more is moved than has to be', () => {
    const spoiled = classic({ 'group.protocol': 'consumer' })
    expect(newTarget(spoiled)).toEqual([])
    const { target } = coordinatorOf(spoiled).coordinator.consumerGroups.get('g')!
    const [[first, one], [second, other]] = [...target] as [[string, readonly string[]], [string, readonly string[]]]
    target.set(first, other).set(second, one)
    expect(newTarget(spoiled)).toEqual(['INV-G7'])
    const sticky = classic({ 'partition.assignment.strategy': 'sticky' })
    const members = [...groupIn(sticky).members.values()]
    for (const member of members) member.protocols = member.protocols.map((protocol) => ({ ...protocol, owned: members.find((each) => each !== member)!.assignment, generation: 7 }))
    expect(finished(sticky)).toEqual(['INV-G7'])
  })

  test('INV-G7: who has left and is back before the next target has nothing that could be taken away', () => {
    const moved = (hasLeft: boolean): readonly string[] => {
      const spoiled = classic({ 'group.protocol': 'consumer' }, 3)
      expect(newTarget(spoiled)).toEqual([])
      const { target, members } = coordinatorOf(spoiled).coordinator.consumerGroups.get('g')!
      const [[most, two], [least, one]] = [...target].toSorted(([, a], [, b]) => b.length - a.length) as [[string, readonly string[]], [string, readonly string[]]]
      const member = members.get(most)!
      members.delete(most)
      if (hasLeft) expect(spoiled.tell(coordinatorOf(spoiled).spec.name, { code: 'group.advanced', group: 'g', epoch: 9, why: 'left' })).toEqual([])
      members.set(most, member)
      target.set(most, two.slice(1)).set(least, [...one, two[0]!])
      return newTarget(spoiled)
    }
    expect([moved(false), moved(true)]).toEqual([['INV-G7'], []])
  })

  test('INV-G8: a member is given what another still has', () => {
    const spoiled = classic({ 'partition.assignment.strategy': 'cooperative-sticky' })
    const [first, second] = [...groupIn(spoiled).members.values()]
    first!.protocols = first!.protocols.map((protocol) => ({ ...protocol, owned: second!.assignment, generation: 7 }))
    expect(finished(spoiled)).toEqual(['INV-G8'])
  })

  test('INV-G9: the next coordinator does not know what was committed', () => {
    const spoiled = classic()
    const { leader, leaderEpoch } = spoiled.cluster.truth('__consumer_offsets/0')
    const next = leader === 1 ? 2 : 1
    spoiled.commit(change({ leader: next }, '__consumer_offsets/0'))
    spoiled.cluster.broker(next).coordinator.partitions.set('__consumer_offsets/0', leaderEpoch + 1)
    expect(spoiled.look()).toContain('INV-G9')
  })

  test('INV-G9: what has expired nobody needs to know', () => {
    const spoiled = classic()
    const { leader, leaderEpoch } = spoiled.cluster.truth('__consumer_offsets/0')
    const next = leader === 1 ? 2 : 1
    const { offsets } = groupIn(spoiled)
    const [first, ...rest] = [...offsets.keys()] as [string, ...string[]]
    const expire = (partition: string): readonly string[] =>
      spoiled.tell(coordinatorOf(spoiled).spec.name, { code: 'offsets.expired', group: 'g', partition, offset: 0, since: 'empty', ageMs: 60_000, retentionMs: 60_000 })
    for (const partition of rest) expect(expire(partition)).toEqual([])
    spoiled.commit(change({ leader: next }, '__consumer_offsets/0'))
    spoiled.cluster.broker(next).coordinator.partitions.set('__consumer_offsets/0', leaderEpoch + 1)
    expect(expire(first)).toEqual([])
    expect(spoiled.look()).not.toContain('INV-G9')
  })

  test('INV-G10: more is committed than was read', () => {
    const spoiled = classic()
    const name = coordinatorOf(spoiled).spec.name
    const { highWatermark } = spoiled.cluster.replica(1)
    expect(spoiled.tell(name, { code: 'offsets.committed', group: 'g', partition: 'orders/0', offset: highWatermark })).toEqual([])
    write(spoiled, someBatch(3))
    expect(spoiled.tell(name, { code: 'offsets.committed', group: 'g', partition: 'orders/0', offset: highWatermark + 3 })).toEqual(['INV-G10'])
  })
})

test('INV-T8: a copy too many', () => {
  const copier = producer('A', { 'transactional.id': 'copy', 'auto.offset.reset': 'earliest' }, { topic: 'dst', transactional: true, reads: { group: 'g', topics: ['orders'], batch: 3 } })
  const spoiled = new Spoiled({ producers: [shop, copier], topics: [orders(), { ...orders(), name: 'dst' }], overrides: { 'offsets.topic.num.partitions': 1, 'transaction.state.log.num.partitions': 1 } },
    (cluster) => cluster.start('shop', 'A').run(15).tell('shop', { type: 'close' }).run(20))
  expect(spoiled.cluster.replica(1, 'dst/0').highWatermark).toBeGreaterThan(20)
  const first = at(spoiled.cluster.replica(1, 'dst/0').log.batches, 0)!
  write(spoiled, newBatch(first.records, 'A', NO_PRODUCER), 'dst/0')
  expect(spoiled.look()).toContain('INV-T8')
})

describe('what must come true in time', () => {
  test('LIV-1, LIV-2, LIV-9 and LIV-10: no leader, not in sync, not moved, not the preferred one', () => {
    const after = (fields: Partial<PartitionChangeRecord>, seconds: number): readonly string[] => {
      const spoiled = quiet()
      spoiled.commit(change(fields))
      return spoiled.wait(seconds).filter((id) => id.startsWith('LIV-'))
    }
    expect(after({ isr: [1, 2, 3] }, 1000)).toEqual([])
    expect(after({ leader: -1 }, 1000)).toContain('LIV-1')
    expect(after({ leader: -1 }, 10)).toEqual([])
    expect(after({ isr: [1, 2] }, 1000)).toContain('LIV-2')
    expect(after({ adding: [3] }, 1000)).toContain('LIV-9')
    expect(after({ replicas: [2, 1, 3] }, 1000)).toContain('LIV-10')
  })

  test('LIV-3: a batch that is never decided', () => {
    const spoiled = new Spoiled({ producers: [shop] }, (cluster) => cluster.send('shop', { value: 'x' }).run(2).act('pause', 'b1', 'b2', 'b3').send('shop', { value: 'y' }).run(1))
    expect(spoiled.wait(100)).toEqual([])
    spoiled.wait(60)
    expect(spoiled.wait(60)).toContain('LIV-3')
  })

  test('LIV-4, LIV-5 and LIV-11: a follower, or a broker, that is left behind', () => {
    const behind = quiet()
    behind.cluster.replica(2).highWatermark--
    expect(behind.wait(100)).toContain('LIV-4')
    const ignorant = quiet()
    ignorant.cluster.broker(3).metadata.endOffset--
    expect(ignorant.wait(100)).toContain('LIV-5')
    const longer = quiet()
    const { log } = longer.cluster.replica(3)
    appendTo(log, stamped(someBatch(), log.endOffset, 0))
    expect(longer.wait(100)).toContain('LIV-11')
  })

  test('LIV-6: nobody acts as the controller', () => {
    const spoiled = quiet()
    spoiled.cluster.controller().voter = { kind: 'Unattached', fetchAgainAt: 0 }
    expect(spoiled.wait(100)).toContain('LIV-6')
    // Without a majority nobody can.
    const alone = quiet()
    alone.cluster.act('crash', 'k1', 'k2')
    expect(alone.wait(1000).filter((id) => id.startsWith('LIV-'))).toEqual([])
  })

  test('LIV-7: a group that does not come to rest', () => {
    for (const configs of [{}, { 'group.protocol': 'consumer' }]) {
      const spoiled = new Spoiled({ producers: [shop], consumers: [reader('A', configs)], overrides: { 'offsets.topic.num.partitions': 1 } }, (cluster) => cluster.start('shop', 'A').run(20))
      const { coordinator } = spoiled.cluster.broker(spoiled.cluster.truth('__consumer_offsets/0').leader)
      const classic = coordinator.groups.get('g'), modern = coordinator.consumerGroups.get('g')
      if (modern === undefined) classic!.state = 'PreparingRebalance'
      else modern.epoch++
      expect(spoiled.wait(400)).not.toContain('LIV-7')
      expect(spoiled.wait(1000)).toContain('LIV-7')
    }
  })

  test('LIV-8: a transaction that nobody ends', () => {
    const txn = producer('txn', { 'transactional.id': 'pay' }, { transactional: true })
    const api = (name: string) => ({ type: 'transaction', api: name })
    const spoiled = new Spoiled({ producers: [txn], overrides: { 'transaction.state.log.num.partitions': 1 } },
      (cluster) => cluster.tell('txn', api('initTransactions')).run(2).tell('txn', api('beginTransaction')).send('txn', { value: 'x' }).run(2))
    const { leader } = spoiled.cluster.truth(`${TRANSACTION_TOPIC}/0`)
    expect(spoiled.cluster.broker(leader).transactions.coordinator.transactions.get('pay')!.metadata.state).toBe('Ongoing')
    expect(spoiled.wait(70)).not.toContain('LIV-8')
    expect(spoiled.wait(100)).toContain('LIV-8')
    expect(spoiled.cluster.now).toBeGreaterThan(170 * SECOND)
  })
})

describe('no false alarm', () => {
  test('of keys that were sent while the topic had fewer partitions, where one begins to look later', () => {
    const cluster = new TestCluster({ topics: [orders({}, [[1, 2, 3], [2, 3, 1]])], producers: [producer('shop', { 'linger.ms': 0 }, { keys: ['a', 'b', 'c', 'd', 'e'], ...steady })] }).start('shop').run(5)
      .call('grow', { type: 'CreatePartitionsRequest', topic: 'orders', count: 5, assignments: undefined }).run(5)
    const found: string[] = []
    const monitor = new Monitor(({ id }) => found.push(id))
    monitor.begin(cluster.sim.world)
    monitor.look(cluster.sim.world)
    const { outcomes } = cluster.producer('shop').notebook
    for (let i = 0; i < 9; i++) append(outcomes, { ...at(outcomes, i)!, acks: 1 })
    monitor.look(cluster.sim.world)
    expect(found).toEqual([])
  })

  test.each([['frozen', 'pause', 'resume'], ['down', 'crash', 'restart']] as const)('when a topic is deleted and created again while a broker is %s', (_, leave, back) => {
    const writer = producer('shop', { 'linger.ms': 0 }, { topic: 'new', ...steady })
    const create = { type: 'CreateTopicsRequest', topic: 'new', numPartitions: 2, replicationFactor: 3, assignments: undefined, configs: {} } as const
    const spoiled = new Spoiled({ producers: [writer], consumers: [{ ...reader('c'), topics: ['new'] }] }, (cluster) => cluster
      .call('create', create).run(3).start('shop', 'c').run(8).call('grow', { type: 'CreatePartitionsRequest', topic: 'new', count: 3, assignments: undefined }).run(8)
      .act(leave, 'b3').run(15).call('delete', { type: 'DeleteTopicsRequest', topic: 'new' }).run(3).call('again', create).run(12).act(back, 'b3').run(60))
    expect(spoiled.cluster.result('again').error).toBe('NONE')
    expect(spoiled.look()).toEqual([])
  })

  test('where one begins to look while a broker still has a log of a topic that is deleted', () => {
    const create = { type: 'CreateTopicsRequest', topic: 'new', numPartitions: 1, replicationFactor: 3, assignments: undefined, configs: {} } as const
    const found: string[] = []
    const monitors: Monitor[] = []
    const cluster = new TestCluster({ producers: [producer('shop', { 'linger.ms': 0 }, { topic: 'new', ...steady })], stepped: (world, node) => monitors[0]?.stepped(world, node) })
      .call('create', create).run(3).start('shop').run(8).act('pause', 'b3').run(15).call('delete', { type: 'DeleteTopicsRequest', topic: 'new' }).run(3).call('again', create).run(3)
    monitors.push(new Monitor(({ id }) => found.push(id)))
    monitors[0]!.begin(cluster.sim.world)
    cluster.run(12).act('resume', 'b3').run(60)
    expect(found).toEqual([])
  })
})
