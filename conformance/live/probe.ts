/** One JVM with clients in it: told what to do by JSON objects, one a line, and heard in the same way. */
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Jars } from './jars.ts'
import type { Host } from './host.ts'

/** What a probe tells. `e` says what it is, `at` when, in microseconds since 1970. */
export interface Told { readonly e: string; readonly at: number; readonly [key: string]: unknown }

/** A name or a number that was told; nothing for anything else. */
export const word = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '')

export class Probe {
  readonly name: string
  readonly #host: Host
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, () => void>()
  readonly #hear: (told: Told, from: string) => void
  #next = 1
  /** Its last words, for who has to say why something went wrong. */
  readonly log: string[] = []
  ended = false

  constructor(name: string, host: Host, { java, classPath }: Jars, options: readonly string[], hear: (told: Told, from: string) => void) {
    this.name = name
    this.#host = host
    this.#hear = hear
    const words = [java, '-Xms32m', '-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Dpartitura.log=SYSTEM_ERR', ...options, '-cp', classPath, 'partitura.probe.Probe']
    this.#child = host.start(name, words, ['pipe', 'pipe', 'pipe'])
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#line(line))
    createInterface({ input: this.#child.stderr! }).on('line', (line) => {
      this.log.push(line)
      if (this.log.length > 2_000) this.log.shift()
    })
    this.#child.stdin!.on('error', () => { /* it has been killed */ })
    this.#child.once('exit', () => {
      this.ended = true
      for (const done of this.#waiting.values()) done()
      this.#waiting.clear()
    })
  }

  #line(line: string): void {
    let told: Told
    try {
      told = JSON.parse(line) as Told
    } catch {
      this.log.push(line)
      return
    }
    if (told.e === 'done' && typeof told['id'] === 'number') {
      this.#waiting.get(told['id'])?.()
      this.#waiting.delete(told['id'])
    } else this.#hear(told, this.name)
  }

  tell(command: { readonly do: string; readonly [key: string]: unknown }): void {
    if (!this.ended) this.#child.stdin!.write(`${JSON.stringify(command)}\n`)
  }
  /** Answered when it is done. */
  ask(command: { readonly do: string; readonly [key: string]: unknown }): Promise<void> {
    if (this.ended) return Promise.resolve()
    const id = this.#next++
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.tell({ ...command, id })
    })
  }

  signal(signal: NodeJS.Signals): boolean {
    return this.#host.signal(this.#child, signal)
  }
  async end(): Promise<void> {
    if (this.ended) return
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()))
    this.#child.stdin!.end()
    await gone
  }
  get gone(): Promise<void> {
    return this.ended ? Promise.resolve() : new Promise((resolve) => this.#child.once('exit', () => resolve()))
  }
}
