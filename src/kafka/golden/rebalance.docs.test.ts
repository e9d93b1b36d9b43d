/** Cooperative rebalancing, sticky assignment and static membership, as the documentation and the KIPs have them. */
import { describe, expect, test } from 'vitest'
import { act, assignmentOf, clusterOf, consumerOf, factsOf, groupOf, run, SECOND, start, type TestCluster } from './testing.ts'

const earliest = { 'auto.offset.reset': 'earliest' }
const orders = { shop: { topic: 't', rate: { count: 30, per: SECOND }, keys: ['key-0', 'key-1', 'key-2', 'key-3', 'key-4'] } }
const reader = (strategy: string, more = {}) => ({ topics: ['t'], configs: { ...earliest, 'partition.assignment.strategy': strategy, ...more } })
const handled = (cluster: TestCluster, id: string): number => consumerOf(cluster, id).notebook.handled.length

// KIP-429: "the consumer ... keeps all of its owned partitions ... and only revokes those that are to be migrated".
describe('cooperative-sticky (S28)', () => {
  test('who joins costs two generations; only what moves is given up, and nobody has it in between', () => {
    const cluster = clusterOf({ t: 3 }, orders, { A: reader('cooperative-sticky'), B: reader('cooperative-sticky') })
    start(cluster, 'shop', 'A')
    run(cluster, 10)
    start(cluster, 'B')
    let without = 0
    for (let tick = 0; tick < 80; tick++) {
      const before = handled(cluster, 'A')
      run(cluster, 10 + tick / 10)
      // A reads on all the while.
      if (tick > 5) expect(handled(cluster, 'A')).toBeGreaterThan(before)
      const owners = [...consumerOf(cluster, 'A').positions.keys(), ...consumerOf(cluster, 'B').positions.keys()]
      expect(new Set(owners).size).toBe(owners.length)
      if (owners.length === 2) without++
    }
    expect(without / 10).toBeGreaterThan(2.5)
    expect(without / 10).toBeLessThan(3.5)
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable', generation: 3, protocol: 'cooperative-sticky' })
    expect(consumerOf(cluster, 'A').notebook).toMatchObject({ revokedCount: 1, revoked: ['t/2'], lostCount: 0 })
    expect(consumerOf(cluster, 'B').notebook).toMatchObject({ revokedCount: 0, assignedLast: ['t/2'] })
    expect(factsOf(cluster, 'rebalance.started').map(({ fact }) => fact.why)).toEqual(['joined', 'joined', 'revoked'])
  })

  test('a crash costs one generation, and survivors give up nothing', () => {
    const short = { 'session.timeout.ms': 6000 }
    const cluster = clusterOf({ t: 4 }, orders, Object.fromEntries(['A', 'B', 'C'].map((id) => [id, reader('cooperative-sticky', short)])))
    start(cluster, 'shop', 'A', 'B', 'C')
    run(cluster, 15)
    const { generation } = groupOf(cluster, 'g')!
    const kept = { A: consumerOf(cluster, 'A').positions.get('t/0'), B: [...consumerOf(cluster, 'B').positions.keys()] }
    act(cluster, { do: 'crash', node: 'C' })
    run(cluster, 30)
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable', generation: generation + 1 })
    expect(factsOf(cluster, 'partitions.revoked')).toEqual([])
    // The very position goes on: no OffsetFetch, nothing read twice.
    expect(consumerOf(cluster, 'A').positions.get('t/0')).toBe(kept.A)
    expect([...consumerOf(cluster, 'B').positions.keys()]).toEqual(expect.arrayContaining(kept.B) as string[])
  })

  // The callbacks run inside poll() (ConsumerRebalanceListener: "only ... as part of the poll(long) call").
  test('a busy application gives nothing up behind the back of its handler', () => {
    const slow = { ...reader('cooperative-sticky', { 'max.poll.records': 40 }), processMs: 100 }
    const cluster = clusterOf({ t: 2 }, orders, { A: slow, B: reader('cooperative-sticky') })
    start(cluster, 'shop', 'A')
    run(cluster, 12)
    start(cluster, 'B')
    const seen: string[] = []
    for (let tick = 0; tick < 200; tick++) {
      const work = consumerOf(cluster, 'A').work
      const held = [...consumerOf(cluster, 'A').positions.keys()].join()
      run(cluster, 12 + tick / 10)
      const now = consumerOf(cluster, 'A')
      const stillBusy = work.kind === 'handling' && now.work.kind === 'handling' && work.since === now.work.since
      if (stillBusy) expect([...now.positions.keys()].join()).toBe(held)
      seen.push(now.work.kind)
    }
    expect(new Set(seen)).toContain('handling')
    expect(consumerOf(cluster, 'A').notebook.revokedCount).toBe(1)
  })

  // KIP-429: "the rolling upgrade path": first add cooperative-sticky to every list, then take the old assignor away.
  test('is chosen when it is all that every member has, and then rebalances cooperatively', () => {
    const both = reader('range,cooperative-sticky')
    const cluster = clusterOf({ t: 2 }, {}, { A: both, B: both })
    start(cluster, 'A', 'B')
    run(cluster, 10)
    expect(groupOf(cluster, 'g')!.protocol).toBe('range')
    for (const [i, node] of ['A', 'B'].entries()) {
      act(cluster, { do: 'tell', node, order: { type: 'configure', set: { 'partition.assignment.strategy': 'cooperative-sticky' }, unset: [] } as { type: string } })
      run(cluster, 20 + 10 * i)
      expect(groupOf(cluster, 'g')!.protocol).toBe('cooperative-sticky')
      expect(groupOf(cluster, 'g')!.state).toBe('Stable')
    }
    expect(consumerOf(cluster, 'B').settings.protocol).toBe('COOPERATIVE')
  })
})

// StickyAssignor: "it guarantees an assignment that is as balanced as possible ... and preserves as many existing assignments as possible".
test('sticky is eager: everybody gives up everything, and gets back what he had', () => {
  const cluster = clusterOf({ t: 6 }, {}, Object.fromEntries(['A', 'B', 'C'].map((id) => [id, reader('sticky')])))
  start(cluster, 'A', 'B')
  run(cluster, 10)
  const before = assignmentOf(cluster, 'g')
  start(cluster, 'C')
  run(cluster, 20)
  const after = assignmentOf(cluster, 'g')
  expect(Object.values(after).map(({ length }) => length)).toEqual([2, 2, 2])
  for (const id of ['A', 'B']) expect(before[id]).toEqual(expect.arrayContaining([...after[id]!]))
  expect(factsOf(cluster, 'partitions.revoked').map(({ fact }) => fact.partitions.length)).toEqual([3, 3])
  expect(factsOf(cluster, 'partitions.assigned').slice(-3).every(({ fact }) => fact.member === 'C' || fact.pausedMs! > 0)).toBe(true)
})

// KIP-345, and the documentation of group.instance.id.
describe('static membership (S29)', () => {
  const desk = (id: string, more = {}) => reader('range', { 'group.instance.id': id, ...more })

  test('a restart within the session: the same generation, the same partitions, and the others hear nothing of it', () => {
    const cluster = clusterOf({ t: 3 }, orders, { A: desk('a'), B: desk('b') })
    start(cluster, 'shop', 'A', 'B')
    run(cluster, 12)
    const before = assignmentOf(cluster, 'g')
    const { notebook } = consumerOf(cluster, 'A')
    const called = [notebook.assignedCount, notebook.revokedCount]
    act(cluster, { do: 'stop', node: 'B' })
    run(cluster, 20)
    act(cluster, { do: 'restart', node: 'B' })
    run(cluster, 25)
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable', generation: 1 })
    expect(assignmentOf(cluster, 'g')).toEqual(before)
    expect([notebook.assignedCount, notebook.revokedCount]).toEqual(called)
    expect([...consumerOf(cluster, 'B').positions.keys()]).toEqual(before['B'])
    expect(cluster.messages.filter(({ message }) => message.type === 'LeaveGroupRequest')).toEqual([])
    expect(consumerOf(cluster, 'B').membership.memberId).toMatch(/^b-/)
  })

  test('the leader that comes back is told to leave the assignment as it is, and watches its topics again', () => {
    const cluster = clusterOf({ t: 3 }, {}, { A: desk('a'), B: desk('b') })
    start(cluster, 'A', 'B')
    run(cluster, 12)
    const leader = groupOf(cluster, 'g')!.members.get(groupOf(cluster, 'g')!.leader!)!.clientId
    const before = assignmentOf(cluster, 'g')
    act(cluster, { do: 'crash', node: leader })
    act(cluster, { do: 'restart', node: leader })
    run(cluster, 20)
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable', generation: 1 })
    expect(assignmentOf(cluster, 'g')).toEqual(before)
    expect(consumerOf(cluster, leader).membership).toMatchObject({ leads: true, state: 'stable' })
  })

  test('the older of two processes with one id is fenced, and ends', () => {
    const cluster = clusterOf({ t: 2 }, {}, { A: desk('a'), B: desk('b'), B2: desk('b') })
    start(cluster, 'A', 'B')
    run(cluster, 12)
    start(cluster, 'B2')
    run(cluster, 20)
    expect(consumerOf(cluster, 'B')).toMatchObject({ lifecycle: 'failed', notebook: { lastError: 'FENCED_INSTANCE_ID' } })
    expect([...consumerOf(cluster, 'B2').positions.keys()]).toEqual(['t/1'])
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable', generation: 1 })
    expect(factsOf(cluster, 'member.fenced').map(({ fact }) => fact)).toEqual([{ code: 'member.fenced', group: 'g', member: 'B', instance: 'b' }])
  })

  test('away for longer than its session it is missed, and rebalanced away', () => {
    const cluster = clusterOf({ t: 2 }, {}, { A: desk('a'), B: desk('b') })
    start(cluster, 'A', 'B')
    run(cluster, 12)
    act(cluster, { do: 'stop', node: 'B' })
    run(cluster, 52)
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable', generation: 1 })
    run(cluster, 62)
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable', generation: 2 })
    expect(assignmentOf(cluster, 'g')).toEqual({ A: ['t/0', 't/1'] })
  })

  // GRP-11 (3): a rebalance waits for dynamic members only until max.poll.interval.ms; static ones are kept until their sessions end.
  test('a rebalance while it is away gives it its part all the same', () => {
    const quick = { 'max.poll.interval.ms': 5000 }
    const cluster = clusterOf({ t: 3 }, {}, { A: desk('a', quick), B: desk('b', quick), C: desk('c', quick) })
    start(cluster, 'A', 'B')
    run(cluster, 12)
    act(cluster, { do: 'stop', node: 'B' })
    run(cluster, 14)
    start(cluster, 'C')
    run(cluster, 24)
    expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable', generation: 2 })
    expect(assignmentOf(cluster, 'g')).toEqual({ A: ['t/0'], B: ['t/1'], C: ['t/2'] })
    act(cluster, { do: 'restart', node: 'B' })
    run(cluster, 30)
    expect([...consumerOf(cluster, 'B').positions.keys()]).toEqual(['t/1'])
  })
})
