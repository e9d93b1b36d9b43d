/** Everything of a live run that runs: namespaces, network, nodes, probes; set up for one scenario, taken down whatever happens. */
import '../../src/scenario/whole.ts'
import { nodeName } from '../../src/kafka/broker/state.ts'
import type { ClusterSpec } from '../../src/kafka/cluster.ts'
import type { ControllerSpec } from '../../src/kafka/controller/state.ts'
import { RUN_BEGAN_MS } from '../../src/kafka/log/record.ts'
import { controllerOf } from '../../src/kafka/look.ts'
import { compile } from '../../src/scenario/compile.ts'
import type { FileData } from '../../src/scenario/format.ts'
import { namesOf } from '../../src/scenario/names.ts'
import { newRun } from '../../src/scenario/play.ts'
import { programOf, type Program } from '../../src/scenario/program.ts'
import type { Scenario } from '../../src/scenario/types.ts'
import { Book } from './books.ts'
import { ADMIN, clientPlans, SHARED, type ClientPlan } from './clients.ts'
import { Cluster } from './cluster.ts'
import { Disks } from './disks.ts'
import type { Host } from './host.ts'
import type { Jars } from './jars.ts'
import { actionsOf } from './clients.ts'
import { addressesOf, BROKER_PORT, placeText, type Links } from './links.ts'
import { linksOf, Network } from './network.ts'
import { nodeConfigs, type NodeConfig } from './node-config.ts'
import { quorumOf, voterName, type Voters } from './quorum.ts'
import { Probe, troubleIn, word, type Told } from './probe.ts'
import type { NodeState } from './live-state.ts'
import { Seen } from './seen.ts'
import { Tallies } from './tallies.ts'

const NODES_START_WITHIN = 180_000
const HEAD_START = 1_500
const MOST_ELECTIONS = 12
const nowMicros = (): number => Math.round((performance.timeOrigin + performance.now()) * 1_000)

export class Stage {
  readonly scenario: Scenario
  readonly program: Program
  readonly spec: ClusterSpec
  readonly host: Host
  readonly network: Network
  readonly cluster: Cluster
  readonly disks: Disks
  readonly plans: ReadonlyMap<string, ClientPlan>
  readonly seen = new Seen()
  readonly books = new Map<string, Book>()
  readonly tallies: Tallies
  readonly probes = new Map<string, Probe>()
  readonly #jars: Jars
  readonly #failedDirs = new Map<string, Set<number>>()
  readonly #recoveries = new Map<string, number>()
  readonly #configs: readonly NodeConfig[]
  /** Wall clock at 00:00, in microseconds since 1970; 0 before. */
  zero = 0

  constructor(scenario: Scenario, host: Host, jars: Jars) {
    this.scenario = scenario
    this.host = host
    this.#jars = jars
    this.program = programOf(scenario)
    this.spec = compile(scenario)
    const brokers = this.spec.brokers.map(({ id }) => nodeName(id))
    const controllers = this.spec.combined === true ? [] : Array.from({ length: this.spec.controllers }, (_, i) => `k${i + 1}`)
    const alone = [...new Set(clientPlans(this.spec, scenario, () => '').map(({ machine }) => machine))]
    const addresses = addressesOf(brokers, controllers, [ADMIN, SHARED, ...alone.filter((name) => name !== SHARED)], host.isolated)
    this.network = new Network(linksOf(host, addresses, [...brokers, ...controllers]), addresses)
    this.plans = new Map(clientPlans(this.spec, scenario, (name) => this.#brokerAddress(name)).map((plan) => [plan.id, plan]))
    for (const { id, acks } of this.plans.values()) this.books.set(id, new Book(id, acks))
    this.tallies = new Tallies(this.program, (client) => groupOfClient(scenario, client))
    this.#configs = nodeConfigs(this.spec, { base: host.base, isolated: host.isolated, addressOf: (name) => this.network.addressOf(name), hostOf: (name) => this.#links.hostOf(name) })
    this.disks = new Disks(host)
    this.cluster = new Cluster(host, jars, this.#configs, (name) => this.#links.optionsOf(name), {
      said: (node, line) => this.#said(node, line),
      ended: (node, how) => {
        if (how !== 'crashed') this.tallies.ended(node, how, nowMicros())
      },
    })
  }

  /** Microseconds since 00:00. */
  get now(): number {
    return this.zero === 0 ? 0 : nowMicros() - this.zero
  }
  get wallMicros(): number {
    return nowMicros()
  }
  get #links(): Links {
    return this.network.links
  }
  #brokerAddress(name: string): string {
    return `${this.#links.hostOf(name)}:${BROKER_PORT}`
  }
  get bootstrap(): string {
    return this.spec.brokers.map(({ id }) => this.#brokerAddress(nodeName(id))).join(',')
  }
  brokerAddress(name: string): string {
    return this.#brokerAddress(name)
  }
  get admin(): Probe {
    return this.probes.get(ADMIN)!
  }
  configOf(name: string): NodeConfig {
    return this.cluster.node(name).config
  }

  async up(say: (line: string) => void): Promise<void> {
    await this.#links.build()
    this.#makeDisks()
    this.cluster.format(this.spec)
    // In the simulator the first controller leads at 00:00. Here it has a start: who asks for votes first is likely to get them.
    // On a busy machine he may not: then see #enthrone.
    const [first] = [...this.cluster.nodes.keys()]
    this.cluster.start(first!)
    await new Promise((resolve) => setTimeout(resolve, HEAD_START))
    for (const name of this.cluster.nodes.keys()) if (name !== first) this.cluster.start(name)
    this.#openProbe(ADMIN)
    say('nodes are starting')
    await this.cluster.started([...this.cluster.nodes.keys()], NODES_START_WITHIN)
    say('nodes have started')
    await this.#look()
    await this.admin.ask({ do: 'warm', bootstrap: this.bootstrap })
    await this.#enthrone(voterName(this.configOf(first!).id))
    await this.until(() => this.spec.brokers.every(({ id }) => this.seen.brokers.get(id)?.fenced === false), 30_000, 'all brokers to be registered')
    say('brokers are registered')
    await this.#furnish()
    say('topics are there')
    await this.admin.ask({ do: 'look-groups' })
    for (const machine of new Set([...this.plans.values()].map((plan) => plan.machine))) this.#openProbe(machine)
    await this.#proxies()
    for (const plan of this.plans.values()) this.#make(plan)
    await Promise.all([...this.probes].filter(([name]) => name !== ADMIN).map(([, probe]) => probe.ask({ do: 'warm', bootstrap: this.bootstrap, topic: this.spec.topics[0]?.name })))
    await this.#enthrone(voterName(this.configOf(first!).id))
    await this.fresh()
    say('the cluster stands')
    this.zero = nowMicros()
    this.tallies.zero = this.zero
    this.#quorumEpoch = quorumOf(this.#voters).epoch
  }
  /** Whoever else leads the quorum stands still until another does. */
  async #enthrone(first: string): Promise<void> {
    const leaderBut = async (old?: string): Promise<string> => {
      const leader = (): string | undefined => quorumOf(this.#voters).leader
      await this.until(() => leader() !== undefined && leader() !== old, 60_000, 'a leader of the quorum')
      return leader()!
    }
    for (let leader = await leaderBut(), i = 0; leader !== first && i < MOST_ELECTIONS; i++) {
      const old = leader
      const node = this.cluster.nodes.has(old) ? old : old.replace('k', 'b')
      this.cluster.freeze(node)
      leader = await leaderBut(old)
      this.cluster.thaw(node)
    }
  }
  /** At 00:00: in the simulator it is the first. */
  get quorumEpoch(): number {
    return this.#quorumEpoch
  }
  #quorumEpoch = 1
  get #voters(): Voters {
    return { seen: this.seen, node: (name) => this.nodeState(name) }
  }

  #openProbe(machine: string): void {
    this.probes.set(machine, new Probe(machine, this.host, this.#jars, this.#links.optionsOf(machine), (told, from) => this.#hear(told, from)))
  }
  #make({ id, kind, machine, spec }: ClientPlan): void {
    this.probes.get(machine)!.tell({ do: 'make', kind, spec: { ...spec, before: this.books.get(id)!.sent } })
  }

  /** The process of a client begins anew: another JVM where it had one of its own. */
  async remake(id: string, changes: Readonly<Record<string, string>> | undefined): Promise<void> {
    const plan = this.plans.get(id)!
    const config = changes ?? plan.spec.config
    Object.assign(plan, { spec: { ...plan.spec, config } })
    if (this.probes.get(plan.machine)!.ended) {
      this.#openProbe(plan.machine)
      await this.#proxiesOf(id)
      await this.probes.get(plan.machine)!.ask({ do: 'warm', bootstrap: this.bootstrap, topic: this.spec.topics[0]?.name })
    }
    this.#make(plan)
  }

  #makeDisks(): void {
    const ailing = actionsOf(this.scenario).flatMap(({ failDisk, fillDisk }) => (failDisk ?? fillDisk)?.target ?? [])
    const all = ailing.some((target) => !this.cluster.nodes.has(target))
    for (const { name, roles, logDirs } of this.#configs) {
      if (roles.includes('broker') && (all || ailing.includes(name))) for (const dir of logDirs) this.disks.make(dir)
    }
  }

  async #look(): Promise<void> {
    const names = namesOf(this.scenario as FileData)
    const topics = new Set([...this.spec.topics.map(({ name }) => name), ...names.topics.keys()])
    await this.admin.ask({
      do: 'look', bootstrap: this.bootstrap, topics: [...topics], groups: names.groups, transactions: names.transactionalIds, shares: names.shareGroups,
      controllers: Object.fromEntries(this.#configs.filter(({ roles }) => roles.includes('controller')).map(({ name, metadataDir }) => [this.spec.combined === true ? name.replace('b', 'k') : name, metadataDir])),
      dirs: Object.fromEntries(this.#configs.filter(({ roles }) => roles.includes('broker')).map(({ id, logDirs }) => [id, logDirs])),
      brokers: Object.fromEntries(this.spec.brokers.map(({ id }) => [id, this.#brokerAddress(nodeName(id))])),
    })
  }

  /** What stands at 00:00: topics where the simulator has them, also Kafka's own, what lies in them, and what groups have. */
  async #furnish(): Promise<void> {
    const { world } = newRun(this.scenario)
    const registrations = [...(controllerOf(world)?.committed.partitions.values() ?? [])]
    const entries = (world.nodes.get('k1')!.config as ControllerSpec).initial
    for (const topic of new Set(registrations.map((each) => each.topic))) {
      const replicas = registrations.filter((each) => each.topic === topic).toSorted((a, b) => a.index - b.index).map((each) => each.replicas)
      const config = Object.fromEntries(entries.flatMap(({ record }) => (record.type === 'ConfigRecord' && record.resource === 'topic' && record.name === topic ? [[record.key, record.value ?? '']] : [])))
      // Kafka's own state topics are compressed as their producer says (ShareCoordinatorService#shareGroupStateTopicConfigs).
      const compression = config['compression.type'] === 'none' ? { 'compression.type': 'producer' } : {}
      await this.call({ type: 'createTopic', topic, replicas, config: { ...config, ...compression } })
    }
    await this.until(() => registrations.every(({ partition }) => this.seen.partitions.has(partition)), 30_000, 'the topics to be there')
    await this.#fill()
    for (const { id, committed, config } of this.spec.groups ?? []) {
      if (Object.keys(committed).length > 0) await this.call({ type: 'commitOffsets', group: id, offsets: committed })
      if (config !== undefined) await this.call({ type: 'config', kind: 'GROUP', name: id, set: config })
    }
  }

  /** Each record a batch of its own, as the simulator has it. */
  async #fill(): Promise<void> {
    for (const { name, replicas, records } of this.spec.topics) {
      for (const [index, list] of (records ?? []).entries()) {
        if (list.length === 0) continue
        const address = this.#brokerAddress(nodeName(replicas[index]![0]!))
        const now = Date.now()
        const asked = list.map(({ key, value, valueBytes, timestamp, headers }) => this.call({
          type: 'raw', address, partition: `${name}/${index}`, records: [{
            key, value, ...(valueBytes === undefined ? {} : { bytes: valueBytes }), ...(headers === undefined ? {} : { headers: Object.fromEntries(headers.map((header) => [header.key, header.value])) }),
            // A time since 1970 is what it is; one that counts from 00:00 counts from now.
            timestamp: Math.abs(timestamp) > 400 * 86_400_000 ? timestamp + RUN_BEGAN_MS : now + timestamp,
          }],
        }))
        await Promise.all(asked)
      }
    }
  }

  /** A call of the admin client, answered; throws what it is refused with. */
  async call(request: { readonly type: string; readonly [key: string]: unknown }): Promise<number | undefined> {
    const name = ` ${this.#calls++}`
    this.ask(request, name)
    await this.until(() => this.seen.answers.get(name)?.done === true, 90_000, `an answer to ${request.type}`)
    const { error, value } = this.seen.answers.get(name)!
    this.seen.answers.delete(name)
    if (error !== undefined) throw new Error(`${request.type}: ${error}`)
    return value
  }
  #calls = 0
  ask(request: { readonly type: string; readonly [key: string]: unknown }, name: string | undefined): void {
    if (name !== undefined) this.seen.answers.set(name, { done: false, called: nowMicros() })
    this.admin.tell({ do: 'admin', bootstrap: this.bootstrap, id: 'admin', name, request })
  }

  async #proxies(): Promise<void> {
    const named = actionsOf(this.scenario).flatMap(({ dropNext, delayNext, duplicateNext }) => [dropNext, delayNext, duplicateNext].flatMap((order) => [order?.from, order?.to]))
    for (const id of new Set(named)) if (id !== undefined && this.plans.has(id)) await this.#proxiesOf(id, true)
  }
  /** Between this client and each broker: on its own machine, where it looks for the broker. */
  async #proxiesOf(id: string, first = false): Promise<void> {
    const wanted = first || this.#proxied.has(id)
    if (!wanted) return
    for (const { id: broker } of this.spec.brokers) {
      const name = nodeName(broker)
      if (first) this.#links.impersonate(id, name)
      const { listen, broker: behind } = this.#links.standIn(id, name)
      await this.probes.get(id)!.ask({ do: 'proxy', listen: placeText(listen), broker: placeText(behind) })
    }
    this.#proxied.add(id)
  }
  readonly #proxied = new Set<string>()

  #hear(told: Told, from: string): void {
    if (process.env['PARTITURA_LIVE_TRACE'] !== undefined && told.e !== 'replica') process.stderr.write(`${from} ${JSON.stringify(told).slice(0, 400)}\n`)
    this.#trouble ??= troubleIn(told, from)
    if (told.at > this.#holdsFrom && told['c'] !== undefined) this.#held.push(told)
    else this.#take(told)
  }
  #take(told: Told): void {
    this.tallies.before(told, this.seen)
    if (!this.seen.take(told)) this.books.get(word(told['c']))?.take(told)
  }

  /** What clients tell of later moments waits until the step that has ended has been looked at. */
  hold(from: number): void {
    this.#holdsFrom = from
  }
  release(): void {
    this.#holdsFrom = Infinity
    for (const told of this.#held.splice(0)) this.#take(told)
  }
  #holdsFrom = Infinity
  readonly #held: Told[] = []

  #said(node: string, line: string): void {
    const failed = failedDirIn(line)
    if (failed !== undefined) {
      const dirs = this.#failedDirs.get(node) ?? new Set<number>()
      dirs.add(this.configOf(node).logDirs.indexOf(failed))
      this.#failedDirs.set(node, dirs)
    }
    if (isRecovery(line)) this.#recoveries.set(node, (this.#recoveries.get(node) ?? 0) + 1)
    this.tallies.said(node, line, nowMicros())
    if (line.includes('Kafka Server started') && this.zero > 0) this.tallies.fact({ code: 'node.started', node }, nowMicros(), node)
  }
  /** It starts: what it had given up or recovered before is history. */
  forget(node: string): void {
    this.#failedDirs.delete(node)
    this.#recoveries.delete(node)
    // What it said of its replicas before is not what it will say.
    for (const at of this.seen.marks.keys()) if (at.endsWith(`@${node.slice(1)}`)) this.seen.marks.delete(at)
  }
  nodeState(name: string): NodeState | undefined {
    const node = this.cluster.nodes.get(name)
    if (node === undefined) return undefined
    const { state, starts } = node
    return { state, starts, failedDirs: this.#failedDirs.get(name) ?? new Set(), recoveries: this.#recoveries.get(name) ?? 0 }
  }

  get isStarting(): boolean {
    return [...this.cluster.nodes.values()].some(({ state }) => state === 'starting')
  }

  #trouble: string | undefined
  /** Throws if something has gone wrong that nobody has waited for. */
  sound(): void {
    if (this.#trouble !== undefined) throw new Error(this.#trouble)
  }
  /** Until everybody who looks has looked again. */
  fresh(): Promise<void> {
    return this.admin.ask({ do: 'fresh', ms: 1_200 })
  }
  async until(isSo: () => boolean, withinMs: number, what: string): Promise<void> {
    const end = Date.now() + withinMs
    while (!isSo()) {
      this.sound()
      if (Date.now() > end) throw new Error(`waited ${withinMs / 1_000} s in vain for ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** The directory that a node says to have given up, while it runs or when it starts. */
export const failedDirIn = (line: string): string | undefined =>
  /Stopping serving logs in dir (\S+)/.exec(line)?.[1] ?? /Failed to create or validate data directory ([^\s:]+)/.exec(line)?.[1]
/** The metadata log is always looked through. */
export const isRecovery = (line: string): boolean => line.includes('Recovering unflushed segment') && !line.includes('partition=__cluster_metadata')

function groupOfClient({ clients = {} }: Scenario, id: string): string | undefined {
  const { consumers = [], shareConsumers = [], transactional = [] } = clients
  return [...consumers, ...shareConsumers, ...transactional].find((each) => each.id === id)?.group
}
