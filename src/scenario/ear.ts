/** Hears all that a run tells, counts what statements ask about, and hands everything on to whoever else listens. */
import type { Micros } from '../base/units.ts'
import type { Connection, Note, Tagged } from '../engine/process.ts'
import type { Fate, Watch } from '../engine/watch.ts'
import type { World } from '../engine/world.ts'
import { errors } from '../kafka/errors.ts'
import type { Fact, NoteCode } from '../kafka/notes.ts'
import { tallyKey } from './observe.ts'
import { hearPause } from './pauses.ts'
import type { Play } from './run.ts'
import { isAbout, type Program } from './program.ts'

/** After these, an acknowledged record may be on no leader any more. */
const lossy: ReadonlySet<NoteCode> = new Set<NoteCode>(['leader.elected', 'leader.started', 'log.truncated', 'log.recovered'])
const livesAndDies: ReadonlySet<NoteCode> = new Set<NoteCode>(['node.crashed', 'node.halted', 'power.lost', 'node.stopped', 'node.started', 'node.paused', 'node.resumed'])
const errorNames: ReadonlySet<string> = new Set(Object.keys(errors))

export class Ear implements Watch {
  told = false
  /** Look at everything again: a step began, or the clock has come to something. */
  all = false
  losses = false
  /** A controller may run that did not, or the other way round. */
  quorum = false
  #machines = new Set<string>()
  #play: Play | undefined
  #focus: readonly string[] | undefined
  readonly #outer: Watch
  readonly #program: Program
  /** Some statement counts answers by their error. */
  readonly #countsErrors: boolean

  constructor(outer: Watch, program: Program) {
    this.#outer = outer
    this.#program = program
    this.#countsErrors = [...program.events.keys()].some((code) => errorNames.has(code))
  }

  attend(play: Play, focus: readonly string[] | undefined): void {
    this.#play = play
    this.#focus = focus
  }
  get changed(): boolean {
    return this.told || this.all || this.#machines.size > 0
  }
  take(): { readonly all: boolean; readonly told: boolean; readonly machines: ReadonlySet<string> } {
    const taken = { all: this.all, told: this.told, machines: this.#machines }
    this.all = false
    this.told = false
    this.#machines = new Set()
    return taken
  }

  sent(
    id: number, step: number, wire: { readonly id: Connection; readonly traffic: string }, from: string, to: string, message: Tagged,
    sentAt: Micros, arrivesAt: Micros,
  ): void {
    this.#outer.sent(id, step, wire, from, to, message, sentAt, arrivesAt)
    if (this.#countsErrors && message.type.endsWith('Response')) this.#countErrors(message, from, to, sentAt)
  }
  amended(id: number, arrivesAt: Micros, fate: Fate): void {
    this.#outer.amended(id, arrivesAt, fate)
  }
  stepped(world: World, node: string, cause: number): void {
    this.#outer.stepped(world, node, cause)
    if (node !== '') this.#machines.add(node)
  }
  noted(at: Micros, step: number, cause: number, node: string, note: Note): void {
    this.#outer.noted(at, step, cause, node, note)
    const play = this.#play
    if (play === undefined) return
    const fact = note as Fact
    this.told = true
    if (lossy.has(fact.code)) this.losses = true
    if (livesAndDies.has(fact.code) && 'node' in fact && fact.node.startsWith('k')) this.quorum = true
    remember(play, fact)
    hearPause(play.pauses, fact, at)
    for (const about of this.#program.events.get(fact.code) ?? []) {
      if (about === undefined || isAbout(fact, about, node)) tally(play, tallyKey(fact.code, about), at)
    }
    const isClientsOwn = fact.code === 'producer.failed' && errors[fact.error].code === undefined
    if (isClientsOwn) this.#countError(fact.error, [fact.producer, fact.partition], at)
    if (this.#focus?.some((about) => isAbout(fact, about, node)) === true) play.counted++
  }

  #countErrors(message: Tagged, from: string, to: string, at: Micros): void {
    const visit = (value: unknown, partition: string | undefined, depth: number): void => {
      if (typeof value !== 'object' || value === null || depth > 3) return
      if (Array.isArray(value)) return value.forEach((each) => visit(each, partition, depth))
      const part = value as { readonly error?: unknown; readonly partition?: unknown }
      const named = typeof part.partition === 'string' ? part.partition : partition
      if (typeof part.error === 'string') this.#countError(part.error, [from, to, ...(named === undefined ? [] : [named])], at)
      for (const inner of Object.values(value)) visit(inner, named, depth + 1)
    }
    visit(message, undefined, 0)
  }
  #countError(error: string, about: readonly string[], at: Micros): void {
    if (this.#play === undefined) return
    for (const asked of this.#program.events.get(error) ?? []) {
      if (asked === undefined || about.includes(asked)) tally(this.#play, tallyKey(error, asked), at)
    }
    this.told = true
  }
}

/** How machines ended, and who led before. */
function remember(play: Play, fact: Fact): void {
  if (fact.code === 'node.crashed' || fact.code === 'node.halted' || fact.code === 'power.lost') play.ended.set(fact.node, 'crashed')
  else if (fact.code === 'node.stopped') play.ended.set(fact.node, 'stopped')
  else if (fact.code === 'leader.elected') {
    const before = play.leaders.get(fact.partition)?.now ?? ''
    play.leaders.set(fact.partition, Object.freeze({ now: fact.leader, before, unclean: fact.how === 'unclean' }))
  }
}

function tally(play: Play, key: string, at: Micros): void {
  const known = play.tallies.get(key)
  if (known === undefined) play.tallies.set(key, { count: 1, firstAt: at, lastAt: at })
  else {
    known.count++
    known.lastAt = at
  }
}
