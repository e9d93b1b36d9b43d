/** A live run without a cluster, for tests: what is told is all there is. */
import { programOf } from '../../src/scenario/program.ts'
import type { Scenario } from '../../src/scenario/types.ts'
import { Book } from './books.ts'
import type { LiveState, NodeState } from './live-state.ts'
import { word, type Told } from './probe.ts'
import { Seen } from './seen.ts'
import { Tallies } from './tallies.ts'

const scenario: Scenario = {
  format: 'kafka-scenario/v1', id: 'nothing', kind: 'sandbox', title: 'Nothing', languages: ['en'], seed: 1, cluster: { brokers: 3 },
  clients: { producers: [{ id: 'p', topic: 't' }] }, apps: [{ id: 'p', reads: 't' }],
}

export function liveWith(tells: readonly Told[]): LiveState & { readonly states: Map<string, NodeState['state']> } {
  const seen = new Seen()
  const books = new Map([['p', new Book('p', -1)]])
  const tallies = new Tallies(programOf(scenario), () => undefined)
  const states = new Map<string, NodeState['state']>()
  for (const told of tells) {
    tallies.before(told, seen)
    if (!seen.take(told)) books.get(word(told['c']))?.take(told)
  }
  return {
    scenario, seen, books, tallies, states, marks: [], now: 0, quorumEpoch: 1,
    node: (name) => ({ state: states.get(name) ?? 'running', starts: 1, failedDirs: new Set(), recoveries: 0 }),
  }
}
export const emptyLive: LiveState = liveWith([])
