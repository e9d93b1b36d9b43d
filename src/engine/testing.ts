/** Toy processes for tests of the kernel: they do what they are told and write down what they hear. */
import type { Micros } from '../base/units.ts'
import type { AnyProcessType, Connection, Context, Note, ProcessType, Tagged, Timer } from './process.ts'
import { apply, newSimulation, type Simulation } from './simulation.ts'
import type { Watch } from './watch.ts'

/** Everything a handler can do. */
export type Deed =
  | { readonly do: 'connect'; readonly to: string; readonly purpose?: string }
  | { readonly do: 'send'; readonly on: Connection; readonly text: string }
  | { readonly do: 'close' | 'mute' | 'unmute'; readonly on: Connection }
  | { readonly do: 'timer'; readonly name: string; readonly after: Micros; readonly deeds?: readonly Deed[] }
  | { readonly do: 'every'; readonly name: string; readonly period: Micros; readonly deeds: readonly Deed[] }
  | { readonly do: 'cancel'; readonly name: string }
  | { readonly do: 'draw'; readonly purpose: string }
  | { readonly do: 'write'; readonly word: string }
  | { readonly do: 'note'; readonly figure: number }
  | { readonly do: 'clock' }
  | { readonly do: 'exit' | 'halt' }

export interface ToyConfig {
  /** Mutes a connection for each message it reads, as a broker does. */
  readonly onePerConnection?: boolean
  /** Answers each message with the same text. */
  readonly echoes?: boolean
  /** Stops at once when it is asked to; else it waits to be told. */
  readonly stopsAtOnce?: boolean
  readonly atBoot?: readonly Deed[]
}

export interface ToyState {
  readonly config: ToyConfig
  /** `5000 Text hello` */
  log: string[]
  /** The process this is, from 1. */
  starts: number
  written: string[]
  drawn: number[]
}

interface Text extends Tagged { readonly type: 'Text'; readonly text: string }
interface Ring extends Tagged { readonly type: 'ring'; readonly key: string; readonly deeds: readonly Deed[] }
export interface Order extends Tagged { readonly type: 'do'; readonly deeds: readonly Deed[] }

function perform(state: ToyState, deed: Deed, ctx: Context): void {
  switch (deed.do) {
    case 'connect': return void ctx.connect(deed.to, deed.purpose ?? 'test')
    case 'send': return ctx.send(deed.on, { type: 'Text', text: deed.text } as Text)
    case 'close': return ctx.close(deed.on)
    case 'mute': return ctx.mute(deed.on)
    case 'unmute': return ctx.unmute(deed.on)
    case 'timer': return ctx.setTimer({ type: 'ring', key: deed.name, deeds: deed.deeds ?? [] } as Ring, deed.after)
    case 'every': return perform(state, { do: 'timer', name: deed.name, after: deed.period, deeds: [...deed.deeds, deed] }, ctx)
    case 'cancel': return ctx.cancelTimer({ type: 'ring', key: deed.name })
    case 'draw': return void state.drawn.push(ctx.random(deed.purpose))
    case 'write': return void state.written.push(deed.word)
    case 'note': return ctx.note({ code: 'toy', figure: deed.figure } as { readonly code: string })
    case 'clock': return void state.log.push(`${ctx.now} clock ${ctx.clock}`)
    case 'exit': return ctx.exit()
    case 'halt': return ctx.halt()
  }
}
const performAll = (state: ToyState, deeds: readonly Deed[], ctx: Context): void => {
  for (const deed of deeds) perform(state, deed, ctx)
}

/** The disk keeps what was written; the log is the test's own and survives everything. */
const toy: ProcessType<ToyConfig, ToyState, Text, Ring, Order> = {
  kind: 'toy',
  boot(config, disk, ctx) {
    const state: ToyState = { config, log: disk?.log ?? [], starts: (disk?.starts ?? 0) + 1, written: disk?.written ?? [], drawn: [] }
    performAll(state, config.atBoot ?? [], ctx)
    return state
  },
  disk: ({ log, starts, written }) => ({ log, starts, written }),
  messages: {
    Text(state, { text }, on, ctx) {
      state.log.push(`${ctx.now} Text ${text}`)
      if (state.config.onePerConnection === true) ctx.mute(on)
      if (state.config.echoes === true) ctx.send(on, { type: 'Text', text } as Text)
    },
  },
  timers: {
    ring(state, { key, deeds }, ctx) {
      state.log.push(`${ctx.now} ring ${key}`)
      performAll(state, deeds, ctx)
    },
  },
  signals: {
    Connected: (state, { peer }, ctx) => void state.log.push(`${ctx.now} Connected ${peer}`),
    Disconnected: (state, { peer, how }, ctx) => void state.log.push(`${ctx.now} Disconnected ${peer} ${how}`),
    Terminate(state, _, ctx) {
      state.log.push(`${ctx.now} Terminate`)
      if (state.config.stopsAtOnce === true) ctx.exit()
    },
  },
  orders: {
    do: (state, { deeds }, ctx) => performAll(state, deeds, ctx),
  },
}
export const toyTypes = [toy] as unknown as readonly AnyProcessType[]

export interface Toys { readonly seed?: number; readonly hop?: Micros; readonly jitter?: Micros; readonly watch?: Watch }

/** Toys of these names, a hop of 5 ms apart. */
export const newToys = (nodes: Readonly<Record<string, ToyConfig>>, { seed = 1, hop = 5_000, jitter = 0, watch }: Toys = {}): Simulation =>
  newSimulation(seed, hop, jitter, toyTypes, Object.entries(nodes).map(([name, config]) => ({ name, kind: 'toy', config, running: true })), watch)

export const tell = (sim: Simulation, node: string, ...deeds: readonly Deed[]): void => apply(sim, { do: 'tell', node, order: { type: 'do', deeds } as Order })

export function toyOf(sim: Simulation, node: string): ToyState {
  const { state, disk } = sim.world.nodes.get(node)!
  return (state ?? disk) as ToyState
}
export const logOf = (sim: Simulation, node: string): readonly string[] => toyOf(sim, node).log

/** Plain data as text, maps and sets in their order: equal texts are equal worlds, order of iteration included. */
export const asText = (value: unknown): string => JSON.stringify(value, (_, part: unknown) => {
  if (part instanceof Map) return { map: [...part] }
  if (part instanceof Set) return { set: [...part] }
  return part === undefined ? 'undefined' : typeof part === 'number' && !Number.isFinite(part) ? String(part) : part
})

export interface Recording extends Context {
  now: Micros
  readonly clock: Micros
  step: number
  readonly sent: { readonly on: Connection; readonly message: Tagged }[]
  readonly closed: Connection[]
  readonly muted: Set<Connection>
  readonly timers: Map<string, Micros>
  readonly notes: Note[]
}

/** A context without a world: for the test of one handler. Connections open by themselves; luck is always the middle of its range. */
export function recordingContext(self: string): Recording {
  const nameOf = ({ type, key }: Timer): string => (key === undefined ? type : `${type}/${key}`)
  let connections = 0
  const recording: Recording = {
    self, now: 0, step: 0, sent: [], closed: [], muted: new Set(), timers: new Map(), notes: [],
    get clock() {
      return recording.now
    },
    random: () => 2147483648,
    connect: (to, purpose) => `${self}>${to}#${purpose}/${++connections}`,
    send: (on, message) => void recording.sent.push({ on, message: Object.freeze(message) }),
    close: (on) => void recording.closed.push(on),
    mute: (on) => void recording.muted.add(on),
    unmute: (on) => void recording.muted.delete(on),
    setTimer: (timer, delay) => void recording.timers.set(nameOf(timer), recording.now + delay),
    cancelTimer: (timer) => void recording.timers.delete(nameOf(timer)),
    hasTimer: (timer) => recording.timers.has(nameOf(timer)),
    note: (fact) => void recording.notes.push(fact),
    exit: () => undefined, halt: () => undefined,
  }
  return recording
}
