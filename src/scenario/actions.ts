/** What a file or a learner does to the cluster, as what comes from outside of the kernel: one place for all of it. */
import { durationMicros, timestampMs } from './duration.ts'
import { headersOf } from './headers.ts'
import { toMs, type Micros } from '../base/units.ts'
import type { Input } from '../engine/input.ts'
import { hostOf, type Link, type Node, type World } from '../engine/world.ts'
import type { DamageOrder } from '../kafka/broker/disk.ts'
import type { DiskOrder } from '../kafka/broker/log-directories.ts'
import type { Broker } from '../kafka/broker/state.ts'
import type { ConsumerCall, ConsumerState } from '../kafka/client/consumer/state.ts'
import type { AcknowledgeCall, ShareConsumerState } from '../kafka/client/share-consumer/state.ts'
import type { ProducerState, SendRecord } from '../kafka/client/producer/state.ts'
import { configOf } from '../kafka/config.ts'
import type { Fact } from '../kafka/notes.ts'
import { adminRequestOf, type AskedOfAdmin } from './admin-actions.ts'
import type { ImpossibleReason } from './findings.ts'
import { resolveTarget } from './targets.ts'
import type { Action, LinkSpec, RecordSpec, Targets } from './types.ts'

/** What comes from the learner. Names are the scenario's. */
export type Intervention =
  | { readonly do: 'crash' | 'powerLoss' | 'stop' | 'restart' | 'pause' | 'resume' | 'start'; readonly node: string }
  | {
    readonly do: 'cut'; readonly from: readonly string[]; readonly to: readonly string[]
    readonly direction: 'both' | 'oneway'; readonly traffic: Traffic; readonly reset?: true
  }
  | { readonly do: 'damage'; readonly node: string; readonly partition: string; readonly cutBytes?: number; readonly flipAt?: number }
  | { readonly do: 'failDisk' | 'fillDisk' | 'freeDisk'; readonly node: string; readonly dir: number }
  | { readonly do: 'slowDisk' | 'slowHandler'; readonly node: string; readonly add: Micros }
  | { readonly do: 'heal'; readonly from: readonly string[]; readonly to: readonly string[] }
  | { readonly do: 'slow'; readonly from: readonly string[]; readonly to: readonly string[]; readonly add: Micros }
  | {
    readonly do: 'dropNext' | 'delayNext' | 'duplicateNext'; readonly from: string; readonly to: string
    readonly api: string; readonly part: 'request' | 'response'; readonly by: Micros; readonly times: number; readonly close: boolean
  }
  | { readonly do: 'clock'; readonly node: string; readonly add: Micros }
  | { readonly do: 'stallFetch'; readonly node: string; readonly for: Micros | undefined }
  | { readonly do: 'produce'; readonly by: string; readonly topic?: string; readonly records: readonly SendRecord[] }
  | {
    readonly do: 'configClient'; readonly client: string
    readonly set: Readonly<Record<string, string>>; readonly unset?: readonly string[]
  }
  | { readonly do: 'flush'; readonly client: string }
  /** What a consumer's application is told to call. */
  | { readonly do: 'call'; readonly client: string; readonly call: ConsumerCall | AcknowledgeCall }
  | { readonly do: 'transaction'; readonly client: string; readonly api: 'beginTransaction' | 'commitTransaction' | 'abortTransaction' }
  /** The answer is kept under `name`. */
  | { readonly do: 'admin'; readonly request: AskedOfAdmin; readonly name: string | undefined }
  /** An action of a file that an admin client carries out, typed into the terminal. */
  | { readonly do: 'ask'; readonly action: Action }
type Traffic = 'all' | 'replication' | 'controller' | 'clients'

/** An intervention as inputs of the kernel, or why it cannot be made at this moment. */
export type Made = { readonly inputs: readonly Input[] } | { readonly impossible: ImpossibleReason }
/** An action on its targets; `later` is what ends it by itself. */
export interface Deed {
  readonly interventions: readonly Intervention[]
  readonly later: readonly { readonly after: Micros; readonly intervention: Intervention }[]
}
export type Resolved = Deed | { readonly nobody: string } | { readonly impossible: ImpossibleReason }

const say = (fact: Fact): Input => ({ do: 'say', fact })
const made = (...inputs: Input[]): Made => ({ inputs })

export function inputsOf(world: World, intervention: Intervention): Made {
  switch (intervention.do) {
    case 'cut': return made(...cut(intervention))
    case 'heal': return heal(world, intervention.from, intervention.to)
    case 'slow': return slow(world, intervention)
    case 'dropNext': case 'delayNext': case 'duplicateNext': return tamper(intervention)
    case 'damage': return damage(world, intervention)
    case 'clock': return setClock(world, intervention)
    case 'failDisk': case 'fillDisk': case 'freeDisk': return ail(world, intervention)
    case 'slowDisk': return slowDown(world, intervention)
    case 'slowHandler': return slowHandler(world, intervention)
    case 'stallFetch': return stall(world, intervention.node, intervention.for)
    case 'produce': return produce(world, intervention)
    case 'configClient': return configure(world, intervention)
    case 'flush': return flush(world, intervention.client)
    case 'call': return callConsumer(world, intervention)
    case 'transaction': return callTransaction(world, intervention)
    case 'admin': return administer(world, intervention)
    case 'ask': return ask(world, intervention.action)
    default: return onNode(world, intervention.do, intervention.node)
  }
}

function onNode(world: World, verb: 'crash' | 'powerLoss' | 'stop' | 'restart' | 'pause' | 'resume' | 'start', name: string): Made {
  const node = world.nodes.get(name)
  if (node === undefined) return { impossible: 'notRunning' }
  const { condition } = node
  switch (verb) {
    case 'start': return start(name, node)
    case 'crash': return condition === 'down' ? { impossible: 'alreadyDown' } : made({ do: 'crash', node: name })
    // Also a machine whose process has ended can lose its power, and with it what that had written last.
    case 'powerLoss': return world.dark.has(name) ? { impossible: 'alreadyDown' } : made({ do: 'powerCut', node: name })
    case 'stop': return stop(name, condition, 'stop')
    case 'restart': return condition === 'down' ? made({ do: 'restart', node: name }) : stop(name, condition, 'restart')
    case 'pause': return condition === 'down'
      ? { impossible: 'alreadyDown' } : condition === 'frozen' ? { impossible: 'alreadyFrozen' } : made({ do: 'pause', node: name })
    case 'resume': return resume(world, name, node)
  }
}

/** Nobody can be told to stop who is gone, hears nothing, or is stopping. */
function stop(name: string, condition: Node['condition'], verb: 'stop' | 'restart'): Made {
  if (condition === 'down') return { impossible: 'alreadyDown' }
  if (condition === 'frozen') return { impossible: 'alreadyFrozen' }
  if (condition === 'stopping') return { impossible: 'alreadyStopping' }
  return made({ do: 'say', fact: { code: 'node.stopping', node: name } as Fact, by: name }, { do: verb, node: name })
}

const isClient = ({ kind }: Node): boolean => kind === 'producer' || kind === 'consumer' || kind === 'shareConsumer'
const isIdleAtFirst = (node: Node): boolean => isClient(node) || node.kind === 'toySender' || node.kind === 'toyReader'

/** A client's process is there from 00:00, idle; once it has ended, starting it is starting a new one. */
function start(name: string, node: Node): Made {
  if (node.condition === 'down') return made({ do: 'restart', node: name })
  if (!isIdleAtFirst(node)) return { impossible: 'alreadyRunning' }
  const { lifecycle } = node.state as { readonly lifecycle?: string }
  return lifecycle === undefined || lifecycle === 'stopped'
    ? made({ do: 'tell', node: name, order: { type: 'start' } }) : { impossible: 'alreadyRunning' }
}

/** `resume` ends a pause, and a stall of the fetchers. */
function resume(world: World, name: string, node: Node): Made {
  if (node.condition === 'frozen') return made({ do: 'resume', node: name })
  const stalledUntil = node.kind === 'broker' ? ((node.state as Broker | undefined)?.fetchStalledUntil ?? 0) : 0
  return stalledUntil > world.now ? made({ do: 'tell', node: name, order: { type: 'resumeFetch' } }) : { impossible: 'notFrozen' }
}

function stall(world: World, name: string, forMicros: Micros | undefined): Made {
  const node = world.nodes.get(name)
  if (node?.kind !== 'broker' || node.condition === 'down') return { impossible: 'notRunning' }
  return made(
    say({ code: 'fault.made', what: 'stallFetch', target: name, ms: forMicros === undefined ? 0 : Math.round(forMicros / 1_000) }),
    { do: 'tell', node: name, order: { type: 'stallFetch', for: forMicros } as { type: string } },
  )
}

/** The clock belongs to the machine: it can be set whatever its process does. */
const setClock = (world: World, { node, add }: Extract<Intervention, { do: 'clock' }>): Made =>
  (world.nodes.has(node) ? made(say({ code: 'fault.made', what: 'clock', target: node, ms: add / 1_000 }), { do: 'clock', node, add }) : { impossible: 'notRunning' })

/** From here on somebody on this link waits for such a message. */
function tamper({ do: what, from, to, api, part, by, times, close }: Extract<Intervention, { times: number }>): Made {
  const message = `${api}${part === 'request' ? 'Request' : 'Response'}`
  const how = what === 'dropNext' ? 'drop' : what === 'delayNext' ? 'delay' : 'duplicate'
  return made(
    say({ code: 'fault.made', what, target: `${message} ${from}>${to}`, ms: by / 1_000 }),
    { do: 'tamper', from, to, message, how, by, times, close },
  )
}

/** Files are spoiled while nobody has them open. */
function damage(world: World, { node: name, partition, cutBytes, flipAt }: Extract<Intervention, { do: 'damage' }>): Made {
  const node = world.nodes.get(name)
  if (node?.kind !== 'broker') return { impossible: 'notRunning' }
  if (node.condition !== 'down') return { impossible: 'alreadyRunning' }
  const what: DamageOrder = { type: 'damage', partition, ...(cutBytes === undefined ? {} : { cutBytes }), ...(flipAt === undefined ? {} : { flipAt }) }
  return made(say({ code: 'fault.made', what: 'damage', target: `${partition}@${name}`, ms: 0 }), { do: 'damage', node: name, what })
}

/** What happens to the disk under a log directory, whether the broker runs or not. It stays so, or is mended, whoever starts. */
function ail(world: World, { do: what, node: name, dir }: Extract<Intervention, { dir: number }>): Made {
  const node = world.nodes.get(name)
  if (node?.kind !== 'broker') return { impossible: 'notRunning' }
  const directory = ((node.state ?? node.disk) as Pick<Broker, 'logDirs'>).logDirs[dir]
  if (directory === undefined) return { impossible: 'noSuchDisk' }
  const ails = what === 'failDisk' ? 'failed' : what === 'fillDisk' ? 'full' : undefined
  if (ails === directory.ails) return { impossible: ails === undefined ? 'notFailed' : 'alreadyFailed' }
  const order: DiskOrder = { type: 'ailDisk', dir, ails }
  return made(say({ code: 'fault.made', what, target: `${directory.path}@${name}`, ms: 0 }), toDisk(name, node, order))
}
const toDisk = (name: string, { condition }: Node, order: DiskOrder): Input => (condition === 'down' ? { do: 'damage', node: name, what: order } : { do: 'tell', node: name, order })

function slowDown(world: World, { node: name, add }: Extract<Intervention, { do: 'slowDisk' | 'slowHandler' }>): Made {
  const node = world.nodes.get(name)
  if (node?.kind !== 'broker') return { impossible: 'notRunning' }
  if (add === 0 && ((node.state ?? node.disk) as Pick<Broker, 'disk'>).disk.slow === 0) return { impossible: 'notFailed' }
  return made(say({ code: 'fault.made', what: 'slowDisk', target: name, ms: add / 1_000 }), toDisk(name, node, { type: 'slowDisk', add }))
}

/** What a handler waits for is slow: a database, a service. There is one to tell where a client reads. */
function slowHandler(world: World, { node: name, add }: Extract<Intervention, { do: 'slowDisk' | 'slowHandler' }>): Made {
  const node = world.nodes.get(name)
  const state = node === undefined || node.condition === 'down' ? undefined : (node.state as Partial<ProducerState> & Partial<ConsumerState>)
  const reader = node?.kind === 'producer' ? state?.reader : (state as ConsumerState | undefined)
  if (node === undefined || !isClient(node) || reader === undefined) return { impossible: 'notRunning' }
  if (add === 0 && reader.handlerDelay === undefined) return { impossible: 'notFailed' }
  return made(say({ code: 'fault.made', what: 'slowHandler', target: name, ms: add / 1_000 }), { do: 'tell', node: name, order: { type: 'slowHandler', add } as { type: string } })
}

/** Every pair of machines once, whichever side names them. */
function pairs(from: readonly string[], to: readonly string[]): readonly (readonly [string, string])[] {
  const found = new Map<string, readonly [string, string]>()
  for (const a of from) for (const b of to) if (a !== b && !found.has(`${b}>${a}`)) found.set(`${a}>${b}`, [a, b])
  return [...found.values()]
}

type Cut = Extract<Intervention, { do: 'cut' }>
const cut = ({ from, to, direction, traffic, reset }: Cut): readonly Input[] => pairs(from, to).flatMap(([a, b]) => {
  const how = { traffic, ...(reset === undefined ? {} : { reset }) }
  return [
    say({ code: 'link.cut', from: a, to: b, direction, ...how }), { do: 'cut', from: a, to: b, ...how } as const,
    ...(direction === 'both' ? [{ do: 'cut', from: b, to: a, ...how } as const] : []),
  ]
})

const faultsOf = (world: World, from: string, to: string): readonly (readonly [string, string, Link])[] =>
  [[from, to] as const, [to, from] as const].flatMap(([a, b]) => {
    const link = world.links.get(`${hostOf(world, a)}>${hostOf(world, b)}`)
    return link === undefined ? [] : [[a, b, link] as const]
  })

/** Ends every fault between these machines, both ways. */
function heal(world: World, from: readonly string[], to: readonly string[]): Made {
  const inputs = pairs(from, to).flatMap(([a, b]): readonly Input[] => {
    const faults = faultsOf(world, a, b)
    if (faults.length === 0) return []
    return [say({ code: 'link.healed', from: a, to: b }), ...faults.flatMap(([x, y, link]): readonly Input[] => [
      ...(link.slow > 0 ? [{ do: 'slow', from: x, to: y, add: 0 } as const] : []),
      ...(link.cut.length > 0 ? [{ do: 'heal', from: x, to: y } as const] : []),
    ])]
  })
  return inputs.length === 0 ? { impossible: 'notCut' } : { inputs }
}

/** A long way is long in both directions. */
function slow(world: World, { from, to, add }: Extract<Intervention, { do: 'slow' }>): Made {
  const both = pairs(from, to)
  if (add === 0 && both.every(([a, b]) => faultsOf(world, a, b).every(([, , link]) => link.slow === 0))) return { impossible: 'notCut' }
  return made(...both.flatMap(([a, b]): readonly Input[] => [
    say({ code: 'fault.made', what: add > 0 ? 'slow' : 'fast', target: `${a}>${b}`, ms: add / 1_000 }),
    { do: 'slow', from: a, to: b, add }, { do: 'slow', from: b, to: a, add },
  ]))
}

function produce(world: World, { by, topic, records }: Extract<Intervention, { do: 'produce' }>): Made {
  const node = world.nodes.get(by)
  if (node?.kind !== 'producer' || node.condition === 'down') return { impossible: 'notRunning' }
  const order = topic === undefined ? { type: 'send', records } : { type: 'send', records, topic }
  return made({ do: 'tell', node: by, order })
}

function configure(world: World, { client, set, unset = [] }: Extract<Intervention, { do: 'configClient' }>): Made {
  const node = world.nodes.get(client)
  if (node === undefined || !isClient(node) || node.condition === 'down') return { impossible: 'notRunning' }
  const scope = node.kind === 'producer' ? 'producer' : 'consumer'
  const now = (node.state as Pick<ProducerState, 'configs'>).configs
  const was = (key: string): string => String(now[key] ?? configOf(scope, key)?.default ?? '')
  const changes = [...Object.entries(set), ...unset.map((key) => [key, String(configOf(scope, key)?.default ?? '')] as const)]
  return made(
    ...changes.map(([key, value]) => say({ code: 'config.changed', kind: 'client', name: client, key, value, was: was(key) })),
    { do: 'tell', node: client, order: { type: 'configure', set, unset } as { type: string } },
  )
}

function flush(world: World, client: string): Made {
  const node = world.nodes.get(client)
  return node?.kind !== 'producer' || node.condition === 'down' ? { impossible: 'notRunning' } : made({ do: 'tell', node: client, order: { type: 'flush' } })
}

/** A position can only be moved where there is one: of a partition that is assigned. */
function callConsumer(world: World, { client, call }: Extract<Intervention, { do: 'call' }>): Made {
  const node = world.nodes.get(client)
  const state = (node?.kind === 'consumer' || node?.kind === 'shareConsumer') && node.condition !== 'down' ? (node.state as ConsumerState) : undefined
  if (state?.lifecycle !== 'running') return { impossible: 'notRunning' }
  if (call.type === 'seek' && !state.positions.has(call.partition)) return { impossible: 'notAssigned' }
  // Only what it believes to hold: whether that is still so, its leader says.
  if (call.type === 'acknowledge' && (state as Partial<ShareConsumerState>).leases?.get(call.partition)?.has(call.offset) !== true) return { impossible: 'notHeld' }
  return made({ do: 'tell', node: client, order: call })
}

function callTransaction(world: World, { client, api }: Extract<Intervention, { do: 'transaction' }>): Made {
  const node = world.nodes.get(client)
  return node?.kind !== 'producer' || node.condition === 'down' ? { impossible: 'notRunning' } : made({ do: 'tell', node: client, order: { type: 'transaction', api } as { type: string } })
}

function administer(world: World, { request, name }: Extract<Intervention, { do: 'admin' }>): Made {
  for (const [node, { kind, condition }] of world.nodes) {
    if (kind === 'admin' && condition === 'running') return made({ do: 'tell', node, order: { type: 'call', request, name } as { type: string } })
  }
  return { impossible: 'notRunning' }
}

/** Where a file has no admin client, a machine with one joins when it is first needed. */
function ask(world: World, action: Action): Made {
  const request = adminRequestOf(action, toMs(world.now))
  const to = action.rawProduce?.to ?? action.config?.broker
  if (request === undefined || (to !== undefined && world.nodes.get(to)?.kind !== 'broker')) return { impossible: 'notRunning' }
  const kinds = [...world.nodes.values()].map(({ kind }) => kind)
  if (kinds.includes('admin')) return administer(world, { do: 'admin', request, name: undefined })
  const name = world.nodes.has('admin') ? 'admin-client' : 'admin'
  const bootstrap = [...world.nodes].flatMap(([node, { kind }]) => (kind === 'broker' ? [node] : []))
  return made(
    { do: 'join', name, kind: 'admin', config: Object.freeze({ id: name, bootstrap: Object.freeze(bootstrap) }) },
    { do: 'tell', node: name, order: { type: 'call', request, name: undefined } as { type: string } },
  )
}

/** Milliseconds, by the clock of whoever sends. */
const clockOf = (world: World, node: string): number => toMs(world.now + (world.nodes.get(node)?.skew ?? 0))

/** An action of a file on the machines that stand for its targets at this moment. */
export const resolve = (world: World, action: Action): Resolved =>
  resolveFault(world, action) ?? resolveCall(world, action) ?? { impossible: 'notRunning' }

/** What happens to machines and links. */
function resolveFault(world: World, action: Action): Resolved | undefined {
  for (const verb of ['start', 'stop', 'crash', 'powerLoss', 'restart', 'resume'] as const) {
    if (action[verb] !== undefined) return onAll(world, action[verb], (node) => [{ do: verb, node }])
  }
  if (action.pause !== undefined) {
    const after = action.pause.for === undefined ? undefined : durationMicros(action.pause.for)
    return onAll(
      world, action.pause.target, (node) => [{ do: 'pause', node }],
      after === undefined ? undefined : (node) => ({ after, intervention: { do: 'resume', node } }),
    )
  }
  if (action.stallFetch !== undefined) {
    const duration = action.stallFetch.for === undefined ? undefined : durationMicros(action.stallFetch.for)
    return onAll(world, action.stallFetch.target, (node) => [{ do: 'stallFetch', node, for: duration }])
  }
  if (action.clock !== undefined) {
    const add = durationMicros(action.clock.add)
    return onAll(world, action.clock.target, (node) => [{ do: 'clock', node, add }])
  }
  if (action.damage !== undefined) {
    const { target, ...how } = action.damage
    return onAll(world, target, (node) => [{ do: 'damage', node, ...how }])
  }
  for (const what of ['failDisk', 'fillDisk', 'freeDisk'] as const) {
    const disk = action[what]
    if (disk !== undefined) return onAll(world, disk.target, (node) => [{ do: what, node, dir: disk.dir ?? 0 }])
  }
  if (action.slow?.disk !== undefined) {
    const add = durationMicros(action.slow.add)
    return onAll(world, action.slow.disk, (node) => [{ do: 'slowDisk', node, add }])
  }
  if (action.slow?.handler !== undefined) {
    const add = durationMicros(action.slow.add)
    return onAll(world, action.slow.handler, (node) => [{ do: 'slowHandler', node, add }])
  }
  if (action.cut !== undefined) {
    const { direction = 'both', traffic = 'all', reset } = action.cut
    return onLink(world, action.cut, (from, to) => ({ do: 'cut', from, to, direction, traffic, ...(reset === true ? { reset } : {}) }))
  }
  if (action.heal === 'all') return healAll(world)
  if (action.heal !== undefined) return onLink(world, action.heal, (from, to) => ({ do: 'heal', from, to }))
  if (action.slow?.from !== undefined && action.slow.to !== undefined) {
    const add = durationMicros(action.slow.add)
    return onLink(world, { from: action.slow.from, to: action.slow.to }, (from, to) => ({ do: 'slow', from, to, add }))
  }
  for (const what of ['dropNext', 'delayNext', 'duplicateNext'] as const) {
    const order = action[what]
    if (order === undefined) continue
    const { api, part, by, times = 1, close = false } = order
    return onPairs(world, order, (from, to) => ({ do: what, from, to, api, part, by: by === undefined ? 0 : durationMicros(by), times, close }))
  }
  return undefined
}

/** What the application of a client calls. */
function resolveCall(world: World, action: Action): Resolved | undefined {
  if (action.produce !== undefined) return deed([sent(action.produce, clockOf(world, action.produce.by))])
  if (action.flush !== undefined) return onAll(world, action.flush, (client) => [{ do: 'flush', client }])
  for (const [verb, api] of transactionCalls) {
    if (action[verb] !== undefined) return onAll(world, action[verb], (client) => [{ do: 'transaction', client, api }])
  }
  if (action.poll !== undefined) return onAll(world, action.poll, (client) => [{ do: 'call', client, call: { type: 'poll' } }])
  if (action.seek !== undefined) {
    const { by, partition, to, withEpoch = false } = action.seek
    return onAll(world, by, (client) => [{ do: 'call', client, call: { type: 'seek', partition, to, withEpoch } }])
  }
  if (action.commit !== undefined) {
    const { by, offsets, async = false } = action.commit
    return onAll(world, by, (client) => [{ do: 'call', client, call: { type: 'commit', offsets, ...(async ? { async } : {}) } }])
  }
  for (const [verb, type] of pauseCalls) {
    const call = action[verb]
    if (call !== undefined) return onAll(world, call.by, (client) => [{ do: 'call', client, call: { type, partitions: call.partitions } }])
  }
  if (action.acknowledge !== undefined) {
    const { by, partition, offset, as } = action.acknowledge
    return onAll(world, by, (client) => [{ do: 'call', client, call: { type: 'acknowledge', partition, offset, as } }])
  }
  if (action.rawProduce !== undefined) {
    const { rawProduce } = action
    return onAll(world, rawProduce.to, (to) => [{ do: 'admin', request: adminRequestOf({ rawProduce: { ...rawProduce, to } }, toMs(world.now))!, name: action.as }])
  }
  const request = adminRequestOf(action, toMs(world.now))
  if (request !== undefined) return deed([{ do: 'admin', request, name: action.as }])
  if (action.config?.client !== undefined) {
    const { client, set = {}, unset = [] } = action.config
    return deed(
      [{ do: 'configClient', client, set: Object.fromEntries(Object.entries(set).map(([key, value]) => [key, String(value)])), unset }],
    )
  }
  return undefined
}

const transactionCalls = [['begin', 'beginTransaction'], ['commitTxn', 'commitTransaction'], ['abortTxn', 'abortTransaction']] as const

const pauseCalls = [['pausePartitions', 'pause'], ['resumePartitions', 'resume']] as const

const deed = (interventions: readonly Intervention[], later: Deed['later'] = []): Deed => ({ interventions, later })

function onAll(
  world: World, targets: Targets, act: (node: string) => readonly Intervention[], after?: (node: string) => Deed['later'][number],
): Resolved {
  const nodes = namesOf(world, targets)
  if (!Array.isArray(nodes)) return nodes as { readonly nobody: string }
  return deed(nodes.flatMap(act), after === undefined ? [] : nodes.map(after))
}

function onLink(
  world: World, { from, to }: Pick<LinkSpec, 'from' | 'to'>, act: (from: readonly string[], to: readonly string[]) => Intervention,
): Resolved {
  const a = namesOf(world, from), b = namesOf(world, to)
  if ('nobody' in a) return a
  if ('nobody' in b) return b
  return deed([act(a, b)])
}

function onPairs(world: World, { from, to }: Pick<LinkSpec, 'from' | 'to'>, act: (from: string, to: string) => Intervention): Resolved {
  const a = namesOf(world, from), b = namesOf(world, to)
  if ('nobody' in a) return a
  if ('nobody' in b) return b
  return deed(a.flatMap((one) => b.map((other) => act(one, other))))
}

/** All targets by name, each once; or the selector that finds nobody. */
function namesOf(world: World, targets: Targets): readonly string[] | { readonly nobody: string } {
  const found: string[] = []
  for (const target of typeof targets === 'string' ? [targets] : targets) {
    const names = resolveTarget(world, target)
    if (names.length === 0) return { nobody: target }
    for (const name of names) if (!found.includes(name)) found.push(name)
  }
  return found
}

function healAll(world: World): Resolved {
  const interventions = new Map<string, Intervention>()
  for (const key of world.links.keys()) {
    const [from = '', to = ''] = key.split('>')
    if (!interventions.has(`${to}>${from}`)) interventions.set(key, { do: 'heal', from: [from], to: [to] })
  }
  return interventions.size === 0 ? { impossible: 'notCut' } : deed([...interventions.values()])
}

function sent({ by, topic, records, count, each }: NonNullable<Action['produce']>, nowMs: number): Intervention {
  const listed: readonly RecordSpec[] = records ?? Array.from({ length: count ?? 0 }, () => each ?? {})
  const intervention = { do: 'produce', by, records: listed.map((record) => sendRecord(record, nowMs)) } as const
  return topic === undefined ? intervention : { ...intervention, topic }
}

/** A value that is null is a tombstone; one that is left out is made up by the client. */
const sendRecord = ({ key, value, partition, bytes, timestamp, headers, poison }: RecordSpec, nowMs: number): SendRecord => ({
  ...(typeof key === 'string' ? { key } : {}), ...(typeof value === 'string' ? { value } : {}),
  ...(value === null ? { tombstone: true } : {}),
  ...(partition === undefined ? {} : { partition }), ...(bytes === undefined ? {} : { valueBytes: bytes }),
  ...(timestamp === undefined ? {} : { timestamp: timestampMs(timestamp, nowMs) }),
  ...(headers === undefined ? {} : { headers: headersOf(headers) }), ...(poison === true ? { poison } : {}),
})

