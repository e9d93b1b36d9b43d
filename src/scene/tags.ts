/** The tag of a message: hollow for a request, solid for an answer, pointing its way, records in a window. */
import type { Box, Point } from './geometry.ts'
import type { Direction } from './routes.ts'
import { shapeIndex, type PathSink } from './shapes.ts'
import type { Mark } from './tokens.ts'

export const mostShapes = 3
const shapeRadius = 7.6
const shapePitch = 18

/** Length along the way without the point, the point's length, and half the width. */
interface TagSize {
  readonly body: number
  readonly point: number
  readonly half: number
}

function sizeOf(mark: Mark): TagSize {
  const k = mark.scale
  if (mark.records.length === 0 && mark.kind !== 'refusal') return { body: 14 * k, point: 8 * k, half: 7.5 * k }
  const slots = slotsOf(mark)
  const along = isUpright(mark.direction) ? Math.min(1, slots) : slots
  const across = isUpright(mark.direction) ? slots : Math.min(1, slots)
  return { body: (8 + along * shapePitch) * k, point: 11 * k, half: (6 + across * shapePitch) * 0.5 * k + 3 * k }
}

const isUpright = (direction: Direction): boolean => direction === 'up' || direction === 'down'
/** A fourth record and more share the last slot as a number. */
const slotsOf = (mark: Mark): number => (mark.kind === 'refusal' ? 1 : Math.min(mostShapes, mark.records.length))

/** Half the extent of the whole tag, for the finger and for the focus ring. */
export function reachOf(mark: Mark): number {
  if (mark.kind === 'ack') return 10
  if (mark.kind === 'cross') return 9
  const { body, point, half } = sizeOf(mark)
  return Math.max((body + point) / 2, half)
}

/** Half of what a tag takes across its way. */
export const halfWidthOf = (mark: Mark): number => (mark.kind === 'ack' || mark.kind === 'cross' ? 9 : sizeOf(mark).half)

export function traceTag(sink: PathSink, mark: Mark): void {
  const { body, point, half } = sizeOf(mark)
  const back = -(body + point) / 2,
    shoulder = back + body,
    tip = shoulder + point
  const put = (along: number, across: number, first = false): void => {
    const x = mark.x + (mark.direction === 'right' ? along : mark.direction === 'left' ? -along : across)
    const y = mark.y + (mark.direction === 'down' ? along : mark.direction === 'up' ? -along : across)
    if (first) sink.moveTo(x, y)
    else sink.lineTo(x, y)
  }
  put(back, -half, true)
  put(shoulder, -half)
  put(tip, 0)
  put(shoulder, half)
  put(back, half)
  sink.closePath()
}

/** Middle of the body: where the window is. */
function middle(mark: Mark): Point {
  const { point } = sizeOf(mark)
  const shift = -point / 2 + 1
  const dx = mark.direction === 'right' ? shift : mark.direction === 'left' ? -shift : 0
  const dy = mark.direction === 'down' ? shift : mark.direction === 'up' ? -shift : 0
  return { x: mark.x + dx, y: mark.y + dy }
}

export function windowOf(mark: Mark): Box {
  const { x, y } = middle(mark)
  const k = mark.scale
  const h = 20 * k,
    w = (20 + (slotsOf(mark) - 1) * shapePitch) * k
  return { x: x - w / 2, y: y - h / 2, w, h }
}

/** After the eight keys' colours: what ends a transaction. */
export const markerPlace = 8

/** Adds the shapes in the window to the places of their colours. */
export function collectShapes(mark: Mark, places: readonly number[][]): void {
  const total = mark.records.length
  const slots = slotsOf(mark)
  const count = total > mostShapes ? mostShapes - 1 : total
  const { x, y } = middle(mark)
  for (let i = 0; i < count; i++) {
    const { hue, marker } = mark.records[i]!
    places[marker === undefined ? shapeIndex(hue) : markerPlace]!.push(x + (i - (slots - 1) / 2) * shapePitch * mark.scale, y, hue, shapeRadius * mark.scale)
  }
}

/** The last slot, where the number of those that did not fit stands. */
export function countPlace(mark: Mark): Point {
  const { x, y } = middle(mark)
  return { x: x + (mostShapes - 1 - (slotsOf(mark) - 1) / 2) * shapePitch * mark.scale, y }
}
