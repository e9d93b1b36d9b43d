/**
 * Which way a message takes between two machines. The left edge of a broker takes writes, the right edge gives reads, to
 * consumers and followers alike; controllers have their lane below and are reached along the left edge.
 */
import { bottomOf, centreX, centreY, clamp, rightOf, type Box, type Point } from './geometry.ts'
import type { BrokerFrame, CardFrame, StageFrame } from './layout-types.ts'
import { makeRoute, reversed, type Route } from './routes.ts'

export interface Dock extends Point {
  /** The edge it lies on: on which side of the machine the waiting request is drawn. */
  readonly side: 'left' | 'right' | 'top'
}

export interface Wires {
  /** undefined = these two are not both on the stage, or nothing is drawn between them. */
  route(from: string, to: string): Route | undefined
  /** Where a request of `from` waits at `to`. */
  dock(from: string, to: string): Dock | undefined
}

type Place =
  | { readonly kind: 'broker'; readonly frame: BrokerFrame; readonly index: number }
  | { readonly kind: 'producer'; readonly frame: CardFrame; readonly index: number }
  | { readonly kind: 'consumer'; readonly box: Box; readonly index: number; readonly card: Box }
  | { readonly kind: 'controller'; readonly box: Box; readonly index: number }

export function wiresOf(frame: StageFrame): Wires {
  const places = new Map<string, Place>()
  frame.brokers.forEach((each, index) => places.set(each.name, { kind: 'broker', frame: each, index }))
  writersOf(frame).forEach((each, index) => places.set(each.name, { kind: 'producer', frame: each, index }))
  let reader = 0
  for (const group of frame.groups)
    for (const member of group.members) places.set(member.name, { kind: 'consumer', box: member.box, card: group.box, index: reader++ })
  frame.controllers.forEach((each, index) => places.set(each.name, { kind: 'controller', box: each.box, index }))
  const known = new Map<string, Map<string, Route | undefined>>()
  const route = (from: string, to: string): Route | undefined => {
    let out = known.get(from)
    if (out === undefined) known.set(from, (out = new Map()))
    if (!out.has(to)) out.set(to, plot(frame, places, reader, from, to))
    return out.get(to)
  }
  return { route, dock: (from, to) => dockOf(frame, places, reader, from, to) }
}

function plot(frame: StageFrame, places: ReadonlyMap<string, Place>, readers: number, from: string, to: string): Route | undefined {
  const a = places.get(from),
    b = places.get(to)
  if (a === undefined || b === undefined || from === to) return undefined
  if (a.kind === 'producer' && b.kind === 'broker') return writeWire(frame, a, b, from, to, -1)
  if (a.kind === 'broker' && b.kind === 'producer') return reversed(writeWire(frame, b, a, to, from, 1))
  if (a.kind === 'consumer' && b.kind === 'broker') return readWire(frame, a, b, readers, from, to)
  if (a.kind === 'broker' && b.kind === 'consumer') return reversed(readWire(frame, b, a, readers, to, from))
  if (a.kind === 'broker' && b.kind === 'broker')
    return a.index < b.index ? loopWire(frame, a, b, from, to) : backwards(loopWire(frame, b, a, to, from))
  if (a.kind === 'broker' && b.kind === 'controller') return laneWire(frame, a, b, from, to)
  if (a.kind === 'controller' && b.kind === 'broker') return reversed(laneWire(frame, b, a, to, from))
  if (a.kind === 'controller' && b.kind === 'controller')
    return a.index < b.index ? quorumWire(a, b, from, to) : reversed(quorumWire(b, a, to, from))
  return undefined
}
const backwards = (route: Route | undefined): Route | undefined => (route === undefined ? undefined : reversed(route))

type BrokerPlace = Extract<Place, { kind: 'broker' }>
type ProducerPlace = Extract<Place, { kind: 'producer' }>
type ConsumerPlace = Extract<Place, { kind: 'consumer' }>
type ControllerPlace = Extract<Place, { kind: 'controller' }>

/** Whoever stands left of the brokers, from the top. */
const writersOf = (frame: StageFrame): readonly CardFrame[] => (frame.admins.length === 0 ? frame.producers : [...frame.producers, ...frame.admins])
const writerCount = (frame: StageFrame): number => frame.producers.length + frame.admins.length

/** Half the distance between the lane of requests and the lane of answers of one producer. */
const lanesApart = (frame: StageFrame): number =>
  writerCount(frame) === 1 ? (frame.variant === 'home' ? 21 : 15) : writerCount(frame) <= 3 ? 9 : 7

/** Middle between the two lanes on the broker's left edge: level with the card where that is possible. */
function writePort(frame: StageFrame, producer: ProducerPlace, broker: BrokerPlace): number {
  const row = broker.frame.box,
    card = producer.frame.box
  const margin = Math.min(lanesApart(frame) + 8, row.h / 2)
  const own = row.h > 200 ? centreY(card) : row.y + (row.h * (producer.index + 0.5)) / writerCount(frame)
  const top = Math.max(row.y, card.y) + margin,
    bottom = Math.min(bottomOf(row), bottomOf(card)) - margin
  return top <= bottom ? clamp(top, own, bottom) : clamp(row.y + margin, own, bottomOf(row) - margin)
}

function writeWire(frame: StageFrame, producer: ProducerPlace, broker: BrokerPlace, from: string, to: string, lane: -1 | 1): Route {
  const row = broker.frame.box,
    card = producer.frame.box
  const apart = lanesApart(frame)
  const y = writePort(frame, producer, broker) + lane * apart
  const edge = rightOf(card)
  if (y >= card.y + 8 && y <= bottomOf(card) - 8)
    return makeRoute(
      from,
      to,
      [
        { x: edge, y },
        { x: row.x, y },
      ],
      'start',
    )
  const below = y > bottomOf(card)
  const last = producer.index === writerCount(frame) - 1
  if ((below && last) || (!below && producer.index === 0)) {
    // Out of the card's foot or head, so that the corridor stays free for the machines beside it.
    const x = centreX(card) + 8 - lane * apart * (below ? 1 : -1)
    return makeRoute(
      from,
      to,
      [
        { x, y: below ? bottomOf(card) : card.y },
        { x, y },
        { x: row.x, y },
      ],
      'start',
    )
  }
  const port = centreY(card) + lane * apart
  const x = edge + 14 + ((producer.index * 9) % 27) + (lane > 0 ? 0 : 6)
  return makeRoute(
    from,
    to,
    [
      { x: edge, y: port },
      { x, y: port },
      { x, y },
      { x: row.x, y },
    ],
    'start',
  )
}

/** Ports on a broker's right edge, from the top: readers, loops to the rows above, loops to the rows below. */
function rightPort(
  frame: StageFrame,
  broker: BrokerPlace,
  readers: number,
  slot: { readonly loopTo: number } | { readonly reader: number },
): number {
  const partners = loopPartners(frame)
  const rank = partners.indexOf(broker.index)
  const above = rank < 0 ? 0 : rank,
    below = rank < 0 ? 0 : partners.length - 1 - rank
  const doors = doorsOf(frame, broker.frame, readers, above + below)
  const [first, step] = portsOf(frame, broker.frame, doors, doors + above + below)
  if ('reader' in slot) return first + (slot.reader % Math.max(1, doors)) * step
  const other = partners.indexOf(slot.loopTo)
  // Going up, the nearest leaves first; going down, the farthest: so nested loops never cross.
  return first + (doors + (other < rank ? rank - other - 1 : above + (partners.length - 1 - other))) * step
}

/** Rings of requests that wait at two ports touch, but do not cover one another. */
const ringPitch = 20
/** Readers share a door rather than have their requests, and those of the followers, wait on top of one another or of words. */
function doorsOf(frame: StageFrame, broker: BrokerFrame, readers: number, loops: number): number {
  let doors = Math.min(readers, 3)
  for (let fewer = doors; fewer > 0; fewer--) if (clearStep(frame, broker, fewer + loops) >= ringPitch) return fewer
  while (doors > 1 && portsOf(frame, broker, doors, doors + loops)[1] < ringPitch) doors--
  return doors
}

/** The first port and the distance to the next. */
function portsOf(frame: StageFrame, broker: BrokerFrame, doors: number, count: number): readonly [number, number] {
  const { box, mode, style } = broker
  const even = box.h / Math.max(1, count)
  if (doors === 0 || mode === 'closed' || count < 2)
    return [box.y + (doors > 0 && mode !== 'closed' ? headOf(frame, mode, style, box) : even / 2), even]
  // Readers leave level with the line of words, where it can be said how long they wait.
  const head = headOf(frame, mode, style, box)
  const step = clearStep(frame, broker, count)
  return [box.y + head, step >= 14 ? step : Math.min(22, (box.h - 8 - head) / (count - 1))]
}

/** From one port to the next where a request parked at the last does not stand on the words at the log's end. */
function clearStep(frame: StageFrame, { box, mode, style }: BrokerFrame, count: number): number {
  const clear = mode === 'open' && style.label !== undefined ? style.label - 18 : box.h - 14
  return (clear - headOf(frame, mode, style, box)) / (count - 1)
}

const headOf = (frame: StageFrame, mode: BrokerFrame['mode'], style: BrokerFrame['style'], box: Box): number =>
  mode === 'open' && frame.variant === 'full' && style.role !== undefined ? style.role : Math.min(20, box.h / 3)

/** Rows that fetch from one another: all of a small cluster, in a large one those that hold the focus. */
const loopPartners = (frame: StageFrame): number[] =>
  frame.brokers.flatMap((_, i) =>
    frame.brokers.length <= 3 || frame.structure.brokers[i]!.hosts.includes(frame.structure.focus ?? '') ? [i] : [],
  )

function loopWire(frame: StageFrame, upper: BrokerPlace, lower: BrokerPlace, from: string, to: string): Route | undefined {
  if (upper.frame.mode === 'plain') return undefined
  const partners = loopPartners(frame)
  const a = partners.indexOf(upper.index),
    b = partners.indexOf(lower.index)
  if (a < 0 || b < 0) return undefined
  const readers = readersOf(frame)
  const x = rightOf(upper.frame.box) + frame.loopStep * (b - a)
  const y1 = rightPort(frame, upper, readers, { loopTo: lower.index }),
    y2 = rightPort(frame, lower, readers, { loopTo: upper.index })
  return makeRoute(from, to, [
    { x: rightOf(upper.frame.box), y: y1 },
    { x, y: y1 },
    { x, y: y2 },
    { x: rightOf(lower.frame.box), y: y2 },
  ])
}

const readersOf = (frame: StageFrame): number => frame.groups.reduce((sum, each) => sum + each.members.length, 0)

function readWire(frame: StageFrame, consumer: ConsumerPlace, broker: BrokerPlace, readers: number, from: string, to: string): Route {
  const row = broker.frame.box,
    { card, box } = consumer
  const edge = rightOf(row)
  const own = broker.frame.mode === 'plain' ? centreY(row) : rightPort(frame, broker, readers, { reader: consumer.index })
  const alone = frame.groups.length === 1 && frame.groups[0]!.members.length === 1
  const reach = alone ? card : box
  const y = own
  if (y >= reach.y + 10 && y <= bottomOf(reach) - 10)
    return makeRoute(
      from,
      to,
      [
        { x: card.x, y },
        { x: edge, y },
      ],
      'start',
    )
  const below = y > bottomOf(card)
  if (alone || (below && consumer.index === readers - 1)) {
    const x = centreX(card)
    return makeRoute(
      from,
      to,
      [
        { x, y: below ? bottomOf(card) : card.y },
        { x, y },
        { x: edge, y },
      ],
      'start',
    )
  }
  const x = card.x - 10 - ((consumer.index * 7) % 21)
  return makeRoute(
    from,
    to,
    [
      { x: card.x, y: centreY(box) },
      { x, y: centreY(box) },
      { x, y },
      { x: edge, y },
    ],
    'start',
  )
}

/** From a broker's left edge down the corridor, and from above into the controller. */
function laneWire(frame: StageFrame, broker: BrokerPlace, controller: ControllerPlace, from: string, to: string): Route {
  const row = broker.frame.box,
    { box } = controller
  const y = bottomOf(row) - Math.min(10, row.h / 4)
  const x = row.x - 9 - (broker.index % 3) * 5
  const lane = box.y - 12 - (broker.index % 3) * 4
  const port = centreX(box) + (broker.index - (frame.brokers.length - 1) / 2) * 8
  return makeRoute(from, to, [
    { x: row.x, y },
    { x, y },
    { x, y: lane },
    { x: port, y: lane },
    { x: port, y: box.y },
  ])
}

/** Between voters, under their boxes. */
function quorumWire(left: ControllerPlace, right: ControllerPlace, from: string, to: string): Route {
  const span = right.index - left.index
  const y = bottomOf(left.box) + 4 + 5 * span
  const x1 = centreX(left.box) + 6 + span * 4,
    x2 = centreX(right.box) - 6 + (2 - span) * 2
  return makeRoute(from, to, [
    { x: x1, y: bottomOf(left.box) },
    { x: x1, y },
    { x: x2, y },
    { x: x2, y: bottomOf(right.box) },
  ])
}

function dockOf(frame: StageFrame, places: ReadonlyMap<string, Place>, readers: number, from: string, to: string): Dock | undefined {
  const a = places.get(from),
    b = places.get(to)
  if (a === undefined || b === undefined) return undefined
  if (b.kind === 'controller') return { x: centreX(b.box), y: b.box.y, side: 'top' }
  if (b.kind !== 'broker') return undefined
  const { box } = b.frame
  if (a.kind === 'producer') return { x: box.x, y: writePort(frame, a, b), side: 'left' }
  if (a.kind === 'consumer')
    return {
      x: rightOf(box),
      y: b.frame.mode === 'plain' ? centreY(box) : rightPort(frame, b, readers, { reader: a.index }),
      side: 'right',
    }
  const loop = a.kind === 'broker' ? plot(frame, places, readers, from, to) : undefined
  return loop === undefined ? undefined : { x: rightOf(box), y: loop.ys[loop.ys.length - 1]!, side: 'right' }
}
