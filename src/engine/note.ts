/** What the kernel itself has to tell, beside what processes tell. */
import { foldTree } from '../base/hash.ts'
import type { Note } from './process.ts'
import type { Simulation } from './schedule.ts'

export function tellNote(sim: Simulation, cause: number, node: string, fact: Note): void {
  const { world } = sim
  foldTree(world.hash, fact)
  sim.watch.noted(world.now, world.steps, cause, node, fact)
}

export const told = (code: string, figures: Readonly<Record<string, unknown>>): Note => ({ code, ...figures })
