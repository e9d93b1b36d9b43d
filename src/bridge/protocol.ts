/**
 * The whole conversation between the UI and the engine's worker, as two unions.
 *
 * The UI grants time (`advance`), the worker answers with frames that cover run time without gaps. A frame carries every
 * change of the view with its moment, so that the UI can show any moment it has frames for without asking again: what is
 * on the screen is a function of (frames, playhead).
 */
import type { Micros } from '../base/units.ts'
import type { BrokenPromise } from '../projection/checker.ts'
import type { Patch } from '../projection/patch.ts'
import type { ClusterView } from '../projection/cluster-view.ts'
import type { Ask, Found } from '../projection/disk-view.ts'
import type { StoryLine } from '../projection/story.ts'
import type { SpanDetail } from '../projection/span-detail.ts'
import type { Intervention } from '../scenario/actions.ts'
import type { Scenario } from '../scenario/types.ts'

export type { Intervention }

/** Of so many steps back messages and lines of the story are kept. What is older is made again when somebody goes there. */
export const HISTORY_STEPS = 1_000_000

/** One entry of the save file: the scenario, its seed and these are the run. */
export interface JournalEntry { readonly afterStep: number; readonly at: Micros; readonly intervention: Intervention }

export type Command =
  /** Start anew. With a journal, the same run as it was. `at`: show this moment first. */
  | { readonly do: 'load'; readonly scenario: Scenario; readonly seed: number; readonly journal: readonly JournalEntry[]; readonly at: Micros }
  /** Credit: frames up to here, no further unasked. */
  | { readonly do: 'advance'; readonly to: Micros }
  /** Frames around this moment: a fresh base at or before `at`, and all up to it. */
  | { readonly do: 'seek'; readonly at: Micros; readonly held?: Held; /** At least this much of the run before `at` too. */ readonly runUp?: Micros }
  /** Act at this moment. What lay ahead of it is discarded (later interventions too; undo brings them back). */
  | { readonly do: 'intervene'; readonly at: Micros; readonly interventions: readonly Intervention[]; readonly held?: Held }
  | { readonly do: 'undo' | 'redo'; readonly held?: Held }
  /** What the disk of a broker holds at this moment; answered beside the frames, and only when it is asked for. */
  | { readonly do: 'look'; readonly number: number; readonly at: Micros; readonly ask: Ask }
  /** Test hook: throw inside the worker. */
  | { readonly do: 'fail' }

/** What moves the run, or shows more of it. */
export type RunCommand = Exclude<Command, { do: 'look' }>

/** The first so many lines of the story the UI has, by frames up to this generation: those that are still true need not be told again. */
export interface Held { readonly generation: number; readonly lines: number }

/** Messages of a frame, as columns that are transferred, not copied. Row i is one span. */
export interface SpanTable {
  readonly length: number
  readonly id: Float64Array<ArrayBuffer>; readonly step: Float64Array<ArrayBuffer>
  readonly sentAt: Float64Array<ArrayBuffer>; readonly arrivesAt: Float64Array<ArrayBuffer>
  /** Indices into `names`. */
  readonly from: Uint16Array<ArrayBuffer>; readonly to: Uint16Array<ArrayBuffer>; readonly traffic: Uint16Array<ArrayBuffer>; readonly connection: Uint16Array<ArrayBuffer>
  /** 0 arrives, 1 held, 2 lost */
  readonly fate: Uint8Array<ArrayBuffer>
  readonly names: readonly string[]
  readonly details: readonly SpanDetail[]
}

/** `at` is a whole number, or half a microsecond less where a step of the scenario ended in the instant in which the next began. */
export interface TimedPatch { readonly at: Micros; readonly step: number; readonly patch: Patch }

/** Where steps of the scenario began and ended, as far as the run has been made. */
export interface StepMark { readonly id: string; readonly index: number; readonly startAt: Micros; readonly endAt: Micros | undefined; readonly reached: boolean | undefined }

export interface Frame {
  readonly type: 'frame'
  /** Raised by load, seek, intervene, undo and redo: frames of an older one are dropped unread. */
  readonly generation: number
  /** This frame covers (from, to]; the first of a generation starts with `base`, the view at `from`. */
  readonly from: Micros; readonly to: Micros
  readonly base: ClusterView | undefined
  readonly patches: readonly TimedPatch[]
  readonly spans: SpanTable
  /** Amendments of spans sent in earlier frames (a reset, a cut): id, arrivesAt, fate. */
  readonly amended: readonly { readonly id: number; readonly arrivesAt: Micros; readonly fate: 0 | 1 | 2 }[]
  /**
   * The story up to `to`, from this line on: those before it the UI has already, those after it are of another time or
   * another run. Of what is long past only headlines may come.
   */
  readonly storyFrom: number
  readonly story: readonly StoryLine[]
  /** From this moment on no line is missing but those that were told before. */
  readonly wholeFrom: Micros
  /** All up to `to`, and maybe later ones of a run that has been further. */
  readonly broken: readonly BrokenPromise[]
  readonly steps: readonly StepMark[]
  /** Everything that has been simulated once lies below this. */
  readonly horizon: Micros
  /** The scenario has said all it had to say at this moment; the cluster runs on. */
  readonly scenarioEndsAt: Micros | undefined
  /** Steps of the kernel so far and the fingerprint of the run at `to`. */
  readonly stepsDone: number; readonly hash: string
  /** Moments of kernel steps in (from, to], ascending, for stepping by event. */
  readonly moments: Float64Array<ArrayBuffer>
  readonly journal: readonly JournalEntry[]
  readonly canUndo: boolean; readonly canRedo: boolean
  /** For undo and redo: the moment to show. */
  readonly showAt: Micros | undefined
}

export interface Refusal { readonly type: 'refused'; readonly generation: number; readonly what: string; readonly why: string }
/** The worker is about to die; the UI restores from its own copy of the journal. */
export interface Failure { readonly type: 'failed'; readonly message: string }
/** undefined = there is no such thing at that moment. */
export interface Looked { readonly type: 'looked'; readonly number: number; readonly found: Found | undefined }
export type Reply = Frame | Refusal | Failure | Looked
