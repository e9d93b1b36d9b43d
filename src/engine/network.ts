/**
 * Connections and links. Kernel contract 3 to 6: a hop is exact, a connection keeps order each way, a dead process resets,
 * a cut is silent and tried again as TCP does.
 */
import { below } from '../base/random.ts'
import { MILLISECOND, type Micros } from '../base/units.ts'
import type { Connection, Signal, Tagged } from './process.ts'
import { randomWord, schedule, type Simulation } from './schedule.ts'
import type { Link, Scheduled, Way, Wire, World } from './world.ts'

const NO_BODY: Tagged = Object.freeze({ type: '' })
/** TCP's first retransmission comes after 200 ms, each further pause is twice the last. */
const FIRST_RETRY: Micros = 200 * MILLISECOND

export const linkName = (from: string, to: string): string => `${from}>${to}`
const newWay = (): Way => ({ lastArrival: 0, held: [], muted: false, draining: false, inbox: [] })

export const trafficOf = (purpose: string): string => {
  const colon = purpose.indexOf(':')
  return colon < 0 ? purpose : purpose.slice(0, colon)
}

export function isCut(world: World, from: string, to: string, traffic: string): boolean {
  const link = world.links.size === 0 ? undefined : world.links.get(linkName(from, to))
  return link !== undefined && (link.cut.includes('all') || link.cut.includes(traffic))
}

export function linkFor(world: World, from: string, to: string): Link {
  const name = linkName(from, to)
  const link = world.links.get(name) ?? { cut: [], slow: 0, since: world.now }
  world.links.set(name, link)
  return link
}

function hopOf(world: World, from: string, to: string): Micros {
  const slow = world.links.size === 0 ? 0 : (world.links.get(linkName(from, to))?.slow ?? 0)
  if (world.jitter === 0) return world.hop + slow
  const sender = world.nodes.get(from)!
  return world.hop + slow + below(randomWord(world, sender, from, `jitter ${to}`), world.jitter + 1)
}

/** Contract 5: whether anybody answers is decided where the connection arrives. */
export function connect(sim: Simulation, from: string, to: string, purpose: string): Connection {
  const { world } = sim
  const pair = `${from}>${to}#${purpose}`
  const count = (world.opened.get(pair) ?? 0) + 1
  world.opened.set(pair, count)
  const id = `${pair}/${count}`
  const wire: Wire = {
    id, from, fromIncarnation: world.nodes.get(from)!.incarnation, to, toIncarnation: -1, traffic: trafficOf(purpose), state: 'connecting', there: newWay(), back: newWay(),
  }
  world.connections.set(id, wire)
  schedule(sim, world.now + hopOf(world, from, to), to, -1, 'open', NO_BODY, id)
  return id
}

/** The connection attempt arrives: refused by a dead process, accepted by a live or frozen one, lost on a cut link. */
export function open(sim: Simulation, event: Scheduled): void {
  const { world } = sim
  const wire = world.connections.get(event.on)
  if (wire === undefined) return
  if (isCut(world, wire.from, wire.to, wire.traffic) || isCut(world, wire.to, wire.from, wire.traffic)) return
  const node = world.nodes.get(wire.to)
  if (node === undefined || node.condition === 'down') {
    world.connections.delete(wire.id)
    return tell(sim, wire, wire.from, wire.fromIncarnation, { type: 'Disconnected', on: wire.id, peer: wire.to, how: 'refused' })
  }
  wire.state = 'open'
  wire.toIncarnation = node.incarnation
  tell(sim, wire, wire.from, wire.fromIncarnation, { type: 'Connected', on: wire.id, peer: wire.to })
}

/** A signal about a connection travels behind what was sent on it before. */
function tell(sim: Simulation, wire: Wire, to: string, incarnation: number, signal: Signal): void {
  const { world } = sim
  const from = to === wire.from ? wire.to : wire.from
  const way = to === wire.from ? wire.back : wire.there
  const arrives = Math.max(world.now + hopOf(world, from, to), way.lastArrival)
  way.lastArrival = arrives
  schedule(sim, arrives, to, incarnation, 'signal', Object.freeze(signal), wire.id)
}

/** Contract 4. What is handed to a connection that is no longer there is lost, as it is in the real system. */
export function send(sim: Simulation, from: string, on: Connection, message: Tagged): void {
  const { world } = sim
  const wire = world.connections.get(on)
  if (wire === undefined || wire.state !== 'open') return
  const forth = wire.from === from
  const way = forth ? wire.there : wire.back
  const to = forth ? wire.to : wire.from
  const arrives = Math.max(world.now + hopOf(world, from, to), way.lastArrival)
  way.lastArrival = arrives
  const event = schedule(sim, arrives, to, forth ? wire.toIncarnation : wire.fromIncarnation, 'message', Object.freeze(message), on)
  sim.watch.sent(event.seq, world.steps, wire, from, to, message, world.now, arrives)
}

/** The peer hears of it one hop later; what waits on the way to the closer is dropped. */
export function close(sim: Simulation, from: string, on: Connection): void {
  const wire = sim.world.connections.get(on)
  if (wire === undefined) return
  const peer = wire.from === from ? wire.to : wire.from
  abandon(sim, wire.from === from ? wire.back : wire.there)
  if (wire.state === 'connecting') sim.world.connections.delete(on)
  else {
    wire.state = 'closing'
    tell(sim, wire, peer, peer === wire.to ? wire.toIncarnation : wire.fromIncarnation, { type: 'Disconnected', on, peer: from, how: 'reset' })
  }
}

/** Contract 4: the end of a process resets every connection it has. */
export function resetAll(sim: Simulation, node: string): void {
  for (const wire of [...sim.world.connections.values()]) {
    if (wire.from === node || wire.to === node) close(sim, node, wire.id)
  }
}

function abandon(sim: Simulation, way: Way): void {
  for (const event of way.held) sim.watch.amended(event.seq, sim.world.now, 'lost')
  way.held = []
  way.inbox = []
  way.muted = false
  way.draining = false
}

/**
 * A message or signal has reached the far end of its connection: true when it may be handled now. Contract 6 (a cut link
 * holds it) and 5 (nobody there who knows the connection: a reset comes back).
 */
export function arrive(sim: Simulation, event: Scheduled): boolean {
  const { world } = sim
  const wire = world.connections.get(event.on)
  if (wire === undefined) {
    if (event.kind === 'message') sim.watch.amended(event.seq, event.at, 'lost')
    return event.kind === 'signal'
  }
  const forth = wire.to === event.to
  const way = forth ? wire.there : wire.back
  const from = forth ? wire.from : wire.to
  if (event.kind === 'signal' && event.body.type === 'Disconnected') return isHeardOf(sim, event, wire, from, way)
  if (way.held.length > 0 || isCut(world, from, event.to, wire.traffic)) {
    hold(sim, event, way, from)
    return false
  }
  const node = world.nodes.get(event.to)!
  if (node.condition === 'down' || node.incarnation !== event.incarnation) {
    if (event.kind === 'message') sim.watch.amended(event.seq, event.at, 'lost')
    if (wire.state === 'open') close(sim, event.to, wire.id)
    return false
  }
  if (event.kind === 'message' && (way.muted || way.draining)) {
    way.inbox.push(event)
    return false
  }
  return true
}

/** The end of a connection is lost on a cut link: then the peer's own timers must find out. */
function isHeardOf(sim: Simulation, event: Scheduled, wire: Wire, from: string, way: Way): boolean {
  if (isCut(sim.world, from, event.to, wire.traffic)) return false
  abandon(sim, way)
  sim.world.connections.delete(wire.id)
  return true
}

function hold(sim: Simulation, event: Scheduled, way: Way, from: string): void {
  if (way.held.length === 0) schedule(sim, nextTry(sim.world.now, event) + hopOf(sim.world, from, event.to), event.to, -1, 'retry', NO_BODY, event.on)
  way.held.push(event)
  if (event.kind === 'message') sim.watch.amended(event.seq, Infinity, 'held')
}

/** 0.2, 0.6, 1.4, 3.0 ... s after the first try: the first of them that lies ahead. */
function nextTry(now: Micros, event: Scheduled): Micros {
  let pause = FIRST_RETRY
  let attempt = event.sentAt + pause
  while (attempt <= now) {
    pause *= 2
    attempt += pause
  }
  return attempt
}

/** The time of a retransmission has come: everything held arrives, in order, or waits twice as long. */
export function retry(sim: Simulation, event: Scheduled): void {
  const { world } = sim
  const wire = world.connections.get(event.on)
  if (wire === undefined) return
  const forth = wire.to === event.to
  const way = forth ? wire.there : wire.back
  const from = forth ? wire.from : wire.to
  const first = way.held[0]
  if (first === undefined) return
  if (isCut(world, from, event.to, wire.traffic)) {
    schedule(sim, nextTry(world.now, first) + hopOf(world, from, event.to), event.to, -1, 'retry', NO_BODY, event.on)
    return
  }
  const held = way.held
  way.held = []
  way.lastArrival = Math.max(way.lastArrival, world.now)
  for (const message of held) {
    const again = schedule(sim, world.now, message.to, message.incarnation, message.kind, message.body, message.on, message.cause, message.sentAt, message.seq)
    if (message.kind === 'message') sim.watch.amended(again.seq, world.now, 'arrives')
  }
}

export function mute(sim: Simulation, self: string, on: Connection): void {
  const wire = sim.world.connections.get(on)
  if (wire !== undefined) (wire.to === self ? wire.there : wire.back).muted = true
}

/** What waited is read one at a time: the next one as soon as the one before has been dealt with. */
export function unmute(sim: Simulation, self: string, on: Connection): void {
  const wire = sim.world.connections.get(on)
  if (wire === undefined) return
  const way = wire.to === self ? wire.there : wire.back
  way.muted = false
  drain(sim, way)
}

export function drain(sim: Simulation, way: Way): void {
  if (way.muted || way.draining) return
  const event = way.inbox.shift()
  if (event === undefined) return
  way.draining = true
  schedule(sim, sim.world.now, event.to, event.incarnation, 'read', event.body, event.on, event.cause, event.sentAt, event.seq)
}

/** The direction of its connection that an event travels on. */
export function wayTo(world: World, event: Scheduled): Way | undefined {
  const wire = world.connections.get(event.on)
  return wire === undefined ? undefined : wire.to === event.to ? wire.there : wire.back
}
