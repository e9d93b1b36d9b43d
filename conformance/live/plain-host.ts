/**
 * Where a machine forbids namespaces: processes beside everything else, on addresses 127.0.0.x, files in a directory of
 * their own. A guard, a process that reads a pipe of ours, ends them and removes the directory when the pipe ends.
 */
import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Host } from './host.ts'

/**
 * Reads what has begun and what has ended, `+17` and `-17`, one a line; at the end of its input it kills those that have not
 * ended, and removes the directory. A process id that was given back may be anybody's by then.
 */
export const GUARD = [
  'pids=" "', 'while read -r line; do pid="${line#?}"', 'case "$line" in +*) pids="$pids$pid " ;; -*) case "$pids" in *" $pid "*) pids="${pids%% $pid *} ${pids#* $pid }" ;; esac ;; esac', 'done',
  'for pid in $pids; do kill -9 "$pid" 2>/dev/null; done', 'sleep 0.2', 'rm -rf "$0"',
].join('\n')

export class PlainHost implements Host {
  readonly isolated = false
  readonly base: string
  readonly #guard: ChildProcess
  readonly #children = new Set<ChildProcess>()
  constructor() {
    this.base = mkdtempSync(join(tmpdir(), 'partitura-kafka-'))
    this.#guard = spawn('sh', ['-c', GUARD, this.base], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
    this.#guard.stdin!.on('error', () => { /* somebody has ended it; then we clean up ourselves, or nobody does */ })
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
    const { pid } = child
    if (pid !== undefined) this.#guard.stdin!.write(`+${pid}\n`)
    this.#children.add(child)
    child.once('exit', () => {
      this.#children.delete(child)
      if (pid !== undefined && !this.#guard.stdin!.writableEnded) this.#guard.stdin!.write(`-${pid}\n`)
    })
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
