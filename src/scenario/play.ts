/** A scenario played: runs of it at 00:00, and the machine that lets them go on. */
import type { Micros } from '../base/units.ts'
import type { Machine } from '../engine/timeline.ts'
import { noWatch, type Watch } from '../engine/watch.ts'
import { newCluster } from '../kafka/cluster.ts'
import { nodeName } from '../kafka/broker/state.ts'
import type { Intervention } from './actions.ts'
import { compile } from './compile.ts'
import { Player, type AssertionState, type Mode, type PlayWatch } from './player.ts'
import { copyRun, newPlay, type Mark, type Play, type Run } from './run.ts'
import type { Scenario } from './types.ts'

export type { Run } from './run.ts'

/** A run at 00:00, before its first step. */
export function newRun(scenario: Scenario, seed = scenario.seed, watch?: Watch): Run {
  const spec = compile(scenario, seed)
  const leaders =
    spec.topics.flatMap(({ name, replicas }) => replicas.map((ids, index) => [`${name}/${index}`, nodeName(ids[0] ?? 0)] as const))
  return { world: newCluster(spec, watch).world, play: newPlay(leaders) }
}

export interface PlayMachine extends Machine<Run, Intervention> {
  /** The rows of goal, forbid, expect and check, and the options of questions, as they stand; by the keys of the view. */
  readonly assertions: (run: Run) => Readonly<Record<string, AssertionState>>
}

/** How runs of this scenario go on. `mode`: who plays (a learner, nobody, or the file's own solution). */
export function playMachine(scenario: Scenario, watch: PlayWatch = noWatch, mode: Mode = 'learner'): PlayMachine {
  const player = new Player(scenario, watch, mode)
  return {
    copy: copyRun,
    stepsOf: ({ world }) => world.steps,
    nowOf: ({ world }) => world.now,
    nextAt: (run) => player.nextAt(run),
    step: (run) => player.step(run),
    wait: ({ world }, at) => {
      world.now = at
    },
    intervene: (run, intervention) => player.intervene(run, intervention),
    restored: ({ world }) => watch.rewind?.(world),
    branched: ({ world }) => watch.branch?.(world),
    assertions: (run) => player.assertions(run),
  }
}

/** Everything up to and including `until`, or until `stop` says so; the clock then stands there. */
export function advance(machine: PlayMachine, run: Run, until: Micros, stop?: () => boolean): void {
  for (;;) {
    if (stop?.() === true) return
    const next = machine.nextAt(run)
    if (next === undefined || next > until) break
    machine.step(run)
  }
  if (run.world.now < until) machine.wait(run, until)
}

export const stepMarks = ({ marks }: Play): readonly Mark[] => marks.map((mark) => ({ ...mark }))
