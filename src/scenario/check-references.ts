/** What the parts of a file say about each other: names that exist, places that exist, order that makes sense. */
import type { Path, ThingKind } from './findings.ts'
import type { ActionName } from './format-actions.ts'
import { actionOf } from './format-actions.ts'
import { selectorPattern } from './format-parts.ts'
import type { FileData } from './format.ts'
import { allActions, brokersOf, namesOfKind, partitionParts, type ActionData, type Names } from './names.ts'
import { nearest } from './nearest.ts'
import { selectorOf } from './selectors.ts'
import type { Tell } from './tell.ts'
import type { ArgumentKind } from './vocabulary.ts'

export function checkReferences(file: FileData, names: Names, tell: Tell): void {
  const check = new References(names, tell)
  checkUnique(file, tell)
  checkTopics(file, check, tell)
  checkClients(file, check)
  checkSinks(file, check)
  checkThreads(file, check)
  checkSteps(file, names, check, tell)
  for (const { action, path } of allActions(file)) checkAction(action, path, check)
  if (file.kind === 'experiment') checkNumber(file, tell)
}

export class References {
  readonly names: Names
  readonly tell: Tell
  constructor(names: Names, tell: Tell) {
    this.names = names
    this.tell = tell
  }

  /** R101, and R110 for a place in a topic. */
  thing(kind: ArgumentKind, text: string | undefined, path: Path, stretch?: { from: number; to: number }): void {
    if (text === undefined) return
    if (kind === 'partition' || kind === 'replica') return this.place(kind, text, path, stretch)
    const known = namesOfKind(this.names, kind)
    if (known === undefined || known.includes(text)) return
    const args = { kind: kind as ThingKind, name: text, nearest: nearest(text, known), known }
    this.tell({ code: 'R101', args }, path, 'value', stretch)
  }

  place(kind: 'partition' | 'replica', text: string, path: Path, stretch?: { from: number; to: number }): void {
    const { topic, partition, replica } = partitionParts(text)
    const partitions = this.names.topics.get(topic)
    if (partitions === undefined) return this.thing('topic', topic, path, stretch)
    if (partition === undefined || partition >= partitions) {
      this.tell({ code: 'R110', args: { partition: text, topic, partitions } }, path, 'value', stretch)
    } else if (kind === 'replica') this.thing('broker', replica ?? '', path, stretch)
  }
}

/** R109: names are unique over nodes and clients; ids of steps, questions, topics and groups among themselves. */
function checkUnique(file: FileData, tell: Tell): void {
  const nodes =
    new Set([...brokersOf(file).map(({ id }) => id), ...Array.from({ length: file.cluster.controllers ?? 3 }, (_, i) => `k${i + 1}`)])
  const seen = new Set<string>()
  for (const kind of ['producers', 'consumers', 'shareConsumers', 'transactional'] as const) {
    file.clients?.[kind]?.forEach(({ id }, i) => {
      const path = ['clients', kind, i, 'id']
      if (nodes.has(id)) tell({ code: 'R109', args: { name: id, what: 'reserved', first: undefined } }, path)
      else if (seen.has(id)) tell({ code: 'R109', args: { name: id, what: 'name', first: undefined } }, path)
      seen.add(id)
    })
  }
  file.toys?.forEach((toy, i) => {
    const things = [{ id: toy.id, path: [] as Path }, ...toy.senders.map(({ id }, j) => ({ id, path: ['senders', j] })), ...toy.readers.map(({ id }, j) => ({ id, path: ['readers', j] }))]
    for (const { id, path } of things) {
      if (nodes.has(id) || seen.has(id)) tell({ code: 'R109', args: { name: id, what: nodes.has(id) ? 'reserved' : 'name', first: undefined } }, ['toys', i, ...path, 'id'])
      seen.add(id)
    }
  })
  file.apps?.forEach(({ id, of }, i) => {
    if (of === undefined) return
    if (nodes.has(id) || seen.has(id)) tell({ code: 'R109', args: { name: id, what: nodes.has(id) ? 'reserved' : 'name', first: undefined } }, ['apps', i, 'id'])
    seen.add(id)
  })
  const twice = (
    ids: readonly (string | undefined)[], what: 'step' | 'topic' | 'group' | 'predict' | 'name', path: (i: number) => Path,
  ): void => {
    ids.forEach((id, i) => {
      const first = ids.indexOf(id)
      if (id !== undefined && first < i) tell({ code: 'R109', args: { name: id, what, first: first + 1 } }, path(i))
    })
  }
  twice((file.steps ?? []).map(({ id }) => id), 'step', (i) => ['steps', i, 'id'])
  twice((file.steps ?? []).map(({ predict }) => predict?.id), 'predict', (i) => ['steps', i, 'predict', 'id'])
  twice((file.topics ?? []).map(({ name }) => name), 'topic', (i) => ['topics', i, 'name'])
  twice((file.groups ?? []).map(({ id }) => id), 'group', (i) => ['groups', i, 'id'])
  twice((file.apps ?? []).map(({ id }) => id), 'name', (i) => ['apps', i, 'id'])
  if (typeof file.cluster.brokers !== 'number') {
    twice(file.cluster.brokers.map(({ id }) => id), 'name', (i) => ['cluster', 'brokers', i, 'id'])
  }
}

function checkTopics(file: FileData, check: References, tell: Tell): void {
  const brokers = check.names.brokers.length
  file.topics?.forEach((topic, i) => {
    const path = ['topics', i]
    if ((topic.replicationFactor ?? 1) > brokers) {
      const args = { topic: topic.name, replicas: topic.replicationFactor ?? 1, brokers }
      tell({ code: 'R102', args }, [...path, 'replicationFactor'])
    }
    if (topic.replicas !== undefined) checkAssignment(topic.name, topic.partitions, topic.replicas, path, check)
    const { records } = topic
    if (Array.isArray(records)) {
      records.forEach(({ partition }, j) => checkPartition(topic.name, partition, [...path, 'records', j, 'partition'], check))
    }
  })
  file.groups?.forEach(({ committed = {} }, i) => {
    for (const partition of Object.keys(committed)) check.thing('partition', partition, ['groups', i, 'committed', partition])
  })
}

function checkAssignment(
  topic: string, partitions: number, replicas: Readonly<Record<string, readonly string[]>>, path: Path, check: References,
): void {
  const named = Object.keys(replicas).map(Number)
  const missing = Array.from({ length: partitions }, (_, i) => i).filter((i) => !named.includes(i))
  const extra = named.filter((i) => i >= partitions)
  if (missing.length + extra.length > 0) check.tell({ code: 'R111', args: { topic, missing, extra } }, [...path, 'replicas'], 'key')
  for (const [partition, brokers] of Object.entries(replicas)) {
    brokers.forEach((broker, i) => check.thing('broker', broker, [...path, 'replicas', partition, i]))
  }
}

function checkPartition(topic: string, partition: number | undefined, path: Path, check: References): void {
  const partitions = check.names.topics.get(topic)
  if (partition === undefined || partitions === undefined || partition < partitions) return
  check.tell({ code: 'R110', args: { partition: `${topic}/${partition}`, topic, partitions } }, path)
}

function checkClients(file: FileData, check: References): void {
  const reads = (topic: string | undefined, path: Path): void => {
    if (topic !== undefined && !check.names.topics.has(topic)) check.tell({ code: 'R107', args: { topic } }, path)
  }
  for (const kind of ['producers', 'consumers', 'shareConsumers', 'transactional'] as const) {
    file.clients?.[kind]?.forEach((client, i) => {
      const path = ['clients', kind, i]
      client.bootstrap?.forEach((node, j) => check.thing('node', node, [...path, 'bootstrap', j]))
      if (kind === 'producers') check.thing('topic', client.topic, [...path, 'topic'])
      else reads(client.topic, [...path, 'topic'])
      if ('topics' in client) client.topics?.forEach((topic, j) => reads(topic, [...path, 'topics', j]))
      if ('assign' in client) client.assign?.forEach((partition, j) => check.thing('partition', partition, [...path, 'assign', j]))
      if ('retry' in client) {
        client.retry?.ladder?.forEach(({ topic }, j) => reads(topic, [...path, 'retry', 'ladder', j, 'topic']))
        reads(client.retry?.dead, [...path, 'retry', 'dead'])
      }
      if ('writes' in client) check.thing('topic', client.writes, [...path, 'writes'])
      if ('partitioner' in client) client.partitioner?.forEach(({ to }, j) => to.forEach((partition, k) => checkPartition(client.topic, partition, [...path, 'partitioner', j, 'to', k], check)))
    })
  }
  file.apps?.forEach((app, i) => {
    reads(app.reads, ['apps', i, 'reads'])
    if (app.reads !== undefined) check.thing('group', app.group ?? app.id, ['apps', i, app.group === undefined ? 'id' : 'group'])
    app.of?.forEach((client, j) => check.thing('client', client, ['apps', i, 'of', j]))
  })
}

/** A sink serves handlers, and a client that only writes has none. */
function checkSinks({ apps = [], clients = {} }: FileData, check: References): void {
  const writers = (clients.transactional ?? []).filter(({ group }) => group === undefined).map(({ id }) => id)
  apps.forEach(({ of = [] }, i) => of.forEach((client, j) => {
    if (writers.includes(client)) check.tell({ code: 'R115', args: { client } }, ['apps', i, 'of', j])
    else check.thing('consumer', client, ['apps', i, 'of', j])
  }))
}

/** Who hands its records to a worker thread commits as `enable.auto.commit` says and does nothing else about them. */
function checkThreads({ apps = [], clients = {} }: FileData, check: References): void {
  const threaded = new Set<string>()
  clients.consumers?.forEach((consumer, i) => {
    const { id: client, threads = false, commits = 'auto', polls = 'loop' } = consumer
    if (!threads) return
    threaded.add(client)
    const refused = [...(commits === 'auto' ? [] : ['commits']), ...(polls === 'loop' ? [] : ['polls']), ...['retry', 'onPoison'].filter((key) => key in consumer)]
    for (const key of refused) check.tell({ code: 'R117', args: { client, key } }, ['clients', 'consumers', i, key], 'key')
  })
  apps.forEach(({ of = [] }, i) => of.forEach((client, j) => {
    if (threaded.has(client)) check.tell({ code: 'R118', args: { client } }, ['apps', i, 'of', j])
  }))
}

function checkSteps(file: FileData, names: Names, check: References, tell: Tell): void {
  file.steps?.forEach(({ predict, do: items = [] }, i) => {
    if (predict !== undefined && predict.judge.at !== 'step-end') {
      const path = ['steps', i, 'predict', 'judge', 'at']
      const { at } = predict.judge
      const index = names.steps.indexOf(at)
      const later = ['step-end', ...names.steps.slice(i)]
      if (index < 0) tell({ code: 'R101', args: { kind: 'step', name: at, nearest: nearest(at, later), known: later } }, path)
      else if (index < i) tell({ code: 'R112', args: { at, question: predict.id, known: later } }, path)
    }
    const ask = items.findIndex((item) => 'ask' in item)
    if (ask >= 0 && ask < items.length - 1) tell({ code: 'R113', args: {} }, ['steps', i, 'do', ask], 'value')
  })
  file.solution?.forEach(({ step, do: items }, i) => {
    check.thing('step', step, ['solution', i, 'step'])
    items.forEach((item, j) => {
      for (const key of ['at', 'when'] as const) if (key in item) tell({ code: 'R116', args: { key } }, ['solution', i, 'do', j, key], 'key')
    })
  })
}

type KindOfTarget = 'broker' | 'controller' | 'producer' | 'consumer' | 'shareConsumer' | 'transactional' | 'toy' | 'toySender' | 'toyReader' | 'sink'
const anyClient: readonly KindOfTarget[] = ['producer', 'consumer', 'shareConsumer', 'transactional']
const machines: readonly KindOfTarget[] = ['broker', 'controller']
const toyClients: readonly KindOfTarget[] = ['toySender', 'toyReader']
/** Who has a clock that something goes by. */
const clocked: readonly KindOfTarget[] = [...machines, ...anyClient, 'toy', ...toyClients]
const anybody: readonly KindOfTarget[] = [...clocked, 'sink']
/** Who stands idle until it is started. */
const startable = [...anyClient, ...toyClients]

/** Which kinds of thing an action may be done to, by the key under which it names them. */
const allowed: { readonly [A in ActionName]?: Readonly<Record<string, readonly KindOfTarget[]>> } = {
  start: { '': startable }, stop: { '': anybody }, crash: { '': anybody }, restart: { '': anybody }, resume: { '': anybody },
  pause: { target: anybody }, powerLoss: { '': machines }, stallFetch: { target: ['broker'] }, clock: { target: clocked },
  cut: { from: anybody, to: anybody }, heal: { from: anybody, to: anybody },
  slow: { from: anybody, to: anybody, disk: ['broker'], requests: ['broker'], handler: ['consumer', 'shareConsumer', 'transactional'] },
  dropNext: { from: anybody, to: anybody }, delayNext: { from: anybody, to: anybody }, duplicateNext: { from: anybody, to: anybody },
  fillDisk: { target: ['broker'] }, freeDisk: { target: ['broker'] }, failDisk: { target: ['broker'] }, damage: { target: ['broker'] },
  produce: { by: ['producer', 'transactional'] }, flush: { '': ['producer', 'transactional'] }, poll: { '': ['consumer', 'shareConsumer'] },
  seek: { by: ['consumer'] }, commit: { by: ['consumer'] }, pausePartitions: { by: ['consumer'] }, resumePartitions: { by: ['consumer'] }, acknowledge: { by: ['shareConsumer'] },
  begin: { '': ['transactional'] }, commitTxn: { '': ['transactional'] }, abortTxn: { '': ['transactional'] },
  rawProduce: { to: ['broker'] },
}

/** Keys of an action's value that name something else than a target. */
const placesIn: Readonly<Record<string, ArgumentKind>> =
  { partition: 'partition', topic: 'topic', group: 'group', broker: 'broker', client: 'client' }

function checkAction(action: ActionData, path: Path, check: References): void {
  const name = actionOf(action)
  if (name === undefined) return
  const value: unknown = action[name]
  for (const [key, kinds] of Object.entries(allowed[name] ?? {})) {
    if (value === 'all') break
    const within = key === '' ? value : (value as Readonly<Record<string, unknown>>)[key]
    const where = key === '' ? [...path, name] : [...path, name, key]
    if (typeof within === 'string') checkTarget(name, within, kinds, where, check)
    else if (Array.isArray(within)) within.forEach((each, i) => checkTarget(name, String(each), kinds, [...where, i], check))
  }
  if (name === 'deleteGroup') check.thing('group', String(value), [...path, name])
  if (name === 'deleteTopic') check.thing('topic', String(value), [...path, name])
  if (typeof value !== 'object' || value === null || Array.isArray(value) || name === 'createTopic') return
  for (const [key, kind] of Object.entries(placesIn)) {
    const named: unknown = (value as Readonly<Record<string, unknown>>)[key]
    if (typeof named === 'string') check.thing(kind, named, [...path, name, key])
  }
  if (name === 'produce') checkProduced(action, path, check)
}

function checkProduced(action: ActionData, path: Path, check: References): void {
  const { produce } = action
  const topic = produce?.topic
  produce?.records?.forEach(({ partition }, i) => {
    if (topic !== undefined) checkPartition(topic, partition, [...path, 'produce', 'records', i, 'partition'], check)
  })
}

function checkTarget(action: ActionName, target: string, kinds: readonly KindOfTarget[], path: Path, check: References): void {
  if (selectorPattern.test(target)) return checkSelector(action, target, kinds, path, check)
  const { names } = check
  const kind = kindOfTarget(names, target)
  if (kind === undefined) {
    const known = [...new Set(kinds.flatMap((each) => namesOfKind(names, each) ?? []))]
    const what: ThingKind = kinds.length === 1 ? kinds[0]! : kinds === anyClient || kinds === startable ? 'client' : kinds === machines ? 'node' : 'target'
    return check.tell({ code: 'R101', args: { kind: what, name: target, nearest: nearest(target, known), known } }, path)
  }
  if (!kinds.includes(kind)) check.tell({ code: 'R108', args: { action, target, kind, allowed: kinds } }, path)
}

function kindOfTarget(names: Names, target: string): KindOfTarget | undefined {
  const order: readonly (readonly [KindOfTarget, readonly string[]])[] = [
    ['broker', names.brokers], ['controller', names.controllers], ['transactional', names.transactional],
    ['shareConsumer', names.shareConsumers], ['producer', names.producers], ['consumer', names.consumers],
    ['toy', names.toys], ['toySender', names.toySenders], ['toyReader', names.toyReaders], ['sink', names.sinks],
  ]
  return order.find(([, known]) => known.includes(target))?.[0]
}

const selectorKinds: Readonly<Record<string, { readonly gives: KindOfTarget; readonly of: readonly ArgumentKind[] }>> = {
  leader: { gives: 'broker', of: ['partition'] }, follower: { gives: 'broker', of: ['partition'] },
  followers: { gives: 'broker', of: ['partition'] },
  controller: { gives: 'controller', of: [] }, coordinator: { gives: 'broker', of: ['group'] },
  txnCoordinator: { gives: 'broker', of: ['txn'] },
  owner: { gives: 'consumer', of: ['group', 'partition'] }, rack: { gives: 'broker', of: ['rack'] },
}

function checkSelector(action: ActionName, target: string, kinds: readonly KindOfTarget[], path: Path, check: References): void {
  const { name, args } = selectorOf(target)!
  const { gives, of } = selectorKinds[name]!
  of.forEach((kind, i) => check.thing(kind, args[i], path))
  if (!kinds.includes(gives)) check.tell({ code: 'R108', args: { action, target, kind: gives, allowed: kinds } }, path)
}

function checkNumber(file: FileData, tell: Tell): void {
  const number = /^s([0-9]{2})[a-z]?-/.exec(file.id)?.[1]
  const experiment = file.meta?.experiment
  if (experiment !== undefined && number !== experiment.slice(1)) tell({ code: 'R114', args: { id: file.id, experiment } }, ['id'])
}
