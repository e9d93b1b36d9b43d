/**
 * Messages on their wires: a pure function of the spans, the wires and the playhead. A mark sits at
 * (now - sent) / (arrives - sent) of its way, so pause, reverse, scrub and slow motion are one code path.
 */
import { fromMs, type Micros } from '../base/units.ts'
import type { LinkView, NodeName, PartitionName } from '../projection/cluster-view.ts'
import type { Span, Weight } from '../projection/span-detail.ts'
import { placeAt, type Place, type Route } from './routes.ts'
import { reachOf } from './tags.ts'
import { Tokens, type Mark, type MarkKind } from './tokens.ts'
import type { Wires } from './wires.ts'

export interface MotionScene {
  readonly links: Readonly<Record<string, LinkView>>
  /** Machines that read nothing at the moment: what reaches them waits at their door. */
  readonly frozen: ReadonlySet<NodeName>
  /** Replication is drawn only to and from this machine; undefined = all of it. */
  readonly replicationWith: NodeName | undefined
  /** Messages that speak of one other partition are not drawn; undefined = all are. */
  readonly partitions: ReadonlySet<PartitionName> | undefined
}
export const openScene: MotionScene = { links: {}, frozen: new Set(), replicationWith: undefined, partitions: undefined }

export interface MotionOptions {
  /** Draw heartbeats and whatever repeats for ever without news. */
  readonly beats: boolean
  /** No movement in between: under way is half-way. */
  readonly reduced: boolean
  /** What a message takes when nothing is in its way. */
  readonly hop: Micros
  /** More marks than this between two machines become one ribbon. */
  readonly ribbonAbove: number
  /** Milliseconds of screen time since a moment of the run. */
  readonly since: (at: Micros) => number
  readonly followed: string | undefined
  readonly selected: number | undefined
}
export const defaultMotion: MotionOptions = {
  beats: false,
  reduced: false,
  hop: fromMs(5),
  ribbonAbove: 4,
  since: () => Infinity,
  followed: undefined,
  selected: undefined,
}

/** How long the cross of a lost message stays, on the screen. */
export const crossStays = 900
/** How far back one has to look for spans whose cross may still stand. */
export const crossReach: Micros = fromMs(200)
/** Where a cut interrupts a wire: one place for both directions, off the middle, where other wires like to cross. */
export const cutShare = (from: NodeName, to: NodeName): number => (from < to ? 0.42 : 0.58)

/** What dies with its receiver is crossed out before the door, not on it. */
const lostBefore = 0.86

const scales: Readonly<Record<Weight, number>> = { data: 1, control: 1, quiet: 0.72, beat: 0.6 }
const spot: Place = { x: 0, y: 0, direction: 'right' }

/** Filled anew for every frame, and kept so that a frame makes no garbage. */
const drawn: Span[] = []
const ways: Route[] = []
const crowds = new Map<Route, number>()
const furthest = new Map<Route, number>()
const answered = new Set<Route>()

export function tokensAt(
  spans: readonly Span[],
  wires: Wires,
  playhead: Micros,
  scene: MotionScene,
  options: MotionOptions,
  into: Tokens = new Tokens(),
): Tokens {
  into.clear()
  furthest.clear()
  answered.clear()
  sortOut(spans, wires, playhead, scene, options, into)
  for (let i = 0; i < drawn.length; i++) {
    const span = drawn[i]!,
      route = ways[i]!
    if (span.fate !== 'lost' && (crowds.get(route) ?? 0) > options.ribbonAbove) continue
    addMark(span, route, playhead, scene, options, into)
  }
  for (const [route, count] of crowds) if (count > options.ribbonAbove) into.ribbons.push({ route, count })
  addLegs(wires, into)
  return into
}

/** Which messages are drawn, which way each takes, and how many are under way there. */
function sortOut(spans: readonly Span[], wires: Wires, playhead: Micros, scene: MotionScene, options: MotionOptions, into: Tokens): void {
  drawn.length = 0
  ways.length = 0
  crowds.clear()
  for (const span of spans) {
    const isUnderWay = span.sentAt <= playhead && playhead < landsAt(span)
    if (!isUnderWay && span.fate !== 'lost') continue
    if (!isDrawn(span, scene, options)) {
      if (isUnderWay && span.detail.weight !== 'beat') into.hidden++
      continue
    }
    const route = wires.route(span.from, span.to)
    if (route === undefined) continue
    drawn.push(span)
    ways.push(route)
    if (isUnderWay) crowds.set(route, (crowds.get(route) ?? 0) + 1)
  }
}

function isDrawn(span: Span, scene: MotionScene, options: MotionOptions): boolean {
  const { detail } = span
  if (detail.weight === 'beat' && !options.beats) return false
  if (
    span.traffic === 'replication' &&
    scene.replicationWith !== undefined &&
    span.from !== scene.replicationWith &&
    span.to !== scene.replicationWith
  )
    return false
  return scene.partitions === undefined || detail.partition === undefined || detail.partitions > 1 || scene.partitions.has(detail.partition)
}

function addMark(span: Span, route: Route, playhead: Micros, scene: MotionScene, options: MotionOptions, into: Tokens): void {
  if (span.sentAt > playhead) return
  const fault = faultOn(scene.links, span)
  const travel = travelOf(
    span,
    playhead,
    options.hop + fault.slow,
    fault.cut ? cutShare(span.from, span.to) : scene.frozen.has(span.to) ? 1 : undefined,
  )
  if (travel === 'arrived') return
  if (travel.lost && options.since(span.arrivesAt) > crossStays) return
  const share = options.reduced && !travel.lost && !travel.held ? 0.5 : travel.share
  placeAt(route, share * route.length, spot)
  const mark = into.mark()
  mark.kind = travel.lost ? 'cross' : kindOf(span)
  mark.id = span.id
  mark.x = spot.x
  mark.y = spot.y
  mark.direction = spot.direction
  mark.scale = scales[span.detail.weight]
  mark.records = span.detail.records
  mark.held = travel.held
  mark.label = span.detail.weight === 'control' || (travel.lost && span.detail.records.length > 0) ? span.detail.api : undefined
  mark.accent = isFollowed(span, options.followed) || span.id === options.selected
  if (travel.held) standInLine(mark, into)
  if (travel.lost) return
  furthest.set(route, Math.max(furthest.get(route) ?? 0, share * route.length))
  if (span.detail.part === 'response') answered.add(route)
}

const kindOf = ({ detail }: Span): MarkKind =>
  detail.toy === true && detail.part === 'request' ? 'bare' : detail.part === 'request' ? 'request' : detail.ack ? 'ack' : detail.error === undefined ? 'response' : 'refusal'
const isFollowed = (span: Span, followed: string | undefined): boolean =>
  followed !== undefined && span.detail.records.some((each) => each.id === followed)

/** Held messages at one gap stand one behind the other. */
function standInLine(mark: Mark, into: Tokens): void {
  let before = 0
  for (const each of into.marks)
    if (each !== mark && each.held && each.direction === mark.direction && Math.abs(each.x - mark.x) + Math.abs(each.y - mark.y) < 60)
      before++
  const back = reachOf(mark) + 3 + Math.min(before, 3) * 9
  if (mark.direction === 'right') mark.x -= back
  else if (mark.direction === 'left') mark.x += back
  else if (mark.direction === 'down') mark.y -= back
  else mark.y += back
}

interface Travel {
  readonly share: number
  readonly held: boolean
  readonly lost: boolean
}
const noFault = { cut: false, slow: 0 }

function faultOn(links: MotionScene['links'], span: Span): { readonly cut: boolean; readonly slow: Micros } {
  let found = noFault
  for (const key in links) {
    const link = links[key]!
    if (link.from === span.from && link.to === span.to)
      found = { cut: link.cut.includes('all') || link.cut.includes(span.traffic), slow: link.slow }
  }
  return found
}

/** The last picture of a step stands half a microsecond before its end: what arrives at the end has arrived in it. */
const landsAt = (span: Span): Micros => span.arrivesAt - 0.5

/**
 * How far along. A message that takes much longer than a hop stood still on the way: at the gap of a cut link, or at the
 * door of a machine that does not read; it goes on a hop's remainder before it arrives.
 */
export function travelOf(span: Span, playhead: Micros, expected: Micros, stopsAt: number | undefined): Travel | 'arrived' {
  const elapsed = playhead - span.sentAt
  const whole = span.arrivesAt - span.sentAt
  if (span.fate === 'lost') {
    const place = Math.min(stopsAt ?? lostBefore, whole / expected)
    if (playhead < landsAt(span)) return { share: Math.min(place, elapsed / expected), held: false, lost: false }
    return { share: place, held: false, lost: true }
  }
  if (playhead >= landsAt(span)) return 'arrived'
  if (whole <= expected * 3) return { share: elapsed / whole, held: false, lost: false }
  const stop = stopsAt ?? cutShare(span.from, span.to)
  const rest = expected * (1 - stop)
  if (elapsed < expected * stop) return { share: elapsed / expected, held: false, lost: false }
  const left = span.arrivesAt - playhead
  if (left < rest) return { share: 1 - (left / rest) * (1 - stop), held: false, lost: false }
  return { share: stop, held: true, lost: false }
}

/** Solid behind the foremost mark of each way, dotted ahead; a request's leg stays thin until its answer is there. */
function addLegs(wires: Wires, into: Tokens): void {
  for (const [route, at] of furthest) {
    into.leg(route, 0, at, 'behind')
    if (at < route.length) into.leg(route, at, route.length, 'ahead')
    if (!answered.has(route)) continue
    const back = wires.route(route.to, route.from)
    if (back !== undefined && !furthest.has(back) && !runsTogether(route, back)) into.leg(back, 0, back.length, 'thin')
  }
}

/** Whether two ways are the same line walked from either end. */
const runsTogether = (a: Route, b: Route): boolean => {
  const last = b.xs.length - 1
  return Math.abs(a.xs[0]! - b.xs[last]!) < 1 && Math.abs(a.ys[0]! - b.ys[last]!) < 1
}
