/**
 * The kernel: a deterministic discrete-event simulation. Its contract, each line with a test in `contract.test.ts`:
 *
 *  1. Total order by (at, seq); `seq` is given when something is scheduled; equal times never depend on heap shape.
 *  2. Time is whole microseconds. Only messages and timers take time.
 *  3. A hop takes exactly `hop`, plus what `slow` adds, plus a draw up to `jitter`.
 *  4. Messages travel on connections, in order each way. The end of a process resets its connections: every peer hears of
 *     it one hop later. A cut, a freeze or a power cut resets nothing. A machine without power is silent as behind a cut; once
 *     it is back it does not know the connections of before.
 *  5. Connecting to a dead process is refused one round trip later; to a frozen one it succeeds; over a cut nothing comes,
 *     and it is tried again 1, 3, 7 ... s later.
 *     What is sent to a process that does not know the connection any more is answered by a reset.
 *  6. A cut link delivers nothing. What is sent into it is tried again 0.2, 0.6, 1.4, 3.0 ... s after it was first sent and
 *     arrives, in order, with the first try after the heal. A close, a crash or a reset loses it.
 *     Simplified: the system under a killed process delivers nothing that it had been handed and could not send yet.
 *  7. A frozen process handles nothing; what arrives waits. At resume the waiting messages are handled first, in order of
 *     arrival, then the overdue timers by due time.
 *  8. Every end of a process raises its incarnation; what was meant for an earlier one never reaches a later one. What it
 *     had sent before still arrives.
 *  9. A crash keeps everything written; a power cut what had reached the disk.
 * 10. Luck comes from one stream for each (seed, node, purpose).
 * 11. State is a tree of plain data.
 * 12. Messages are frozen when they are sent.
 * 13. Everything has a limit, and an assertion at the limit.
 * 14. Every step folds (at, seq, to, type) into the fingerprint, every note its figures.
 * 15. The next messages of a type from one machine to another can be dropped, come later, or come twice. Behind one that is
 *     dropped its connection delivers nothing more that way, as a stream with a hole; or it is reset, for both ends. One that
 *     is late holds up what is behind it. A copy arrives on a connection of its own: what is answered to it reaches nobody.
 * 16. A cut that rejects answers whatever comes to it with a reset, one hop later, to who sent it and to nobody else; a
 *     connection attempt is refused. The other end learns of it by sending something, or by its own timers.
 * 17. A machine has a wall clock, which can be set wrong and stays so. Only what asks for it notices: no timer does.
 * 18. Nodes can share one process: it ends, freezes, loses its power and starts as a whole, links are its own, and what they say to
 *     each other no cut reaches. In an orderly stop the node it is named for goes first; it starts last.
 * 19. A machine can join while the others run. It comes last in every order in which machines are walked.
 */
import { fold, foldTree, hashOf } from '../base/hash.ts'
import { pop, push } from '../base/heap.ts'
import { assert, known } from '../base/assert.ts'
import { isMoment, type Micros } from '../base/units.ts'
import { arrive, close, connect, drain, goDark, hear, linkFor, linkName, mute, open, read, resetAll, retry, send, unmute, waited, wayTo } from './network.ts'
import type { Input } from './input.ts'
import { tellNote, told } from './note.ts'
import type { AnyProcessType, Connection, Context, Note, Tagged, Timer } from './process.ts'
import { randomWord, schedule, type Simulation } from './schedule.ts'
import { noWatch, type Watch } from './watch.ts'
import { hostOf, newNode, newWorld, type Link, type Node, type Scheduled, type World } from './world.ts'

export type { Simulation } from './schedule.ts'

export interface NodeSpec {
  readonly name: string; readonly kind: string; readonly config: unknown; readonly running: boolean
  /** The node in whose process it runs. */
  readonly host?: string
}

/** A world of these machines at 00:00; those that run are booted in the order given. Boot without a disk. */
export function newSimulation(
  seed: number, hop: Micros, jitter: Micros, types: readonly AnyProcessType[], nodes: readonly NodeSpec[], watch: Watch = noWatch,
): Simulation {
  const hosted = nodes.flatMap(({ name, host }) => (host === undefined ? [] : [[name, host] as const]))
  const world = newWorld(seed, hop, jitter, hosted.length === 0 ? undefined : new Map(hosted))
  const sim: Simulation = { world, types: new Map(types.map((type) => [type.kind, type])), watch }
  for (const { name, kind, config } of nodes) sim.world.nodes.set(name, newNode(name, kind, config))
  for (const { name, running } of nodes) if (running) boot(sim, name, false)
  return sim
}

/** A simulation that goes on from a snapshot; the snapshot's world becomes its own. */
export const resumeFrom = (sim: Simulation, world: World): void => {
  sim.world = world
}

class StepContext implements Context {
  now = 0
  clock = 0
  step = 0
  self = ''
  readonly #sim: Simulation
  #node!: Node
  #cause = 0
  constructor(sim: Simulation) {
    this.#sim = sim
  }
  enter(self: string, node: Node, cause: number): this {
    this.now = this.#sim.world.now
    this.clock = node.skew === undefined ? this.now : this.now + node.skew
    this.step = this.#sim.world.steps
    this.self = self
    this.#node = node
    this.#cause = cause
    return this
  }
  random(purpose: string): number {
    return randomWord(this.#sim.world, this.#node, this.self, purpose)
  }
  connect(to: string, purpose: string): Connection {
    return connect(this.#sim, this.self, to, purpose)
  }
  send(on: Connection, message: Tagged): void {
    send(this.#sim, this.self, on, message)
  }
  close(on: Connection): void {
    close(this.#sim, this.self, on)
  }
  mute(on: Connection): void {
    mute(this.#sim, this.self, on)
  }
  unmute(on: Connection): void {
    unmute(this.#sim, this.self, on)
  }
  setTimer(timer: Timer, delay: Micros): void {
    const { world } = this.#sim
    const name = timerName(timer)
    const event = schedule(this.#sim, world.now + Math.max(0, Math.ceil(delay)), this.self, this.#node.incarnation, 'timer', Object.freeze(timer), name)
    this.#node.timers.set(name, event.seq)
  }
  cancelTimer(timer: Timer): void {
    this.#node.timers.delete(timerName(timer))
  }
  hasTimer(timer: Timer): boolean {
    return this.#node.timers.has(timerName(timer))
  }
  note(fact: Note): void {
    tellNote(this.#sim, this.#cause, this.self, fact)
  }
  exit(): void {
    end(this.#sim, this.self, 'exit')
  }
  halt(): void {
    end(this.#sim, this.self, 'halt')
  }
}

const timerName = (timer: Timer): string => (timer.key === undefined ? timer.type : `${timer.type}/${timer.key}`)

const TERMINATE: Tagged = Object.freeze({ type: 'Terminate' })

const contexts = new WeakMap<Simulation, StepContext>()
function contextOf(sim: Simulation): StepContext {
  let context = contexts.get(sim)
  if (context === undefined) {
    context = new StepContext(sim)
    contexts.set(sim, context)
  }
  return context
}

/** Handle what is due next; false when nothing ever will be. */
export function step(sim: Simulation): boolean {
  const { world } = sim
  const event = pop(world.queue)
  if (event === undefined) return false
  world.now = event.at
  const node = known(world.nodes.get(event.to), event.to)
  if (event.kind === 'timer' && (node.incarnation !== event.incarnation || node.timers.get(event.on) !== event.seq)) return true
  world.steps++
  const { hash } = world
  fold(hash, event.at)
  fold(hash, event.seq)
  fold(hash, node.nameHash)
  fold(hash, hashOf(event.body.type))
  dispatch(sim, node, event)
  return true
}

function dispatch(sim: Simulation, node: Node, event: Scheduled): void {
  switch (event.kind) {
    case 'open':
      open(sim, event)
      return sim.watch.stepped(sim.world, '', event.cause)
    case 'retry':
      retry(sim, event)
      return sim.watch.stepped(sim.world, '', event.cause)
    case 'message':
    case 'signal': {
      const arrival = arrive(sim, event)
      return arrival === 'now' ? handle(sim, node, event) : sim.watch.stepped(sim.world, arrival === 'waits' ? event.to : '', event.cause)
    }
    default:
      return handle(sim, node, event)
  }
}

/** Hand an event to its process, or keep it while the process is frozen (contract 7), or drop it (contract 8). */
function handle(sim: Simulation, node: Node, event: Scheduled): void {
  const { world } = sim
  if (node.condition === 'frozen') {
    node.waiting.push(event)
    return sim.watch.stepped(world, event.to, event.cause)
  }
  if (node.condition === 'down' || (event.incarnation >= 0 && node.incarnation !== event.incarnation)) return sim.watch.stepped(world, '', event.cause)
  const type = known(sim.types.get(node.kind), node.kind)
  const ctx = contextOf(sim).enter(event.to, node, event.cause)
  switch (event.kind) {
    case 'timer':
      node.timers.delete(event.on)
      call(type.timers, node.state, event.body, ctx)
      break
    case 'signal':
    case 'heard':
      if (event.body.type === 'Terminate') terminate(sim, event.to, node)
      else if (hear(sim, event)) call(type.signals, node.state, event.body, ctx)
      break
    case 'order':
      call(type.orders, node.state, event.body, ctx)
      break
    default:
      receive(sim, type, node, event, ctx)
  }
  sim.watch.stepped(world, event.to, event.cause)
}

function receive(sim: Simulation, type: AnyProcessType, node: Node, event: Scheduled, ctx: Context): void {
  if (event.kind === 'read' && read(sim, event) !== 'now') return
  known(type.messages[event.body.type], event.body.type)(node.state as never, event.body as never, event.on as never, ctx as never)
  const way = wayTo(sim.world, event)
  if (way !== undefined && way.inbox.length > 0) drain(sim, way)
}

function call(table: AnyProcessType['timers'], state: unknown, event: Tagged, ctx: Context): void {
  known(table[event.type], event.type)(state as never, event as never, ctx as never)
}

/** All that happens up to and including `until`; the clock then stands there. */
export function runUntil(sim: Simulation, until: Micros): void {
  assert(isMoment(until), 'time is whole microseconds')
  for (;;) {
    const first = sim.world.queue[0]
    if (first === undefined || first.at > until) break
    step(sim)
  }
  if (sim.world.now < until) sim.world.now = until
}

/** When something happens next; undefined = never. */
export const nextAt = (sim: Simulation): Micros | undefined => sim.world.queue[0]?.at

/** Something comes from outside, at the moment where the world stands: a step of its own, caused by nobody. */
export function apply(sim: Simulation, input: Input): void {
  const { world } = sim
  world.steps++
  fold(world.hash, world.now)
  foldTree(world.hash, input)
  let touched = ''
  switch (input.do) {
    case 'say':
      tellNote(sim, 0, input.by ?? 'you', input.fact)
      break
    case 'tamper': {
      const { do: _, ...order } = input
      world.tampers.push({ ...order })
      break
    }
    case 'cut':
    case 'heal':
    case 'slow':
      applyToLink(sim, input)
      break
    case 'join':
      assert(!world.nodes.has(input.name), 'names are unique')
      world.nodes.set(input.name, newNode(input.name, input.kind, input.config))
      boot(sim, input.name, false)
      touched = input.name
      break
    default:
      touched = input.node
      applyToProcess(sim, input)
  }
  sim.watch.stepped(world, touched, 0)
}

function applyToLink(sim: Simulation, input: Extract<Input, { do: 'cut' | 'heal' | 'slow' }>): void {
  const { world } = sim
  const [from, to] = [hostOf(world, input.from), hostOf(world, input.to)]
  if (from === to) return
  const link = linkFor(world, from, to)
  if (input.do === 'heal') {
    link.cut = []
    delete link.rejects
  } else if (input.do === 'slow') link.slow = input.add
  else cutLink(link, input.traffic, input.reset === true)
  if (link.cut.length === 0 && link.slow === 0) world.links.delete(linkName(from, to))
  else if (input.do === 'cut') link.since = world.now
}

/** A later cut of the same traffic decides how. */
function cutLink(link: Link, traffic: string, reset: boolean): void {
  if (!link.cut.includes(traffic)) link.cut.push(traffic)
  const rejects = [...(link.rejects ?? []).filter((each) => each !== traffic), ...(reset ? [traffic] : [])]
  if (rejects.length > 0) link.rejects = rejects
  else delete link.rejects
}

/** The nodes of one process, in the order in which they start: the one it is named for last. */
function processOf({ hosts }: World, name: string): readonly string[] {
  if (hosts === undefined) return [name]
  const host = hosts.get(name) ?? name
  return [...[...hosts].flatMap(([other, of]) => (of === host ? [other] : [])), host]
}

/** Contract 18. What is told to a node, or done to its files, is that node's alone. */
function applyToProcess(sim: Simulation, input: Extract<Input, { node: string }>): void {
  const names = processOf(sim.world, input.node)
  if (names.length === 1 || input.do === 'tell' || input.do === 'damage') return applyToNode(sim, input)
  // The end of one takes the others with it; starting is for all when none is left.
  const up = names.findLast((name) => known(sim.world.nodes.get(name), name).condition !== 'down')
  if (up !== undefined && (input.do === 'crash' || input.do === 'stop' || input.do === 'restart')) return applyToNode(sim, { ...input, node: up })
  for (const node of names) applyToNode(sim, { ...input, node })
}

/** The others of its process follow; when all are gone it may start again. */
function endOthers(sim: Simulation, name: string, how: 'crash' | 'exit'): void {
  const names = processOf(sim.world, name)
  for (const other of names) {
    const node = known(sim.world.nodes.get(other), other)
    if (other === name || node.condition === 'down') continue
    if (how === 'crash') end(sim, other, how)
    else terminate(sim, other, node)
  }
  const host = known(sim.world.nodes.get(names[names.length - 1]!), name)
  if (!host.restartAtExit || names.some((other) => known(sim.world.nodes.get(other), other).condition !== 'down')) return
  host.restartAtExit = false
  for (const other of names) boot(sim, other, true)
}

function applyToNode(sim: Simulation, input: Extract<Input, { node: string }>): void {
  const { world } = sim
  const node = known(world.nodes.get(input.node), input.node)
  switch (input.do) {
    case 'crash': return node.condition === 'down' ? undefined : end(sim, input.node, 'crash')
    case 'powerCut': return cutPower(sim, input.node, node)
    case 'damage': return node.condition === 'down' && node.disk !== undefined ? known(sim.types.get(node.kind), node.kind).damage?.(node.disk as never, input.what) : undefined
    case 'stop': return terminate(sim, input.node, node)
    case 'restart':
      if (node.condition === 'down') return boot(sim, input.node, true)
      node.restartAtExit = true
      return terminate(sim, input.node, node)
    case 'pause':
      if (node.condition !== 'running') return undefined
      setCondition(world, node, 'frozen')
      return tellNote(sim, 0, input.node, told('node.paused', { node: input.node }))
    case 'resume': return thaw(sim, input.node, node)
    case 'clock': {
      const skew = (node.skew ?? 0) + input.add
      if (skew === 0) delete node.skew
      else node.skew = skew
      return undefined
    }
    case 'tell': {
      const event: Scheduled = {
        at: world.now, seq: ++world.seq, cause: 0, to: input.node, incarnation: node.incarnation, kind: 'order', body: Object.freeze(input.order), on: '', sentAt: world.now,
      }
      return handle(sim, node, event)
    }
  }
}

/** Contract 4 and 9. The machine may be there without a process: what that had written can be lost all the same. */
function cutPower(sim: Simulation, name: string, node: Node): void {
  const { world } = sim
  if (world.dark.has(name)) return
  const type = known(sim.types.get(node.kind), node.kind)
  goDark(sim, name)
  if (node.condition !== 'down') stopProcess(sim, node)
  node.restartAtExit = false
  world.dark.add(name)
  const records = node.disk === undefined ? 0 : (type.powerCut?.(node.disk as never, world.now) ?? 0)
  tellNote(sim, 0, name, told('power.lost', { node: name, records }))
}

function setCondition(world: World, node: Node, condition: Node['condition']): void {
  node.condition = condition
  node.since = world.now
}

/** SIGTERM. A frozen process hears of it when it goes on. */
function terminate(sim: Simulation, name: string, node: Node): void {
  if (node.condition === 'frozen') {
    const { now, seq } = sim.world
    node.waiting.push({ at: now, seq, cause: 0, to: name, incarnation: node.incarnation, kind: 'heard', body: TERMINATE, on: '', sentAt: now })
  }
  if (node.condition !== 'running') return
  setCondition(sim.world, node, 'stopping')
  call(known(sim.types.get(node.kind), node.kind).signals, node.state, TERMINATE, contextOf(sim).enter(name, node, 0))
}

/** Contract 7: first what arrived, in order, then the overdue timers by due time; each a step of its own, right now. */
function thaw(sim: Simulation, name: string, node: Node): void {
  if (node.condition !== 'frozen') return
  const { world } = sim
  const pausedMs = Math.round((world.now - node.since) / 1000)
  setCondition(world, node, 'running')
  tellNote(sim, 0, name, told('node.resumed', { node: name, pausedMs }))
  const waiting = node.waiting
  node.waiting = []
  const timers = waiting.filter((event) => event.kind === 'timer').sort((a, b) => a.at - b.at || a.seq - b.seq)
  for (const event of waiting) if (event.kind !== 'timer') push(world.queue, { ...event, kind: waited(event.kind), at: world.now, seq: ++world.seq })
  for (const event of timers) {
    if (node.timers.get(event.on) !== event.seq) continue
    const again = { ...event, at: world.now, seq: ++world.seq }
    node.timers.set(event.on, again.seq)
    push(world.queue, again)
  }
}

/** The process ends: contract 8 and 9. */
function end(sim: Simulation, name: string, how: 'crash' | 'exit' | 'halt'): void {
  const { world } = sim
  const node = known(world.nodes.get(name), name)
  const tookMs = Math.round((world.now - node.since) / 1000)
  stopProcess(sim, node)
  resetAll(sim, name)
  if (how !== 'halt') tellNote(sim, 0, name, how === 'crash' ? told('node.crashed', { node: name }) : told('node.stopped', { node: name, tookMs }))
  if (how !== 'exit') node.restartAtExit = false
  if (world.hosts !== undefined) return endOthers(sim, name, how === 'exit' ? 'exit' : 'crash')
  if (node.restartAtExit) boot(sim, name, true)
  node.restartAtExit = false
}

function stopProcess(sim: Simulation, node: Node): void {
  node.disk = known(sim.types.get(node.kind), node.kind).disk(node.state as never)
  node.state = undefined
  node.incarnation++
  node.timers.clear()
  node.waiting = []
  setCondition(sim.world, node, 'down')
}

function boot(sim: Simulation, name: string, again: boolean): void {
  const { world } = sim
  const node = known(world.nodes.get(name), name)
  const type = known(sim.types.get(node.kind), node.kind)
  setCondition(world, node, 'running')
  world.dark.delete(name)
  const { disk } = node
  node.disk = undefined
  if (again) tellNote(sim, 0, name, told('node.started', { node: name, clean: (disk as { cleanShutdown?: boolean } | undefined)?.cleanShutdown ?? true }))
  node.state = type.boot(node.config as never, disk as never, contextOf(sim).enter(name, node, 0) as never)
}
