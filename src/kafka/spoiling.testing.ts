/** For tests that spoil a cluster by hand: a monitor that has watched it from its start, and what it finds. */
import { append } from '../base/chunks.ts'
import { SECOND } from '../base/units.ts'
import type { Tagged } from '../engine/process.ts'
import type { Broker } from './broker/state.ts'
import { logEndOffset, type Controller } from './controller/state.ts'
import { Monitor } from './invariants.ts'
import type { InvariantId } from './invariants-names.ts'
import { replay } from './metadata/image.ts'
import type { MetadataRecord } from './metadata/records.ts'
import type { Fact } from './notes.ts'
import { TestCluster, type TestOptions } from './testing.ts'

export class Spoiled {
  readonly cluster: TestCluster
  readonly #found: InvariantId[] = []
  readonly #monitor = new Monitor(({ id }) => void this.#found.push(id))

  /** Nothing may be found before something is spoiled. */
  constructor(options: TestOptions, prepare: (cluster: TestCluster) => TestCluster) {
    let told = 0, sent = 0
    const made: { cluster?: TestCluster } = {}
    this.cluster = new TestCluster({
      ...options,
      stepped: (world, node) => {
        const { cluster } = made
        if (cluster === undefined) return
        for (; told < cluster.told.length; told++) this.#monitor.noted(cluster.told[told]!.node, cluster.told[told]!.fact)
        for (; sent < cluster.sent.length; sent++) this.#monitor.sent(cluster.sent[sent]!.on, cluster.sent[sent]!.from, cluster.sent[sent]!.to, cluster.sent[sent]!.message)
        this.#monitor.stepped(world, node)
      },
    })
    made.cluster = this.cluster
    prepare(this.cluster)
    const found = this.look()
    if (found.length > 0) throw new Error(`${found.join()} before anything was spoiled`)
  }

  /** What is found now; as often as it takes for what is looked at in turn. */
  look(times = 8): readonly InvariantId[] {
    for (let i = 0; i < times; i++) this.#monitor.look(this.cluster.sim.world)
    return this.#found.splice(0)
  }
  /** In a step of `node` this fact is told. */
  tell(node: string, fact: Fact): readonly InvariantId[] {
    this.#monitor.noted(node, fact)
    return this.#step(node)
  }
  send(from: string, to: string, message: unknown, on = `${from}>${to}`): readonly InvariantId[] {
    this.#monitor.sent(on, from, to, message as Tagged)
    return this.#step(from)
  }
  /** So many seconds go by in which nothing happens. */
  wait(seconds: number): readonly InvariantId[] {
    this.look()
    this.cluster.sim.world.now += seconds * SECOND
    // Of what is late one is found at a time.
    return this.look(40)
  }
  #step(node: string): readonly InvariantId[] {
    const { world } = this.cluster.sim
    this.#monitor.stepped(world, node)
    return this.#found.splice(0)
  }
  step = (node: string): readonly InvariantId[] => this.#step(node)

  controllers(): Controller[] {
    return [...this.cluster.sim.world.nodes.values()].flatMap(({ kind, state }) => (kind === 'controller' && state !== undefined ? [state as Controller] : []))
  }
  /** All controllers have committed this, and all brokers know it. */
  commit(record: MetadataRecord, epoch = this.controllers()[0]!.epoch): void {
    for (const controller of this.controllers()) {
      const entry = Object.freeze({ offset: logEndOffset(controller), epoch, record })
      append(controller.log, entry)
      controller.highWatermark = entry.offset + 1
      replay(controller.committed, entry)
      if (controller.image !== controller.committed) replay(controller.image, entry)
    }
    for (const { kind, state } of this.cluster.sim.world.nodes.values()) {
      if (kind !== 'broker' || state === undefined) continue
      const { metadata } = state as Broker
      replay(metadata, { offset: metadata.endOffset, record })
    }
  }
}
