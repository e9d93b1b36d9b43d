import { describe, expect, test } from 'vitest'
import type { Fact } from '../kafka/notes.ts'
import type { StoryLine } from './story.ts'
import { why } from './why.ts'

/** A story by hand: step, cause and teller only where a test needs them. */
function storyOf(...facts: readonly (Fact | { readonly fact: Fact; readonly step?: number; readonly cause?: number; readonly node?: string })[]): StoryLine[] {
  return facts.map((each, index) => {
    const { fact, step = index + 1, cause = index, node = 'k1' } = 'fact' in each ? each : { fact: each }
    return { index, at: index * 1_000_000, step, cause, node, fact }
  })
}
const codes = (story: readonly StoryLine[], index = story.length - 1): readonly string[] => why(story, index).links.map(({ line }) => line.fact.code)
const rootsOf = (story: readonly StoryLine[]): readonly string[] => why(story, story.length - 1).roots.map(({ fact }) => fact.code)
const configsOf = (story: readonly StoryLine[]): readonly string[] =>
  why(story, story.length - 1).links.flatMap(({ configs }) => configs.map(({ name, value }) => `${name}=${value}`))

const began: Fact = { code: 'step.began', step: 'one', index: 0 }
const crashed: Fact = { code: 'node.crashed', node: 'b1' }
const fenced: Fact = { code: 'broker.fenced', node: 'b1', silentMs: 9_400 }
const elected: Fact = { code: 'leader.elected', partition: 'orders/0', leader: 'b2', epoch: 1, how: 'clean' }
const shrunk: Fact = { code: 'isr.changed', partition: 'orders/0', isr: ['b2', 'b3'], was: ['b1', 'b2', 'b3'], why: 'fenced' }
const noise: Fact = { code: 'offsets.committed', group: 'g', partition: 'other/0', offset: 1 }

describe('why', () => {
  test('records were read late: their reader had paused the partition, and has resumed it', () => {
    const committed: Fact = { code: 'highWatermark.advanced', partition: 'orders/0', node: 'b1', from: 3, to: 4 }
    const paused: Fact = { code: 'partitions.paused', consumer: 'c1', partitions: ['orders/0', 'orders/1'] }
    const resumed: Fact = { code: 'partitions.resumed', consumer: 'c1', partitions: ['orders/0'] }
    const read: Fact = { code: 'records.read', consumer: 'c1', partition: 'orders/0', base: 3, last: 3 }
    expect(codes(storyOf(paused, committed, resumed, read))).toEqual(['records.read', 'partitions.resumed', 'highWatermark.advanced', 'partitions.paused'])
    expect(codes(storyOf(paused, resumed, { fact: committed, cause: 99 }, read))).toEqual(['records.read', 'highWatermark.advanced'])
  })

  test('a leader was elected: the old one was fenced, because it had been killed', () => {
    const story = storyOf(began, crashed, noise, { fact: fenced, step: 7 }, { fact: elected, step: 7 }, noise)
    expect(codes(story, 4)).toEqual(['leader.elected', 'broker.fenced', 'node.crashed'])
    expect(why(story, 4).roots.map(({ fact }) => fact)).toEqual([crashed])
    expect(why(story, 4).links[1]?.configs).toEqual([{ name: 'broker.session.timeout.ms', value: '9000' }, { name: 'broker.heartbeat.interval.ms', value: '2000' }])
  })

  test('values in force are told where they are known', () => {
    const story = storyOf(crashed, fenced)
    const chain = why(story, 1, (name) => (name === 'broker.session.timeout.ms' ? '6000' : undefined))
    expect(chain.links[0]?.configs.map(({ value }) => value)).toEqual(['6000', '2000'])
  })

  describe('an offset expired', () => {
    const assigned: Fact = { code: 'partitions.assigned', group: 'g', member: 'c1', partitions: ['orders/0'] }
    const committed: Fact = { code: 'offsets.committed', group: 'g', partition: 'orders/0', offset: 7 }
    const stopping: Fact = { code: 'node.stopping', node: 'c1' }
    const left: Fact = { code: 'member.left', group: 'g', member: 'c1', why: 'closed' }
    const expired: Fact = { code: 'offsets.expired', group: 'g', partition: 'orders/0', offset: 7, since: 'empty', ageMs: 60_500, retentionMs: 60_000 }
    const other: Fact = { ...expired, group: 'h' }
    const gone: Fact = { code: 'group.expired', group: 'g' }
    const reset: Fact = { code: 'offset.reset', consumer: 'c1', partition: 'orders/0', from: undefined, to: 0, policy: 'earliest' }

    test('for the retention, since its group was left', () => {
      const story = storyOf(committed, stopping, left, other, expired)
      expect(codes(story)).toEqual(['offsets.expired', 'member.left', 'node.stopping'])
      expect(configsOf(story)).toEqual(['offsets.retention.minutes=1', 'offsets.retention.check.interval.ms=600000'])
    })
    test('for the retention, since it was committed, as nobody reads there any more', () => {
      expect(codes(storyOf(committed, stopping, left, { ...expired, since: 'committed' }))).toEqual(['offsets.expired', 'member.left', 'node.stopping', 'offsets.committed'])
    })
    test('by a clock that was set wrong', () => {
      const clock: Fact = { code: 'fault.made', what: 'clock', target: 'b1', ms: 700_000_000 }
      expect(rootsOf(storyOf(committed, clock, { fact: { ...expired, since: 'committed' }, node: 'b1' }))).toEqual(['fault.made'])
    })
    test('and its group went with it', () => {
      expect(codes(storyOf(left, expired, gone))).toEqual(['group.expired', 'offsets.expired', 'member.left'])
    })
    test('so who comes back begins by auto.offset.reset', () => {
      expect(codes(storyOf(assigned, committed, stopping, left, other, expired, gone, assigned, reset))).toEqual(['offset.reset', 'partitions.assigned', 'offsets.expired', 'member.left', 'node.stopping'])
      expect(configsOf(storyOf(left, expired, assigned, reset))).toContain('auto.offset.reset=earliest')
    })
    test('and who wants no policy stops', () => {
      const failed: Fact = { code: 'consumer.failed', consumer: 'c1', partition: 'orders/0', offset: undefined, error: 'NO_OFFSET', policy: 'none' }
      expect(codes(storyOf(stopping, left, expired, assigned, failed))).toEqual(['consumer.failed', 'offsets.expired', 'member.left', 'node.stopping'])
    })
    test('which has nothing to do with a start after another commit', () => {
      expect(codes(storyOf(stopping, left, expired, committed, assigned, reset))).not.toContain('offsets.expired')
    })
  })

  test.each([
    ['a pause', { code: 'node.paused', node: 'b1' }],
    ['a cut towards the controllers', { code: 'link.cut', from: 'b1', to: 'k1', direction: 'both', traffic: 'controller' }],
    ['a cut of everything', { code: 'link.cut', from: 'k1', to: 'b1', direction: 'both', traffic: 'all' }],
  ] as const)('a broker was fenced for %s', (_, fault) => {
    expect(codes(storyOf(fault, fenced))).toEqual(['broker.fenced', fault.code])
  })

  test('a cut of replication alone silences no heartbeat, and a fault that is over explains nothing', () => {
    const cut: Fact = { code: 'link.cut', from: 'b2', to: 'b1', direction: 'both', traffic: 'replication' }
    expect(codes(storyOf(crashed, cut, fenced))).toEqual(['broker.fenced', 'node.crashed'])
    expect(codes(storyOf(crashed, { code: 'node.started', node: 'b1', clean: false }, fenced))).toEqual(['broker.fenced'])
  })

  test('the ISR shrank by lag: the leader asked, because the follower could not fetch', () => {
    const asked: Fact = { code: 'isr.asked', partition: 'orders/0', node: 'b1', isr: ['b1', 'b2'], why: 'lag', lagMs: 31_000 }
    const story = storyOf(
      { code: 'replica.fetched', partition: 'orders/0', node: 'b3', leader: 'b1', offset: 3 }, { code: 'fault.made', what: 'stallFetch', target: 'b3', ms: 40_000 }, noise, asked,
      { code: 'isr.changed', partition: 'orders/0', isr: ['b1', 'b2'], was: ['b1', 'b2', 'b3'], why: 'lag' },
    )
    expect(codes(story)).toEqual(['isr.changed', 'isr.asked', 'fault.made'])
    expect(configsOf(story)).toEqual(['replica.lag.time.max.ms=30000'])
  })

  test('the ISR grew: who was started again has fetched all there is', () => {
    const story = storyOf(
      shrunk, { code: 'node.started', node: 'b1', clean: false }, { code: 'replica.fetched', partition: 'orders/0', node: 'b1', leader: 'b2', offset: 9 },
      { code: 'isr.asked', partition: 'orders/0', node: 'b2', isr: ['b1', 'b2', 'b3'], why: 'caughtUp', lagMs: 0 },
      { code: 'isr.changed', partition: 'orders/0', isr: ['b1', 'b2', 'b3'], was: ['b2', 'b3'], why: 'caughtUp' },
    )
    expect(codes(story)).toEqual(['isr.changed', 'isr.asked', 'replica.fetched', 'node.started'])
  })

  test('an acknowledged record is lost: the new leader never had it, and acks=1 had asked nobody else', () => {
    const story = storyOf(
      { code: 'link.cut', from: 'b2', to: 'b1', direction: 'both', traffic: 'replication' },
      { code: 'batch.appended', partition: 'orders/0', node: 'b1', base: 7, last: 7, epoch: 0, producer: 'shop' },
      { code: 'record.acked', producer: 'shop', partition: 'orders/0', offset: 7, records: 1, acks: '1' }, crashed, fenced, elected,
      { code: 'leader.started', partition: 'orders/0', node: 'b2', epoch: 1, offset: 7 },
      { code: 'record.lost', producer: 'shop', partition: 'orders/0', offset: 7, ackedBy: 'b1', why: 'truncated' },
    )
    expect(codes(story)).toEqual([
      'record.lost', 'leader.started', 'leader.elected', 'broker.fenced', 'node.crashed', 'record.acked', 'batch.appended', 'link.cut',
    ])
    expect(rootsOf(story)).toEqual(['node.crashed', 'link.cut'])
    expect(configsOf(story)).toContain('acks=1')
  })

  test('acks=all is answered when the high watermark has passed', () => {
    const story = storyOf(
      began, { code: 'batch.appended', partition: 'orders/0', node: 'b1', base: 3, last: 3, epoch: 0, producer: 'shop' },
      { code: 'replica.fetched', partition: 'orders/0', node: 'b3', leader: 'b1', offset: 4 },
      { code: 'highWatermark.advanced', partition: 'orders/0', node: 'b1', from: 3, to: 4 },
      { code: 'record.acked', producer: 'shop', partition: 'orders/0', offset: 3, records: 1, acks: 'all' },
    )
    expect(codes(story)).toEqual(['record.acked', 'highWatermark.advanced', 'replica.fetched', 'batch.appended', 'step.began'])
    expect(rootsOf(story)).toEqual(['step.began'])
  })

  test('a producer retried, heard of the new leader, and the broker knew its batch', () => {
    const story = storyOf(
      crashed, { code: 'connection.lost', node: 'shop', peer: 'b1', how: 'reset' },
      { code: 'producer.retried', producer: 'shop', partition: 'orders/0', error: 'NETWORK_EXCEPTION', attempt: 1 },
      { code: 'duplicate.refused', partition: 'orders/0', node: 'b2', producer: 'shop', sequence: 4, offset: 4 },
    )
    expect(codes(story)).toEqual(['duplicate.refused', 'producer.retried', 'connection.lost', 'node.crashed'])
  })

  test('a group rebalanced because a member fell silent', () => {
    const story = storyOf(
      { code: 'node.paused', node: 'c1' }, { code: 'member.left', group: 'g', member: 'c1', why: 'session' }, { code: 'rebalance.started', group: 'g', why: 'left' },
      { code: 'rebalance.finished', group: 'g', epoch: 2, tookMs: 3_000 }, { code: 'partitions.assigned', group: 'g', member: 'c2', partitions: ['orders/0'] },
    )
    expect(codes(story)).toEqual(['partitions.assigned', 'rebalance.finished', 'rebalance.started', 'member.left', 'node.paused'])
    expect(configsOf(story)).toContain('session.timeout.ms=45000')
  })

  test('a cooperative member gave up what moves, so the group rebalanced once more', () => {
    const story = storyOf(
      { code: 'member.joined', group: 'g', member: 'c2' }, { code: 'rebalance.started', group: 'g', why: 'joined' },
      { code: 'rebalance.finished', group: 'g', epoch: 2, tookMs: 900 }, { code: 'partitions.revoked', group: 'g', member: 'c1', partitions: ['orders/1'] },
      { code: 'rebalance.started', group: 'g', why: 'revoked' }, { code: 'rebalance.finished', group: 'g', epoch: 3, tookMs: 3_000 },
      { code: 'partitions.assigned', group: 'g', member: 'c2', partitions: ['orders/1'] },
    )
    expect(codes(story)).toEqual([
      'partitions.assigned', 'rebalance.finished', 'rebalance.started', 'partitions.revoked', 'rebalance.finished', 'rebalance.started', 'member.joined',
    ])
  })

  test('by the consumer protocol a partition came when its former owner had let go of it, because the target was computed anew', () => {
    const story = storyOf(
      { code: 'member.joined', group: 'g', member: 'c2' }, { code: 'group.advanced', group: 'g', epoch: 3, why: 'joined' },
      { code: 'target.computed', group: 'g', epoch: 3, assignor: 'uniform', members: 2 },
      { code: 'partitions.revoked', group: 'g', member: 'c1', partitions: ['orders/1'] }, { code: 'rebalance.finished', group: 'g', epoch: 3, tookMs: 5_000, protocol: 'consumer' },
      { code: 'partitions.assigned', group: 'g', member: 'c2', partitions: ['orders/1'] },
    )
    expect(codes(story)).toEqual(['partitions.assigned', 'partitions.revoked', 'target.computed', 'group.advanced', 'member.joined'])
    expect(configsOf(story)).toContain('group.consumer.heartbeat.interval.ms=5000')
  })

  test('a static member was fenced by another that took its place', () => {
    const story = storyOf(
      { code: 'node.started', node: 'c2', clean: true }, { code: 'member.returned', group: 'g', member: 'c2', instance: 'desk', stable: true },
      { code: 'member.fenced', group: 'g', member: 'c1', instance: 'desk' },
    )
    expect(codes(story)).toEqual(['member.fenced', 'member.returned', 'node.started'])
  })

  test('a returning leader cuts its log: another one was elected meanwhile', () => {
    const story = storyOf(crashed, fenced, elected, { code: 'node.started', node: 'b1', clean: false }, { code: 'log.truncated', partition: 'orders/0', node: 'b1', from: 8, to: 7, epoch: 1 })
    expect(codes(story)).toEqual(['log.truncated', 'node.started', 'leader.elected', 'broker.fenced', 'node.crashed'])
  })

  const stood: Fact = { code: 'election.started', node: 'k2', epoch: 1, why: 'fetchTimeout', leader: 'k1', timeoutMs: 2_000 }
  const won: Fact = { code: 'controller.elected', node: 'k2', epoch: 2, votes: ['k2', 'k3'], voters: 3 }
  test('a controller was elected: others voted for it, as the one before was silent for controller.quorum.fetch.timeout.ms', () => {
    const story = storyOf(
      began, { code: 'node.crashed', node: 'k1' }, stood, { code: 'vote.granted', node: 'k3', candidate: 'k2', epoch: 1, preVote: true },
      { code: 'vote.granted', node: 'k3', candidate: 'k2', epoch: 2, preVote: false }, won,
    )
    expect(codes(story)).toEqual(['controller.elected', 'vote.granted', 'election.started', 'node.crashed'])
    expect(configsOf(story)).toEqual(['controller.quorum.fetch.timeout.ms=2000'])
  })

  test('a controller resigned: a cut keeps the voters from it', () => {
    const story = storyOf(
      { code: 'link.cut', from: 'k1', to: 'k2', direction: 'both', traffic: 'controller' }, noise,
      { code: 'controller.resigned', node: 'k1', epoch: 1, why: 'quorum', timeoutMs: 3_000, undone: 0 },
    )
    expect(codes(story)).toEqual(['controller.resigned', 'link.cut'])
    expect(configsOf(story)).toEqual(['controller.quorum.fetch.timeout.ms=2000'])
  })

  test('nobody could be elected, as the other voters are down; a broker that died meanwhile had its session renewed', () => {
    const story = storyOf(
      { code: 'node.crashed', node: 'k2' }, { code: 'node.crashed', node: 'k3' }, { code: 'controller.resigned', node: 'k1', epoch: 1, why: 'quorum', timeoutMs: 3_000, undone: 0 },
      { code: 'election.started', node: 'k1', epoch: 2, why: 'electionTimeout', leader: undefined, timeoutMs: 1_000 }, crashed, { code: 'node.started', node: 'k2', clean: false },
      { code: 'controller.elected', node: 'k1', epoch: 3, votes: ['k1', 'k2'], voters: 3 }, { code: 'controller.activated', node: 'k1', epoch: 3, offset: 12 }, fenced, elected,
    )
    expect(codes(story, 3)).toEqual(['election.started', 'controller.resigned', 'node.crashed'])
    expect(codes(story)).toEqual(['leader.elected', 'broker.fenced', 'controller.activated', 'controller.elected', 'node.crashed', 'election.started', 'controller.resigned', 'node.crashed'])
  })

  test('a controller cut its log: another one leads, and had never had that', () => {
    const story = storyOf(
      { code: 'node.paused', node: 'k1' }, stood, won, { code: 'node.resumed', node: 'k1', pausedMs: 9_000 },
      { code: 'controller.resigned', node: 'k1', epoch: 1, why: 'higherEpoch', timeoutMs: 3_000, undone: 1 }, { code: 'metadata.truncated', node: 'k1', from: 10, to: 10, epoch: 2 },
    )
    expect(codes(story)).toEqual(['metadata.truncated', 'controller.resigned', 'node.resumed', 'controller.elected', 'election.started', 'node.paused'])
  })

  test('where no rule knows, the step before does', () => {
    const story = storyOf(began, { fact: { code: 'member.joined', group: 'g', member: 'c1' }, step: 5, cause: 1 })
    expect(codes(story)).toEqual(['member.joined', 'step.began'])
  })

  test('an orderly stop moves leaderships: it began with the signal', () => {
    const story = storyOf(
      crashed, { code: 'node.stopping', node: 'b2' }, { code: 'leader.elected', partition: 'orders/0', leader: 'b3', epoch: 2, how: 'controlledShutdown' },
      { code: 'isr.changed', partition: 'orders/0', isr: ['b3'], was: ['b2', 'b3'], why: 'shutdown' }, { code: 'node.stopped', node: 'b2', tookMs: 2_100 },
    )
    expect([2, 3, 4].map((index) => codes(story, index))).toEqual([['leader.elected', 'node.stopping'], ['isr.changed', 'node.stopping'], ['node.stopped', 'node.stopping']])
  })

  test('what a client has been told since it last wrote explains its next batch, older news does not', () => {
    const heard: Fact = { code: 'metadata.refreshed', client: 'shop', partition: 'orders/0', leader: 'b2', epoch: 1, from: 'b3' }
    const wrote = (base: number): Fact => ({ code: 'batch.appended', partition: 'orders/0', node: 'b2', base, last: base, epoch: 1, producer: 'shop' })
    const story = storyOf(began, heard, { fact: wrote(1), cause: 1 }, { fact: wrote(2), cause: 1 })
    expect(codes(story, 2)).toEqual(['batch.appended', 'metadata.refreshed', 'step.began'])
    expect(codes(story, 3)).toEqual(['batch.appended', 'step.began'])
  })

  test('nothing has no reason', () => {
    expect(why([], 0)).toEqual({ links: [], roots: [] })
    expect(why(storyOf(crashed), 5)).toEqual({ links: [], roots: [] })
  })
})
