/** Since when nothing has been wrong with a machine: what must come true in time is only asked for where that is so. */
import type { Micros } from '../base/units.ts'
import { hostOf, type Node, type World } from '../engine/world.ts'
import type { Broker } from './broker/state.ts'
import { majorityOf } from './controller/quorum-state.ts'
import type { Memory } from './invariants-memory.ts'

export function noteSteady(world: World, { steady }: Memory): void {
  const troubled = new Set<string>(world.dark)
  for (const [link, { cut, slow, rejects }] of world.links) if (cut.length > 0 || slow > 0 || (rejects?.length ?? 0) > 0) for (const end of link.split('>')) troubled.add(end)
  for (const { from, to } of world.tampers) troubled.add(from).add(to)
  for (const [name, node] of world.nodes) {
    const isSteady = node.condition === 'running' && !troubled.has(name) && !troubled.has(hostOf(world, name)) && (node.kind !== 'broker' || isWell(node.state as Broker, world.now))
    const since = steady.get(name) ?? world.now
    steady.set(name, isSteady ? Math.max(since, node.since) : undefined)
  }
}

function isWell({ lifecycle, published, logDirs, offline, fetchStalledUntil, disk: { slow }, quotas, slowWrites }: Broker, now: Micros): boolean {
  return lifecycle === 'running' && published && offline === undefined && fetchStalledUntil <= now && slow === 0 && slowWrites === undefined && quotas === undefined
    && logDirs.every(({ online, ails }) => online && ails === undefined)
}

/** Since when a majority of the controllers has been steady, and nothing has been wrong with those of the others that run. */
export function quorumSince({ nodes }: Pick<World, 'nodes'>, { steady }: Memory): Micros | undefined {
  let all = 0, well = 0, since = 0
  for (const [name, node] of nodes) {
    if (node.kind !== 'controller') continue
    all++
    const from = steady.get(name)
    if (from === undefined && isThere(node)) return undefined
    if (from === undefined) continue
    well++
    since = Math.max(since, from)
  }
  return well >= majorityOf(all) ? since : undefined
}
const isThere = ({ condition }: Node): boolean => condition === 'running' || condition === 'stopping'
