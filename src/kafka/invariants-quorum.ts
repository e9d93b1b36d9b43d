/** Statements about the controllers as a quorum. A crash keeps what was written, so disks count as much as memories. */
import { at } from '../base/chunks.ts'
import type { Offset } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import { entryAt } from './controller/metadata-log.ts'
import { majorityOf } from './controller/quorum-state.ts'
import type { Controller } from './controller/state.ts'
import type { Memory, Violation } from './invariants-memory.ts'
import type { MetadataEntry } from './metadata/records.ts'

type Kept = Pick<Controller, 'epoch' | 'votedFor' | 'highWatermark' | 'log' | 'logStart'>

/** After each step of a controller. */
export function noteVoter(world: World, name: string, memory: Memory): Violation | undefined {
  const node = world.nodes.get(name)
  if (node?.kind !== 'controller') return undefined
  const { epoch, votedFor, highWatermark } = (node.state ?? node.disk) as Kept
  const before = memory.voters.get(name)
  if (before?.epoch === epoch && before.votedFor === votedFor && before.highWatermark === highWatermark) return undefined
  memory.voters.set(name, { epoch, votedFor, highWatermark })
  if (before !== undefined && epoch < before.epoch) return { id: 'INV-K5', what: `${name} went from epoch ${before.epoch} to ${epoch}` }
  if (before?.votedFor !== undefined && before.epoch === epoch && votedFor !== before.votedFor) return { id: 'INV-K5', what: `${name} voted for ${before.votedFor} and ${votedFor} in epoch ${epoch}` }
  if (before !== undefined && highWatermark < before.highWatermark) return { id: 'INV-K4', what: `${name} went from ${before.highWatermark} to ${highWatermark}` }
  const { voter } = (node.state ?? {}) as Partial<Controller>
  if (voter?.kind !== 'Leader') return undefined
  const leader = memory.controllers.get(epoch) ?? name
  memory.controllers.set(epoch, leader)
  return leader === name ? undefined : { id: 'INV-K1', what: `${leader} and ${name} lead in epoch ${epoch}` }
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
    for (let offset = memory.committed.length; offset < kept.highWatermark; offset++) memory.committed.push(entryAt(kept, offset))
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
