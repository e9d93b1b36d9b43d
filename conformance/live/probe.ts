/** One JVM with clients in it: told what to do by JSON objects, one a line, and heard in the same way. */
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Jars } from './jars.ts'
import type { Host } from './host.ts'

/** What a probe tells. `e` says what it is, `at` when, in microseconds since 1970. */
export interface Told { readonly e: string; readonly at: number; readonly [key: string]: unknown }

/** A name or a number that was told; nothing for anything else. */
export const word = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '')

/** Longer than anything takes that is asked of a probe: the first connection of a JVM on a busy machine. */
const ANSWERS_WITHIN = 120_000

interface Waiting { readonly done: () => void; readonly failed: (why: string) => void }

export class Probe {
  readonly name: string
  readonly #host: Host
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  readonly #hear: (told: Told, from: string) => void
  readonly #answersWithin: number
  #next = 1
  /** We have killed it, or the application in it has ended as the file has it. */
  #isMeantToEnd = false
  /** Its last words, for who has to say why something went wrong. */
  readonly log: string[] = []
  ended = false

  constructor(name: string, host: Host, { java, classPath }: Jars, options: readonly string[], hear: (told: Told, from: string) => void, answersWithin = ANSWERS_WITHIN) {
    this.name = name
    this.#host = host
    this.#hear = hear
    this.#answersWithin = answersWithin
    const words = [java, '-Xms32m', '-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Dpartitura.log=SYSTEM_ERR', ...options, '-cp', classPath, 'partitura.probe.Probe']
    this.#child = host.start(name, words, ['pipe', 'pipe', 'pipe'])
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#line(line))
    createInterface({ input: this.#child.stderr! }).on('line', (line) => {
      this.log.push(line)
      if (this.log.length > 2_000) this.log.shift()
    })
    this.#child.stdin!.on('error', () => { /* it has been killed */ })
    this.#child.once('exit', () => this.#exited())
  }
  #exited(): void {
    this.ended = true
    const why = this.#lastWords('it has ended')
    for (const { failed } of this.#waiting.values()) failed(why)
    if (!this.#isMeantToEnd) this.#hear({ e: 'confused', at: Date.now() * 1_000, text: why }, this.name)
  }
  #lastWords(what: string): string {
    return [what, ...this.log.slice(-10)].join('\n')
  }

  #line(line: string): void {
    let told: Told
    try {
      told = JSON.parse(line) as Told
    } catch {
      this.log.push(line)
      return
    }
    if (told.e === 'ends') this.#isMeantToEnd = true
    const asked = typeof told['id'] === 'number' ? this.#waiting.get(told['id']) : undefined
    if (told.e === 'done') asked?.done()
    else if (told.e === 'confused' && asked !== undefined) asked.failed(word(told['text']))
    else this.#hear(told, this.name)
  }

  tell(command: { readonly do: string; readonly [key: string]: unknown }): void {
    if (!this.ended) this.#child.stdin!.write(`${JSON.stringify(command)}\n`)
  }
  /** Answered when it is done. Who ends or keeps silent instead is an error: nobody may wait for him, or go on as if he had looked. */
  ask(command: { readonly do: string; readonly [key: string]: unknown }): Promise<void> {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      const over = (act: () => void): void => {
        clearTimeout(timer)
        this.#waiting.delete(id)
        act()
      }
      const failed = (why: string): void => over(() => reject(new Error(`the probe ${this.name} was asked to ${command.do}: ${why}`)))
      const timer = setTimeout(() => failed(this.#lastWords(`no answer within ${this.#answersWithin / 1_000} s`)), this.#answersWithin)
      if (this.ended) failed(this.#lastWords('it has ended'))
      else {
        this.#waiting.set(id, { done: () => over(resolve), failed })
        this.tell({ ...command, id })
      }
    })
  }

  signal(signal: NodeJS.Signals): boolean {
    if (signal === 'SIGKILL') this.#isMeantToEnd = true
    return this.#host.signal(this.#child, signal)
  }
  get gone(): Promise<void> {
    return this.ended ? Promise.resolve() : new Promise((resolve) => this.#child.once('exit', () => resolve()))
  }
}

/** What a probe could not do as it was told, or that it is gone: then what was seen is not all there was to see. */
export const troubleIn = (told: Told, from: string): string | undefined =>
  (told.e === 'confused' ? `the probe ${from} is confused: ${word(told['text'])}${told['line'] === undefined ? '' : `, by ${word(told['line'])}`}` : undefined)
