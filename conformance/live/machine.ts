/**
 * A machine of our own inside this one: namespaces for processes, mounts and networks, made by one process that reads a
 * pipe of ours. When the pipe ends, because all is done or because we were killed, the kernel ends everything in it:
 * processes, networks, files. There is nothing to be left behind.
 */
import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { Host } from './host.ts'

export class Machine implements Host {
  readonly isolated = true
  readonly base = '/run/kafka'
  readonly #children = new Set<ChildProcess>()
  readonly #holder: ChildProcess
  readonly #pid: number
  readonly #userNamespace: boolean
  private constructor(holder: ChildProcess, pid: number, userNamespace: boolean) {
    this.#holder = holder
    this.#pid = pid
    this.#userNamespace = userNamespace
  }

  /** Or why this machine lets nobody do so. */
  static async open(): Promise<Machine | { readonly refused: string }> {
    const isRoot = process.getuid?.() === 0
    const args = holderArguments(isRoot)
    const holder = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'pipe'] })
    const first = await firstWords(holder)
    if (first !== 'ready') {
      holder.kill('SIGKILL')
      return { refused: first }
    }
    const pid = childOf(holder.pid ?? 0)
    if (pid === undefined) {
      holder.kill('SIGKILL')
      return { refused: 'the process in the new namespaces was not found' }
    }
    return new Machine(holder, pid, !isRoot)
  }

  get pid(): number {
    return this.#pid
  }
  /** A path in there, as it is seen from out here. */
  outside(path: string): string {
    return `/proc/${this.#pid}/root${path}`
  }

  command(network: string | undefined, words: readonly string[]): readonly string[] {
    return enter(this.#pid, this.#userNamespace, network, words)
  }
  /** Runs to its end; throws what it says if it fails. */
  run(...words: readonly string[]): string {
    return this.runIn(undefined, ...words)
  }
  runIn(network: string | undefined, ...words: readonly string[]): string {
    const [program = '', ...args] = this.command(network, words)
    const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    if (error !== undefined || status !== 0) throw new Error(`${words.join(' ')}: ${error?.message ?? stderr.trim()}`)
    return stdout
  }
  start(network: string | undefined, words: readonly string[], stdio: StdioOptions): ChildProcess {
    // Who waits for a stopped process has stopped himself: only the kernel can end him when we are killed.
    const [program = '', ...args] = [...MORTAL, ...this.command(network, words)]
    const child = spawn(program, args, { stdio })
    this.#children.add(child)
    child.once('exit', () => this.#children.delete(child))
    return child
  }

  /** The process that a started command has become, behind the one that entered the namespaces for it. */
  processOf(child: ChildProcess): number | undefined {
    return child.pid === undefined ? undefined : childOf(child.pid)
  }
  signal(child: ChildProcess, signal: NodeJS.Signals): boolean {
    const pid = this.processOf(child)
    if (pid === undefined) return false
    try {
      process.kill(pid, signal)
      // Who waits for a stopped process has stopped itself.
      if (signal === 'SIGCONT' && child.pid !== undefined) process.kill(child.pid, signal)
      return true
    } catch {
      return false
    }
  }

  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      if (this.#holder.exitCode !== null || this.#holder.signalCode !== null) resolve()
      else this.#holder.once('exit', () => resolve())
    })
    this.#holder.stdin?.end()
    const hard = setTimeout(() => this.#holder.kill('SIGKILL'), 3_000)
    await ended
    clearTimeout(hard)
    // All in there are gone; who waits for one that was stopped has stopped himself, and does not notice.
    for (const child of this.#children) child.kill('SIGKILL')
  }
}

/** What makes a process end with the one that started it, where the system has it. */
const MORTAL: readonly string[] = spawnSync('setpriv', ['--version']).status === 0 ? ['setpriv', '--pdeathsig', 'KILL'] : []

/** The first process in there: mounts a memory file system that nobody else sees, and reads until we are gone. */
const INIT = 'mount -t tmpfs -o mode=755 partitura /run && mkdir -p /run/netns /run/kafka && ip link set lo up && echo ready && exec cat'

export const holderArguments = (isRoot: boolean): readonly string[] =>
  [...(isRoot ? [] : ['--user', '--map-root-user']), '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', INIT]

export function enter(pid: number, userNamespace: boolean, network: string | undefined, words: readonly string[]): readonly string[] {
  const into = ['nsenter', '--target', String(pid), ...(userNamespace ? ['--user', '--preserve-credentials'] : []), '--mount', '--pid', ...(network === undefined ? ['--net'] : []), '--']
  return network === undefined ? [...into, ...words] : [...into, 'nsenter', `--net=/run/netns/${network}`, '--', ...words]
}

function firstWords(holder: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    holder.stdout?.once('data', (text: Buffer) => resolve(text.toString().trim()))
    holder.stderr?.on('data', (text: Buffer) => (said += text.toString()))
    holder.once('error', ({ message }) => resolve(message))
    holder.once('exit', () => resolve(said.trim() === '' ? 'the process in the new namespaces ended at once' : said.trim()))
  })
}

/** From /proc/PID/stat: the parent is the second word behind the name in parentheses. */
export const parentIn = (stat: string): number => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])

function childOf(parent: number): number | undefined {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      if (parentIn(readFileSync(`/proc/${name}/stat`, 'utf8')) === parent) return Number(name)
    } catch {
      // it has ended meanwhile
    }
  }
  return undefined
}
