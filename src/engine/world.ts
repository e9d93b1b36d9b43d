/**
 * The whole world as plain data: copy it to remember it, put it back to rewind.
 * Everything in here is a tree; what is frozen (scheduled events, messages, full chunks) is shared by all snapshots.
 */
import { clone } from '../base/clone.ts'
import type { Fingerprint } from '../base/hash.ts'
import { hashOf, newFingerprint } from '../base/hash.ts'
import type { Random } from '../base/random.ts'
import type { Micros } from '../base/units.ts'
import type { Connection, Tagged } from './process.ts'
import type { Tamper } from './tamper.ts'

export interface World {
  readonly seed: number
  now: Micros
  /** Given out when something is scheduled; breaks ties of equal time. */
  seq: number
  /** Handled so far; the number of a step is its name in every trace. */
  steps: number
  hash: Fingerprint
  /** Binary heap of what will happen. */
  queue: Scheduled[]
  nodes: Map<string, Node>
  connections: Map<Connection, Wire>
  /** One direction each, `b2>b1`. */
  links: Map<string, Link>
  /** What is to be done to messages that are still to be sent, oldest first. */
  tampers: Tamper[]
  /** How often a pair has connected: the last part of a connection's name. */
  opened: Map<string, number>
  /** Machines without power: nobody answers there, not even with a refusal. */
  dark: Set<string>
  /** Nodes that are no process of their own, and the one whose process they are part of; there only if there are any. */
  readonly hosts?: ReadonlyMap<string, string>
  readonly hop: Micros
  readonly jitter: Micros
}

/** The node that names the process: for most, themselves. */
export const hostOf = ({ hosts }: Pick<World, 'hosts'>, name: string): string => hosts?.get(name) ?? name

export interface Node {
  readonly kind: string
  /** Of its name, for the fingerprint. */
  readonly nameHash: number
  readonly config: unknown
  /** Raised by every end of the process: what was meant for an earlier one never reaches a later one. */
  incarnation: number
  condition: 'running' | 'stopping' | 'frozen' | 'down'
  since: Micros
  restartAtExit: boolean
  /** How far its wall clock is ahead; there only if it is wrong. */
  skew?: Micros
  random: Map<string, Random>
  /** `seq` of the live timer by name; any other firing is stale. */
  timers: Map<string, number>
  state: unknown
  disk: unknown
  /** What arrived or came due while frozen. */
  waiting: Scheduled[]
}

/** `read` and `heard` are a message and a signal that have waited in a socket or a frozen process; `open` a connection attempt, `retry` a retransmission. */
export type Kind = 'message' | 'read' | 'timer' | 'signal' | 'heard' | 'order' | 'open' | 'retry'

/** One thing that will happen. Frozen in effect: never changed once scheduled. */
export interface Scheduled {
  readonly at: Micros
  readonly seq: number
  /** The step that scheduled it; 0 = from outside. */
  readonly cause: number
  readonly to: string
  readonly incarnation: number
  readonly kind: Kind
  readonly body: Tagged
  /** The connection it travels on, or a timer's name. */
  readonly on: string
  readonly sentAt: Micros
}

/** One direction of a connection. */
export interface Way {
  lastArrival: Micros
  /** What the network could not deliver while cut, in order; the first try of the first decides for all (TCP). */
  held: Scheduled[]
  /** A message is missing: nothing that is sent behind it arrives. */
  hole: boolean
  /** The receiver reads nothing at the moment. */
  muted: boolean
  /** One message of the inbox is about to be read. */
  draining: boolean
  /** Arrived, not yet read. */
  inbox: Scheduled[]
}

export interface Wire {
  readonly id: Connection
  /** Who opened it, and the process it was then. */
  readonly from: string; readonly fromIncarnation: number
  readonly to: string; toIncarnation: number
  readonly traffic: string
  /** `closing`: one end has closed it, the other is about to hear of it; both are, if it was reset on the way. `gone`: a cut swallowed the word, the other end does not know. */
  state: 'connecting' | 'open' | 'closing' | 'gone'
  /** The end that has closed it; '' = neither. */
  closedBy: string
  /** Towards `to`, and towards `from`. */
  there: Way; back: Way
}

/** A fault on one direction between two machines. Of the kinds of traffic that are cut, `rejects` are answered with a reset; there only if any are. */
export interface Link { cut: string[]; slow: Micros; since: Micros; rejects?: string[] }

export const newWorld = (seed: number, hop: Micros, jitter: Micros, hosts?: ReadonlyMap<string, string>): World => worldOf({
  seed, now: 0, seq: 0, steps: 0, hash: newFingerprint(), queue: [], nodes: new Map(), connections: new Map(), links: new Map(), tampers: [], opened: new Map(), dark: new Set(),
  ...(hosts === undefined ? {} : { hosts }), hop, jitter,
})

/** All worlds are made here, so that they are alike to whoever compiles the code that runs them. */
function worldOf({ seed, now, seq, steps, hash, queue, nodes, connections, links, tampers, opened, dark, hosts, hop, jitter }: World): World {
  const world: World = { seed, now, seq, steps, hash, queue, nodes, connections, links, tampers, opened, dark, hop, jitter }
  return hosts === undefined ? world : { ...world, hosts }
}

/** A machine on which nothing runs yet. */
export const newNode = (name: string, kind: string, config: unknown): Node => ({
  kind, nameHash: hashOf(name), config, incarnation: 0, condition: 'down', since: 0, restartAtExit: false, random: new Map(), timers: new Map(), state: undefined, disk: undefined, waiting: [],
})

/** A snapshot. Scheduled events are shared: nobody changes them. So is what is as it was in an earlier snapshot. */
export function cloneWorld(world: World, before?: World): World {
  const nodes = new Map<string, Node>()
  for (const [name, node] of world.nodes) {
    const known = before?.nodes.get(name)
    nodes.set(name, {
      ...node, random: clone(node.random, known?.random), timers: new Map(node.timers), state: clone(node.state, known?.state), disk: clone(node.disk, known?.disk),
      waiting: node.waiting.slice(),
    })
  }
  const connections = new Map<Connection, Wire>()
  for (const [id, wire] of world.connections) connections.set(id, { ...wire, there: cloneWay(wire.there), back: cloneWay(wire.back) })
  return worldOf({
    ...world, hash: [world.hash[0], world.hash[1]], queue: world.queue.slice(), nodes, connections, links: clone(world.links), tampers: clone(world.tampers), opened: new Map(world.opened), dark: new Set(world.dark),
  })
}
const cloneWay = (way: Way): Way => ({ ...way, held: way.held.slice(), inbox: way.inbox.slice() })
