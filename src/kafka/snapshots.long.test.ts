/** A run that goes on from a snapshot is the same run, whatever has been deleted, compacted, lost or copied anew before and after it. */
import { expect, test } from 'vitest'
import { findNonTree } from '../base/clone.ts'
import { SECOND } from '../base/units.ts'
import type { Input } from '../engine/input.ts'
import { apply, resumeFrom, runUntil } from '../engine/simulation.ts'
import { asText } from '../engine/testing.ts'
import { cloneWorld, type World } from '../engine/world.ts'
import { producer, TestCluster } from './testing.ts'

const MOMENTS = 12
const script: readonly (readonly [at: number, input: Input])[] = [
  [6, { do: 'powerCut', node: 'b2' }], [12, { do: 'restart', node: 'b2' }], [20, { do: 'crash', node: 'b3' }], [21, { do: 'damage', node: 'b3', what: { type: 'damage', partition: 'kept/0', cutBytes: 3 } as { type: string } }],
  [33, { do: 'restart', node: 'b3' }], [40, { do: 'powerCut', node: 'b1' }], [50, { do: 'restart', node: 'b1' }],
]

function cluster(): TestCluster {
  const replicas = [[1, 2, 3]]
  return new TestCluster({
    topics: [
      { name: 'orders', replicas, config: { 'internal.segment.bytes': '500', 'retention.bytes': '1200' } },
      { name: 'kept', replicas, config: { 'internal.segment.bytes': '700', 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.1', 'delete.retention.ms': '1000' } },
    ],
    producers: [producer('shop', {}, { rate: { count: 10, per: SECOND } }), producer('desk', {}, { topic: 'kept', rate: { count: 10, per: SECOND }, keys: ['a', 'b', 'c'] })],
    consumers: [{ id: 'c', library: 'java', group: 'g', topics: ['orders', 'kept'], bootstrap: ['b1', 'b2', 'b3'], configs: { 'auto.offset.reset': 'earliest' } }],
    overrides: { 'log.retention.check.interval.ms': 1000, 'log.initial.task.delay.ms': 500, 'log.cleaner.backoff.ms': 1000, 'offsets.topic.num.partitions': 1 },
    // The power has been cut before some of the moments.
    byRight: ['INV-R1', 'INV-R4', 'INV-R5', 'INV-R11'],
  }).start('shop', 'desk', 'c')
}

function goOn({ sim }: TestCluster, from: number, to: number): void {
  for (const [at, input] of script) {
    if (at < from || at >= to) continue
    runUntil(sim, at * SECOND)
    apply(sim, input)
  }
  runUntil(sim, to * SECOND)
}

test('from any of twelve moments', () => {
  const whole = cluster()
  const snapshots: { readonly at: number; readonly world: World; readonly text: string }[] = []
  let before: World | undefined
  for (let i = 0; i < MOMENTS; i++) {
    goOn(whole, i * 5, (i + 1) * 5)
    before = cloneWorld(whole.sim.world, before)
    snapshots.push({ at: (i + 1) * 5, world: before, text: asText(before) })
    for (const { state, disk } of whole.sim.world.nodes.values()) expect(findNonTree(state ?? disk)).toBeUndefined()
  }
  const end = asText(whole.sim.world)
  expect(['segment.deleted', 'log.cleaned', 'log.recovered', 'power.lost', 'logStart.moved'].filter((code) => !whole.told.some(({ fact }) => fact.code === code))).toEqual([])
  for (const { at, world, text } of snapshots) {
    expect(asText(world)).toBe(text)
    const again = cluster()
    resumeFrom(again.sim, cloneWorld(world))
    goOn(again, at, MOMENTS * 5)
    expect(asText(again.sim.world)).toBe(end)
  }
})
