/**
 * `event("…")` on a live cluster: what is told by the simulator, counted here from what has been seen to change, from what
 * the nodes write into their own logs, and from what we have done ourselves. What nobody outside can know is not counted:
 * a statement that asks for it is not judged.
 */
import { coordinatorPartition, OFFSETS_TOPIC } from '../../src/kafka/group/coordinator-partition.ts'
import type { Fact } from '../../src/kafka/notes.ts'
import { tallyKey, type Tally } from '../../src/scenario/observe.ts'
import { hearPause, type Pauses } from '../../src/scenario/pauses.ts'
import { isAbout, type Program } from '../../src/scenario/program.ts'
import { clientsOwn } from './books.ts'
import type { NodeEnd } from './cluster.ts'
import { brokerName } from './live-state.ts'
import { word, type Told } from './probe.ts'
import { voterName } from './quorum.ts'
import type { Seen, SeenGroup, SeenPartition } from './seen.ts'

/** Codes that can be told from outside. Error names can, too. */
export const observableEvents: ReadonlySet<string> = new Set([
  'node.crashed', 'node.stopped', 'node.started', 'node.paused', 'node.resumed', 'node.halted', 'link.cut', 'link.healed', 'message.tampered',
  'batch.appended', 'segment.rolled', 'segment.deleted', 'logStart.moved', 'log.recovered', 'log.truncated', 'logDir.failed', 'marker.written', 'log.cleaned',
  'isr.changed', 'elr.changed', 'leader.elected', 'leader.lost', 'controller.elected', 'broker.registered', 'broker.fenced', 'broker.unfenced',
  'topic.created', 'topic.deleted', 'partitions.added', 'config.changed', 'reassignment.started', 'reassignment.finished',
  'record.acked', 'producer.failed', 'member.joined', 'member.left', 'rebalance.started', 'rebalance.finished',
  'partitions.assigned', 'partitions.revoked', 'partitions.lost', 'offsets.committed', 'coordinator.moved', 'txn.began', 'txn.finished', 'fetch.redirected',
  'handler.failed', 'records.delayed', 'partitions.paused', 'partitions.resumed', 'client.misused',
])

type Loose = { readonly code: string; readonly [key: string]: unknown }

export class Tallies {
  readonly counts = new Map<string, Tally>()
  readonly pauses: Pauses = new Map()
  /** By `t/0@b1`: how often its log was cut back. */
  readonly truncations = new Map<string, number>()
  /** Lines for people: what happened when. */
  readonly story: { readonly at: number; readonly text: string }[] = []
  readonly #program: Program
  readonly #groupOf: (client: string) => string | undefined
  /** Of the run. */
  zero = 0
  #fetchedFrom = new Map<string, number>()
  #epochTold = new Map<number, true>()
  readonly #clientOfMember = new Map<string, string>()
  readonly #configs = new Map<string, string | null>()
  constructor(program: Program, groupOf: (client: string) => string | undefined) {
    this.#program = program
    this.#groupOf = groupOf
  }

  fact(fact: Loose, at: number, by = ''): void {
    // What stands at 00:00 is not told.
    if (this.zero === 0 || at < this.zero) return
    const moment = at - this.zero
    // Kafka's own topics have a story of their own, and a long one.
    if (!String(fact['partition'] as string).startsWith('__')) this.story.push({ at: moment, text: [fact.code, ...Object.entries(fact).filter(([key]) => key !== 'code').map(([key, value]) => `${key}=${shown(value)}`)].join(' ') })
    const known = fact as unknown as Fact
    hearPause(this.pauses, known, moment)
    for (const about of this.#program.events.get(fact.code) ?? []) {
      if (about === undefined || isAbout(known, about, by)) this.#count(tallyKey(fact.code, about), moment)
    }
  }
  error(name: string, about: readonly string[], at: number, times = 1): void {
    for (const asked of this.#program.events.get(name) ?? []) {
      if (asked === undefined || about.includes(asked)) for (let i = 0; i < times; i++) this.#count(tallyKey(name, asked), at - this.zero)
    }
  }
  #count(key: string, at: number): void {
    const known = this.counts.get(key)
    if (known === undefined) this.counts.set(key, { count: 1, firstAt: at, lastAt: at })
    else {
      known.count++
      known.lastAt = at
    }
  }

  /** Before `seen` takes it: a change is told with what was. */
  before(told: Told, seen: Seen): void {
    switch (told.e) {
      case 'partition': return this.#partition(String(told['p']), seen.partitions.get(String(told['p'])), told as unknown as SeenPartition & Told, seen)
      case 'broker': return this.#broker(told, seen)
      case 'quorum': return this.#quorum(told)
      case 'topic': return this.fact({ code: 'topic.created', topic: told['topic'] }, told.at)
      case 'topic-removed': return this.fact({ code: 'topic.deleted', topic: told['topic'] }, told.at)
      case 'config': return this.#config(told)
      case 'replica': return this.#replica(told, seen)
      case 'group': return this.#group(String(told['g']), seen.groups.get(String(told['g'])), told as unknown as SeenGroup, told.at)
      case 'committed': return this.#committed(told, seen)
      case 'transaction': return this.#transaction(told, seen)
      case 'share': return this.#share(told, seen)
      case 'tampered': return this.fact({ code: 'message.tampered', how: told['how'], message: told['api'] }, told.at)
      default: return this.#client(told)
    }
  }

  #partition(partition: string, was: SeenPartition | undefined, now: SeenPartition & Told, seen: Seen): void {
    const { at } = now
    if (was === undefined) return
    const names = (ids: readonly number[]): readonly string[] => ids.map(brokerName)
    if (!sameSet(was.isr, now.isr)) this.fact({ code: 'isr.changed', partition, isr: names(now.isr), was: names(was.isr) }, at)
    if (!sameSet(was.elr, now.elr) || !sameSet(was.lastKnownElr, now.lastKnownElr)) this.fact({ code: 'elr.changed', partition, elr: names(now.elr), lastKnown: names(now.lastKnownElr) }, at)
    if (now.leader < 0 && was.leader >= 0) this.fact({ code: 'leader.lost', partition, epoch: now.leaderEpoch }, at)
    else if (now.leaderEpoch !== was.leaderEpoch) this.fact({ code: 'leader.elected', partition, leader: brokerName(now.leader), epoch: now.leaderEpoch, was: was.leader < 0 ? undefined : brokerName(was.leader) }, at)
    const moved = (each: SeenPartition): boolean => each.adding.length + each.removing.length > 0
    if (!moved(was) && moved(now)) this.fact({ code: 'reassignment.started', partition, adding: names(now.adding), removing: names(now.removing) }, at)
    if (moved(was) && !moved(now)) this.fact({ code: 'reassignment.finished', partition, replicas: names(now.replicas) }, at)
    if (!partition.startsWith(`${OFFSETS_TOPIC}/`) || now.leader === was.leader || now.leader < 0) return
    const count = [...seen.partitions.keys()].filter((name) => name.startsWith(`${OFFSETS_TOPIC}/`)).length
    const from = was.leader < 0 ? seen.lastLeader.get(partition) : was.leader
    for (const group of seen.groups.keys()) {
      if (coordinatorPartition(group, count) !== partition || from === undefined || from === now.leader) continue
      this.fact({ code: 'coordinator.moved', group, from: brokerName(from), to: brokerName(now.leader) }, at)
    }
  }

  #broker(told: Told, seen: Seen): void {
    const id = Number(told['b'])
    const was = seen.brokers.get(id)
    const node = brokerName(id)
    if (told['registered'] === true) this.fact({ code: 'broker.registered', node, epoch: told['epoch'] }, told.at, node)
    else if (told['fenced'] === true && was?.fenced === false) this.fact({ code: 'broker.fenced', node }, told.at, node)
    else if (told['fenced'] === false && was?.fenced !== false) this.fact({ code: 'broker.unfenced', node }, told.at, node)
  }
  #quorum(told: Told): void {
    const { leaderId, leaderEpoch } = told['state'] as { leaderId: number; leaderEpoch: number }
    if (leaderId < 0 || this.#epochTold.has(leaderEpoch)) return
    this.#epochTold.set(leaderEpoch, true)
    const node = voterName(leaderId)
    this.fact({ code: 'controller.elected', node, epoch: leaderEpoch }, told.at, node)
  }
  #config(told: Told): void {
    const kinds: Readonly<Record<number, string>> = { 2: 'topic', 4: 'broker', 32: 'group' }
    const kind = kinds[Number(told['kind'])] ?? 'other'
    const name = String(told['name'])
    // Kafka also writes down that a config is unset which was not set.
    const which = `${kind} ${name} ${String(told['key'])}`
    const was = this.#configs.get(which)
    this.#configs.set(which, told['value'] as string | null)
    if ((was ?? null) === (told['value'] ?? null)) return
    this.fact({ code: 'config.changed', kind, name: kind === 'broker' && name !== '' ? brokerName(Number(name)) : name, key: told['key'], value: told['value'] ?? '' }, told.at)
  }
  #replica(told: Told, seen: Seen): void {
    const partition = String(told['p']), node = brokerName(Number(told['b']))
    const was = seen.replicas.get(`${partition}@${String(told['b'])}`)
    const batches = told['batches'] as readonly { base: number; last: number; epoch: number; control?: string }[]
    const from = was?.leo ?? 0
    for (const { base, last, epoch, control } of batches) {
      if (base < from) continue
      this.fact({ code: 'batch.appended', partition, node, base, last, epoch, producer: '' }, told.at, node)
      if (control !== undefined && control !== 'none') this.fact({ code: 'marker.written', partition, node, offset: base, outcome: control }, told.at, node)
    }
  }

  #group(group: string, was: SeenGroup | undefined, now: SeenGroup, at: number): void {
    const began = now.state === 'PreparingRebalance' || now.state === 'Assigning'
    const epochs = now.epoch !== undefined && was?.epoch !== undefined && now.epoch > was.epoch
    const before = this.#membersOf(was), after = this.#membersOf(now)
    // Between two looks a classic group may have begun a rebalance and ended it: then it has other members.
    const between = was?.state === 'Stable' && now.state === 'Stable' && now.type !== 'Consumer' && [...before.keys()].toString() !== [...after.keys()].toString()
    if ((began && was?.state !== now.state) || (epochs && was?.state === 'Stable' && !began) || between) this.fact({ code: 'rebalance.started', group }, at)
    if (now.state === 'Stable' && was !== undefined && (was.state !== 'Stable' || between)) this.fact({ code: 'rebalance.finished', group }, at)
    for (const [id, member] of after) if (!before.has(id)) this.fact({ code: 'member.joined', group, member }, at, member)
    for (const [id, member] of before) if (!after.has(id)) this.fact({ code: 'member.left', group, member }, at, member)
  }
  /**
   * By instance, or by member id, who it is. A static member that takes another's place is no other member, and goes on under
   * its predecessor's client id (ClassicGroup#replaceStaticMember): the client itself knows its member id.
   */
  #membersOf(group: SeenGroup | undefined): ReadonlyMap<string, string> {
    return new Map((group?.members ?? []).map(({ id, client, instance = id }) => [instance, this.#clientOfMember.get(id) ?? client]))
  }
  #committed(told: Told, seen: Seen): void {
    const group = String(told['g'])
    const was = seen.committed.get(group) ?? {}
    for (const [partition, offset] of Object.entries(told['committed'] as Record<string, number>)) {
      if (was[partition] !== offset) this.fact({ code: 'offsets.committed', group, partition, offset }, told.at)
    }
  }
  #transaction(told: Told, seen: Seen): void {
    const txn = String(told['t'])
    const was = seen.transactions.get(txn)
    const state = told['state'] as string | undefined
    if (state === undefined || state === was?.state) return
    if (state === 'Ongoing') this.fact({ code: 'txn.began', txn, epoch: told['epoch'] }, told.at)
    if (state === 'CompleteCommit' || state === 'CompleteAbort') this.fact({ code: 'txn.finished', txn, outcome: state === 'CompleteCommit' ? 'commit' : 'abort' }, told.at)
  }
  #share(told: Told, seen: Seen): void {
    const group = String(told['g'])
    const before = new Set((seen.shares.get(group)?.members ?? []).map(({ client }) => client))
    const after = new Set((told['members'] as readonly { client: string }[]).map(({ client }) => client))
    for (const member of after) if (!before.has(member)) this.fact({ code: 'member.joined', group, member }, told.at, member)
    for (const member of before) if (!after.has(member)) this.fact({ code: 'member.left', group, member }, told.at, member)
  }

  #client(told: Told): void {
    const client = word(told['c'])
    const group = this.#groupOf(client) ?? ''
    const partitions = told['partitions'] as readonly string[] | undefined
    switch (told.e) {
      case 'acked': return this.fact({ code: 'record.acked', producer: client, partition: told['p'], offset: told['o'] }, told.at, client)
      case 'failed': {
        if (clientsOwn.has(String(told['error']))) this.error(String(told['error']), [client], told.at)
        return this.fact({ code: 'producer.failed', producer: client, error: told['error'], partition: told['p'] }, told.at, client)
      }
      case 'generation':
        this.#clientOfMember.set(word(told['member']), client)
        return
      case 'error':
        if (clientsOwn.has(String(told['error']))) this.error(String(told['error']), [client], told.at)
        return
      case 'assigned': return this.fact({ code: 'partitions.assigned', group, member: client, partitions }, told.at, client)
      case 'revoked': return this.fact({ code: 'partitions.revoked', group, member: client, partitions }, told.at, client)
      case 'lost-partitions': return this.fact({ code: 'partitions.lost', group, member: client, partitions }, told.at, client)
      case 'paused': case 'resumed': return this.fact({ code: `partitions.${told.e}`, consumer: client, partitions }, told.at, client)
      case 'misused': return this.fact({ code: 'client.misused', client, how: told['call'], state: '', message: told['text'] }, told.at, client)
      case 'refused': return this.error(String(told['error']), [client, brokerName(Number(told['from']))], told.at, Number(told['count']))
      case 'handler-failed': return this.fact({ code: 'handler.failed', consumer: client, partition: told['p'], offset: told['o'], how: told['how'], ...(told['to'] === undefined ? {} : { to: told['to'] }) }, told.at, client)
      case 'delayed': return this.fact({ code: 'records.delayed', consumer: client, partition: told['p'], offset: told['o'], waitMs: told['waitMs'], afterMs: told['afterMs'] }, told.at, client)
      case 'asks': {
        const to = Number(told['to'])
        const was = this.#fetchedFrom.get(client)
        this.#fetchedFrom.set(client, to)
        if (was !== undefined && was !== to) this.fact({ code: 'fetch.redirected', consumer: client, to: brokerName(to) }, told.at, client)
      }
    }
  }

  /** Lines of the nodes' own logs that say what no request does. */
  said(node: string, line: string, at: number): void {
    if (line.includes('partition=__cluster_metadata')) return
    const cut = /partition=([^,\]]+), dir=[^\]]*\] Truncating to offset \d+/.exec(line)?.[1]
    if (cut !== undefined && this.zero > 0) this.truncations.set(`${partitionOf(cut)}@${node}`, (this.truncations.get(`${partitionOf(cut)}@${node}`) ?? 0) + 1)
    for (const { pattern, fact } of lines) {
      const found = pattern.exec(line)
      if (found !== null) this.fact(fact(node, found), at, node)
    }
    const error = /returned error ([A-Z_]+)/.exec(line)?.[1]
    if (error !== undefined) this.error(error, [node], at)
  }
  ended(node: string, how: NodeEnd, at: number): void {
    this.fact({ code: `node.${how}`, node }, at, node)
  }
}

const partitionOf = (name = ''): string => name.replace(/-(\d+)$/, '/$1')
const lines: readonly { readonly pattern: RegExp; readonly fact: (node: string, found: RegExpExecArray) => Loose }[] = [
  { pattern: /partition=([^,\]]+), dir=[^\]]*\] Rolled new log segment at offset (\d+)/, fact: (node, [, name, base]) => ({ code: 'segment.rolled', partition: partitionOf(name), node, base: Number(base) }) },
  { pattern: /partition=([^,\]]+), dir=[^\]]*\] Deleting segment.*baseOffset=(\d+)/, fact: (node, [, name, base]) => ({ code: 'segment.deleted', partition: partitionOf(name), node, base: Number(base) }) },
  { pattern: /partition=([^,\]]+), dir=[^\]]*\] Incremented log start offset to (\d+)/, fact: (node, [, name, to]) => ({ code: 'logStart.moved', partition: partitionOf(name), node, to: Number(to) }) },
  { pattern: /partition=([^,\]]+), dir=[^\]]*\] Corruption found in segment \d+, truncating to offset (\d+)/, fact: (node, [, name, from]) => ({ code: 'log.recovered', partition: partitionOf(name), node, from: Number(from) }) },
  { pattern: /partition=([^,\]]+), dir=[^\]]*\] Truncating to offset (\d+)/, fact: (node, [, name, to]) => ({ code: 'log.truncated', partition: partitionOf(name), node, to: Number(to) }) },
  { pattern: /Stopping serving logs in dir (\S+)/, fact: (node, [, dir]) => ({ code: 'logDir.failed', node, dir }) },
  { pattern: /Log cleaner thread \d+ cleaned log (\S+) /, fact: (node, [, name]) => ({ code: 'log.cleaned', partition: partitionOf(name), node }) },
]

const sameSet = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((each) => b.includes(each))
const shown = (value: unknown): string => (Array.isArray(value) ? `[${value.join(' ')}]` : String(value as string | number))
