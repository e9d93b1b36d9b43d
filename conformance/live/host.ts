/** Where processes of a live cluster run: in namespaces of their own, or, where a machine forbids those, beside everything else. */
import type { ChildProcess, StdioOptions } from 'node:child_process'

export interface Host {
  /** Machines of the scenario have a network each, and what is mounted nobody else sees. */
  readonly isolated: boolean
  run(...words: readonly string[]): string
  runIn(network: string | undefined, ...words: readonly string[]): string
  start(network: string | undefined, words: readonly string[], stdio: StdioOptions): ChildProcess
  /** The process that a started command has become. */
  processOf(child: ChildProcess): number | undefined
  signal(child: ChildProcess, signal: NodeJS.Signals): boolean
  /** A path in there, as it is seen from out here. */
  outside(path: string): string
  /** Where the nodes keep their files, as they see it. */
  readonly base: string
  close(): Promise<void>
}
