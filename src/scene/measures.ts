import { clamp } from './geometry.ts'

/** The heights of a broker's row, by room. The first style that fits is taken; all lengths as in the style sheet's plates. */
export type RowStyleName = 'large' | 'roomy' | 'snug' | 'compact' | 'open' | 'tight' | 'home' | 'phone'

export interface RowStyle {
  readonly name: RowStyleName
  /** The whole row, without its line of quiet replicas. */
  readonly height: number
  /** Centre lines and edges, from the top of the row. Undefined: this style has no such line. */
  readonly role: number | undefined
  readonly band: number | undefined
  readonly strip: number
  readonly stripHeight: number
  readonly label: number | undefined
  /** Radius of a record, and the size of the number in it. */
  readonly record: number
  readonly digit: number
  readonly name21: number
  readonly gap: readonly [number, number]
}

const style = (name: RowStyleName, rest: Omit<RowStyle, 'name'>): RowStyle => ({ name, ...rest })

export const rowStyles: Readonly<Record<RowStyleName, RowStyle>> = {
  large: style('large', {
    height: 144,
    role: 26,
    band: 51,
    strip: 61,
    stripHeight: 58,
    label: 133,
    record: 15,
    digit: 15,
    name21: 24,
    gap: [26, 60],
  }),
  roomy: style('roomy', {
    height: 116,
    role: 20,
    band: 41,
    strip: 50,
    stripHeight: 46,
    label: 108.5,
    record: 12,
    digit: 12.5,
    name21: 21,
    gap: [14, 36],
  }),
  snug: style('snug', {
    height: 102,
    role: 17,
    band: 34,
    strip: 42,
    stripHeight: 42,
    label: 94.5,
    record: 12,
    digit: 12.5,
    name21: 21,
    gap: [10, 16],
  }),
  compact: style('compact', {
    height: 90,
    role: 16,
    band: undefined,
    strip: 29,
    stripHeight: 40,
    label: 80.5,
    record: 12,
    digit: 12.5,
    name21: 20,
    gap: [8, 14],
  }),
  open: style('open', {
    height: 70,
    role: 15,
    band: undefined,
    strip: 26,
    stripHeight: 36,
    label: undefined,
    record: 11.5,
    digit: 12,
    name21: 18,
    gap: [8, 12],
  }),
  tight: style('tight', {
    height: 50,
    role: undefined,
    band: undefined,
    strip: 7,
    stripHeight: 36,
    label: undefined,
    record: 11.5,
    digit: 12,
    name21: 17,
    gap: [6, 10],
  }),
  home: style('home', {
    height: 108,
    role: 12,
    band: undefined,
    strip: 23,
    stripHeight: 62,
    label: undefined,
    record: 16,
    digit: 14,
    name21: 24,
    gap: [14, 32],
  }),
  phone: style('phone', {
    height: 64,
    role: 9,
    band: undefined,
    strip: 22,
    stripHeight: 40,
    label: undefined,
    record: 12,
    digit: 12.5,
    name21: 18,
    gap: [12, 26],
  }),
}

/** Tried in this order. */
export const byRoom: readonly RowStyleName[] = ['large', 'roomy', 'snug', 'compact', 'open', 'tight']

export const quietLine = 26
export const closedHeight = 42
/** Several strips in one machine: a head line, then one line a strip. */
export interface ManyStyle {
  readonly head: number
  readonly strip: number
  readonly pitch: number
  readonly foot: number
  readonly record: number
  readonly digit: number
}
export const manyStyles: readonly ManyStyle[] = [
  { head: 34, strip: 34, pitch: 44, foot: 6, record: 11.5, digit: 12 },
  { head: 32, strip: 28, pitch: 36, foot: 3, record: 10.5, digit: 12 },
]
export const minCell = 28
export const maxCell = 62

/** How many offsets stand in a strip of this length, and how wide each cell is. */
export function cellsFor(length: number, widest = false): { readonly n: number; readonly cw: number } {
  const wish = widest ? maxCell : length <= 400 ? clamp(35, 40 - (400 - length) * 0.04, 40) : Math.min(maxCell, 40 + (length - 400) * 0.036)
  const n = Math.max(3, Math.round(length / wish))
  return { n, cw: Math.max(minCell, Math.min(maxCell, Math.floor((length / n) * 2) / 2)) }
}
