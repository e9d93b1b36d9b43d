/**
 * A watch that looks at all the named statements besides. One that is broken is an error, unless it is broken by right: by
 * what the test does, or by a loss that nobody is promised to be spared, as the semantics (part 9) say of each.
 */
import type { Watch } from '../engine/watch.ts'
import type { World } from '../engine/world.ts'
import { Monitor } from './invariants.ts'
import { statements, type InvariantId } from './invariants-names.ts'
import type { Fact } from './notes.ts'

const byLoss: ReadonlySet<InvariantId> = new Set(['INV-R1', 'INV-R2', 'INV-R4', 'INV-R5', 'INV-R6', 'INV-R11', 'INV-R12', 'INV-R13', 'INV-R17', 'INV-L7', 'INV-P1', 'INV-G9', 'INV-T8', 'INV-K3', 'INV-K4'])
/** A power cut that takes something with it, and an election of somebody who may lack records. */
const isLoss = (fact: Fact): boolean => (fact.code === 'power.lost' && fact.records > 0) || (fact.code === 'leader.elected' && (fact.how === 'unclean' || fact.how === 'lastKnown'))

export function monitored(watch: Watch, byRight: readonly InvariantId[] = []): Watch {
  let isLossy = false
  const newMonitor = (): Monitor => new Monitor(({ id, what }, { now }) => {
    if (!byRight.includes(id) && !(isLossy && byLoss.has(id))) throw new Error(`${id} at ${now / 1_000_000} s: ${statements[id]}; ${what}`)
  })
  let monitor = newMonitor()
  let known: World | undefined
  return {
    ...watch,
    sent(id, step, wire, from, to, message, sentAt, arrivesAt) {
      monitor.sent(wire.id, from, to, message)
      watch.sent(id, step, wire, from, to, message, sentAt, arrivesAt)
    },
    noted(at, step, cause, node, fact) {
      if (isLoss(fact as unknown as Fact)) isLossy = true
      monitor.noted(node, fact)
      watch.noted(at, step, cause, node, fact)
    },
    stepped(world, node, cause) {
      // It goes on from a snapshot.
      if (known !== undefined && known !== world) {
        monitor = newMonitor()
        monitor.begin(world)
      }
      known = world
      monitor.stepped(world, node)
      watch.stepped(world, node, cause)
    },
  }
}
