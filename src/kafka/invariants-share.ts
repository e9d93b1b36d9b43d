/** Statements about share groups: what a share partition's leader does with the records that it hands out. */
import type { World } from '../engine/world.ts'
import type { Offset } from '../base/units.ts'
import type { Broker } from './broker/state.ts'
import type { Memory, Violation } from './invariants-memory.ts'
import { inFlightOf, isFinal, type SharePartition } from './share/in-flight.ts'
import { boundOf } from './group/group-setting.ts'
import { deliveryLimit } from './share/settings.ts'

/** INV-S1. A new term may begin further back, with what was written down: only within one nothing goes back. */
export function checkShares(world: World, memory: Memory): Violation | undefined {
  for (const [name, { kind, state }] of world.nodes) {
    if (kind !== 'broker' || state === undefined) continue
    for (const [key, share] of (state as Broker).share?.partitions ?? []) {
      const broken = share.state === 'active' ? checkShare(name, key, share, mostDeliveries(state as Broker, share.group), memory) : undefined
      if (broken !== undefined) return { id: 'INV-S1', what: `${name}: ${key} ${broken}` }
    }
  }
  return undefined
}

/** A group with a limit of its own may have had a higher one before. */
const mostDeliveries = (broker: Broker, group: string): number =>
  (broker.metadata.groupConfig === undefined ? deliveryLimit(broker, group) : boundOf(broker.overrides, 'group.share.delivery.count.limit', 'max'))

function checkShare(leader: string, key: string, share: SharePartition, limit: number, memory: Memory): string | undefined {
  const { leaderEpoch, stateEpoch, startOffset } = share
  const term = `${key}/${leaderEpoch}`
  const seen = memory.shares.get(term)
  if (seen !== undefined && seen.leader !== leader) return `is led by ${seen.leader} too in epoch ${leaderEpoch}`
  // Offsets that an administrator has set anew begin another life.
  const known = seen?.stateEpoch === stateEpoch ? seen : undefined
  if (known !== undefined && startOffset < known.startOffset) return `went back from ${known.startOffset} to ${startOffset}`
  const final = new Set<Offset>()
  for (const [offset, record] of inFlightOf(share)) {
    if (isFinal(record)) final.add(offset)
    else if (known?.final.has(offset) === true) return `has ${offset} ${record.state} again`
    if (record.state === 'ACQUIRED' && (record.count > limit || record.member === '')) return `has handed out ${offset} for the ${record.count}th time, to '${record.member}'`
  }
  memory.shares.set(term, { leader, stateEpoch, startOffset, final })
  return undefined
}
