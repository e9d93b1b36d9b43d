import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyView, type ClusterView, type ReplicaView } from '../projection/cluster-view.ts'
import { applyPatch, type Patch } from '../projection/patch.ts'
import { Exposures } from './exposures.ts'

/** `size` replicas that say nothing but their log end: what is not asked for need not be there. */
const viewOf = (size: number): ClusterView => ({
  ...emptyView, replicas: Object.fromEntries(Array.from({ length: size }, (_, i) => [`t/${i}@b1`, { logEndOffset: 0 } as ReplicaView])),
})
const change: fc.Arbitrary<Patch> = fc.oneof(
  fc.tuple(fc.nat(1_200), fc.nat(9)).map(([i, logEndOffset]): Patch => ({ set: { replicas: { [`t/${i}@b1`]: { logEndOffset } as ReplicaView } }, remove: {} })),
  fc.nat(1_200).map((i): Patch => ({ set: {}, remove: { replicas: [`t/${i}@b1`] } })),
  fc.nat(9).map((acked): Patch => ({ set: { ledger: { all: { ...emptyView.ledger.all, acked } } }, remove: {} })),
)

describe('the views of a stretch', () => {
  test.each([3, 700])('of %i replicas are what the patches make, in whatever order they are asked for', (size) => {
    fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 300 }), fc.array(fc.nat(300), { maxLength: 30 }), (patches, asked) => {
      const base = viewOf(size)
      const exposures = new Exposures({ at: 0, view: base })
      const expected = [base]
      for (const [i, patch] of patches.entries()) {
        exposures.add({ at: i + 1, step: i + 1, patch })
        expected.push(applyPatch(expected[i]!, patch))
      }
      for (const index of [...asked, patches.length]) {
        const exposure = exposures.list[index % expected.length]!
        expect(exposure.view).toEqual(expected[index % expected.length])
        expect(exposure.ledger).toEqual(exposure.view.ledger.all)
      }
    }), { numRuns: 25 })
  })
  test.each([3, 700])('of %i replicas are the same when older ones have been forgotten', (size) => {
    fc.assert(fc.property(fc.array(change, { minLength: 2, maxLength: 300 }), fc.nat(300), fc.array(change, { maxLength: 20 }), (patches, forget, more) => {
      const base = viewOf(size)
      const exposures = new Exposures({ at: 0, view: base })
      const expected = [base]
      const add = (patch: Patch): void => {
        exposures.add({ at: expected.length, step: expected.length, patch })
        expected.push(applyPatch(expected.at(-1)!, patch))
      }
      for (const patch of patches) add(patch)
      const gone = forget % patches.length
      exposures.forget(gone)
      for (const patch of more) add(patch)
      expect(exposures.list.map(({ at }) => at)).toEqual(Array.from({ length: expected.length - gone }, (_, i) => i + gone))
      for (const exposure of [exposures.list[0]!, exposures.list.at(-1)!]) expect(exposure.view).toEqual(expected[exposure.at])
    }), { numRuns: 20 })
  })
})
