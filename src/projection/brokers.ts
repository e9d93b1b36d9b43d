/** Brokers and their replicas, as seen. */
import type { World, Node } from '../engine/world.ts'
import { caughtUpAt } from '../kafka/broker/fetch-session.ts'
import { bytesIn, directoryOf } from '../kafka/broker/log-directories.ts'
import { nodeName, type Broker, type Leading, type Replica } from '../kafka/broker/state.ts'
import { configOf, type Overrides } from '../kafka/config.ts'
import { segmentsOf, sizeOf, type Log } from '../kafka/log/log.ts'
import { lastStableOffset, NO_TRANSACTIONS } from '../kafka/log/transactions.ts'
import type { MetadataImage } from '../kafka/metadata/image.ts'
import { NO_LEADER } from '../kafka/metadata/records.ts'
import { sharePart } from '../kafka/parts.ts'
import { cellsOf, TAIL, tailAfter, tailOf, type Hues } from './cells.ts'
import type { BrokerView, Condition, LogTransactions, Override, ReplicaView } from './cluster-view.ts'

export const isInternal = (partition: string): boolean => partition.startsWith('__')
export const leaderName = (id: number): string | undefined => (id === NO_LEADER ? undefined : nodeName(id))

export function overridesOf(scope: 'broker' | 'producer' | 'consumer' | 'topic', overrides: Overrides): readonly Override[] {
  const list: Override[] = []
  for (const [name, value] of Object.entries(overrides)) {
    const standard = configOf(scope, name)?.default
    if (String(value) !== String(standard)) list.push({ name, value: String(value), default: standard === undefined ? '' : String(standard) })
  }
  return list
}

export const skewOf = ({ skew }: Node): Pick<BrokerView, 'skew'> => (skew === undefined ? {} : { skew })

export function brokerView(name: string, node: Node, committed: MetadataImage | undefined): BrokerView {
  const kept = (node.state ?? node.disk) as Partial<Broker>
  const running = node.state as Broker | undefined
  const { spec } = running ?? { spec: node.config as Broker['spec'] }
  const registration = committed?.brokers.get(spec.id)
  return {
    ...skewOf(node), name, nodeId: spec.id, rack: spec.rack, condition: conditionOf(node, running), starts: kept.starts ?? 1,
    fenced: registration?.fenced ?? true, registered: registration !== undefined, brokerEpoch: registration?.epoch ?? -1, since: node.since,
    metadataOffset: kept.metadata?.endOffset ?? 0, stale: running === undefined ? {} : staleOf(running, committed), overrides: overridesOf('broker', running?.overrides ?? spec.overrides), ...disksOf(kept as Broker),
  }
}

function disksOf(kept: Pick<Broker, 'logDirs' | 'disk' | 'replicas' | 'offline'>): Pick<BrokerView, 'disks'> {
  const { logDirs, disk: { slow } } = kept
  if (slow === 0 && logDirs.length === 1 && logDirs[0]!.online && logDirs[0]!.ails === undefined && logDirs[0]!.bytes === Infinity) return {}
  return {
    disks: {
      slow, logDirs: logDirs.map(({ path, online, ails, bytes }, dir) => ({
        path, online, ails, usedPct: ails === 'full' ? 100 : bytes === Infinity ? undefined : Math.round((100 * bytesIn(kept, dir)) / bytes),
      })),
    },
  }
}

function conditionOf(node: Node, running: Broker | undefined): Condition {
  if (node.condition === 'running' && running !== undefined && running.lifecycle !== 'running') return running.lifecycle === 'shuttingDown' ? 'stopping' : 'starting'
  return node.condition
}

/** Where its own metadata is behind the committed. */
function staleOf(broker: Broker, committed: MetadataImage | undefined): BrokerView['stale'] {
  const stale: Record<string, { leader: string | undefined; epoch: number }> = {}
  if (committed === undefined || committed.endOffset === broker.metadata.endOffset) return stale
  for (const [partition, truth] of committed.partitions) {
    const belief = broker.metadata.partitions.get(partition)
    if (belief === undefined || isInternal(partition) || (belief.leader === truth.leader && belief.leaderEpoch === truth.leaderEpoch)) continue
    stale[partition] = { leader: leaderName(belief.leader), epoch: belief.leaderEpoch }
  }
  return stale
}

/** What has not changed since `before` is taken from there. */
export function replicaViews(
  world: World, name: string, node: Node, committed: MetadataImage | undefined, hues: Hues, before: Readonly<Record<string, ReplicaView>>,
): Record<string, ReplicaView> {
  const kept = (node.state ?? node.disk) as Pick<Broker, 'replicas'> & Partial<Broker>
  const id = (node.config as Broker['spec']).id
  const views: Record<string, ReplicaView> = {}
  for (const replicas of [kept.replicas, kept.offline ?? new Map<string, Replica>()]) {
    for (const replica of replicas.values()) {
      if (isInternal(replica.partition)) continue
      const key = `${replica.partition}@${name}`
      views[key] = replicaView(world, key, name, id, replica, kept, committed, hues, before[key])
    }
  }
  return views
}

function replicaView(
  world: World, key: string, name: string, id: number, replica: Replica, broker: Partial<Broker>, committed: MetadataImage | undefined, hues: Hues,
  before: ReplicaView | undefined,
): ReplicaView {
  const { log, leading, partition, lastTruncation, leaderEpoch, truncations, rewrites, highWatermark } = replica
  const truth = committed?.partitions.get(partition)
  const offline = broker.logDirs?.[directoryOf(replica)]?.online === false || broker.offline?.has(partition) === true
  const died = (world.nodes.get(name)!.condition === 'down' || offline) && truth?.leader === id
  const role = leading !== undefined || died ? 'leader' : 'follower'
  const inSync = truth?.isr.includes(id) ?? false
  const fetching = fetchingOf(replica, broker)
  const sameLog = before !== undefined && before.truncations === truncations && (before.rewrites ?? 0) === rewrites && before.logStartOffset === log.startOffset
  const segmentBases = basesOf(log)
  const same = sameLog && before.segmentBases === segmentBases && before.writtenTo === log.writtenTo && before.logEndOffset === log.endOffset && before.highWatermark === highWatermark && before.leaderEpoch === leaderEpoch
    && before.role === role && before.inSync === inSync && before.fetching === fetching && before.epochs === log.epochs && (before.offline ?? false) === offline
  if (same && leading === undefined && before.followers.length === 0 && before.pendingIsr === undefined) return before
  return {
    name: key, partition, broker: name, role, leaderEpoch, inSync, logStartOffset: log.startOffset, logEndOffset: log.endOffset, highWatermark, bytes: sizeOf(log),
    tail: sameLog ? tailAfter(before, log, hues) : tailOf(log, hues), epochs: log.epochs, truncations,
    ...(replica.dir === undefined ? {} : { logDir: broker.logDirs![replica.dir]!.path }), ...(offline ? { offline } : {}),
    ...(rewrites === 0 ? {} : { rewrites }), ...(segmentBases === undefined ? {} : { segmentBases }), writtenTo: log.writtenTo,
    ...(log.transactions === NO_TRANSACTIONS ? {} : { transactions: transactionsOf(log, highWatermark) }),
    lastTruncation: lastTruncation === undefined ? undefined
      : { at: lastTruncation.at, from: lastTruncation.from, to: lastTruncation.to, cells: lastTruncation.batches.flatMap((batch) => cellsOf(batch, hues)) },
    ...(leading === undefined || broker.share === undefined ? {} : { shares: sharePart().shares(broker as never, partition) }),
    followers: leading === undefined ? [] : followersOf(broker as Broker, leading), pendingIsr: leading === undefined ? undefined : pendingOf(leading), fetching,
  }
}

const bases = new WeakMap<Log['closed'], readonly number[]>()
/** The same list as long as the segments are the same; undefined = one segment. */
function basesOf(log: Log): readonly number[] | undefined {
  const { closed } = log
  if (closed.length === 0) return undefined
  let known = bases.get(closed)
  if (known?.at(-1) !== log.active.baseOffset) bases.set(closed, (known = Object.freeze(segmentsOf(log).map(({ baseOffset }) => baseOffset))))
  return known
}

/** Aborted ones only where something of them is in the tail. */
function transactionsOf({ transactions, endOffset, startOffset }: Log, highWatermark: number): LogTransactions {
  const from = Math.max(startOffset, endOffset - TAIL)
  return {
    lastStable: lastStableOffset(transactions, highWatermark), open: transactions.open.map(({ producerId, firstOffset }) => ({ producerId, first: firstOffset })),
    aborted: transactions.aborted.filter(({ lastOffset }) => lastOffset >= from).map(({ producerId, firstOffset, lastOffset }) => ({ producerId, first: firstOffset, last: lastOffset })),
  }
}

const followersOf = (broker: Broker, leading: Leading): ReplicaView['followers'] => [...leading.followers].map(([id, progress]) => {
  const since = caughtUpAt(broker, progress)
  return { broker: nodeName(id), logEndOffset: progress.logEndOffset < 0 ? undefined : progress.logEndOffset, caughtUpAt: since < 0 ? undefined : since }
})

function pendingOf({ isr }: Leading): ReplicaView['pendingIsr'] {
  if (isr.kind === 'PendingExpand') return { kind: 'expand', brokers: [nodeName(isr.joining)] }
  return isr.kind === 'PendingShrink' ? { kind: 'shrink', brokers: isr.leaving.map(nodeName) } : undefined
}

function fetchingOf(replica: Replica, broker: Partial<Broker>): ReplicaView['fetching'] {
  if (replica.leading !== undefined || broker.fetchers === undefined) return undefined
  const fetcher = broker.fetchers.get(replica.leader)
  if (fetcher?.partitions.has(replica.partition) !== true) return 'idle'
  if (fetcher.state === 'backingOff' && fetcher.on !== undefined && broker.quotas?.follower?.exceeded === true) return 'throttled'
  return fetcher.state === 'fetching' || fetcher.state === 'connecting' ? 'fetching' : fetcher.state === 'stalled' ? 'stalled' : 'backing off'
}
