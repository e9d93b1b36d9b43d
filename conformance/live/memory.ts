/** How much memory a live run takes: of all processes of the harness, each page shared by several counted once, and of the files that lie in memory. */
import { readdirSync, readFileSync, statfsSync } from 'node:fs'
import { parentIn } from './machine.ts'

const EVERY_MS = 1_000

/** In bytes. */
export interface Memory { readonly processes: number; readonly files: number; readonly count: number }

export class MemoryWatch {
  #peak: Memory = { processes: 0, files: 0, count: 0 }
  readonly #files: string | undefined
  readonly #timer: NodeJS.Timeout
  /** `files`: a directory on the file system that lies in memory, if there is one. */
  constructor(files: string | undefined) {
    this.#files = files
    this.#timer = setInterval(() => this.#look(), EVERY_MS).unref()
  }
  #look(): void {
    // With the program that has started this one: it waits for its end.
    const pids = [process.ppid, ...treeOf(process.pid, parents())]
    const now = { processes: pids.reduce((sum, pid) => sum + pssIn(contentOf(`/proc/${pid}/smaps_rollup`)), 0), files: this.#files === undefined ? 0 : usedOf(this.#files), count: pids.length }
    if (now.processes + now.files > this.#peak.processes + this.#peak.files) this.#peak = now
  }
  /** The most that was taken at one time. */
  end(): Memory {
    clearInterval(this.#timer)
    return this.#peak
  }
}

const MIB = 1_048_576
export const memoryText = ({ processes, files, count }: Memory): string =>
  `memory: ${Math.round((processes + files) / MIB)} MiB at most: ${count} processes ${Math.round(processes / MIB)}, files ${Math.round(files / MIB)}`

/** The proportional set size of a process. */
export const pssIn = (rollup: string): number => Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024

/** A process and all that it has started, and these have. */
export function treeOf(root: number, parentOf: ReadonlyMap<number, number>): readonly number[] {
  const found = new Set([root])
  for (let size = 0; size < found.size;) {
    size = found.size
    for (const [pid, parent] of parentOf) if (found.has(parent)) found.add(pid)
  }
  return [...found]
}
function parents(): ReadonlyMap<number, number> {
  return new Map(readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => [Number(name), parentIn(contentOf(`/proc/${name}/stat`))]))
}
/** Nothing of a process that has ended meanwhile. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
function usedOf(directory: string): number {
  const { blocks, bfree, bsize } = statfsSync(directory)
  return (blocks - bfree) * bsize
}
