import { describe, expect, test } from 'vitest'
import type { ClusterView, PartitionView, ReplicaView } from '../../projection/cluster-view.ts'
import { emptyView } from '../../projection/cluster-view.ts'
import { chosenIn } from '../stores/zoom.ts'
import { levelOf, pointedAt, replicaOf, shownReplica } from './place.ts'

const view = (leader: string | undefined): ClusterView => ({
  ...emptyView,
  partitions: { 't/0': { name: 't/0', leader, replicas: ['b1', 'b2', 'b3'] } as unknown as PartitionView },
  replicas: Object.fromEntries(['b1', 'b2'].map((broker) => [`t/0@${broker}`, { name: `t/0@${broker}`, partition: 't/0', broker, tail: [{ id: 'shop#8', offset: broker === 'b1' ? 8 : 9 }] } as unknown as ReplicaView])),
})
const brokers = (count: number) => ({ brokers: Object.fromEntries(Array.from({ length: count }, (_, i) => [`b${i}`, {}])) }) as unknown as ClusterView

describe('the place of the zoom', () => {
  test('more than eight brokers are seen from far, unless something else is asked for', () => {
    expect([levelOf({ level: undefined }, brokers(8)), levelOf({ level: undefined }, brokers(9)), levelOf({ level: 'logs' }, brokers(30))]).toEqual(['logs', 'racks', 'logs'])
  })
  test('a log is that of the leader, of whoever has one, or the one chosen', () => {
    expect(replicaOf(view('b2'), 't/0')).toBe('t/0@b2')
    expect(replicaOf(view(undefined), 't/0')).toBe('t/0@b1')
    expect(replicaOf(view('b3'), 't/0')).toBe('t/0@b1')
    expect(replicaOf(view('b2'), 't/9')).toBeUndefined()
    expect(shownReplica({ replica: 't/0@b1' }, view('b2'), 't/0')).toBe('t/0@b1')
    expect(shownReplica({ replica: 'u/0@b1' }, view('b2'), 't/0')).toBe('t/0@b2')
  })
  test('what is selected is where one zooms in', () => {
    expect(pointedAt(view('b2'), { kind: 'record', key: 'shop#8' })).toEqual({ partition: 't/0', replica: 't/0@b2', offset: 8 })
    expect(pointedAt(view('b2'), { kind: 'replica', key: 't/0@b1' })).toEqual({ partition: 't/0', replica: 't/0@b1' })
    expect(pointedAt(view('b2'), { kind: 'partition', key: 't/0' })).toEqual({ partition: 't/0' })
    expect(pointedAt(view('b2'), { kind: 'broker', key: 'b1' })).toEqual({})
  })
  test('a partition chosen by hand counts in its step, one from a link in every step', () => {
    expect([chosenIn({ partition: { name: 't/0', step: 2 } }, 2), chosenIn({ partition: { name: 't/0', step: 2 } }, 3), chosenIn({ partition: { name: 't/0', step: undefined } }, 9)]).toEqual(['t/0', undefined, 't/0'])
  })
})
