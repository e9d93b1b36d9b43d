/** Statements about the controllers as a quorum. A crash keeps what was written, so disks count as much as memories. */
import { at } from '../base/chunks.ts'
import type { Offset } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import { entryAt } from './controller/metadata-log.ts'
import { majorityOf } from './controller/quorum-state.ts'
import { isActiveController, logEndOffset, type Controller } from './controller/state.ts'
import type { Memory, SeenVoter, Violation } from './invariants-memory.ts'
import type { SentMessage } from './invariants-replication.ts'
import type { MetadataEntry } from './metadata/records.ts'

type Kept = Pick<Controller, 'epoch' | 'votedFor' | 'highWatermark' | 'log' | 'logStart'>

/** After each step of a controller. */
export function noteVoter(world: World, name: string, memory: Memory): Violation | undefined {
  const node = world.nodes.get(name)
  if (node?.kind !== 'controller') return undefined
  const { epoch, votedFor, highWatermark } = (node.state ?? node.disk) as Kept
  const before = memory.voters.get(name)
  const { voter } = (node.state ?? {}) as Partial<Controller>
  const kind = voter?.kind, { incarnation } = node, end = logEndOffset((node.state ?? node.disk) as Kept)
  if (before?.epoch === epoch && before.votedFor === votedFor && before.highWatermark === highWatermark && before.kind === kind && before.end === end) return undefined
  const seen: SeenVoter = { epoch, votedFor, highWatermark, kind, incarnation, end }
  memory.voters.set(name, seen)
  if (before !== undefined && epoch < before.epoch) return { id: 'INV-K5', what: `${name} went from epoch ${before.epoch} to ${epoch}` }
  if (before?.votedFor !== undefined && before.epoch === epoch && votedFor !== before.votedFor) return { id: 'INV-K5', what: `${name} voted for ${before.votedFor} and ${votedFor} in epoch ${epoch}` }
  if (before !== undefined && highWatermark < before.highWatermark) return { id: 'INV-K4', what: `${name} went from ${before.highWatermark} to ${highWatermark}` }
  const controller = node.state as Controller | undefined
  if (before?.incarnation === incarnation && controller !== undefined && !mayBecome(before, seen, controller.spec.voters.length === 1)) {
    return { id: 'INV-K6', what: `${name} went from ${before.kind} in epoch ${before.epoch} to ${kind} in epoch ${epoch}` }
  }
  if (controller?.voter.kind !== 'Leader') return undefined
  memory.written.set(epoch, end)
  const active = isActiveController(controller) ? (memory.actives.get(epoch) ?? name) : name
  if (isActiveController(controller)) memory.actives.set(epoch, active)
  if (active !== name) return { id: 'INV-C12', what: `${active} and ${name} act as the controller in epoch ${epoch}` }
  const leader = memory.controllers.get(epoch) ?? name
  memory.controllers.set(epoch, leader)
  return leader === name ? undefined : { id: 'INV-K1', what: `${leader} and ${name} lead in epoch ${epoch}` }
}

/** KRF-2, as far as one step can lead. Alone one is elected in the same instant. */
function mayBecome(from: SeenVoter, to: SeenVoter, alone: boolean): boolean {
  const same = from.epoch === to.epoch
  if (from.kind === undefined || to.kind === undefined || alone || (from.kind === to.kind && same)) return true
  switch (to.kind) {
    case 'Unattached': return from.kind !== 'Leader' || !same
    case 'Follower': return from.kind !== 'Leader' || !same
    // The epoch after the one that it has resigned from begins without it: its time to wait for another is over already.
    case 'Prospective': return (from.kind === 'Resigned' && to.epoch === from.epoch + 1) || ((from.kind === 'Unattached' || from.kind === 'Follower' || from.kind === 'Candidate') && same)
    case 'Candidate': return from.kind === 'Prospective' && to.epoch === from.epoch + 1
    case 'Leader': return from.kind === 'Candidate' && same
    // Who is told to stop gives up in the instant in which it is elected.
    case 'Resigned': return (from.kind === 'Leader' || from.kind === 'Candidate') && same
  }
}

/** INV-K6: who leads fetches from nobody. */
export function noteMetadataFetch(world: World, { from, to }: SentMessage<unknown>): Violation | undefined {
  const node = world.nodes.get(from)
  if (node?.kind !== 'controller' || (node.state as Controller | undefined)?.voter.kind !== 'Leader') return undefined
  return { id: 'INV-K6', what: `${from} leads in epoch ${(node.state as Controller).epoch}, and fetches from ${to}` }
}

/** All voters, running or not. */
export function checkQuorum(world: World, memory: Memory): Violation | undefined {
  const voters: { readonly name: string; readonly kept: Kept; readonly leads: boolean }[] = []
  for (const [name, { kind, state, disk }] of world.nodes) {
    if (kind === 'controller') voters.push({ name, kept: (state ?? disk) as Kept, leads: (state as Controller | undefined)?.voter.kind === 'Leader' })
  }
  for (const { name, kept } of voters) {
    const broken = checkLog(name, kept, memory)
    if (broken !== undefined) return broken
    for (let offset = memory.committed.length; offset < kept.highWatermark; offset++) {
      const entry = entryAt(kept, offset)
      memory.committed.push(entry)
      const end = entry === undefined ? undefined : memory.written.get(entry.epoch)
      if (end !== undefined && offset >= end) return { id: 'INV-C12', what: `${name} has committed ${entry!.record.type} at ${offset}, of epoch ${entry!.epoch}: who led in it had written up to ${end}` }
    }
  }
  const { committed } = memory
  const last = committed.length - 1
  const holders = voters.filter(({ kept }) => last < 0 || holds(kept, last, committed[last])).length
  if (holders < majorityOf(voters.length)) return { id: 'INV-K4', what: `offset ${last} is on ${holders} of ${voters.length}` }
  const leader = voters.filter(({ leads }) => leads).reduce<(typeof voters)[number] | undefined>((best, each) => (best === undefined || each.kept.epoch > best.kept.epoch ? each : best), undefined)
  const newest = Math.max(...voters.map(({ kept }) => kept.epoch))
  if (leader?.kept.epoch !== newest) return undefined
  const lacks = committed.findIndex((entry, offset) => !holds(leader.kept, offset, entry))
  return lacks < 0 ? undefined : { id: 'INV-K3', what: `${leader.name} leads in epoch ${newest} without what was committed at ${lacks}` }
}

/** Itself, or a snapshot in its place. */
const holds = (kept: Kept, offset: Offset, entry: MetadataEntry | undefined): boolean => entry === undefined || offset < kept.logStart || isSame(entryAt(kept, offset), entry)

/** Entries travel as they are, so the same entry is the same object; unless a part of the run has been made again. */
const isSame = (one: MetadataEntry | undefined, other: MetadataEntry | undefined): boolean => one === other || JSON.stringify(one) === JSON.stringify(other)

function checkLog(name: string, { log, logStart, highWatermark }: Kept, memory: Memory): Violation | undefined {
  for (let i = 0; i < log.length; i++) {
    const entry = at(log, i)!
    const offset = logStart + i
    const truth = memory.committed[offset]
    if (truth === entry) continue
    if (offset < highWatermark && truth !== undefined) {
      if (!isSame(truth, entry)) return { id: 'INV-K2', what: `${name} has committed another entry at ${offset}` }
      memory.committed[offset] = entry
    }
    const place = `${entry.epoch}/${offset}`
    const known = memory.entries.get(place)
    if (known !== undefined && !isSame(known, entry)) return { id: 'INV-K2', what: `${name} has another entry at ${place} than somebody else` }
    memory.entries.set(place, entry)
  }
  return undefined
}
