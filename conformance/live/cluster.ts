/** The nodes of a live cluster: each a JVM of its own, formatted, started, killed, stopped, frozen and started again. */
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ClusterSpec } from '../../src/kafka/cluster.ts'
import type { Host } from './host.ts'
import type { Jars } from './jars.ts'
import { featuresText, propertiesText, type NodeConfig } from './node-config.ts'

export type NodeEnd = 'stopped' | 'crashed' | 'halted'
export interface NodeWatch {
  /** A line of a node's own log. */
  said(node: string, line: string): void
  ended(node: string, how: NodeEnd, code: number | null): void
}

const CLUSTER_ID = 'PartituraConformanceAA'
const HEAP = { broker: '256m', controller: '192m' } as const

export class LiveNode {
  readonly config: NodeConfig
  child: ChildProcess | undefined
  state: 'down' | 'starting' | 'running' | 'frozen' | 'stopping' = 'down'
  starts = 0
  /** We have killed it, or asked it to stop. */
  told: 'kill' | 'stop' | undefined
  readonly log: string[] = []
  constructor(config: NodeConfig) {
    this.config = config
  }
}

export class Cluster {
  readonly nodes: ReadonlyMap<string, LiveNode>
  readonly #host: Host
  readonly #jars: Jars
  readonly #optionsOf: (name: string) => readonly string[]
  readonly #watch: NodeWatch
  /** `optionsOf`: what the JVM of a node has to be told besides. */
  constructor(host: Host, jars: Jars, configs: readonly NodeConfig[], optionsOf: (name: string) => readonly string[], watch: NodeWatch) {
    this.#host = host
    this.#jars = jars
    this.#optionsOf = optionsOf
    this.#watch = watch
    this.nodes = new Map(configs.map((config) => [config.name, new LiveNode(config)]))
  }

  node(name: string): LiveNode {
    const node = this.nodes.get(name)
    if (node === undefined) throw new Error(`no node ${name}`)
    return node
  }
  fileOf(name: string): string {
    return join(this.#host.base, name, 'node.properties')
  }

  /** All nodes formatted by one process: each start of a JVM takes a second. */
  format({ features }: ClusterSpec): void {
    for (const { name, properties, logDirs, metadataDir } of this.#configs()) {
      for (const dir of [...logDirs, metadataDir]) mkdirSync(this.#host.outside(dir), { recursive: true })
      const file = this.#host.outside(this.fileOf(name))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, propertiesText(properties))
    }
    const files = this.#configs().map(({ name }) => this.fileOf(name))
    const [first] = this.nodes.keys()
    this.#host.run(this.#jars.java, '-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dpartitura.level=WARN', ...this.#optionsOf(first!), '-cp', this.#jars.classPath,
      'partitura.probe.Probe', 'format', CLUSTER_ID, featuresText(features), ...files)
  }
  #configs(): readonly NodeConfig[] {
    return [...this.nodes.values()].map(({ config }) => config)
  }

  start(name: string): void {
    const node = this.node(name)
    const heap = HEAP[node.config.roles[0]!]
    const words = [this.#jars.java, '-Xms64m', `-Xmx${heap}`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', ...this.#optionsOf(name), '-cp', this.#jars.classPath, 'kafka.Kafka', this.fileOf(name)]
    const child = this.#host.start(name, words, ['ignore', 'pipe', 'pipe'])
    node.child = child
    node.state = 'starting'
    node.told = undefined
    node.starts++
    for (const stream of [child.stdout!, child.stderr!]) createInterface({ input: stream }).on('line', (line) => this.#line(node, line))
    child.once('exit', (code) => {
      if (node.child !== child) return
      node.child = undefined
      node.state = 'down'
      this.#watch.ended(name, node.told === 'kill' ? 'crashed' : node.told === 'stop' ? 'stopped' : 'halted', code)
    })
  }
  #line(node: LiveNode, line: string): void {
    node.log.push(line)
    if (node.log.length > 4_000) node.log.shift()
    if (node.state === 'starting' && line.includes('Kafka Server started')) node.state = 'running'
    this.#watch.said(node.config.name, line)
  }

  /** Until all of them say that they have started; who ends instead is named with its last words. */
  async started(names: readonly string[], withinMs: number): Promise<void> {
    const end = Date.now() + withinMs
    for (;;) {
      const waiting = names.filter((name) => this.node(name).state === 'starting')
      const dead = names.find((name) => this.node(name).state === 'down')
      if (dead !== undefined) throw new Error(`${dead} has ended instead of starting:\n${this.node(dead).log.slice(-15).join('\n')}`)
      if (waiting.length === 0) return
      if (Date.now() > end) throw new Error(`${waiting.join(', ')} did not start within ${withinMs / 1_000} s:\n${this.node(waiting[0]!).log.slice(-15).join('\n')}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  kill(name: string): boolean {
    const node = this.node(name)
    if (node.child === undefined) return false
    node.told = 'kill'
    return this.#host.signal(node.child, 'SIGKILL')
  }
  terminate(name: string): boolean {
    const node = this.node(name)
    if (node.child === undefined || node.state === 'frozen' || node.state === 'stopping') return false
    node.told = 'stop'
    node.state = 'stopping'
    return this.#host.signal(node.child, 'SIGTERM')
  }
  freeze(name: string): boolean {
    const node = this.node(name)
    if (node.child === undefined || node.state === 'frozen') return false
    node.state = 'frozen'
    return this.#host.signal(node.child, 'SIGSTOP')
  }
  thaw(name: string): boolean {
    const node = this.node(name)
    if (node.child === undefined || node.state !== 'frozen') return false
    node.state = 'running'
    return this.#host.signal(node.child, 'SIGCONT')
  }
  gone(name: string): Promise<void> {
    const { child } = this.node(name)
    return child === undefined ? Promise.resolve() : new Promise((resolve) => child.once('exit', () => resolve()))
  }
}
