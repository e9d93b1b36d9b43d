/**
 * Golden stories: a short script, a line of dashes, and the story that it makes, as text. Read one to learn what Kafka does;
 * compare two versions to learn what a change has changed.
 *
 *   # what it is about, and the sentence of the documentation that it plays
 *   load seed=7 brokers=3 combined=true replica.lag.time.max.ms=30000
 *   topic orders 0=b1,b2,b3 min.insync.replicas=2
 *   producer shop orders rate=10/s keys=ann,ben acks=all
 *   consumer c1 orders group=readers auto.offset.reset=earliest · consumer c2 assign=orders/0 polls=manual commits=after processMs=20
 *   consumer w1 jobs group=workers ladder=jobs-retry:10s,jobs-later:1m dead=jobs-dlt · consumer w2 jobs group=others onPoison=skip · send shop 1 poison=true
 *   consumer c3 orders group=vips filter=vip-* · consumer c4 orders group=workers threads=true processMs=500
 *   group jobs share.auto.offset.reset=earliest · shareConsumer s1 q group=jobs processMs=500 release=0 reject=1
 *   sink mail A,B effect=email identity=key dedupe=true
 *   toy hub feed=4/s fast=20ms/3 slow=1000ms/3 whenFull=drop
 *   start shop · crash b1 · powerLoss b1 · stop, restart, pause, resume b1 · stallFetch b3 · send shop 3 key=a bytes=1000 · config shop acks=1
 *   cut b1 b2,b3 traffic=replication direction=oneway · cut b1 b2 reset=true · heal b1 b2,b3 · slow b1 b2 2s · clock shop -8d
 *   createTopic audit 3 2 · addPartitions orders 3 · deleteTopic audit · electLeader orders/0 preferred
 *   reassign orders/0 b2,b3 · reassign orders/0 b2,b3 throttle=1MB/s · verify orders/0 · reassign orders/0 · topicConfig orders min.insync.replicas=1
 *   brokerConfig b1 log.retention.ms=60000 · brokerConfig all log.retention.ms=60000 · brokerConfig all unset=log.retention.ms
 *   pausePartitions c2 orders/0,orders/1 · resumePartitions c2 orders/0
 *   poll c2 · seek c2 orders/0 140 · seek c2 orders/0 140 withEpoch · commit c2 · commit c2 async · deleteRecords orders/0 5 · resetOffsets readers orders earliest
 *   dropNext b1 shop Produce response close · delayNext shop b1 Produce request 2s · duplicateNext shop b1 Produce request
 *   transactional copy orders group=g writes=invoices transactional.id=t1 batch=5 · begin shop · commitTxn shop · abortTxn shop
 *   failDisk b1 1 · fillDisk b1 0 · freeDisk b1 0 · slowDisk b1 200ms · slowHandler c1 2s
 *   run for=5s · run until=partition(orders/0).isr == [b1, b2] max=60s
 *   also leader.started highWatermark.advanced@b1 · hush highWatermark.advanced@b1
 *
 * The story tells headlines, and `also` what is named, from there on.
 */
import type { Action, AppSpec, ConsumerSpec, PoisonSpec, ProducerSpec, RecordSpec, Scenario, ShareConsumerSpec, Step, TopicSpec, ToySpec, TransactionalSpec } from '../scenario/types.ts'

export interface Script {
  readonly scenario: Scenario
  /** By index of the step: what is told besides headlines from then on, `code` or `code@node`. */
  readonly also: readonly ReadonlySet<string>[]
}

type Named = Readonly<Record<string, string>>
interface Draft {
  load: Named
  topics: TopicSpec[]; producers: ProducerSpec[]; consumers: ConsumerSpec[]; transactional: TransactionalSpec[]; shareConsumers: ShareConsumerSpec[]
  groups: NonNullable<Scenario['groups']>[number][]; toys: ToySpec[]; apps: AppSpec[]
  steps: Step[]; also: Set<string>[]
  deeds: Action[]; tells: Set<string>
}

/** Words, and what is named: `a b k=v`. Of `until=` all that follows belongs to it, up to ` max=`. */
function wordsOf(line: string): { readonly words: readonly string[]; readonly named: Named } {
  const until = /^(.*?)\buntil=(.*?)(?: (max=\S+))?$/.exec(line)
  const parts = (until === null ? line : `${until[1]} ${until[3] ?? ''}`).split(/\s+/).filter((part) => part !== '')
  const words = parts.filter((part) => !part.includes('='))
  const named = Object.fromEntries(parts.filter((part) => part.includes('=')).map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]))
  return { words, named: until === null ? named : { ...named, until: until[2]! } }
}
const list = (text: string): readonly string[] => text.split(',')
const without = (named: Named, ...keys: readonly string[]): Named => Object.fromEntries(Object.entries(named).filter(([key]) => !keys.includes(key)))

/** `key=`, `value=` (`value=null`: a tombstone), `bytes=`, `timestamp=-8d`. */
const recordOf = ({ key, value, bytes, timestamp, poison }: Named): RecordSpec => ({
  ...(key === undefined ? {} : { key }), ...(value === undefined ? {} : { value: value === 'null' ? null : value }),
  ...(poison === 'true' ? { poison: true } : {}), ...(bytes === undefined ? {} : { bytes: Number(bytes) }), ...(timestamp === undefined ? {} : { timestamp }),
})

export function parseScript(text: string): Script {
  const draft: Draft = { load: {}, topics: [], producers: [], consumers: [], transactional: [], shareConsumers: [], groups: [], toys: [], apps: [], steps: [], also: [], deeds: [], tells: new Set() }
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const { words: [command = '', ...words], named } = wordsOf(line)
    if (!declare(draft, command, words, named)) act(draft, command, words, named)
  }
  const { seed = '1', brokers = '3', controllers = '3', combined, logDirs, writeBack, ...config } = draft.load
  return {
    also: draft.also,
    scenario: {
      format: 'kafka-scenario/v1', id: 'golden', kind: 'experiment', title: 'golden', languages: ['en'], seed: Number(seed),
      ...(writeBack === undefined ? {} : { sim: { writeBack } }),
      cluster: { brokers: brokersOf(Number(brokers), logDirs), controllers: Number(controllers) as 1 | 3 | 5, config, ...(combined === 'true' ? { combined: true } : {}) },
      topics: draft.topics, clients: { producers: draft.producers, consumers: draft.consumers, transactional: draft.transactional, ...(draft.shareConsumers.length === 0 ? {} : { shareConsumers: draft.shareConsumers }) },
      ...(draft.groups.length === 0 ? {} : { groups: draft.groups }), ...(draft.toys.length === 0 ? {} : { toys: draft.toys }), ...(draft.apps.length === 0 ? {} : { apps: draft.apps }), steps: draft.steps,
    },
  }
}

/** `logDirs=2`: the last broker has so many. */
const brokersOf = (count: number, logDirs: string | undefined): Scenario['cluster']['brokers'] => (logDirs === undefined ? count
  : Array.from({ length: count }, (_, i) => ({ id: `b${i + 1}`, rack: `r${i + 1}`, ...(i === count - 1 ? { logDirs: Number(logDirs) } : {}) })))

function declare(draft: Draft, command: string, [first = '', second = '']: readonly string[], named: Named): boolean {
  switch (command) {
    case 'load':
      draft.load = named
      return true
    case 'topic': {
      const replicas = Object.entries(named).filter(([key]) => /^\d+$/.test(key)).map(([key, ids]) => [key, list(ids)] as const)
      draft.topics.push({ name: first, partitions: replicas.length, replicas: Object.fromEntries(replicas), config: without(named, ...replicas.map(([key]) => key)) })
      return true
    }
    case 'producer': {
      const { rate, keys } = named
      draft.producers.push({ id: first, topic: second, config: without(named, 'rate', 'keys'), ...(rate === undefined ? {} : { rate }), ...(keys === undefined ? {} : { keys: list(keys) }) })
      return true
    }
    case 'consumer': {
      draft.consumers.push(consumerOf(first, second, named))
      return true
    }
    case 'group':
      draft.groups.push({ id: first, config: named })
      return true
    case 'toy':
      draft.toys.push(toyOf(first, named))
      return true
    case 'sink':
      draft.apps.push({ id: first, of: list(second), effect: named['effect'] === 'email' ? 'email' : 'row', ...(named['identity'] === 'key' || named['identity'] === 'offset' ? { identity: named['identity'] } : {}), ...(named['dedupe'] === 'true' ? { dedupe: true } : {}) })
      return true
    case 'shareConsumer': {
      const { group = '', processMs = '0', release, reject, onPoison } = named
      const answers = [...answersOf(second, release, 'release'), ...answersOf(second, reject, 'reject')]
      draft.shareConsumers.push({ id: first, topic: second, group, processMs: Number(processMs), ackMode: 'explicit', answers, ...(onPoison === undefined ? {} : { onPoison: onPoison as PoisonSpec }), config: without(named, 'group', 'processMs', 'release', 'reject', 'onPoison') })
      return true
    }
    case 'transactional': {
      const { group, writes, batch, processMs } = named
      draft.transactional.push({
        id: first, topic: second, config: without(named, 'group', 'writes', 'batch', 'processMs'), ...(group === undefined ? {} : { group }),
        ...(writes === undefined ? {} : { writes }), ...(batch === undefined ? {} : { batch: Number(batch) }), ...(processMs === undefined ? {} : { processMs: Number(processMs) }),
      })
      return true
    }
    default:
      return false
  }
}

/** Whoever has a rate sends; who has a time for each message, and an inbox, reads. */
function toyOf(id: string, { whenFull, ...named }: Named): ToySpec {
  const things = Object.entries(named)
  const readers = things.flatMap(([reader, said]) => {
    const [, ms, inbox] = /^(\d+)ms\/(\d+)$/.exec(said) ?? []
    return ms === undefined ? [] : [{ id: reader, processMs: Number(ms), inbox: Number(inbox) }]
  })
  return { id, ...(whenFull === 'keep' ? { kind: 'queue' } : { kind: 'pushBroker', whenFull: whenFull === 'block' ? 'block' : 'drop' }), readers, senders: things.filter(([name]) => readers.every((each) => each.id !== name)).map(([name, rate]) => ({ id: name, rate })) }
}

const answersOf = (topic: string, offsets: string | undefined, as: 'release' | 'reject'): NonNullable<ShareConsumerSpec['answers']> =>
  (offsets === undefined ? [] : list(offsets).map((offset) => ({ partition: `${topic}/0`, offset: Number(offset), as })))

function consumerOf(id: string, topic: string, named: Named): ConsumerSpec {
  const { group, assign, polls, commits, threads, processMs, onPoison, ladder, dead, filter } = named
  return {
    id, config: without(named, 'group', 'assign', 'polls', 'commits', 'threads', 'processMs', 'onPoison', 'ladder', 'dead', 'filter'),
    ...(filter === undefined ? {} : { filter: { keys: filter } }),
    ...(onPoison === undefined ? {} : { onPoison: onPoison as PoisonSpec }), ...(dead === undefined ? {} : { retry: { dead, ladder: list(ladder ?? '').map((rung) => ({ topic: rung.split(':')[0]!, after: rung.split(':')[1]! })) } }),
    ...(assign === undefined ? { topic } : { assign: list(assign) }), ...(group === undefined ? {} : { group }),
    ...(polls === 'manual' ? { polls } : {}), ...(commits === 'before' || commits === 'after' || commits === 'afterAsync' || commits === 'manual' ? { commits } : {}),
    ...(processMs === undefined ? {} : { processMs: Number(processMs) }), ...(threads === 'true' ? { threads: true } : {}),
  }
}

function act(draft: Draft, command: string, words: readonly string[], named: Named): void {
  const [first = '', second = '', third = ''] = words
  switch (command) {
    case 'also':
      for (const word of words) draft.tells.add(word)
      return
    case 'hush':
      for (const word of words) draft.tells.delete(word)
      return
    case 'run': {
      const { for: length, until, max = '120s' } = named
      draft.steps.push({ id: `step-${draft.steps.length + 1}`, do: draft.deeds, run: until === undefined ? { for: length ?? '0s' } : { until, max } })
      draft.also.push(new Set(draft.tells))
      draft.deeds = []
      return
    }
    case 'start': case 'stop': case 'crash': case 'powerLoss': case 'restart': case 'resume': case 'poll': case 'begin': case 'commitTxn': case 'abortTxn':
      draft.deeds.push({ [command]: words })
      return
    case 'pause': case 'stallFetch':
      draft.deeds.push({ [command]: { target: words } })
      return
    case 'cut': case 'heal':
      draft.deeds.push({ [command]: { from: list(first), to: list(second), ...named, ...(named['reset'] === undefined ? {} : { reset: true }) } })
      return
    case 'clock':
      draft.deeds.push({ clock: { target: first, add: second } })
      return
    case 'slow':
      draft.deeds.push({ slow: { from: list(first), to: list(second), add: third } })
      return
    case 'send':
      draft.deeds.push({ produce: { by: first, count: Number(second), ...(Object.keys(named).length === 0 ? {} : { each: recordOf(named) }) } })
      return
    case 'dropNext': case 'delayNext': case 'duplicateNext': {
      const [, , , part, more] = words
      draft.deeds.push({ [command]: {
        from: first, to: second, api: third, part, ...(more === 'close' ? { close: true } : more === undefined ? {} : { by: more }),
      } })
      return
    }
    case 'seek': {
      const to = third === 'earliest' || third === 'latest' ? third : Number(third)
      draft.deeds.push({ seek: { by: first, partition: second, to, ...(words[3] === 'withEpoch' ? { withEpoch: true } : {}) } })
      return
    }
    case 'pausePartitions': case 'resumePartitions':
      draft.deeds.push({ [command]: { by: first, partitions: list(second) } })
      return
    case 'commit':
      draft.deeds.push({ commit: { by: first, ...(second === 'async' ? { async: true } : {}) } })
      return
    case 'config':
      draft.deeds.push({ config: { client: first, set: named } })
      return
    default:
      if (!administer(draft, command, words, named)) throw new Error(`a golden script knows no "${command}"`)
  }
}

function administer(draft: Draft, command: string, [first = '', second = '', third = '']: readonly string[], named: Named): boolean {
  switch (command) {
    case 'failDisk': case 'fillDisk': case 'freeDisk':
      draft.deeds.push({ [command]: { target: first, dir: Number(second) } })
      return true
    case 'slowDisk':
    case 'slowHandler':
      draft.deeds.push({ slow: { [command === 'slowDisk' ? 'disk' : 'handler']: first, add: second } })
      return true
    case 'createTopic':
      draft.deeds.push({ createTopic: { name: first, partitions: Number(second), replicationFactor: Number(third) } })
      return true
    case 'addPartitions':
      draft.deeds.push({ addPartitions: { topic: first, to: Number(second) } })
      return true
    case 'deleteTopic':
      draft.deeds.push({ deleteTopic: first })
      return true
    case 'electLeader':
      draft.deeds.push({ electLeader: { partition: first, type: second === 'unclean' ? 'unclean' : 'preferred' } })
      return true
    case 'reassign':
      draft.deeds.push({ reassign: second === '' ? { partition: first, cancel: true } : { partition: first, to: list(second), ...named } })
      return true
    case 'verify':
      draft.deeds.push({ reassign: { partition: first, verify: true } })
      return true
    case 'deleteRecords':
      draft.deeds.push({ deleteRecords: { partition: first, before: second === 'hw' ? second : Number(second) } })
      return true
    case 'resetOffsets':
      draft.deeds.push({ resetOffsets: { group: first, topic: second, to: /^[0-9]+$/.test(third) ? Number(third) : third } })
      return true
    case 'brokerConfig': {
      const { unset, ...set } = named
      const of = first === 'all' ? { cluster: true as const } : { broker: first }
      draft.deeds.push({ config: { ...of, ...(unset === undefined ? { set } : { unset: list(unset) }) } })
      return true
    }
    case 'topicConfig':
      draft.deeds.push({ config: { topic: first, set: named } })
      return true
    default:
      return false
  }
}
