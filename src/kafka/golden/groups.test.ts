/** Groups on a whole cluster, compared with what the documentation says and what a live Kafka 4.3.1 did. */
import { describe, expect, test } from 'vitest'
import { between } from '../../base/chunks.ts'
import type { JoinGroupRequest } from '../protocol/group.ts'
import { act, assignmentOf, clusterOf, consumerOf, factsOf, groupOf, producerOf, run, SECOND, start, tell } from './testing.ts'

const orders = { shop: { topic: 't', rate: { count: 10, per: SECOND } } }
const earliest = { 'auto.offset.reset': 'earliest' }
const reader = { topics: ['t'], configs: earliest }
const offsets = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

describe('a group of one', () => {
  test('joins, waits out the initial rebalance delay, and reads everything in order', () => {
    const cluster = clusterOf({ t: 1 }, orders, { A: reader })
    start(cluster, 'shop', 'A')
    run(cluster, 10)
    const [assigned] = factsOf(cluster, 'partitions.assigned')
    expect(assigned?.fact).toEqual({ code: 'partitions.assigned', group: 'g', member: 'A', partitions: ['t/0'] })
    expect(assigned!.at).toBeGreaterThan(3 * SECOND)
    expect(assigned!.at).toBeLessThan(3.2 * SECOND)
    const { notebook, positions } = consumerOf(cluster, 'A')
    const read = [...between(notebook.returned.get('t/0')!, 0)]
    expect(read).toEqual(offsets(0, read.length))
    expect(read.length).toBeGreaterThan(95)
    expect([...between(notebook.handled, 0)].map(({ id }) => id)).toEqual(read.map((offset) => `shop#${offset + 1}`))
    expect(positions.get('t/0')).toMatchObject({ state: 'fetching', offset: read.length, offsetEpoch: 0, leader: 'b1' })
    expect(factsOf(cluster, 'offset.reset').map(({ fact }) => fact)).toEqual([{ code: 'offset.reset', consumer: 'A', partition: 't/0',
      from: undefined, to: 0, policy: 'earliest' }])
  })

  test('a fetch waits at the broker for data, so an idle consumer polls in vain but does not hammer', () => {
    const cluster = clusterOf({ t: 1 }, {}, { A: reader })
    start(cluster, 'A')
    run(cluster, 20)
    expect(consumerOf(cluster, 'A').notebook.emptyPolls).toBeGreaterThanOrEqual(190)
    const fetches = cluster.messages.filter(({ from, message }) => from === 'A' && message.type === 'FetchRequest').length
    expect(fetches).toBeGreaterThanOrEqual(31)
    expect(fetches).toBeLessThanOrEqual(35)
  })

  test('latest begins at the high watermark', () => {
    const cluster = clusterOf({ t: 1 }, orders, { A: { topics: ['t'] } })
    start(cluster, 'shop', 'A')
    run(cluster, 6)
    const from = factsOf(cluster, 'offset.reset')[0]!.fact.to
    expect(from).toBeGreaterThan(25)
    expect([...between(consumerOf(cluster, 'A').notebook.returned.get('t/0')!, 0)][0]).toBe(from)
  })

  test('commits every five seconds what it has returned, and once more in close(), which leaves the group', () => {
    const cluster = clusterOf({ t: 1 }, orders, { A: reader })
    start(cluster, 'shop', 'A')
    run(cluster, 20)
    const commits = factsOf(cluster, 'offsets.committed').map(({ at }) => at)
    expect(commits).toHaveLength(3)
    expect(commits[1]! - commits[0]!).toBe(5 * SECOND)
    act(cluster, { do: 'stop', node: 'A' })
    run(cluster, 21)
    const { notebook } = consumerOf(cluster, 'A')
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Empty', generation: 2 })
    expect(groupOf(cluster, 'g')!.offsets.get('t/0')!.offset).toBe(notebook.handled.length)
    expect(factsOf(cluster, 'member.left').map(({ fact }) => fact.why)).toEqual(['closed'])
    expect(factsOf(cluster, 'partitions.revoked')).toHaveLength(1)
    act(cluster, { do: 'restart', node: 'A' })
    run(cluster, 30)
    const read = [...between(notebook.returned.get('t/0')!, 0)]
    expect(read).toEqual(offsets(0, read.length))
  })

  test('FLT-15: after a crash it reads again from the last commit: at least once, and no more than five seconds twice', () => {
    const cluster = clusterOf({ t: 1 }, orders, { A: { ...reader, configs: { ...earliest, 'session.timeout.ms': 6000 } } })
    start(cluster, 'shop', 'A')
    run(cluster, 17)
    act(cluster, { do: 'crash', node: 'A' })
    const committed = groupOf(cluster, 'g')!.offsets.get('t/0')!.offset
    const before = [...between(consumerOf(cluster, 'A').notebook.returned.get('t/0')!, 0)]
    run(cluster, 18)
    act(cluster, { do: 'restart', node: 'A' })
    run(cluster, 40)
    const read = [...between(consumerOf(cluster, 'A').notebook.returned.get('t/0')!, 0)]
    expect(read.slice(before.length, before.length + 3)).toEqual(offsets(committed, committed + 3))
    expect(before.length - committed).toBeLessThanOrEqual(55)
    expect(new Set(read).size).toBe(Math.max(...read) + 1)
  })

  test('a handler that takes its time: poll() returns the next records when it is done', () => {
    const cluster = clusterOf({ t: 1 }, { shop: { topic: 't' } },
      { A: { ...reader, processMs: 100, configs: { ...earliest, 'max.poll.records': 4 } } })
    start(cluster, 'A')
    tell(cluster, 'shop', { type: 'send', records: Array.from({ length: 10 }, () => ({})) } as never)
    run(cluster, 6)
    const handled = [...between(consumerOf(cluster, 'A').notebook.handled, 0)]
    expect(handled).toHaveLength(10)
    expect(handled.slice(1).map(({ at }, i) => at - handled[i]!.at)).toEqual(Array.from({ length: 9 }, () => 100_000))
    expect(factsOf(cluster, 'records.read').map(({ fact }) => [fact.base, fact.last])).toEqual([[0, 3], [4, 7], [8, 9]])
  })

  test('close() lets the handler finish its batch, and commits that', () => {
    const cluster = clusterOf({ t: 1 }, { shop: { topic: 't' } }, { A: { ...reader, processMs: 500 } })
    tell(cluster, 'shop', { type: 'send', records: Array.from({ length: 4 }, () => ({})) } as never)
    start(cluster, 'A')
    run(cluster, 4)
    act(cluster, { do: 'stop', node: 'A' })
    run(cluster, 7)
    expect(consumerOf(cluster, 'A').notebook.handled.length).toBe(4)
    expect(groupOf(cluster, 'g')!.offsets.get('t/0')!.offset).toBe(4)
    expect(cluster.sim.world.nodes.get('A')!.condition).toBe('down')
  })

  test('without a group it reads all partitions and commits nothing', () => {
    const cluster = clusterOf({ t: 3 }, { shop: { topic: 't', rate: { count: 10, per: SECOND }, keys: ['key-0', 'key-1', 'key-2'] } },
      { A: { ...reader, group: undefined } })
    start(cluster, 'shop', 'A')
    run(cluster, 10)
    const { notebook, positions } = consumerOf(cluster, 'A')
    expect([...positions.keys()]).toEqual(['t/0', 't/1', 't/2'])
    expect(notebook.handled.length).toBeGreaterThan(95)
    expect(factsOf(cluster, 'offsets.committed')).toEqual([])
    act(cluster, { do: 'stop', node: 'A' })
    run(cluster, 11)
    expect(cluster.sim.world.nodes.get('A')!.condition).toBe('down')
  })
})

describe('a live cluster did it so: members come and go (S27)', () => {
  test('range over A, B and C; a crash is noticed by the session, a close at once; everybody gives up everything each time', () => {
    const cluster = clusterOf({ t: 3 }, {}, { A: reader, B: reader, C: reader })
    start(cluster, 'A')
    run(cluster, 10)
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable', generation: 1, protocol: 'range' })
    expect(assignmentOf(cluster, 'g')).toEqual({ A: ['t/0', 't/1', 't/2'] })

    start(cluster, 'B')
    run(cluster, 20)
    expect(groupOf(cluster, 'g')!.generation).toBe(2)
    expect(assignmentOf(cluster, 'g')).toEqual({ A: ['t/0', 't/1'], B: ['t/2'] })

    start(cluster, 'C')
    run(cluster, 30)
    expect(groupOf(cluster, 'g')!.generation).toBe(3)
    expect(assignmentOf(cluster, 'g')).toEqual({ A: ['t/0'], B: ['t/1'], C: ['t/2'] })

    act(cluster, { do: 'crash', node: 'C' })
    run(cluster, 71)
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable', generation: 3 })
    run(cluster, 79)
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable', generation: 4 })
    const out = factsOf(cluster, 'member.left')[0]!
    expect(out.fact).toEqual({ code: 'member.left', group: 'g', member: 'C', why: 'session' })
    expect(out.at - 30 * SECOND).toBeGreaterThanOrEqual(42 * SECOND)
    expect(out.at - 30 * SECOND).toBeLessThanOrEqual(45 * SECOND)

    act(cluster, { do: 'stop', node: 'B' })
    run(cluster, 83)
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable', generation: 5 })
    expect(assignmentOf(cluster, 'g')).toEqual({ A: ['t/0', 't/1', 't/2'] })
    expect(factsOf(cluster, 'partitions.revoked').filter(({ fact }) => fact.member === 'A').map(({ fact }) => fact.partitions)).toEqual([
      ['t/0', 't/1', 't/2'], ['t/0', 't/1'], ['t/0'], ['t/0', 't/1'],
    ])
    expect(factsOf(cluster, 'rebalance.finished').map(({ fact }) => fact.epoch)).toEqual([1, 2, 3, 4, 5])
    expect(consumerOf(cluster, 'A').notebook).toMatchObject({ assignedCount: 5, revokedCount: 4, lostCount: 0,
      assignedLast: ['t/0', 't/1', 't/2'] })
  })

  test('two members who start together make one generation, a window later', () => {
    const cluster = clusterOf({ t: 2 }, {}, { A: reader, B: reader })
    start(cluster, 'A', 'B')
    run(cluster, 10)
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable', generation: 1 })
    expect(assignmentOf(cluster, 'g')).toEqual({ A: ['t/0'], B: ['t/1'] })
    expect(factsOf(cluster, 'rebalance.finished')[0]!.at).toBeGreaterThan(6 * SECOND)
  })

  test('INV-G1, INV-G10: through all of it no partition has two owners in a generation, and nothing is left out', () => {
    const cluster = clusterOf({ t: 3 }, { shop: { topic: 't', rate: { count: 30, per: SECOND },
      keys: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] } }, { A: reader, B: reader, C: reader })
    start(cluster, 'shop', 'A')
    for (const [at, act_] of [[6, () => start(cluster, 'B')], [12, () => start(cluster, 'C')],
      [20, () => act(cluster, { do: 'stop', node: 'A' })], [27, () => act(cluster, { do: 'restart', node: 'A' })]] as const) {
      run(cluster, at)
      act_()
    }
    run(cluster, 40)
    tell(cluster, 'shop', { type: 'close' })
    run(cluster, 45)
    const owned = Object.values(assignmentOf(cluster, 'g')).flat()
    expect(owned.toSorted()).toEqual(['t/0', 't/1', 't/2'])
    const seen = new Set(['A', 'B', 'C'].flatMap((id) => [...between(consumerOf(cluster, id).notebook.handled, 0)].map((one) => one.id)))
    expect(seen.size).toBe(producerOf(cluster, 'shop').notebook.sent)
  })
})

describe('GRP-19: an application that does not come back to poll()', () => {
  test('leaves after max.poll.interval.ms; others get its partitions; at its next poll it has lost them and joins under a new id (S31)',
    () => {
    const slow = { ...reader, processMs: 20_000, configs: { ...earliest, 'max.poll.interval.ms': 10_000, 'max.poll.records': 1 } }
    const cluster = clusterOf({ t: 1 }, { shop: { topic: 't' } },
      { A: slow, B: { ...reader, configs: { ...earliest, 'max.poll.interval.ms': 10_000 } } })
    start(cluster, 'A')
    run(cluster, 5)
    const firstId = consumerOf(cluster, 'A').membership.memberId
    start(cluster, 'B')
    run(cluster, 12)
    tell(cluster, 'shop', { type: 'send', records: [{}] } as never)
    run(cluster, 13)
    const polled = factsOf(cluster, 'records.read')[0]!.at
    run(cluster, 30)
    const left = factsOf(cluster, 'member.left')[0]!
    expect(left.fact).toEqual({ code: 'member.left', group: 'g', member: 'A', why: 'poll' })
    expect(left.at - polled).toBe(10 * SECOND + 5_000)
    expect(assignmentOf(cluster, 'g')).toEqual({ B: ['t/0'] })
    expect(consumerOf(cluster, 'B').notebook.handled.length).toBe(1)
    run(cluster, 60)
    const { notebook, membership } = consumerOf(cluster, 'A')
    expect(notebook.lostCount).toBe(1)
    expect(notebook.errors.get('COMMIT_FAILED')).toBe(1)
    expect(membership.memberId).not.toBe(firstId)
    expect(factsOf(cluster, 'partitions.lost').map(({ fact }) => fact)).toEqual([{ code: 'partitions.lost', group: 'g', member: 'A',
      partitions: ['t/0'] }])
  })
})

describe('FLT-22: the coordinator is lost', () => {
  test('a group finds its new coordinator with the same members, assignments and offsets, and never rebalances', () => {
    const cluster = clusterOf({ t: 3 }, { shop: { topic: 't', rate: { count: 10, per: SECOND }, keys: ['key-0', 'key-1', 'key-2'] } },
      { A: reader, B: reader })
    start(cluster, 'shop', 'A', 'B')
    run(cluster, 20)
    const coordinator = [...cluster.sim.world.nodes].find(([, { state }]) =>
      (state as { coordinator?: { groups: Map<string, unknown> } }).coordinator?.groups.has('g'))![0]
    const committed = new Map(groupOf(cluster, 'g')!.offsets)
    act(cluster, { do: 'crash', node: coordinator })
    run(cluster, 25)
    expect(consumerOf(cluster, 'A').membership).toMatchObject({ state: 'stable', coordinator: undefined })
    run(cluster, 45)
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable', generation: 1 })
    for (const [partition, { offset }] of committed) expect(groupOf(cluster, 'g')!.offsets.get(partition)!.offset).toBeGreaterThan(offset)
    expect(factsOf(cluster, 'coordinator.moved')).toHaveLength(1)
    expect(factsOf(cluster, 'rebalance.started')).toHaveLength(1)
    for (const id of ['A', 'B']) {
      expect(consumerOf(cluster, id).membership).toMatchObject({ state: 'stable', generation: 1 })
      for (const [, list] of consumerOf(cluster, id).notebook.returned) expect([...between(list, 0)]).toEqual(offsets(0, list.length))
    }
  })

  test('stopped in order: nobody waits', () => {
    const cluster = clusterOf({ t: 3 }, { shop: { topic: 't', rate: { count: 10, per: SECOND }, keys: ['key-0', 'key-1', 'key-2'] } },
      { A: reader })
    start(cluster, 'shop', 'A')
    run(cluster, 20)
    for (const node of ['b1', 'b2', 'b3']) {
      act(cluster, { do: 'stop', node })
      run(cluster, cluster.sim.world.now / SECOND + 5)
      act(cluster, { do: 'restart', node })
      run(cluster, cluster.sim.world.now / SECOND + 10)
    }
    const { notebook, membership } = consumerOf(cluster, 'A')
    expect(membership).toMatchObject({ state: 'stable', generation: 1 })
    const { sent, failed, longestGap } = producerOf(cluster, 'shop').notebook
    expect(failed).toBe(0)
    expect(longestGap).toBeLessThan(SECOND)
    expect(notebook.handled.length).toBeGreaterThan(sent - 5)
    for (const [, list] of notebook.returned) expect([...between(list, 0)]).toEqual(offsets(0, list.length))
  })
})

test('the way to the coordinator is a connection of its own, and a join carries both default assignors', () => {
  const cluster = clusterOf({ t: 1 }, {}, { A: reader })
  start(cluster, 'A')
  run(cluster, 5)
  const join = cluster.messages.find(({ message }) => message.type === 'JoinGroupRequest')!.message as JoinGroupRequest
  expect(join.protocols.map(({ name }) => name)).toEqual(['range', 'cooperative-sticky'])
  const labels = [...consumerOf(cluster, 'A').network.channels.values()].map(({ label }) => label)
  expect(labels.filter((label) => label === 'clients:coordinator')).toHaveLength(1)
})
