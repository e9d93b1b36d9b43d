/** The values of statements on a live cluster: the vocabulary of scenario files, read from what has been seen. */
import { parsePartition } from '../../src/kafka/topic-partition.ts'
import type { Value } from '../../src/scenario/expression.ts'
import type { PathNode } from '../../src/scenario/expression-syntax.ts'
import { tallyKey } from '../../src/scenario/observe.ts'
import { accountOf, appOf } from './accounts.ts'
import { brokerId, brokerName, isAlive, type LiveState } from './live-state.ts'
import { hiddenIn, Unobservable, unread } from './observable.ts'
import { readConsumer, readGroup, readProducer, readShare, readTransaction } from './read-clients.ts'
import { epochOfRun, hostOf, quorumOf, voterName } from './quorum.ts'
import { readPartition, readReplica } from './read-log.ts'

const toMs = (micros: number): number => micros / 1_000

export const reader = (live: LiveState) => (path: PathNode): Value => {
  const why = hiddenIn(path)
  if (why !== undefined) throw new Unobservable(why)
  const [root, property, inner] = [path.root, path.parts[0], path.parts[1]]
  const name = root.args[0]?.text ?? ''
  if (property === undefined) return undefined
  const args = property.args.map(({ text }) => text)
  switch (root.name) {
    case 'cluster': return readCluster(live, property.name)
    case 'controller': return root.args.length === 0 ? readQuorum(live, property.name) : readController(live, name, property.name)
    case 'broker': return readBroker(live, name, property.name, args[0])
    case 'topic': return readTopic(live, name, property.name)
    case 'partition': return readPartition(live, name, property.name, args[0], inner?.name)
    case 'replica': return readReplica(live, name, property.name, args[0], inner?.name)
    case 'producer': return readProducer(live, name, property.name, args[0], inner?.name)
    case 'consumer': return readConsumer(live, name, property.name, args[0])
    case 'group': return readGroup(live, name, property.name, args[0])
    case 'share': return readShare(live, name, property.name, args)
    case 'txn': return readTransaction(live, name, property.name)
    case 'app': return appOf(live, name, property.name)
    case 'ledger': return readLedger(live, property.name)
    case 'event': return readEvent(live, tallyKey(name, root.args[1]?.text), property.name)
    case 'step': return readStep(live, name, property.name)
    case 'result': return readResult(live, name, property.name)
    case 'learner': return property.name === 'actions' ? 0 : unread(`learner.${property.name}`)
    default: return unread(root.name)
  }
}

function readLedger(live: LiveState, property: string): Value {
  const value = accountOf(live)[property as keyof ReturnType<typeof accountOf>]
  return typeof value === 'number' ? value : unread(`ledger.${property}`)
}

const brokersOf = (live: LiveState): readonly number[] => [...live.seen.brokers.keys()]

function readCluster(live: LiveState, property: string): Value {
  const registrations = [...live.seen.partitions]
  switch (property) {
    case 'time': return toMs(live.now)
    case 'aliveBrokers': return brokersOf(live).filter((id) => isAlive(live, id)).length
    case 'offlinePartitions': return registrations.filter(([, { leader }]) => !isAlive(live, leader)).length
    case 'underReplicated': return registrations.filter(([, { isr, replicas }]) => isr.length < replicas.length).length
    default: return unread(`cluster().${property}`)
  }
}

function readQuorum(live: LiveState, property: string): Value {
  const voters = [...live.seen.voters.keys()]
  const alive = voters.filter((name) => ['running', 'stopping', 'starting'].includes(hostOf(live, name)?.state ?? '')).length
  switch (property) {
    case 'active': return quorumOf(live).leader
    case 'epoch': return epochOfRun(live, quorumOf(live).epoch)
    case 'aliveVoters': return alive
    case 'hasMajority': return alive * 2 > voters.length
    default: return unread(`controller().${property}`)
  }
}
function readController(live: LiveState, name: string, property: string): Value {
  const voter = live.seen.voters.get(name)
  const state = hostOf(live, name)?.state
  if (property === 'epoch') return voter === undefined ? undefined : epochOfRun(live, voter.leaderEpoch)
  if (property !== 'state') return unread(`controller().${property}`)
  if (state === 'down' || state === 'frozen') return state
  if (voter === undefined) return undefined
  return voter.leaderId > 0 ? (voterName(voter.leaderId) === name ? 'leader' : 'follower') : voter.votedId >= 0 ? 'voted' : 'unattached'
}

function readBroker(live: LiveState, name: string, property: string, argument = ''): Value {
  const id = brokerId(name)
  const node = live.node(name)
  const belief = live.seen.believes.get(`${argument}@${id}`)
  const registrations = [...live.seen.partitions]
  switch (property) {
    case 'state': return node?.state
    case 'fenced': return live.seen.brokers.get(id)?.fenced ?? true
    case 'starts': return node?.starts
    case 'recoveries': return node?.recoveries
    case 'leaders': return registrations.filter(([, { leader }]) => leader === id).length
    case 'leads': return registrations.filter(([partition, { leader }]) => leader === id && parsePartition(partition).topic === argument).length
    case 'replicas': return registrations.filter(([, { replicas }]) => replicas.includes(id)).length
    case 'logDirOnline': return argument === '' ? node?.failedDirs.size === 0 : node?.failedDirs.has(Number(argument)) === false
    case 'believes': return node?.state === 'down' || belief === undefined || belief.leader < 0 ? undefined : brokerName(belief.leader)
    case 'believesIsr': return node?.state === 'down' ? undefined : belief?.isr.map(brokerName)
    default: return unread(`broker().${property}`)
  }
}

function readTopic(live: LiveState, name: string, property: string): Value {
  const partitions = [...live.seen.partitions].filter(([partition]) => parsePartition(partition).topic === name)
    .toSorted(([a], [b]) => parsePartition(a).partition - parsePartition(b).partition)
  const records = partitions.map(([partition]) => Number(readPartition(live, partition, 'records', undefined, undefined) ?? 0))
  const rackOf = (id: number): string | undefined => live.seen.brokers.get(id)?.rack
  switch (property) {
    case 'exists': return partitions.length > 0
    case 'partitions': return partitions.length
    case 'replicationFactor': return partitions[0]?.[1].replicas.length
    case 'nonEmptyPartitions': return records.filter((count) => count > 0).length
    case 'records': return records.reduce((sum, count) => sum + count, 0)
    case 'maxRecords': return records.length === 0 ? undefined : Math.max(...records)
    case 'minRecords': return records.length === 0 ? undefined : Math.min(...records)
    case 'minRacks': return partitions.length === 0 ? undefined : Math.min(...partitions.map(([, { replicas }]) => new Set(replicas.map(rackOf)).size))
    case 'leadersCycleRacks': {
      const count = new Set([...live.seen.brokers.values()].map(({ rack }) => rack)).size
      const racks = partitions.map(([, { leader }]) => rackOf(leader))
      return racks.every((_, i) => i % count > 0 || i + count > racks.length || new Set(racks.slice(i, i + count)).size === count)
    }
    default: return unread(`topic().${property}`)
  }
}

function readEvent(live: LiveState, key: string, property: string): Value {
  const tally = live.tallies.counts.get(key)
  if (property === 'count') return tally?.count ?? 0
  if (tally === undefined) return undefined
  switch (property) {
    case 'firstAt': case 'lastAt': return toMs(tally[property])
    default: return unread(`event().${property}`)
  }
}
function readStep(live: LiveState, id: string, property: string): Value {
  const mark = live.marks.find((each) => each.id === id)
  if (mark === undefined) return undefined
  if (property === 'startAt') return toMs(mark.startAt)
  if (mark.endAt === undefined) return undefined
  switch (property) {
    case 'endAt': return toMs(mark.endAt)
    case 'took': return toMs(mark.endAt - mark.startAt)
    default: return unread(`step().${property}`)
  }
}
function readResult(live: LiveState, name: string, property: string): Value {
  const answer = live.seen.answers.get(name)
  if (property === 'done') return answer?.done === true
  if (answer?.done !== true || answer.at === undefined) return undefined
  switch (property) {
    case 'error': return answer.error
    case 'value': return answer.value
    case 'at': return toMs(answer.at - live.tallies.zero)
    case 'took': return toMs(answer.at - answer.called)
    default: return unread(`result().${property}`)
  }
}
