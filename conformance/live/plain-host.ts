/**
 * Where a machine forbids namespaces: processes beside everything else, on addresses 127.0.0.x, files in a directory of
 * their own. A guard, a process that reads a pipe of ours, ends them and removes the directory when the pipe ends.
 */
import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Host } from './host.ts'

/** Reads process ids, one a line; at the end of its input it kills them and removes the directory. */
export const GUARD = 'pids=""; while read -r pid; do pids="$pids $pid"; done; for pid in $pids; do kill -9 "$pid" 2>/dev/null; done; sleep 0.2; rm -rf "$0"'

export class PlainHost implements Host {
  readonly isolated = false
  readonly base: string
  readonly #guard: ChildProcess
  readonly #children = new Set<ChildProcess>()
  constructor() {
    this.base = mkdtempSync(join(tmpdir(), 'partitura-kafka-'))
    this.#guard = spawn('sh', ['-c', GUARD, this.base], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  }

  run(...words: readonly string[]): string {
    const [program = '', ...args] = words
    const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    if (error !== undefined || status !== 0) throw new Error(`${words.join(' ')}: ${error?.message ?? stderr.trim()}`)
    return stdout
  }
  runIn(_network: string | undefined, ...words: readonly string[]): string {
    return this.run(...words)
  }
  start(_network: string | undefined, words: readonly string[], stdio: StdioOptions): ChildProcess {
    const [program = '', ...args] = words
    const child = spawn(program, args, { stdio })
    if (child.pid !== undefined) this.#guard.stdin!.write(`${child.pid}\n`)
    this.#children.add(child)
    child.once('exit', () => this.#children.delete(child))
    return child
  }
  processOf(child: ChildProcess): number | undefined {
    return child.pid
  }
  signal(child: ChildProcess, signal: NodeJS.Signals): boolean {
    return child.kill(signal)
  }
  outside(path: string): string {
    return path
  }

  async close(): Promise<void> {
    const ended = [...this.#children].map((child) => new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    }))
    await Promise.all(ended)
    const guarded = new Promise<void>((resolve) => this.#guard.once('exit', () => resolve()))
    this.#guard.stdin!.end()
    await guarded
    rmSync(this.base, { recursive: true, force: true })
  }
}
