import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reconcile, type CurrentAssignment, type Reconciliation } from './reconcile.ts'

const epochs = (epoch: number, ...names: string[]) => new Map(names.map((name) => [name, epoch]))
const member = (over: Partial<CurrentAssignment>): CurrentAssignment =>
  ({ state: 'STABLE', memberEpoch: 10, previousMemberEpoch: 9, assigned: new Map(), pendingRevocation: new Map(), ...over })
const to = (targetEpoch: number, target: string[], over: Partial<Reconciliation> = {}): Reconciliation =>
  ({ targetEpoch, target: new Set(target), isHeld: () => false, owned: undefined, ...over })

// KIP-848: "the member remains in its current epoch until it has revoked the partitions".
test('it gives up first, says so, and then gets what is new and the epoch', () => {
  const before = member({ assigned: epochs(8, 't/0', 't/1') })
  const revoking = reconcile(before, to(11, ['t/1', 't/2'], { owned: ['t/0', 't/1'] }))
  expect(revoking).toMatchObject({ state: 'UNREVOKED_PARTITIONS', memberEpoch: 10, assigned: epochs(8, 't/1'), pendingRevocation: epochs(8, 't/0') })
  expect(reconcile(revoking, to(11, ['t/1', 't/2']))).toBe(revoking)
  expect(reconcile(revoking, to(11, ['t/1', 't/2'], { owned: ['t/1'] })))
    .toMatchObject({ state: 'STABLE', memberEpoch: 11, assigned: new Map([['t/1', 8], ['t/2', 11]]), pendingRevocation: new Map() })
})

test('it waits for what others hold, and works with the rest', () => {
  const held = (partition: string) => partition === 't/1'
  const waiting = reconcile(member({}), to(11, ['t/0', 't/1'], { isHeld: held }))
  expect(waiting).toMatchObject({ state: 'UNRELEASED_PARTITIONS', memberEpoch: 11, assigned: epochs(11, 't/0') })
  expect(reconcile(waiting, to(12, ['t/0', 't/1']))).toMatchObject({ state: 'STABLE', memberEpoch: 12, assigned: new Map([['t/0', 11], ['t/1', 12]]) })
})

test('of a topic that it has left it keeps nothing, though the target stands', () => {
  const before = member({ assigned: new Map([['t/0', 8], ['u/0', 8]]) })
  const left = reconcile(before, to(10, ['t/0', 'u/0'], { subscriptionChangedTo: new Set(['t']) }))
  expect(left).toMatchObject({ state: 'UNREVOKED_PARTITIONS', memberEpoch: 10, assigned: epochs(8, 't/0'), pendingRevocation: epochs(8, 'u/0') })
})

test('members that reconcile in any order never hold the same partition, and all end with the target', () => {
  const names = ['t/0', 't/1', 't/2', 't/3', 't/4']
  const owners = fc.array(fc.nat({ max: 2 }), { minLength: 5, maxLength: 5 })
  fc.assert(fc.property(owners, owners, fc.array(fc.nat({ max: 2 }), { minLength: 30, maxLength: 30 }), (now, then, turns) => {
    const share = (list: number[], i: number) => names.filter((_, p) => list[p] === i)
    const members = [0, 1, 2].map((i) => member({ assigned: epochs(8, ...share(now, i)) }))
    const holds = (one: CurrentAssignment): string[] => [...one.assigned.keys(), ...one.pendingRevocation.keys()]
    const beat = (i: number): void => {
      const one = members[i]!
      const isHeld = (name: string) => members.some((each) => holds(each).includes(name))
      members[i] = reconcile(one, to(11, share(then, i), { isHeld, owned: [...one.assigned.keys()] }))
      expect(new Set(members.flatMap(holds)).size).toBe(members.flatMap(holds).length)
    }
    for (const i of [...turns, 0, 1, 2, 0, 1, 2, 0, 1, 2]) beat(i)
    for (const [i, one] of members.entries()) {
      expect(one).toMatchObject({ state: 'STABLE', memberEpoch: 11 })
      expect([...one.assigned.keys()].sort()).toEqual(share(then, i))
    }
  }), { numRuns: 200, seed: 22 })
})
