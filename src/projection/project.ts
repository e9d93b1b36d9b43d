/**
 * World -> what can be seen of it. Pure: a view depends on the world alone, so a view patched step by step equals one made
 * from scratch. The projector remembers the last view only to say what changed.
 */
import type { World } from '../engine/world.ts'
import type { Broker } from '../kafka/broker/state.ts'
import { account, newLedgerIndex, type LedgerIndex } from '../kafka/ledger.ts'
import { controllerOf } from '../kafka/look.ts'
import { brokerView, replicaViews } from './brokers.ts'
import type { Hues } from './cells.ts'
import { emptyView, type ClusterView, type LedgerView, type LinkView, type PartitionView, type TableName } from './cluster-view.ts'
import { consumerView } from './consumers.ts'
import { controllerView, partitionViews } from './controllers.ts'
import { groupViews } from './groups.ts'
import { applyPatch, type Patch } from './patch.ts'
import { producerView } from './producers.ts'
import { waitingViews } from './waiting.ts'

type Table = Record<string, unknown>

export class Projector {
  #view: ClusterView = emptyView
  #ledger: LedgerIndex = newLedgerIndex()
  /** What other machines' views depend on: anything else changes only the view of the machine that was stepped. */
  #common = ''
  #partitions: Readonly<Record<string, PartitionView>> = {}
  readonly #hues: Hues

  constructor(hues: Hues) {
    this.#hues = hues
  }

  /** The whole view of this world. */
  start(world: World): ClusterView {
    this.#view = emptyView
    this.#ledger = newLedgerIndex()
    this.#common = commonOf(world)
    const patch = this.#differences(world, [...world.nodes.keys()], true)
    if (patch !== undefined) this.#view = applyPatch(this.#view, patch)
    return this.#view
  }

  /** Where the scenario stands; undefined = as before. */
  scene(tables: Pick<ClusterView, 'steps' | 'assertions'>): Patch | undefined {
    const difference = new Difference(this.#view)
    difference.table('steps', tables.steps as Table, '')
    difference.table('assertions', tables.assertions as Table, '')
    const patch = difference.patch()
    if (patch !== undefined) this.#view = applyPatch(this.#view, patch)
    return patch
  }

  /** What this step, of this machine, has changed; undefined = nothing to see. */
  project(world: World, node: string): Patch | undefined {
    const common = commonOf(world)
    const all = common !== this.#common
    this.#common = common
    const patch = this.#differences(world, all ? [...world.nodes.keys()] : world.nodes.has(node) ? [node] : [], all)
    if (patch !== undefined) this.#view = applyPatch(this.#view, patch)
    return patch
  }

  /** `all`: something has changed that views of several machines depend on. */
  #differences(world: World, nodes: readonly string[], all: boolean): Patch | undefined {
    const difference = new Difference(this.#view)
    for (const name of nodes) this.#projectNode(world, name, difference)
    if (all) {
      const committed = controllerOf(world)?.committed
      this.#partitions = committed === undefined ? {} : partitionViews(world, committed)
      difference.table('partitions', this.#partitions, '')
      difference.table('links', linkViews(world), '')
    }
    const kind = all ? 'broker' : world.nodes.get(nodes[0] ?? '')?.kind
    if (kind === 'broker') difference.table('groups', groupViews(world, groupNames(world)), '')
    if (kind === 'broker' || kind === 'producer') difference.table('ledger', { all: this.#ledgerView(world) }, '')
    return difference.patch()
  }

  #projectNode(world: World, name: string, difference: Difference): void {
    const node = world.nodes.get(name)!
    const committed = controllerOf(world)?.committed
    switch (node.kind) {
      case 'broker':
        difference.table('brokers', { [name]: brokerView(name, node, committed) }, name)
        difference.table('replicas', replicaViews(world, name, node, committed, this.#hues, this.#view.replicas), `@${name}`)
        difference.table('waiting', node.state === undefined ? {} : waitingViews(world, name, node.state as Broker, this.#hues), `${name}/`)
        return
      case 'controller': return difference.table('controllers', { [name]: controllerView(name, node) }, name)
      case 'producer': return difference.table('producers', { [name]: producerView(world, name, node, this.#hues) }, name)
      case 'consumer': return difference.table('consumers', { [name]: consumerView(world, name, node, this.#hues) }, name)
    }
  }

  #ledgerView(world: World): LedgerView {
    const { produced, acked, lost, unavailable, ackedInvisible, duplicated } = account(world, this.#ledger)
    let offlinePartitions = 0, underMinIsr = 0, underReplicated = 0
    for (const { leader, isr, replicas, minIsr, online } of Object.values(this.#partitions)) {
      if (leader === undefined || !online) offlinePartitions++
      if (isr.length < minIsr) underMinIsr++
      if (isr.length < replicas.length) underReplicated++
    }
    return { produced, acked, lost: lost.map(({ id, partition, offset }) => ({ id, partition, offset })), unavailable, duplicated, ackedInvisible, offlinePartitions, underMinIsr, underReplicated }
  }
}

function groupNames(world: World): readonly string[] {
  const names = new Set<string>()
  for (const { kind, config } of world.nodes.values()) {
    const { group } = config as { group?: string }
    if (kind === 'consumer' && group !== undefined) names.add(group)
  }
  return [...names]
}

/** Who runs, what is committed and how far it is known, which links are faulty: as one word, to be compared. */
function commonOf(world: World): string {
  let word = `${controllerOf(world)?.committed.endOffset ?? -1}`
  for (const { condition, since, kind, state } of world.nodes.values()) {
    word += `${condition[0]}${since}`
    // A broker that has applied more of the metadata log may lead since now.
    if (kind === 'broker' && state !== undefined) word += `:${(state as Broker).metadata.endOffset}`
  }
  for (const [name, { cut, slow }] of world.links) word += `${name}${cut.join()}${slow}`
  return word
}

function linkViews(world: World): Record<string, LinkView> {
  const views: Record<string, LinkView> = {}
  for (const [key, { cut, slow, since }] of world.links) {
    const [from, to] = key.split('>') as [string, string]
    views[key] = { key, from, to, cut: cut.slice(), slow, since }
  }
  return views
}

/** Collects what differs from the last view, table by table. */
class Difference {
  readonly #view: ClusterView
  readonly #set: Record<string, Table> = {}
  readonly #remove: Record<string, string[]> = {}
  constructor(view: ClusterView) {
    this.#view = view
  }
  /** These are all the records of the table whose keys begin or end with `of` (an `@` at the front means: end). */
  table(name: TableName, records: Table, of: string): void {
    const before = this.#view[name] as Table
    for (const key in records) if (!sameTree(before[key], records[key])) (this.#set[name] ??= {})[key] = records[key]
    for (const key in before) {
      if (key in records || !(of.startsWith('@') ? key.endsWith(of) : of.endsWith('/') ? key.startsWith(of) : of === '' || key === of)) continue
      ;(this.#remove[name] ??= []).push(key)
    }
  }
  patch(): Patch | undefined {
    if (Object.keys(this.#set).length === 0 && Object.keys(this.#remove).length === 0) return undefined
    return { set: this.#set as Patch['set'], remove: this.#remove as Patch['remove'] }
  }
}

/** Equal as plain data. What is the same object is equal at once, so shared cells cost nothing. */
export function sameTree(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a !== a && b !== b
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i++) if (!sameTree(a[i], b[i])) return false
    return true
  }
  const left = a as Table, right = b as Table
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  for (const key of keys) if (!sameTree(left[key], right[key])) return false
  return true
}
