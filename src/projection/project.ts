/**
 * World -> what can be seen of it. Pure: a view depends on the world alone, so a view patched step by step equals one made
 * from scratch. The projector remembers the last view only to say what changed.
 */
import type { World } from '../engine/world.ts'
import type { Broker } from '../kafka/broker/state.ts'
import type { ProducerConfig } from '../kafka/client/producer/state.ts'
import { account, forget, newLedgerIndex, type LedgerIndex } from '../kafka/ledger.ts'
import { controllerOf } from '../kafka/look.ts'
import type { MetadataImage } from '../kafka/metadata/image.ts'
import { adminView } from './admins.ts'
import { brokerView, replicaViews } from './brokers.ts'
import type { Hues } from './cells.ts'
import { emptyView, type ClusterView, type LedgerView, type LinkView, type PartitionView, type TableName } from './cluster-view.ts'
import { consumerView } from './consumers.ts'
import { controllerView, leaderSinceOf, partitionViews } from './controllers.ts'
import { groupViews } from './groups.ts'
import { lateViews } from './late-views.ts'
import type { Patch } from './patch.ts'
import { producerView } from './producers.ts'
import { waitingViews } from './waiting.ts'

type Table = Record<string, unknown>
type Tables = Record<TableName, Table>

/** A copy of every table; the records themselves are shared. */
function copyTables(view: ClusterView): Tables {
  const tables: Record<string, Table> = {}
  for (const [name, table] of Object.entries(view)) tables[name] = { ...table }
  return tables as Tables
}

export class Projector {
  /** The last view, for this projector alone: what changes is changed in place. */
  #tables: Tables = copyTables(emptyView)
  readonly #ledger: LedgerIndex = newLedgerIndex()
  /** The keys that are each broker's own. */
  readonly #keys = new Map<string, { readonly replicas: readonly string[]; readonly waiting: readonly string[] }>()
  /** What other machines' views depend on: anything else changes only the view of the machine that was stepped. */
  #common = ''
  /** Made from the partitions, as long as these are the same; undefined = to be made. */
  #standing: Standing | undefined
  readonly #hues: Hues

  constructor(hues: Hues) {
    this.#hues = hues
  }

  /** The whole view of this world. `isAnother`: the run is not the one that was looked at before, from this moment on. */
  start(world: World, isAnother = true): ClusterView {
    this.#tables = copyTables(emptyView)
    this.#keys.clear()
    this.#standing = undefined
    if (isAnother) forget(this.#ledger, world)
    this.#common = commonOf(world)
    this.#differences(world, [...world.nodes.keys()], true)
    return copyTables(this.#tables as unknown as ClusterView) as unknown as ClusterView
  }

  /** Where the scenario stands; undefined = as before. */
  scene(tables: Pick<ClusterView, 'steps' | 'assertions'>): Patch | undefined {
    const difference = new Difference(this.#tables)
    difference.table('steps', tables.steps as Table)
    difference.table('assertions', tables.assertions as Table)
    return difference.patch()
  }

  /** What has changed since these machines were stepped; undefined = nothing to see. */
  project(world: World, nodes: Iterable<string>): Patch | undefined {
    const common = commonOf(world)
    const all = common !== this.#common
    this.#common = common
    return this.#differences(world, all ? world.nodes.keys() : nodes, all)
  }

  #differences(world: World, nodes: Iterable<string>, all: boolean): Patch | undefined {
    const difference = new Difference(this.#tables)
    const committed = controllerOf(world)?.committed
    let brokers = all, books = all
    for (const name of nodes) {
      const kind = world.nodes.get(name)?.kind
      if (kind === undefined) continue
      brokers ||= kind === 'broker'
      books ||= kind === 'producer'
      this.#projectNode(world, name, committed, difference)
    }
    if (committed !== undefined && (all || (brokers && this.#leadersChanged(world, committed, nodes)))) {
      difference.table('partitions', partitionViews(world, committed))
      this.#standing = undefined
    }
    if (all) difference.table('links', linkViews(world))
    if (brokers) difference.table('groups', groupViews(world, groupNames(world)))
    if (brokers || books) difference.record('ledger', 'all', this.#ledgerView(world))
    return difference.patch()
  }

  #projectNode(world: World, name: string, committed: MetadataImage | undefined, difference: Difference): void {
    const node = world.nodes.get(name)!
    switch (node.kind) {
      case 'broker': {
        const { replicas, waiting } = this.#tables as unknown as ClusterView
        difference.record('brokers', name, brokerView(name, node, committed))
        const views = node.state === undefined ? {} : waitingViews(world, name, node.state as Broker, this.#hues, waiting)
        const keys = this.#keys.get(name)
        this.#keys.set(name, {
          replicas: difference.table('replicas', replicaViews(world, name, node, committed, this.#hues, replicas), keys?.replicas ?? []),
          waiting: difference.table('waiting', views, keys?.waiting ?? []),
        })
        return
      }
      case 'controller': return difference.record('controllers', name, controllerView(name, node, world.hosts?.get(name)))
      case 'producer': return difference.record('producers', name, producerView(world, name, node, this.#hues))
      case 'consumer': case 'shareConsumer': return difference.record('consumers', name, consumerView(world, name, node, this.#hues))
      case 'admin': return difference.record('admins', name, adminView(name, node))
      default: {
        const view = lateViews.machines[node.kind]?.(name, node, this.#hues)
        if (view !== undefined) difference.record('toys', name, view)
      }
    }
  }

  /** Since when somebody leads is all that a partition's view takes from a broker; nothing was committed since, so the leaders are the same. */
  #leadersChanged(world: World, committed: MetadataImage, nodes: Iterable<string>): boolean {
    const { leads } = this.#stands()
    for (const node of nodes) {
      for (const { name, leaderSince } of leads.get(node) ?? []) {
        const leader = committed.partitions.get(name)?.leader
        if (leader === undefined || leaderSinceOf(world, name, leader) !== leaderSince) return true
      }
    }
    return false
  }

  #stands(): Standing {
    return (this.#standing ??= standingOf(Object.values((this.#tables as unknown as ClusterView).partitions)))
  }

  #ledgerView(world: World): LedgerView {
    const { produced, acked, lost, unavailable, ackedInvisible, duplicated, outOfOrderKeys } = account(world, this.#ledger)
    const { offlinePartitions, underMinIsr, underReplicated } = this.#stands()
    return { produced, acked, lost: lost.map(({ id, partition, offset }) => ({ id, partition, offset })), unavailable, duplicated, outOfOrderKeys, ackedInvisible, offlinePartitions, underMinIsr, underReplicated }
  }
}

/** Of all partitions: who leads which, and how many are not as they should be. */
interface Standing extends Pick<LedgerView, 'offlinePartitions' | 'underMinIsr' | 'underReplicated'> {
  readonly leads: ReadonlyMap<string, readonly PartitionView[]>
}

function standingOf(partitions: readonly PartitionView[]): Standing {
  let offlinePartitions = 0, underMinIsr = 0, underReplicated = 0
  const leads = new Map<string, PartitionView[]>()
  for (const partition of partitions) {
    const { leader, isr, replicas, minIsr, online } = partition
    if (leader === undefined || !online) offlinePartitions++
    if (isr.length < minIsr) underMinIsr++
    if (isr.length < replicas.length) underReplicated++
    if (leader === undefined) continue
    const own = leads.get(leader)
    if (own === undefined) leads.set(leader, [partition])
    else own.push(partition)
  }
  return { leads, offlinePartitions, underMinIsr, underReplicated }
}

function groupNames(world: World): readonly string[] {
  const names = new Set<string>()
  for (const { kind, config } of world.nodes.values()) {
    const { group } = (kind === 'producer' ? ((config as ProducerConfig).reads ?? {}) : config) as { group?: string }
    if ((kind === 'consumer' || kind === 'shareConsumer' || kind === 'producer') && group !== undefined) names.add(group)
  }
  return [...names]
}

/** Who runs, what is committed, which links are faulty: as one word, to be compared. */
function commonOf(world: World): string {
  let word = `${controllerOf(world)?.committed.endOffset ?? -1}`
  for (const { condition, since } of world.nodes.values()) word += `${condition[0]}${since}`
  for (const [name, { cut, slow, rejects }] of world.links) word += `${name}${cut.join()}${slow}${rejects?.join() ?? ''}`
  return word
}

function linkViews(world: World): Record<string, LinkView> {
  const views: Record<string, LinkView> = {}
  for (const [key, { cut, slow, since, rejects }] of world.links) {
    const [from, to] = key.split('>') as [string, string]
    views[key] = { key, from, to, cut: cut.slice(), slow, since, ...(rejects === undefined ? {} : { rejects: rejects.slice() }) }
  }
  return views
}

/** Collects what differs from the last view, table by table, and makes that the last view. */
class Difference {
  readonly #tables: Tables
  #set: Record<string, Table> | undefined
  #remove: Record<string, string[]> | undefined
  constructor(tables: Tables) {
    this.#tables = tables
  }
  /** `record` is new, and nobody else's yet. */
  record(name: TableName, key: string, record: object): void {
    const table = this.#tables[name]
    if (table[key] === record) return
    if (isAsBefore(table[key] as Table | undefined, record as Table)) return
    table[key] = record
    ;((this.#set ??= {})[name] ??= {})[key] = record
  }
  /** These are all the records of the table, or of that part of it which had these keys before. */
  table(name: TableName, records: Table, before: Iterable<string> = Object.keys(this.#tables[name])): readonly string[] {
    const keys = Object.keys(records)
    for (const key of keys) this.record(name, key, records[key] as object)
    for (const key of before) {
      if (key in records) continue
      delete this.#tables[name][key]
      ;((this.#remove ??= {})[name] ??= []).push(key)
    }
    return keys
  }
  patch(): Patch | undefined {
    if (this.#set === undefined && this.#remove === undefined) return undefined
    return { set: (this.#set ?? {}) as Patch['set'], remove: (this.#remove ?? {}) as Patch['remove'] }
  }
}

/** Equal to what was there before. If not, it shares at least what is equal in the two, so that it need not be sent again. */
function isAsBefore(before: Table | undefined, record: Table): boolean {
  if (before === undefined) return false
  let same = true
  for (const key in record) {
    const was = before[key], is = record[key]
    if (was === is) continue
    if (!sameTree(was, is)) same = false
    else if (typeof is === 'object') record[key] = was
  }
  return same && Object.keys(before).length === Object.keys(record).length
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
  let count = 0
  for (const key in left) {
    if (!sameTree(left[key], right[key])) return false
    count++
  }
  for (const _ in right) count--
  return count === 0
}
