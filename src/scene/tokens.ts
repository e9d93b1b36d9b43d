/** What the painter paints: marks on wires, rings at docks, and the wires themselves. Reused from frame to frame. */
import type { Cell } from '../projection/cluster-view.ts'
import type { Direction, Route } from './routes.ts'

export type MarkKind =
  /** hollow tag */
  | 'request'
  /** solid tag */
  | 'response'
  /** green disc with a tick */
  | 'ack'
  /** solid tag with a cross in its window: an answer that is an error */
  | 'refusal'
  /** where a message was lost */
  | 'cross'
  /** what nobody asked for: a toy's message, without a tag */
  | 'bare'

export interface Mark {
  kind: MarkKind
  /** Its span. */
  id: number
  x: number
  y: number
  direction: Direction
  /** 1, or less for what matters less. */
  scale: number
  records: readonly Cell[]
  /** It stands before a gap, or at the door of a frozen machine. */
  held: boolean
  label: string | undefined
  accent: boolean
}

export type LegStyle = 'behind' | 'ahead' | 'thin'
export interface Leg {
  route: Route
  from: number
  to: number
  style: LegStyle
  accent: boolean
}

/** More than four marks between two machines: one band and their number. */
export interface Ribbon {
  route: Route
  count: number
}

export interface Ring {
  /** Of its WaitingView; the first, if it stands for several. */
  key: string
  x: number
  y: number
  direction: Direction
  /** Share of the longest wait that has passed; undefined where nothing limits it. */
  share: number | undefined
  /** How many requests wait here; drawn as a number from three on. */
  count: number
  records: readonly Cell[]
  radius: number
  /** Milliseconds waited, said beside the ring where there is room. */
  waited: number | undefined
  labelSide: 'left' | undefined
  accent: boolean
}
/** Unread in the socket behind another request of its connection: small tags in a stack. */
export interface Stack {
  key: string
  x: number
  y: number
  direction: Direction
  count: number
}

export class Tokens {
  readonly marks: Mark[] = []
  readonly legs: Leg[] = []
  readonly ribbons: Ribbon[] = []
  readonly rings: Ring[] = []
  readonly stacks: Stack[] = []
  /** Messages that are on their way, but not on this stage's wires. */
  hidden = 0
  readonly #marks: Mark[] = []
  readonly #legs: Leg[] = []

  clear(): void {
    this.marks.length = 0
    this.legs.length = 0
    this.ribbons.length = 0
    this.rings.length = 0
    this.stacks.length = 0
    this.hidden = 0
  }

  /** A mark to fill in; taken from those of earlier frames where possible. */
  mark(): Mark {
    const index = this.marks.length
    const mark = (this.#marks[index] ??= {
      kind: 'request',
      id: 0,
      x: 0,
      y: 0,
      direction: 'right',
      scale: 1,
      records: noRecords,
      held: false,
      label: undefined,
      accent: false,
    })
    this.marks.push(mark)
    return mark
  }

  leg(route: Route, from: number, to: number, style: LegStyle): Leg {
    const leg = (this.#legs[this.legs.length] ??= { route, from, to, style, accent: false })
    leg.route = route
    leg.from = from
    leg.to = to
    leg.style = style
    leg.accent = false
    this.legs.push(leg)
    return leg
  }
}
export const noRecords: readonly Cell[] = []
