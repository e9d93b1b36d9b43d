/** The three columns of the stage and the corridors between them, for a width. */
import { clamp } from './geometry.ts'
import type { Lane, Variant } from './layout-types.ts'
import type { Structure } from './structure.ts'

export interface Columns {
  readonly pad: number
  /** x and width; a width of 0 = there is no such column. */
  readonly writers: readonly [number, number]
  readonly brokers: readonly [number, number]
  readonly readers: readonly [number, number]
  /** Distance between nested loops on one edge. */
  readonly loopStep: number
  /** From a machine's left edge to its first cell, and from its last cell to its right edge. */
  readonly gutter: number
  readonly tray: number
}

const loopStep = 24

/** How many followers may fetch round one edge: what the right corridor has to hold. */
export function loopsOf(structure: Structure): number {
  const { brokers, focus } = structure
  if (brokers.length <= 3) return Math.max(0, brokers.length - 1)
  return Math.max(0, brokers.filter((each) => focus !== undefined && each.hosts.includes(focus)).length - 1)
}

export function columnsFor(structure: Structure, variant: Variant, lane: Lane, width: number): Columns {
  if (variant === 'phone') return phoneColumns(structure, lane, width)
  const home = variant === 'home'
  const narrow = width < (home ? 1000 : 760)
  const snug = !home && width < 880
  const pad = home ? 0 : width >= 880 ? 20 : width >= 700 ? 16 : 12
  const writersWidth = structure.producers.length + structure.admins.length === 0 ? 0 : home ? 124 : clamp(126, Math.round(width * 0.16), 160)
  const readersWidth = structure.groups.length === 0 ? 0 : home ? 136 : clamp(126, Math.round(width * 0.16), 170)
  const step = narrow ? 18 : loopStep
  const loops = loopsOf(structure)
  const left =
    writersWidth === 0 ? (structure.controllers.length > 0 && !home ? 22 : 0) : home && !narrow ? 88 : narrow ? 50 : snug ? 58 : 64
  const right =
    (loops === 0 ? 0 : loops * step) + (readersWidth === 0 ? (loops === 0 ? 0 : 16) : loops === 0 ? 52 : home && !narrow ? 52 : 26)
  const x = pad + writersWidth + left
  const readersX = width - pad - readersWidth
  return {
    pad,
    loopStep: step,
    writers: [pad, writersWidth],
    brokers: [x, readersX - right - x],
    readers: [readersX, readersWidth],
    gutter: home ? 74 : 60,
    tray: home ? 150 : 36,
  }
}

/** On a phone a client's lane is its card, the corridor, and the brokers as plain boxes at the far end. */
function phoneColumns(structure: Structure, lane: Lane, width: number): Columns {
  const pad = 16
  const inner = width - 2 * pad
  if (lane === 'brokers') {
    const loops = loopsOf(structure)
    const right = loops === 0 ? 0 : 20 * loops + 8
    return { pad, loopStep: 20, writers: [pad, 0], brokers: [pad, inner - right], readers: [width - pad, 0], gutter: 44, tray: 6 }
  }
  const plain = 84
  const card = Math.min(220, inner - plain - 72)
  const writers = lane === 'producers'
  return {
    pad,
    loopStep: 20,
    gutter: 44,
    tray: 0,
    writers: [pad, writers ? card : 0],
    brokers: [writers ? width - pad - plain : pad, plain],
    readers: [width - pad - (writers ? 0 : card), writers ? 0 : card],
  }
}
