/**
 * Connections and links. Kernel contract 3 to 6: a hop is exact, a connection keeps order each way, a dead process resets,
 * a cut is silent and tried again as TCP does.
 */
import { assert } from '../base/assert.ts'
import { below } from '../base/random.ts'
import { MILLISECOND, type Micros } from '../base/units.ts'
import { tellNote, told } from './note.ts'
import type { Connection, Signal, Tagged } from './process.ts'
import { randomWord, schedule, type Simulation } from './schedule.ts'
import { takeTamper, type Tamper } from './tamper.ts'
import { hostOf, type Kind, type Link, type Scheduled, type Way, type Wire, type World } from './world.ts'

const NO_BODY: Tagged = Object.freeze({ type: '' })
/** TCP's first retransmission comes after 200 ms, each further pause is twice the last. */
const FIRST_RETRY: Micros = 200 * MILLISECOND
/** And that of a connection attempt after 1 s. */
const FIRST_SYN_RETRY: Micros = 1000 * MILLISECOND

export const linkName = (from: string, to: string): string => `${from}>${to}`
/** Links are between processes. */
const linkOf = (world: World, from: string, to: string): Link | undefined => world.links.get(linkName(hostOf(world, from), hostOf(world, to)))
/** Of what a process says to itself. */
const LOOPBACK: Micros = 100
const newWay = (): Way => ({ lastArrival: 0, held: [], hole: false, muted: false, draining: false, inbox: [] })

export const trafficOf = (purpose: string): string => {
  const colon = purpose.indexOf(':')
  return colon < 0 ? purpose : purpose.slice(0, colon)
}

/** A machine without power takes nothing in; what it had sent is on its way. */
export function isCut(world: World, from: string, to: string, traffic: string): boolean {
  if (world.dark.size > 0 && world.dark.has(to)) return true
  const link = world.links.size === 0 ? undefined : linkOf(world, from, to)
  return link !== undefined && (link.cut.includes('all') || link.cut.includes(traffic))
}

/** Contract 16. */
function isRejected(world: World, from: string, to: string, traffic: string): boolean {
  const kinds = world.links.size === 0 ? undefined : linkOf(world, from, to)?.rejects
  return kinds !== undefined && (kinds.includes('all') || kinds.includes(traffic))
}

export function linkFor(world: World, from: string, to: string): Link {
  const name = linkName(from, to)
  const link = world.links.get(name) ?? { cut: [], slow: 0, since: world.now }
  world.links.set(name, link)
  return link
}

function hopOf(world: World, from: string, to: string): Micros {
  if (world.hosts !== undefined && hostOf(world, from) === hostOf(world, to)) return LOOPBACK
  const slow = world.links.size === 0 ? 0 : (linkOf(world, from, to)?.slow ?? 0)
  if (world.jitter === 0) return world.hop + slow
  const sender = world.nodes.get(from)!
  return world.hop + slow + below(randomWord(world, sender, from, `jitter ${to}`), world.jitter + 1)
}

/** Contract 5: whether anybody answers is decided where the connection arrives. */
export function connect(sim: Simulation, from: string, to: string, purpose: string): Connection {
  const { world } = sim
  assert(from !== to && world.nodes.has(to), `${from} connects to another machine of this world, not to ${to}`)
  const pair = `${from}>${to}#${purpose}`
  const count = (world.opened.get(pair) ?? 0) + 1
  world.opened.set(pair, count)
  const id = `${pair}/${count}`
  const wire: Wire = {
    id, from, fromIncarnation: world.nodes.get(from)!.incarnation, to, toIncarnation: -1, traffic: trafficOf(purpose), state: 'connecting', closedBy: '',
    there: newWay(), back: newWay(),
  }
  world.connections.set(id, wire)
  schedule(sim, world.now + hopOf(world, from, to), to, -1, 'open', NO_BODY, id)
  return id
}

/** The connection attempt arrives: refused by a dead process, accepted by a live or frozen one, tried again on a cut link. */
export function open(sim: Simulation, event: Scheduled): void {
  const { world } = sim
  const wire = world.connections.get(event.on)
  if (wire === undefined) return
  if (isRejected(world, wire.from, wire.to, wire.traffic)) return refuse(sim, wire)
  if (isCut(world, wire.from, wire.to, wire.traffic) || isCut(world, wire.to, wire.from, wire.traffic)) {
    const at = nextTry(world.now, event.sentAt, FIRST_SYN_RETRY) + hopOf(world, wire.from, wire.to)
    schedule(sim, at, wire.to, -1, 'open', NO_BODY, wire.id, event.cause, event.sentAt)
    return
  }
  const node = world.nodes.get(wire.to)
  if (node === undefined || node.condition === 'down') return end(sim, wire, wire.to, 'refused')
  wire.state = 'open'
  wire.toIncarnation = node.incarnation
  tell(sim, wire, wire.from, { type: 'Connected', on: wire.id, peer: wire.to })
}

/** Contract 16: nobody accepts it. */
function refuse(sim: Simulation, wire: Wire): void {
  wire.state = 'closing'
  wire.closedBy = wire.to
  answer(sim, wire, wire.from, 'refused')
}

/** What stands between the machines speaks to one of them: no cut is on this way. */
function answer(sim: Simulation, wire: Wire, to: string, how: 'reset' | 'refused'): void {
  const { world } = sim
  const peer = otherEnd(wire, to)
  const signal: Signal = Object.freeze({ type: 'Disconnected', on: wire.id, peer, how })
  schedule(sim, world.now + hopOf(world, peer, to), to, to === wire.from ? wire.fromIncarnation : wire.toIncarnation, 'heard', signal, wire.id)
}

const otherEnd = (wire: Wire, end: string): string => (wire.from === end ? wire.to : wire.from)
const wayOf = (wire: Wire, to: string): Way => (wire.to === to ? wire.there : wire.back)

/** A signal about a connection travels behind what was sent on it before. */
function tell(sim: Simulation, wire: Wire, to: string, signal: Signal): void {
  const { world } = sim
  const way = wayOf(wire, to)
  const arrives = Math.max(world.now + hopOf(world, otherEnd(wire, to), to), way.lastArrival)
  way.lastArrival = arrives
  schedule(sim, arrives, to, to === wire.from ? wire.fromIncarnation : wire.toIncarnation, 'signal', Object.freeze(signal), wire.id)
}

/** Contract 4. What is handed to a connection that is no longer there is lost, as it is in the real system. */
export function send(sim: Simulation, from: string, on: Connection, message: Tagged): void {
  const { world } = sim
  const wire = world.connections.get(on)
  if (wire === undefined || !(wire.state === 'open' || (wire.state === 'gone' && wire.closedBy !== from))) return
  const to = otherEnd(wire, from)
  const way = wayOf(wire, to)
  const tamper = world.tampers.length === 0 ? undefined : takeTamper(world.tampers, from, to, message.type)
  if (tamper !== undefined) tellTampering(sim, tamper)
  const arrives = Math.max(world.now + hopOf(world, from, to) + (tamper?.how === 'delay' ? tamper.by : 0), way.lastArrival)
  if (way.hole || tamper?.how === 'drop') return swallow(sim, wire, from, to, message, arrives, tamper)
  way.lastArrival = arrives
  put(sim, wire, from, to, message, arrives)
  if (tamper?.how === 'duplicate') put(sim, copyOf(sim, wire, from, to), from, to, message, arrives)
}

function put(sim: Simulation, wire: Wire, from: string, to: string, message: Tagged, arrives: Micros): void {
  const { world } = sim
  const event = schedule(sim, arrives, to, to === wire.from ? wire.fromIncarnation : wire.toIncarnation, 'message', Object.freeze(message), wire.id)
  sim.watch.sent(event.seq, world.steps, wire, from, to, message, world.now, arrives)
}

function tellTampering(sim: Simulation, { from, to, message, how, by, close: closes }: Tamper): void {
  tellNote(sim, 0, from, told('message.tampered', { from, to, message, how, ms: by / MILLISECOND, closes }))
}

/** Contract 15: it is gone for good, and with it what is behind it on its way; or the connection is. */
function swallow(sim: Simulation, wire: Wire, from: string, to: string, message: Tagged, arrives: Micros, tamper: Tamper | undefined): void {
  const { world } = sim
  const id = ++world.seq
  sim.watch.sent(id, world.steps, wire, from, to, Object.freeze(message), world.now, arrives)
  sim.watch.amended(id, world.now, 'lost')
  wayOf(wire, to).hole = true
  if (tamper?.close === true) cutThrough(sim, wire)
}

/** Neither end has closed it, and both are told. */
function cutThrough(sim: Simulation, wire: Wire): void {
  if (wire.state !== 'open') return
  loseHeld(sim, wire.there)
  loseHeld(sim, wire.back)
  wire.state = 'closing'
  tell(sim, wire, wire.from, { type: 'Disconnected', on: wire.id, peer: wire.to, how: 'reset' })
  tell(sim, wire, wire.to, { type: 'Disconnected', on: wire.id, peer: wire.from, how: 'reset' })
}

/** A connection that neither end has opened, for what is said twice. */
function copyOf(sim: Simulation, wire: Wire, from: string, to: string): Wire {
  const { world } = sim
  const pair = `${from}>${to}#${wire.traffic}:copy`
  const count = (world.opened.get(pair) ?? 0) + 1
  world.opened.set(pair, count)
  const copy: Wire = {
    id: `${pair}/${count}`, from, fromIncarnation: world.nodes.get(from)!.incarnation, to, toIncarnation: world.nodes.get(to)!.incarnation,
    traffic: wire.traffic, state: 'open', closedBy: '', there: newWay(), back: newWay(),
  }
  world.connections.set(copy.id, copy)
  return copy
}

/** The peer hears of it one hop later, after what has been sent before; what waits on the way to the closer is dropped. */
export function close(sim: Simulation, from: string, on: Connection): void {
  const wire = sim.world.connections.get(on)
  if (wire === undefined || wire.closedBy === from) return
  if (wire.state === 'open') end(sim, wire, from, 'reset')
  // The other end has still to hear of it.
  else if (wire.state === 'closing' && wire.closedBy === '') wire.closedBy = from
  else forget(sim, wire)
}

/** One end is no more, and tells the other. What its system could not send yet is lost (contract 6). */
function end(sim: Simulation, wire: Wire, closer: string, how: 'reset' | 'refused'): void {
  const peer = otherEnd(wire, closer)
  stopReading(wayOf(wire, closer))
  loseHeld(sim, wayOf(wire, peer))
  wire.state = 'closing'
  wire.closedBy = closer
  tell(sim, wire, peer, { type: 'Disconnected', on: wire.id, peer: closer, how })
}

/** Both ends know. */
function forget(sim: Simulation, wire: Wire): void {
  loseHeld(sim, wire.there)
  loseHeld(sim, wire.back)
  sim.world.connections.delete(wire.id)
}

/** Contract 4: the end of a process resets every connection it has. One that is being opened to it is refused on arrival. */
export function resetAll(sim: Simulation, node: string): void {
  for (const wire of [...sim.world.connections.values()]) {
    if (wire.from === node || (wire.to === node && wire.state !== 'connecting')) close(sim, node, wire.id)
  }
}

/**
 * The power goes: no peer is told. The machine will have forgotten its connections when it is back, and resets whoever still
 * sends on one; what its system had not sent yet is lost.
 */
export function goDark(sim: Simulation, node: string): void {
  for (const wire of [...sim.world.connections.values()]) {
    if (wire.from !== node && wire.to !== node) continue
    const peer = otherEnd(wire, node)
    stopReading(wayOf(wire, node))
    if (wire.state === 'connecting' ? wire.from === node : wire.closedBy === peer) forget(sim, wire)
    else if (wire.state === 'open') {
      loseHeld(sim, wayOf(wire, peer))
      wire.state = 'gone'
      wire.closedBy = node
    }
  }
}

function stopReading(way: Way): void {
  way.inbox = []
  way.muted = false
  way.draining = false
}
function loseHeld(sim: Simulation, way: Way): void {
  for (const event of way.held) lose(sim, event)
  way.held = []
}
function lose(sim: Simulation, event: Scheduled): void {
  if (event.kind === 'message') sim.watch.amended(event.seq, sim.world.now, 'lost')
}

/** What becomes of something at the far end of its way: it is for the process now, it waits in the socket, or neither. */
export type Arrival = 'now' | 'waits' | 'never'

/** Contract 4 to 6: a cut link holds it; an end that has closed does not read it, and resets who has not heard of that. */
export function arrive(sim: Simulation, event: Scheduled): Arrival {
  const wire = sim.world.connections.get(event.on)
  if (wire === undefined || (wire.closedBy === event.to && wire.state !== 'gone')) {
    lose(sim, event)
    return 'never'
  }
  const way = wayOf(wire, event.to)
  if (way.held.length > 0 || isCut(sim.world, otherEnd(wire, event.to), event.to, wire.traffic)) return stopAtCut(sim, event, wire, way)
  if (wire.closedBy === event.to) {
    lose(sim, event)
    end(sim, wire, event.to, 'reset')
    return 'never'
  }
  if (!way.muted && !way.draining && way.inbox.length === 0) return 'now'
  way.inbox.push(event)
  return 'waits'
}

/** The word that a connection has ended is not tried again: the peer must find out, by sending something or by its own timers. */
function stopAtCut(sim: Simulation, event: Scheduled, wire: Wire, way: Way): Arrival {
  const from = otherEnd(wire, event.to)
  if (event.kind === 'signal' && event.body.type === 'Disconnected') wire.state = 'gone'
  else if (isRejected(sim.world, from, event.to, wire.traffic)) turnAway(sim, event, wire, way)
  else if (wire.state === 'closing') lose(sim, event)
  else hold(sim, event, way, from)
  return 'never'
}

/** Contract 16. The word that a connection is accepted goes as its attempt would: refused. */
function turnAway(sim: Simulation, event: Scheduled, wire: Wire, way: Way): void {
  lose(sim, event)
  loseHeld(sim, way)
  if (event.body.type === 'Connected') refuse(sim, wire)
  else answer(sim, wire, otherEnd(wire, event.to), 'reset')
}

/** A message that had to wait is read now, unless its connection has been closed or another one is being worked on. */
export function read(sim: Simulation, event: Scheduled): Arrival {
  const wire = sim.world.connections.get(event.on)
  if (wire === undefined || wire.closedBy === event.to) return 'never'
  const way = wayOf(wire, event.to)
  way.draining = false
  if (!way.muted) return 'now'
  way.inbox.push(event)
  return 'waits'
}

/** A signal is heard; false when its connection has been closed from here meanwhile. After the last one there is no connection. */
export function hear(sim: Simulation, event: Scheduled): boolean {
  const wire = sim.world.connections.get(event.on)
  if (wire === undefined || wire.closedBy === event.to) return false
  if (event.body.type !== 'Disconnected') return true
  if (wire.state === 'open') leave(sim, wire, event.to)
  else if (wire.state === 'closing' && wire.closedBy === '') wire.closedBy = event.to
  else forget(sim, wire)
  return true
}

/** Contract 16: this end has been reset, the other knows nothing of it. */
function leave(sim: Simulation, wire: Wire, end: string): void {
  loseHeld(sim, wire.there)
  loseHeld(sim, wire.back)
  stopReading(wayOf(wire, end))
  wire.state = 'gone'
  wire.closedBy = end
}

function hold(sim: Simulation, event: Scheduled, way: Way, from: string): void {
  if (way.held.length === 0) schedule(sim, nextTry(sim.world.now, event.sentAt, FIRST_RETRY) + hopOf(sim.world, from, event.to), event.to, -1, 'retry', NO_BODY, event.on)
  way.held.push(event)
  if (event.kind === 'message') sim.watch.amended(event.seq, Infinity, 'held')
}

/** Once, three times, seven times ... `pause` after the first try: the first of them that lies ahead. */
function nextTry(now: Micros, firstTry: Micros, pause: Micros): Micros {
  let attempt = firstTry + pause
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
  const way = wayOf(wire, event.to)
  const from = otherEnd(wire, event.to)
  const first = way.held[0]
  if (first === undefined) return
  if (isRejected(world, from, event.to, wire.traffic)) return turnAway(sim, first, wire, way)
  if (isCut(world, from, event.to, wire.traffic)) {
    schedule(sim, nextTry(world.now, first.sentAt, FIRST_RETRY) + hopOf(world, from, event.to), event.to, -1, 'retry', NO_BODY, event.on)
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
  if (wire !== undefined && wire.closedBy !== self) wayOf(wire, self).muted = true
}

/** What waited is read one at a time: the next one as soon as the one before has been dealt with. */
export function unmute(sim: Simulation, self: string, on: Connection): void {
  const wire = sim.world.connections.get(on)
  if (wire === undefined) return
  const way = wayOf(wire, self)
  way.muted = false
  drain(sim, way)
}

export function drain(sim: Simulation, way: Way): void {
  if (way.muted || way.draining || way.inbox.length === 0) return
  const event = way.inbox.shift()
  if (event === undefined) return
  way.draining = true
  schedule(sim, sim.world.now, event.to, event.incarnation, waited(event.kind), event.body, event.on, event.cause, event.sentAt, event.seq)
}

/** What has arrived once is beyond the reach of a cut. */
export const waited = (kind: Kind): Kind => (kind === 'message' ? 'read' : kind === 'signal' ? 'heard' : kind)

/** The direction of its connection that an event travels on. */
export function wayTo(world: World, event: Scheduled): Way | undefined {
  const wire = world.connections.get(event.on)
  return wire === undefined ? undefined : wayOf(wire, event.to)
}
