/** What it costs to look at all the named statements while the busy cluster runs. */
import type { Note } from '../src/engine/process.ts'
import { step } from '../src/engine/simulation.ts'
import type { Watch } from '../src/engine/watch.ts'
import { noWatch } from '../src/engine/watch.ts'
import { Monitor } from '../src/kafka/invariants.ts'
import { busyCluster } from './busy.ts'
import { collect, median, ROUNDS, timed } from './measure.ts'

const WARM_UP = 30_000
const STEPS = 150_000

function rate(watched: boolean): number {
  const monitor = new Monitor()
  const watch: Watch = !watched ? noWatch : {
    ...noWatch,
    sent: (_id, _step, wire, from, to, message) => monitor.sent(wire.id, from, to, message),
    noted: (_at, _step, _cause, node: string, fact: Note) => monitor.noted(node, fact),
    stepped: (world, node) => monitor.stepped(world, node),
  }
  const sim = busyCluster(1, watch)
  while (sim.world.steps < WARM_UP) step(sim)
  collect()
  const end = sim.world.steps + STEPS
  return STEPS / timed(() => { while (sim.world.steps < end) step(sim) }) * 1000
}

/** Steps a second without and with the monitors. */
export function measureMonitors(): { readonly plain: number; readonly watched: number; readonly ratio: number } {
  const plain: number[] = [], watched: number[] = []
  // The first round is the compiler's.
  for (let round = 0; round <= ROUNDS; round++) {
    const rates = [rate(false), rate(true)] as const
    if (round === 0) continue
    plain.push(rates[0])
    watched.push(rates[1])
  }
  return { plain: median(plain), watched: median(watched), ratio: median(watched.map((each, i) => each / plain[i]!)) }
}
