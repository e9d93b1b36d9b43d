/** The run on the screen, as the components see it: its client, its player, and the moment they stand at. */
import { createContext, useContext, useMemo, useSyncExternalStore, type ReactNode } from 'react'
import type { Micros } from '../base/units.ts'
import { RunClient, type OpenTransport } from '../bridge/client.ts'
import type { Film } from '../bridge/film.ts'
import type { ClusterView } from '../projection/cluster-view.ts'
import type { Scenario } from '../scenario/types.ts'
import { Player, type PaceSetting } from './player.ts'
import type { Plan } from './steps.ts'
import { useLesson } from './stores/lesson.ts'

export interface Run {
  readonly client: RunClient
  readonly player: Player
}

const noMarks: Plan['marks'] = []
/** The step plan of what is loaded: which steps are hidden depends on what the learner has answered. */
function planOf(client: RunClient): Plan {
  // A sandbox has nothing to wait for: its steps only set it up.
  const steps = client.scenario?.kind === 'sandbox' ? [] : (client.scenario?.steps ?? [])
  const { answers } = useLesson.getState()
  const isHidden = (index: number): boolean => {
    const asks = steps[index]?.predict
    return asks !== undefined && answers[asks.id] === undefined
  }
  return { marks: steps.length === 0 ? noMarks : client.film.steps, count: steps.length, isHidden }
}

export function createRun(open?: OpenTransport): Run {
  const client = new RunClient(open)
  const player = new Player(client, () => planOf(client), {
    request: (tick) => requestAnimationFrame(tick),
    cancel: (handle) => cancelAnimationFrame(handle),
  })
  useLesson.subscribe(() => player.wake())
  return { client, player }
}

const Context = createContext<Run | undefined>(undefined)
export function RunProvider({ run, children }: { readonly run: Run; readonly children: ReactNode }): ReactNode {
  return <Context value={run}>{children}</Context>
}
export function useRun(): Run {
  const run = useContext(Context)
  if (run === undefined) throw new Error('useRun outside of RunProvider')
  return run
}

/** What a component may read of the moment; a new object ten times a second while something moves. */
export interface Moment {
  readonly at: Micros
  readonly playing: boolean
  readonly film: Film
  readonly view: ClusterView
  readonly revision: number
  readonly entered: number
  readonly pace: PaceSetting
}
const moments = new WeakMap<Player, Moment>()
function momentOf({ client, player }: Run): Moment {
  const { film } = client
  const before = moments.get(player)
  const isSame =
    before !== undefined &&
    before.at === player.at &&
    before.playing === player.playing &&
    before.film === film &&
    before.revision === film.revision &&
    before.entered === player.entered &&
    before.pace === player.pace
  if (isSame) return before
  const moment = {
    at: player.at,
    playing: player.playing,
    film,
    view: film.viewAt(player.at),
    revision: film.revision,
    entered: player.entered,
    pace: player.pace,
  }
  moments.set(player, moment)
  return moment
}
export function useMoment(): Moment {
  const run = useRun()
  const subscribe = useMemo(() => (changed: () => void) => run.player.subscribe(changed), [run])
  return useSyncExternalStore(subscribe, () => momentOf(run))
}
export function usePlan(): Plan {
  const { client } = useRun()
  useLesson()
  return planOf(client)
}
export function useScenario(): Scenario | undefined {
  useMoment()
  return useRun().client.scenario
}
