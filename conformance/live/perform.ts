/** The actions of a scenario file, done to a real cluster. */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { coordinatorIndex } from '../../src/kafka/group/coordinator-partition.ts'
import { durationMs } from '../../src/scenario/duration.ts'
import { selectorOf } from '../../src/scenario/selectors.ts'
import type { Action, RecordSpec, Targets } from '../../src/scenario/types.ts'
import { actionText } from '../../src/scenario/action-text.ts'
import { placeText } from './links.ts'
import { brokerId, brokerName } from './live-state.ts'
import { quorumOf } from './quorum.ts'
import type { Stage } from './stage.ts'

/** Undefined: done. Else why it could not be. */
export type Refusal = string | undefined

export class Performer {
  readonly #stage: Stage
  /** What ends by itself. */
  readonly #timers = new Set<NodeJS.Timeout>()
  constructor(stage: Stage) {
    this.#stage = stage
  }
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
  }

  async perform(action: Action): Promise<Refusal> {
    for (const verb of ['start', 'stop', 'crash', 'restart', 'resume'] as const) {
      const targets = action[verb]
      if (targets !== undefined) return this.#onAll(targets, (name) => this.#onNode(verb, name))
    }
    if (action.pause !== undefined) {
      const { target, for: duration } = action.pause
      return this.#onAll(target, (name) => {
        if (duration !== undefined) this.#later(durationMs(duration), () => void this.#onNode('resume', name))
        return this.#onNode('pause', name)
      })
    }
    return this.#onLinks(action) ?? this.#onDisks(action) ?? this.#onClients(action) ?? this.#asAdmin(action) ?? `this harness does not know ${actionText(action)}`
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act()
    }, ms)
    this.#timers.add(timer)
  }

  async #onAll(targets: Targets, act: (name: string) => Refusal | Promise<Refusal>): Promise<Refusal> {
    const names = this.namesOf(targets)
    if (typeof names === 'string') return names
    let refused: Refusal
    for (const name of names) refused = (await act(name)) ?? refused
    return refused
  }

  /** All targets by name, each once; or the selector that finds nobody. */
  namesOf(targets: Targets): readonly string[] | string {
    const found = new Set<string>()
    for (const target of typeof targets === 'string' ? [targets] : targets) {
      const names = this.#resolve(target)
      if (names.length === 0) return `nobody is ${target}`
      for (const name of names) found.add(name)
    }
    return [...found]
  }

  #resolve(target: string): readonly string[] {
    const { seen, spec } = this.#stage
    const selector = selectorOf(target)
    if (selector === undefined) return [target]
    const [first = '', second = ''] = selector.args
    const partition = seen.partitions.get(first)
    const leaderOf = (name: string): readonly string[] => {
      const leader = seen.partitions.get(name)?.leader ?? -1
      return leader < 0 ? [] : [brokerName(leader)]
    }
    switch (selector.name) {
      case 'leader': return leaderOf(first)
      case 'followers': return (partition?.replicas ?? []).filter((id) => id !== partition?.leader).map(brokerName)
      case 'follower': return (partition?.replicas ?? []).filter((id) => id !== partition?.leader).map(brokerName).slice(0, 1)
      case 'controller': {
        const active = quorumOf({ seen, node: (name) => this.#stage.nodeState(name) }).leader
        const all = [...seen.voters.keys()]
        return first === 'active' ? (active === undefined ? [] : [active]) : all.filter((name) => name !== active && this.#stage.nodeState(name)?.state !== 'down').slice(0, 1)
      }
      case 'coordinator': return leaderOf(`__consumer_offsets/${coordinatorIndex(first, this.#partitionsOf('__consumer_offsets'))}`)
      case 'txnCoordinator': return leaderOf(`__transaction_state/${coordinatorIndex(first, this.#partitionsOf('__transaction_state'))}`)
      case 'owner': return (seen.groups.get(first)?.members ?? []).filter(({ assigned }) => assigned.includes(second)).map(({ client }) => client)
      case 'rack': return spec.brokers.filter(({ rack }) => rack === first).map(({ id }) => brokerName(id))
      default: return []
    }
  }
  #partitionsOf(topic: string): number {
    return [...this.#stage.seen.partitions.keys()].filter((name) => name.startsWith(`${topic}/`)).length
  }

  async #onNode(verb: 'start' | 'stop' | 'crash' | 'restart' | 'pause' | 'resume', given: string): Promise<Refusal> {
    const { cluster, tallies, wallMicros } = this.#stage
    if (this.#stage.plans.has(given)) return this.#onClient(verb, given)
    // Of a combined cluster a controller is part of a broker.
    const name = cluster.nodes.has(given) ? given : given.replace('k', 'b')
    const { state } = cluster.node(name)
    const tell = (code: string): void => tallies.fact({ code, node: name }, wallMicros, name)
    switch (verb) {
      case 'start': case 'restart':
        if (state === 'down') this.#start(name)
        else if (verb === 'start') return 'it is running'
        else {
          cluster.terminate(name)
          void cluster.gone(name).then(() => this.#start(name))
        }
        return undefined
      case 'stop': return cluster.terminate(name) ? undefined : `it is ${state}`
      case 'crash':
        if (!cluster.kill(name)) return 'it is down'
        await cluster.gone(name)
        tell('node.crashed')
        return undefined
      case 'pause':
        if (!cluster.freeze(name)) return `it is ${state}`
        tell('node.paused')
        return undefined
      case 'resume':
        if (!cluster.thaw(name)) return `it is ${state}`
        tell('node.resumed')
        return undefined
    }
  }
  #start(name: string): void {
    this.#stage.forget(name)
    this.#stage.cluster.start(name)
  }

  async #onClient(verb: 'start' | 'stop' | 'crash' | 'restart' | 'pause' | 'resume', id: string): Promise<Refusal> {
    const { plans, books, probes, tallies } = this.#stage
    const { machine } = plans.get(id)!
    const book = books.get(id)!
    const probe = probes.get(machine)!
    const at = this.#stage.wallMicros
    switch (verb) {
      case 'restart':
        if (!probe.ended && book.state !== 'stopped') {
          probe.tell({ do: 'stop', client: id })
          await this.#stage.until(() => book.state === 'stopped', 60_000, `${id} to close`)
        }
        await this.#stage.remake(id, undefined)
        probes.get(machine)!.tell({ do: 'start', client: id })
        return undefined
      case 'start':
        if (probe.ended) await this.#stage.remake(id, undefined)
        probes.get(machine)!.tell({ do: 'start', client: id })
        return undefined
      case 'stop':
        probe.tell({ do: 'stop', client: id })
        void this.#stage.until(() => book.state === 'stopped', 120_000, `${id} to close`).then(() => tallies.fact({ code: 'node.stopped', node: id }, this.#stage.wallMicros, id), () => { /* the run is over */ })
        return undefined
      case 'crash':
        if (!probe.signal('SIGKILL')) return 'it is down'
        await probe.gone
        book.processEnded('down', at)
        tallies.fact({ code: 'node.crashed', node: id }, at, id)
        return undefined
      case 'pause':
        if (!probe.signal('SIGSTOP')) return 'it is down'
        this.#frozen.set(id, book.state)
        book.state = 'frozen'
        tallies.fact({ code: 'node.paused', node: id }, at, id)
        return undefined
      case 'resume':
        if (!this.#frozen.has(id)) return 'it is not frozen'
        book.state = this.#frozen.get(id)!
        this.#frozen.delete(id)
        probe.signal('SIGCONT')
        tallies.fact({ code: 'node.resumed', node: id }, at, id)
        return undefined
    }
  }
  readonly #frozen = new Map<string, string>()

  #onLinks(action: Action): Promise<Refusal> | undefined {
    if (action.cut !== undefined) {
      const { from, to, direction = 'both', traffic = 'all', reset = false } = action.cut
      return Promise.resolve(this.#pairs(from, to, (a, b) => {
        this.#stage.network.cut({ from: a, to: b, traffic, reset })
        if (direction === 'both') this.#stage.network.cut({ from: b, to: a, traffic, reset })
        this.#stage.tallies.fact({ code: 'link.cut', from: a, to: b, direction, traffic }, this.#stage.wallMicros)
        return undefined
      }))
    }
    if (action.heal !== undefined) {
      const heal = (a: string, b: string): Refusal => {
        if (!this.#stage.network.heal(a, b)) return 'it is not cut'
        this.#stage.tallies.fact({ code: 'link.healed', from: a, to: b }, this.#stage.wallMicros)
        return undefined
      }
      if (action.heal !== 'all') return Promise.resolve(this.#pairs(action.heal.from, action.heal.to, heal))
      for (const { from, to } of [...this.#stage.network.cuts]) heal(from, to)
      return Promise.resolve(undefined)
    }
    for (const what of ['dropNext', 'delayNext', 'duplicateNext'] as const) {
      const order = action[what]
      if (order === undefined) continue
      return Promise.resolve(this.#pairs(order.from, order.to, (from, to) => {
        const client = this.#stage.plans.has(from) ? from : to
        const broker = client === from ? to : from
        const { api, part, by, times = 1, close = false } = order
        const command = { do: 'tamper', listen: placeText(this.#stage.network.links.standIn(client, broker).listen), how: what.replace('Next', ''), api, part, times, close, byMs: by === undefined ? 0 : durationMs(by) }
        this.#stage.probes.get(client)!.tell(command)
        return undefined
      }))
    }
    return undefined
  }
  #pairs(from: Targets, to: Targets, act: (a: string, b: string) => Refusal): Refusal {
    const a = this.namesOf(from), b = this.namesOf(to)
    if (typeof a === 'string') return a
    if (typeof b === 'string') return b
    const done = new Set<string>()
    let refused: Refusal
    for (const one of a.map((name) => this.#machineOf(name))) for (const other of b.map((name) => this.#machineOf(name))) {
      if (one === other || done.has(`${other} ${one}`)) continue
      done.add(`${one} ${other}`)
      refused = act(one, other) ?? refused
    }
    return refused
  }
  #machineOf(name: string): string {
    return this.#stage.plans.get(name)?.machine ?? (this.#stage.cluster.nodes.has(name) ? name : name.replace('k', 'b'))
  }

  #onDisks(action: Action): Promise<Refusal> | undefined {
    for (const what of ['failDisk', 'fillDisk', 'freeDisk'] as const) {
      const order = action[what]
      if (order === undefined) continue
      return this.#onAll(order.target, (name) => {
        const dir = this.#stage.configOf(name).logDirs[order.dir ?? 0]
        if (dir === undefined) return 'it has no such disk'
        if (what === 'failDisk') this.#stage.disks.fail(dir)
        else if (what === 'fillDisk') this.#stage.disks.fill(dir)
        else this.#stage.disks.free(dir)
        return undefined
      })
    }
    if (action.damage === undefined) return undefined
    const { target, partition, cutBytes, flipAt } = action.damage
    return this.#onAll(target, async (name) => {
      if (this.#stage.cluster.node(name).state !== 'down') return 'it is running'
      await this.#stage.fresh()
      const replica = this.#stage.seen.replicas.get(`${partition}@${brokerId(name)}`)
      if (replica === undefined) return 'it has no such replica'
      const spoil = spoiling(replica, cutBytes, flipAt)
      if (spoil === undefined) return 'there is no such batch'
      const file = openSync(this.#stage.host.outside(`${replica.path}/${String(spoil.segment).padStart(20, '0')}.log`), 'r+')
      if (spoil.flip === undefined) ftruncateSync(file, Math.max(0, fstatSync(file).size - spoil.cut))
      else flip(file, spoil.flip)
      closeSync(file)
      return undefined
    })
  }

  #onClients(action: Action): Promise<Refusal> | undefined {
    const call = (client: string, name: string, more: object = {}): Refusal => {
      const plan = this.#stage.plans.get(client)
      if (plan === undefined || this.#stage.probes.get(plan.machine)!.ended) return 'it is not running'
      this.#stage.probes.get(plan.machine)!.tell({ do: 'call', client, call: name, ...more })
      return undefined
    }
    if (action.produce !== undefined) {
      const { by, topic, records, count = 0, each = {} } = action.produce
      const listed = records ?? Array.from({ length: count }, () => each)
      return Promise.resolve(call(by, 'send', { topic, records: listed.map(recordOf) }))
    }
    if (action.flush !== undefined) return this.#onAll(action.flush, (client) => call(client, 'flush'))
    for (const [verb, api] of [['begin', 'beginTransaction'], ['commitTxn', 'commitTransaction'], ['abortTxn', 'abortTransaction']] as const) {
      const targets = action[verb]
      if (targets !== undefined) return this.#onAll(targets, (client) => call(client, api))
    }
    if (action.poll !== undefined) return this.#onAll(action.poll, (client) => call(client, 'poll'))
    if (action.seek !== undefined) {
      const { by, ...how } = action.seek
      return this.#onAll(by, (client) => call(client, 'seek', how))
    }
    if (action.commit !== undefined) return this.#onAll(action.commit.by, (client) => call(client, 'commit', { offsets: action.commit?.offsets, async: action.commit?.async }))
    for (const [verb, name] of [['pausePartitions', 'pause'], ['resumePartitions', 'resume']] as const) {
      const order = action[verb]
      if (order !== undefined) return this.#onAll(order.by, (client) => call(client, name, { partitions: order.partitions }))
    }
    if (action.acknowledge !== undefined) {
      const { by, ...how } = action.acknowledge
      return this.#onAll(by, (client) => call(client, 'acknowledge', how))
    }
    if (action.config?.client !== undefined) return this.#configure(action.config.client, action.config)
    return undefined
  }
  /** Java's configs are read once: to change one, the program closes its client and makes another. */
  async #configure(client: string, { set = {}, unset = [] }: NonNullable<Action['config']>): Promise<Refusal> {
    const plan = this.#stage.plans.get(client)!
    const config = Object.fromEntries(Object.entries({ ...plan.spec.config, ...Object.fromEntries(Object.entries(set).map(([key, value]) => [key, String(value)])) }).filter(([key]) => !unset.includes(key)))
    const book = this.#stage.books.get(client)!
    const was = book.state
    if (was !== 'stopped') {
      this.#stage.probes.get(plan.machine)!.tell({ do: 'stop', client })
      await this.#stage.until(() => book.state === 'stopped', 60_000, `${client} to close`)
    }
    await this.#stage.remake(client, config)
    for (const [key, value] of Object.entries(set)) this.#stage.tallies.fact({ code: 'config.changed', kind: 'client', name: client, key, value: String(value) }, this.#stage.wallMicros)
    if (was !== 'stopped') this.#stage.probes.get(plan.machine)!.tell({ do: 'start', client })
    return undefined
  }

  #asAdmin(action: Action): Promise<Refusal> | undefined {
    if (action.rawProduce !== undefined) {
      const { to, records, acks = 'all', ...how } = action.rawProduce
      return this.#onAll(to, (name) => {
        const request = { ...how, type: 'raw', address: this.#stage.brokerAddress(name), acks: acks === 'all' ? -1 : acks, records: records.map(recordOf) }
        this.#stage.ask(request, action.as)
        return undefined
      })
    }
    const request = adminRequest(action)
    if (request === undefined) return undefined
    if (action.createTopic !== undefined) this.#stage.admin.tell({ do: 'watch', topic: action.createTopic.name })
    this.#stage.ask(request, action.as)
    return Promise.resolve(undefined)
  }
}

export function recordOf({ key, value, partition, bytes, timestamp, headers }: RecordSpec): object {
  const at = timestamp === undefined ? undefined : typeof timestamp === 'number' ? timestamp : Math.round(Date.now() + (timestamp.startsWith('-') ? -1 : 1) * durationMs(timestamp.slice(1)))
  return { ...(key === undefined ? {} : { key }), ...(value === undefined ? {} : { value }), ...(partition === undefined ? {} : { partition }), ...(bytes === undefined ? {} : { bytes }), ...(at === undefined ? {} : { timestamp: at }), ...(headers === undefined ? {} : { headers }) }
}

/** An action that an admin client carries out, as the probe is told it. */
export function adminRequest(action: Action): AdminRequest | undefined {
  const { createTopic, deleteTopic, addPartitions, electLeader, reassign, deleteRecords, abortTransaction } = action
  const lists = (replicas: Readonly<Record<string, readonly string[]>> | undefined): readonly (readonly number[])[] | undefined =>
    (replicas === undefined ? undefined : Object.keys(replicas).toSorted((a, b) => Number(a) - Number(b)).map((index) => replicas[index]!.map(brokerId)))
  if (createTopic !== undefined) {
    const { name, partitions, replicationFactor, replicas } = createTopic
    return { type: 'createTopic', topic: name, partitions, replicationFactor, replicas: lists(replicas), config: strings(createTopic.config) }
  }
  if (deleteTopic !== undefined) return { type: 'deleteTopic', topic: deleteTopic }
  if (addPartitions !== undefined) return { type: 'addPartitions', topic: addPartitions.topic, to: addPartitions.to, replicas: lists(addPartitions.replicas) }
  if (electLeader !== undefined) return { type: 'electLeader', partition: electLeader.partition, election: electLeader.type }
  if (reassign !== undefined) {
    const throttle = reassign.throttle === undefined ? undefined : bytesPerSecond(reassign.throttle)
    return { type: 'reassign', partition: reassign.partition, to: reassign.to?.map(brokerId), cancel: reassign.cancel === true, verify: reassign.verify === true, throttle }
  }
  if (deleteRecords !== undefined) return { type: 'deleteRecords', partition: deleteRecords.partition, before: deleteRecords.before === 'hw' ? -1 : deleteRecords.before }
  if (abortTransaction !== undefined) return { type: 'abortTransaction', ...abortTransaction }
  return groupRequest(action) ?? configRequest(action)
}

interface AdminRequest { readonly type: string; readonly [key: string]: unknown }
const strings = (of: object = {}): Record<string, string> => Object.fromEntries(Object.entries(of).map(([key, value]) => [key, String(value)]))

/** What is asked of the coordinator of a group. */
function groupRequest({ resetOffsets, deleteGroup, deleteOffsets, resetShareOffsets, deleteShareOffsets }: Action): AdminRequest | undefined {
  if (deleteGroup !== undefined) return { type: 'deleteGroup', group: deleteGroup }
  if (deleteOffsets !== undefined) return { type: 'deleteOffsets', ...deleteOffsets }
  if (resetShareOffsets !== undefined) return { type: 'resetShareOffsets', ...resetShareOffsets }
  if (deleteShareOffsets !== undefined) return { type: 'deleteShareOffsets', ...deleteShareOffsets }
  if (resetOffsets === undefined) return undefined
  const { group, topic, to, offsets } = resetOffsets
  if (offsets !== undefined) return { type: 'commitOffsets', group, offsets }
  if (typeof to === 'number') return { type: 'resetOffsets', group, topic, to, byOffset: true }
  return { type: 'resetOffsets', group, topic, to: to === 'earliest' || to === 'latest' ? to : Date.now() - durationMs(to ?? '0s') }
}

function configRequest({ config }: Action): AdminRequest | undefined {
  if (config === undefined || config.client !== undefined) return undefined
  const { topic, broker, group } = config
  const [kind, name] = topic !== undefined ? ['TOPIC', topic] : group !== undefined ? ['GROUP', group] : ['BROKER', broker === undefined ? '' : String(brokerId(broker))]
  return { type: 'config', kind, name, set: strings(config.set), unset: config.unset ?? [] }
}

/** `1MB/s`, by powers of 1024. */
function bytesPerSecond(rate: string): number {
  const [, amount = '', unit = ''] = /^([0-9.]+)(B|kB|MB)/.exec(rate) ?? []
  return Math.round(Number(amount) * (unit === 'MB' ? 1_048_576 : unit === 'kB' ? 1024 : 1))
}

/** Which file of a replica is spoiled, and where. */
export function spoiling(
  { bases, batches }: { readonly bases: readonly number[]; readonly batches: readonly { readonly base: number; readonly last: number; readonly position: number; readonly bytes: number }[] },
  cutBytes: number | undefined, flipAt: number | undefined,
): { readonly segment: number; readonly cut: number; readonly flip: number | undefined } | undefined {
  if (cutBytes !== undefined) return { segment: bases.at(-1) ?? 0, cut: cutBytes, flip: undefined }
  const batch = batches.find(({ base, last }) => base <= (flipAt ?? -1) && (flipAt ?? -1) <= last)
  if (batch === undefined) return undefined
  return { segment: bases.findLast((base) => base <= batch.base) ?? 0, cut: 0, flip: batch.position + batch.bytes - 1 }
}
function flip(file: number, at: number): void {
  const byte = Buffer.alloc(1)
  readSync(file, byte, 0, 1, at)
  byte[0]! ^= 0xff
  writeSync(file, byte, 0, 1, at)
}
