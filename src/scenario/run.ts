/** A run as data: a world, and where its scenario stands in it. Checkpointed together, copied together. */
import { clone } from '../base/clone.ts'
import type { Micros } from '../base/units.ts'
import { cloneWorld, type World } from '../engine/world.ts'
import type { Intervention } from './actions.ts'
import type { RunProblem } from './findings.ts'
import type { Tally } from './observe.ts'
import type { Pauses } from './pauses.ts'
import type { RowState } from './rows.ts'

export interface Run { readonly world: World; readonly play: Play }

export interface Mark {
  readonly id: string; readonly index: number; readonly startAt: Micros; endAt: Micros | undefined; reached: boolean | undefined
}

/** Where the scenario stands. */
export interface Play {
  /** Index of the step; -1 before the first. */
  step: number
  phase: 'before' | 'doing' | 'running' | 'asking' | 'ended'
  /** When the step's `run` began: `at` and `max` count from here. */
  runAt: Micros
  marks: Mark[]
  /** While `doing`: whose sends have to be answered, how many, and which item comes then. */
  awaited: { readonly client: string; readonly sends: number; readonly since: Micros; readonly next: number } | undefined
  /** Items of the step's `do` that have been done. */
  fired: boolean[]
  rows: Map<string, RowState>
  /** What each option of a question came to, by the question's id. */
  judged: Map<string, readonly boolean[]>
  tallies: Map<string, Tally>
  ended: Map<string, 'stopped' | 'crashed'>
  /** What will be undone by itself: a pause `for` so long. In order of time. */
  timed: { readonly at: Micros; readonly intervention: Intervention }[]
  /** Lines told about the step's focus. */
  counted: number
  /** Who leads each partition, who led it before, and whether the one that does came by an unclean election. */
  leaders: Map<string, { readonly now: string; readonly before: string; readonly unclean: boolean }>
  lostTold: Map<string, true>
  /** A majority of the controllers runs, as far as was told. */
  hasMajority: boolean
  /** What rebalances have taken and not given back yet, by group. */
  pauses: Pauses
  problems: Problem[]
  /** Interventions of the learner. */
  actions: number
  endedAt: Micros | undefined
  /** When the scenario does something by itself next; Infinity: when the cluster has. */
  due: Micros
  /** The last intervention that could not be made. */
  refused: { readonly what: string; readonly why: string; readonly at: Micros } | undefined
}
/** What a run found out about its file; `path` is where in it. */
export type Problem = RunProblem & { readonly path: readonly (string | number)[] }

/** `leaders`: who leads each partition at 00:00. */
export const newPlay = (leaders: readonly (readonly [string, string])[]): Play => ({
  step: -1, phase: 'before', runAt: 0, awaited: undefined, marks: [], fired: [], rows: new Map(), judged: new Map(), tallies: new Map(), ended: new Map(),
  timed: [], counted: 0,
  leaders: new Map(leaders.map(([partition, leader]) => [partition, Object.freeze({ now: leader, before: leader, unclean: false })])),
  lostTold: new Map(), hasMajority: true, pauses: new Map(), problems: [], actions: 0, endedAt: undefined, due: 0, refused: undefined,
})

export const copyRun = ({ world, play }: Run, before?: Run): Run => ({ world: cloneWorld(world, before?.world), play: clone(play, before?.play) })
