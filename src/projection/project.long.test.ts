import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MILLISECOND as MS, SECOND } from '../base/units.ts'
import type { Input } from '../engine/input.ts'
import { apply, nextAt, step } from '../engine/simulation.ts'
import { noWatch } from '../engine/watch.ts'
import { cloneWorld, type World } from '../engine/world.ts'
import { newCluster } from '../kafka/cluster.ts'
import { orders, producer } from '../kafka/testing.ts'
import '../scenario/whole.ts'
import { sinkNode } from '../sink/sink.ts'
import { toyNodes } from '../toy/nodes.ts'
import './sinks.ts'
import './toys.ts'
import { applyPatch, mergePatches, type Patch } from './patch.ts'
import { emptyView, type ClusterView } from './cluster-view.ts'
import { Projector, sameTree } from './project.ts'

const hues = new Map([['ann', 0], ['ben', 1]])

interface Act { readonly at: number; readonly inputs: readonly Input[] }
const both = (a: string, b: string, input: (from: string, to: string) => Input): readonly Input[] => [input(a, b), input(b, a)]

/** Play it, and look at the view whenever all that happens at one moment has happened. */
function watched(acts: readonly Act[], until: number, look: (patched: ClusterView, world: World) => void, seed = 3): void {
  const projector = new Projector(hues)
  let patched: ClusterView = emptyView
  let filming = false
  const sim = newCluster({
    seed, hop: 5 * MS, jitter: 2 * MS, controllers: 3, admin: 'admin', brokers: [1, 2, 3].map((id) => ({ id, rack: undefined, overrides: {} })), overrides: { 'offsets.topic.num.partitions': 2, 'log.initial.task.delay.ms': 500, 'log.retention.check.interval.ms': 1000, 'log.cleaner.backoff.ms': 1000 },
    // Segments come and go while it is watched.
    topics: [orders({ 'min.insync.replicas': '2', 'internal.segment.bytes': '400', 'retention.bytes': '900' }, [[1, 2, 3], [2, 3, 1]]), { name: 'kept', replicas: [[1, 2, 3]], config: { 'cleanup.policy': 'compact', 'internal.segment.bytes': '400' } }],
    producers: [producer('shop', {}, { rate: { count: 4, per: SECOND }, keys: ['ann', 'ben', 'c7'] }), producer('quick', { acks: '1' }, { rate: { count: 2, per: SECOND } }), producer('keep', {}, { topic: 'kept', rate: { count: 3, per: SECOND }, keys: ['ann', 'ben'] })],
    consumers: [1, 2].map((n) => ({ id: `c${n}`, library: 'java', group: 'readers', topics: ['orders'], bootstrap: ['b1', 'b2', 'b3'], configs: { 'session.timeout.ms': 6000 }, processMs: 50, effects: { sinks: ['mail', 'sent'] } })),
    beside: [...[false, true].map((dedupe) => sinkNode({ id: dedupe ? 'sent' : 'mail', effect: dedupe ? 'row' : 'email', identity: 'key', dedupe, of: ['c1', 'c2'] })), ...(['drop', 'block'] as const).flatMap((whenFull) => toyNodes({ id: whenFull, whenFull, senders: [{ id: `feed-${whenFull}`, rate: { count: 3, per: SECOND } }], readers: [{ id: `fast-${whenFull}`, processMs: 20, inbox: 2 }, { id: `slow-${whenFull}`, processMs: 900, inbox: 2 }] }))],
  }, {
    ...noWatch,
    stepped(world, node) {
      if (!filming) return
      const patch = projector.project(world, [node])
      if (patch !== undefined) patched = applyPatch(patched, patch)
    },
  })
  for (const node of ['shop', 'quick', 'keep', 'c1', 'c2', 'fast-drop', 'slow-drop', 'feed-drop', 'fast-block', 'slow-block', 'feed-block']) apply(sim, { do: 'tell', node, order: { type: 'start' } })
  patched = projector.start(sim.world)
  filming = true
  apply(sim, { do: 'tell', node: 'admin', order: { type: 'call', name: undefined, request: { type: 'CreateTopicsRequest', topic: 'late', numPartitions: 2, replicationFactor: 3, assignments: undefined, configs: {} } } as { type: string } })
  const waiting = acts.slice()
  while ((nextAt(sim) ?? Infinity) <= until * SECOND) {
    const due = waiting[0]
    if (due !== undefined && due.at * SECOND < nextAt(sim)!) {
      sim.world.now = Math.max(sim.world.now, Math.round(due.at * SECOND))
      for (const input of due.inputs) apply(sim, input)
      waiting.shift()
    } else step(sim)
    if (nextAt(sim) !== sim.world.now) look(patched, sim.world)
  }
}

const node = fc.constantFrom('b1', 'b2', 'b3', 'b1', 'b2', 'b3', 'k1', 'k2', 'shop', 'quick', 'c1', 'slow-drop', 'slow-block', 'block', 'mail')
const input: fc.Arbitrary<readonly Input[]> = fc.oneof(
  fc.tuple(fc.constantFrom('crash', 'stop', 'restart', 'restart', 'pause', 'resume', 'powerCut'), node).map(([what, name]): readonly Input[] => [{ do: what, node: name }]),
  fc.tuple(node, node).filter(([a, b]) => a !== b).map(([a, b]) => both(a, b, (from, to) => ({ do: 'cut', from, to, traffic: 'all' }))),
  fc.tuple(node, node).filter(([a, b]) => a !== b).map(([a, b]) => both(a, b, (from, to) => ({ do: 'heal', from, to }))),
)
const acts = fc.array(fc.record({ at: fc.integer({ min: 20, max: 290 }).map((tenths) => tenths / 10), inputs: input }), { maxLength: 8 }).map((list) => list.sort((a, b) => a.at - b.at))

describe('the view', () => {
  test('patched step by step is the view of the world, made from scratch', () => {
    fc.assert(fc.property(acts, fc.nat(99), (acts, seed) => {
      let looked = 0
      watched(acts, 30, (patched, world) => {
        if (looked++ % 97 !== 0) return
        const scratch = new Projector(hues).start(world)
        if (!sameTree(patched, scratch)) expect(patched).toEqual(scratch)
      }, seed)
      expect(looked).toBeGreaterThan(100)
    }), { numRuns: 3, seed: 1 })
  })

  test('is so at every moment of a failover', () => {
    let looked = 0
    watched([{ at: 3, inputs: [{ do: 'crash', node: 'b1' }] }, { at: 14, inputs: [{ do: 'restart', node: 'b1' }] }, { at: 16, inputs: [{ do: 'pause', node: 'b2' }] }], 19, (patched, world) => {
      if (world.now < 2.9 * SECOND || (looked++ % 5 !== 0)) return
      const scratch = new Projector(hues).start(world)
      if (!sameTree(patched, scratch)) expect(patched).toEqual(scratch)
    })
    expect(looked).toBeGreaterThan(1000)
  })

  test('says which controller leads the quorum, and that a dead one does not', () => {
    const leaders = new Set<string>()
    watched([{ at: 1, inputs: [{ do: 'crash', node: 'k1' }] }], 8, ({ controllers }) => {
      leaders.add(Object.values(controllers).flatMap(({ name, role }) => (role === 'leader' ? [name] : [])).join())
    })
    const [first, between, second, ...more] = leaders
    expect([first, between, more]).toEqual(['k1', '', []])
    expect(['k2', 'k3']).toContain(second)
  })

  test('depends on the world alone: of a copy it is the same', () => {
    watched([{ at: 1, inputs: [{ do: 'crash', node: 'b1' }] }], 4, (patched, world) => {
      if (world.now > 3.9 * SECOND) expect(new Projector(hues).start(cloneWorld(world))).toEqual(patched)
    })
  })

  test('shares every record that a step has not changed', () => {
    let before: ClusterView | undefined
    let shared = 0, changed = 0
    watched([], 3, (patched) => {
      for (const table of ['brokers', 'replicas', 'producers', 'partitions'] as const) {
        for (const [key, record] of Object.entries(patched[table])) {
          const old = (before?.[table] as Record<string, unknown> | undefined)?.[key]
          if (old === record) shared++
          else if (old !== undefined) {
            changed++
            expect(sameTree(old, record)).toBe(false)
          }
        }
      }
      before = patched
    })
    expect(changed).toBeGreaterThan(50)
    expect(shared).toBeGreaterThan(changed * 10)
  })
})

describe('patches', () => {
  const keys = fc.constantFrom('a', 'b', 'c')
  const somePatch: fc.Arbitrary<Patch> = fc.record({
    set: fc.dictionary(fc.constantFrom('brokers', 'links'), fc.dictionary(keys, fc.record({ n: fc.nat(3) }), { noNullPrototype: true }), { noNullPrototype: true }),
    remove: fc.dictionary(fc.constantFrom('brokers', 'links'), fc.uniqueArray(keys), { noNullPrototype: true }),
  }).map(({ set, remove }) => {
    // A patch sets a key or removes it, never both.
    for (const [table, list] of Object.entries(remove)) remove[table] = list.filter((key) => set[table]?.[key] === undefined)
    return { set, remove } as unknown as Patch
  })

  test('one made of two does what they do, one after the other', () => {
    fc.assert(fc.property(somePatch, somePatch, somePatch, (start, one, two) => {
      const view = applyPatch(emptyView, start)
      expect(applyPatch(view, mergePatches(one, two))).toEqual(applyPatch(applyPatch(view, one), two))
    }), { seed: 1 })
  })

  test('leave the view that they are applied to as it was', () => {
    fc.assert(fc.property(somePatch, somePatch, (start, patch) => {
      const view = applyPatch(emptyView, start)
      const text = JSON.stringify(view)
      applyPatch(view, patch)
      expect(JSON.stringify(view)).toBe(text)
    }), { seed: 1 })
  })
})

test('an admin client shows the call that is under way and whom it asked, until it is answered', () => {
  const seen: ClusterView['admins'][string][] = []
  watched([], 0.2, ({ admins }) => {
    const { admin } = admins
    if (admin !== undefined && sameTree(admin, seen.at(-1)) === false) seen.push(admin)
  })
  expect(seen.map(({ made, calls }) => [made, calls.map(({ api, about, at }) => `${api} ${about} ${at ?? '?'}`).join()])).toEqual([
    [1, 'CreateTopics late ?'], [1, 'CreateTopics late b1'], [1, ''],
  ])
})

test('what only an active controller can decide is seen waiting for one at the broker that was asked', () => {
  let seen: ClusterView['waiting'][string] | undefined
  const crash = ['k1', 'k2', 'k3'].map((node): Input => ({ do: 'crash', node }))
  watched([{ at: 0.001, inputs: crash }], 1, ({ waiting }) => {
    seen ??= Object.values(waiting).find(({ api }) => api === 'CreateTopics')
  })
  expect(seen).toMatchObject({ broker: 'b1', from: 'admin', kind: 'parked', needs: { what: 'controller' } })
  expect(seen!.until! - seen!.since).toBe(60 * SECOND)
})
