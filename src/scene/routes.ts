/** Wires as lines to travel on: straight runs with corners of radius 9, measured so that a mark finds its place by length. */
import type { Point } from './geometry.ts'

export const cornerRadius = 9
const chords = 6

export type Direction = 'right' | 'down' | 'left' | 'up'

export interface Route {
  /** `shop>b1`: there is one way for each direction between two machines. */
  readonly key: string
  readonly from: string
  readonly to: string
  readonly xs: readonly number[]
  readonly ys: readonly number[]
  /** Length travelled at each point; the last is the whole. */
  readonly lengths: readonly number[]
  readonly length: number
  /** Which end carries the small dot of a client. */
  readonly dot: 'start' | 'end' | undefined
}

/** A way through `points`, with its corners rounded as far as their arms allow. */
export function makeRoute(from: string, to: string, points: readonly Point[], dot?: Route['dot']): Route {
  const xs: number[] = [],
    ys: number[] = [],
    lengths: number[] = []
  const add = (x: number, y: number): void => {
    const last = xs.length - 1
    const step = last < 0 ? 0 : Math.sqrt((x - xs[last]!) ** 2 + (y - ys[last]!) ** 2)
    if (last >= 0 && step < 0.01) return
    xs.push(x)
    ys.push(y)
    lengths.push(last < 0 ? 0 : lengths[last]! + step)
  }
  const clean = withoutRepeats(points)
  clean.forEach((point, i) => {
    const before = clean[i - 1],
      after = clean[i + 1]
    if (before === undefined || after === undefined) add(point.x, point.y)
    else roundCorner(before, point, after, add)
  })
  return { key: `${from}>${to}`, from, to, xs, ys, lengths, length: lengths[lengths.length - 1] ?? 0, dot }
}

const withoutRepeats = (points: readonly Point[]): Point[] =>
  points.filter((each, i) => i === 0 || each.x !== points[i - 1]!.x || each.y !== points[i - 1]!.y)

function roundCorner(before: Point, corner: Point, after: Point, add: (x: number, y: number) => void): void {
  const inLength = Math.abs(corner.x - before.x) + Math.abs(corner.y - before.y)
  const outLength = Math.abs(after.x - corner.x) + Math.abs(after.y - corner.y)
  const radius = Math.min(cornerRadius, inLength / 2, outLength / 2)
  const inX = Math.sign(corner.x - before.x),
    inY = Math.sign(corner.y - before.y)
  const outX = Math.sign(after.x - corner.x),
    outY = Math.sign(after.y - corner.y)
  for (let i = 0; i <= chords; i++) {
    const angle = (i / chords) * (Math.PI / 2)
    const back = 1 - Math.sin(angle),
      ahead = 1 - Math.cos(angle)
    add(corner.x - inX * radius * back + outX * radius * ahead, corner.y - inY * radius * back + outY * radius * ahead)
  }
}

/** The same way, walked from the other end. */
export function reversed(route: Route): Route {
  const lengths = route.lengths.map((each) => route.length - each).toReversed()
  const dot = route.dot === 'start' ? 'end' : route.dot === 'end' ? 'start' : undefined
  return {
    ...route,
    key: `${route.to}>${route.from}`,
    from: route.to,
    to: route.from,
    xs: route.xs.toReversed(),
    ys: route.ys.toReversed(),
    lengths,
    dot,
  }
}

/** Index of the run that holds length `s`. */
export function segmentAt(route: Route, s: number): number {
  const { lengths } = route
  let low = 0,
    high = lengths.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (lengths[middle]! <= s) low = middle
    else high = middle - 1
  }
  return Math.max(0, low)
}

export interface Place {
  x: number
  y: number
  direction: Direction
}

/** Where one is after `s`, and which way one faces. Writes into `place`, since this runs for every mark of every frame. */
export function placeAt(route: Route, s: number, place: Place): Place {
  const { xs, ys, lengths } = route
  if (xs.length < 2) {
    place.x = xs[0] ?? 0
    place.y = ys[0] ?? 0
    return place
  }
  const at = Math.max(0, Math.min(route.length, s))
  const i = segmentAt(route, at)
  const run = lengths[i + 1]! - lengths[i]!
  const share = run === 0 ? 0 : (at - lengths[i]!) / run
  const dx = xs[i + 1]! - xs[i]!,
    dy = ys[i + 1]! - ys[i]!
  place.x = xs[i]! + dx * share
  place.y = ys[i]! + dy * share
  place.direction = Math.abs(dx) >= Math.abs(dy) ? (dx >= 0 ? 'right' : 'left') : dy >= 0 ? 'down' : 'up'
  return place
}

/** Path data of a whole way or of a part of it. */
export function pathOf(route: Route, from = 0, to = route.length): string {
  const spot: Place = { x: 0, y: 0, direction: 'right' }
  const text = (x: number, y: number): string => `${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100}`
  placeAt(route, from, spot)
  let path = `M${text(spot.x, spot.y)}`
  const last = segmentAt(route, to)
  for (let i = segmentAt(route, from) + 1; i <= last; i++) path += `L${text(route.xs[i]!, route.ys[i]!)}`
  placeAt(route, to, spot)
  return `${path}L${text(spot.x, spot.y)}`
}
