/** One terminal: what was typed and printed, and the command under way. It stays while its drawer is closed. No React here. */
import type { Micros } from '../../base/units.ts'
import type { Sight, SightWish } from '../../projection/sight.ts'
import { commandOf, start, type Command } from '../../terminal/tools.ts'
import type { Answer, Ask, Output, Plan } from '../../terminal/tool.ts'
import type { Run } from '../run.tsx'

export type Entry = { readonly kind: 'typed'; readonly prompt: string; readonly text: string; readonly at: Micros } | { readonly kind: 'printed'; readonly output: Output }
export type Doing = 'nothing' | 'asking' | 'producing' | 'consuming'

/** More than anybody scrolls back. */
const mostEntries = 2_000
const mostHistory = 200
/** A reader looks again after so long, while the run moves. */
const lookEveryMs = 500

class Ended extends Error {}

export class TerminalSession {
  entries: readonly Entry[] = []
  doing: Doing = 'nothing'
  readonly history: string[] = []
  readonly files = new Map<string, string>()
  /** Raised at every change. */
  revision = 0
  readonly #run: Run
  readonly #listeners = new Set<() => void>()
  #take: Extract<Plan, { kind: 'produces' }>['take'] | undefined
  #stop: (() => void) | undefined

  constructor(run: Run) {
    this.#run = run
    run.client.on(({ kind }) => {
      if (kind === 'loaded') this.#reset()
    })
  }
  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed)
    return () => this.#listeners.delete(changed)
  }

  /** The machine it runs on. */
  get host(): string {
    return Object.keys(this.#run.client.film.viewAt(this.#run.player.at).admins)[0] ?? 'admin'
  }
  get prompt(): string {
    return this.#take === undefined ? `${this.host} $` : '>'
  }

  async submit(line: string): Promise<void> {
    if (this.doing === 'asking' || this.doing === 'consuming') return
    this.#add([{ kind: 'typed', prompt: this.prompt, text: line, at: this.#run.player.at }])
    if (line.trim() !== '' && this.history.at(-1) !== line) this.history.push(line)
    this.history.splice(0, this.history.length - mostHistory)
    try {
      if (this.#take !== undefined) await this.#lineOfProducer(line, this.#take)
      else await this.#perform(commandOf(line, this.files))
    } catch (error) {
      if (!(error instanceof Ended)) this.#print([{ remark: { code: 'stopped' } }])
    }
    this.#stop = undefined
    this.#now(this.#take === undefined ? 'nothing' : 'producing')
  }
  /** Ctrl+C: what is under way is waited for no longer; what has been asked the cluster does all the same. */
  interrupt(): void {
    if (this.doing === 'nothing') return
    this.#print([{ remark: { code: 'interrupt' } }])
    this.#take = undefined
    const stop = this.#stop
    this.#stop = undefined
    stop?.()
    this.#now('nothing')
  }
  clear(): void {
    this.entries = []
    this.#changed()
  }

  async #perform(command: Command): Promise<void> {
    switch (command.kind) {
      case 'nothing': return
      case 'clear': return this.clear()
      case 'remark': return this.#print([{ remark: command.remark }])
      case 'text': return this.#print([{ on: 'out', text: command.text }])
      case 'write': return void this.files.set(command.file, command.text)
      case 'tool': {
        this.#now('asking')
        return this.#follow(start(command, await this.#look(command.wish), this.files), command.wish)
      }
    }
  }

  async #follow(plan: Plan, wish: SightWish): Promise<void> {
    switch (plan.kind) {
      case 'printed': return this.#print(plan.output)
      case 'produces':
        this.#take = plan.take
        return this.#print(plan.output)
      case 'consumes': return this.#consume(plan)
      case 'asked': {
        this.#print(plan.output)
        const answers = plan.asks.length === 0 ? [] : await this.#ask(plan.asks)
        const after = await this.#look(wish)
        this.#print(plan.print(answers, after))
        const next = plan.next?.(answers, after)
        if (next !== undefined) await this.#follow(next, wish)
      }
    }
  }
  async #lineOfProducer(line: string, take: Extract<Plan, { kind: 'produces' }>['take']): Promise<void> {
    const wish: SightWish = { topics: [] }
    this.#now('asking')
    await this.#follow(take(line, await this.#look(wish)), wish)
  }

  async #look(wish: SightWish): Promise<Sight> {
    const found = await this.#run.client.look(this.#run.player.at, { what: 'cluster', wish })
    if (found?.what !== 'cluster') throw new Error('nothing was seen')
    return found.sight
  }

  /** One gesture; then the run goes on until it has answered, and stands still again if it stood still before. */
  async #ask(asks: readonly Ask[]): Promise<readonly Answer[]> {
    const { client, player } = this.#run
    const { generation } = client.film
    const from = Math.ceil(player.at)
    const stood = !player.playing
    player.intervene(asks.map(({ action }) => ({ do: 'ask', action })))
    if (stood && player.waiting !== 'answer') player.play()
    if (player.waiting === 'answer') this.#print([{ remark: { code: 'waits' } }])
    return this.#until((done, end) => {
      const look = (): void => {
        const found = client.film.generation > generation ? answersIn(client.film.story, from, asks) : undefined
        if (found === undefined || found.at > player.at) return
        if (stood) player.pause()
        done(found.answers)
      }
      const quiet = [player.subscribe(look), client.on((event) => {
        if (event.kind === 'refused') {
          this.#print([{ remark: { code: 'refused' } }])
          end()
        } else look()
      })]
      return () => quiet.forEach((stop) => stop())
    })
  }

  async #consume(plan: Extract<Plan, { kind: 'consumes' }>): Promise<void> {
    this.#now('consuming')
    const { player } = this.#run
    const wish: SightWish = { topics: [plan.topic] }
    let ended = false
    for (;;) {
      const sight = await this.#look(wish)
      const { output, over } = plan.read(sight)
      this.#print(output)
      if (over) return
      const at = player.at
      await this.#until<void>((done) => {
        const since = Date.now()
        const quiet = player.subscribe(() => {
          if (player.at !== at && Date.now() - since >= lookEveryMs) done()
        })
        return quiet
      }, () => {
        ended = true
      }).catch(() => undefined)
      if (ended) return this.#print(plan.stop())
    }
  }

  /** Until it is done, or somebody has had enough of waiting. */
  #until<T>(wait: (done: (value: T) => void, end: () => void) => () => void, stopped?: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      let over = false
      const finish = (then: () => void) => {
        if (over) return
        over = true
        this.#stop = undefined
        quiet()
        then()
      }
      const end = () => finish(() => {
        stopped?.()
        reject(new Ended())
      })
      this.#stop = end
      const quiet = wait((value) => finish(() => resolve(value)), end)
    })
  }

  #reset(): void {
    this.#take = undefined
    this.#stop?.()
    this.#stop = undefined
    this.entries = []
    this.files.clear()
    this.#now('nothing')
  }
  #print(output: readonly Output[]): void {
    if (output.length > 0) this.#add(output.map((each) => ({ kind: 'printed', output: each })))
  }
  #add(entries: readonly Entry[]): void {
    this.entries = [...this.entries, ...entries].slice(-mostEntries)
    this.#changed()
  }
  #now(doing: Doing): void {
    if (this.doing === doing) return
    this.doing = doing
    this.#changed()
  }
  #changed(): void {
    this.revision++
    for (const listener of [...this.#listeners]) listener()
  }
}

/** The answers to these, in their order, and when the last of them came; undefined = not all are there. */
export function answersIn(story: Run['client']['film']['story'], from: Micros, asks: readonly Ask[]): { readonly answers: readonly Answer[]; readonly at: Micros } | undefined {
  const lines = []
  for (let i = story.length - 1; i >= 0 && story[i]!.at > from; i--) {
    const { fact, at } = story[i]!
    if (fact.code === 'admin.answered') lines.unshift({ fact, at })
  }
  const answers: Answer[] = []
  let last = from
  for (const { api, about } of asks) {
    const i = lines.findIndex(({ fact }) => fact.api === api && fact.about === about)
    if (i < 0) return undefined
    const [{ fact, at }] = lines.splice(i, 1) as [(typeof lines)[number]]
    answers.push(fact)
    last = Math.max(last, at)
  }
  return { answers, at: last }
}

const sessions = new WeakMap<Run, TerminalSession>()
export function sessionOf(run: Run): TerminalSession {
  let session = sessions.get(run)
  if (session === undefined) sessions.set(run, (session = new TerminalSession(run)))
  return session
}
