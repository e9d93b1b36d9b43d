import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyView, type Cell, type ReplicaView } from '../projection/cluster-view.ts'
import type { Patch } from '../projection/patch.ts'
import { Tails } from './tails.ts'

const cells = Array.from({ length: 60 }, (_, offset) => ({ offset }) as Cell)
const replica = (name: string, tail: readonly Cell[]): ReplicaView => ({ name, tail }) as ReplicaView
const tail = fc.tuple(fc.nat(60), fc.nat(60)).map(([a, b]) => cells.slice(Math.min(a, b), Math.max(a, b)))
const patch: fc.Arbitrary<Patch> = fc.oneof(
  fc.tuple(fc.constantFrom('a', 'b'), tail).map(([name, list]): Patch => ({ set: { replicas: { [name]: replica(name, list) } }, remove: {} })),
  fc.constantFrom('a', 'b').map((name): Patch => ({ set: {}, remove: { replicas: [name] } })),
)

test('tails arrive as they were sent, and only what is new of them is on the way', () => {
  fc.assert(fc.property(fc.array(patch, { maxLength: 30 }), (patches) => {
    const base = { ...emptyView, replicas: { a: replica('a', cells.slice(0, 9)) } }
    const here = new Tails(base), there = new Tails(structuredClone(base))
    for (const each of patches) expect(there.restore(structuredClone(here.shorten(each)))).toEqual(each)
  }), { numRuns: 200 })
  const here = new Tails({ replicas: { a: replica('a', cells.slice(0, 48)) } })
  expect(here.shorten({ set: { replicas: { a: replica('a', cells.slice(1, 49)) } }, remove: {} }).set.replicas).toEqual({ a: { name: 'a', tail: [cells[48]], keeps: 47 } })
})
