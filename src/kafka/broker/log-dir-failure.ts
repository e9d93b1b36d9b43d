/**
 * A log directory fails: its replicas are offline, the controller hears of it with the next heartbeat, which is sent at once;
 * without any directory, or without the one of the metadata log, the process halts. Follows core/.../server/ReplicaManager.scala
 * #handleLogDirFailure, core/.../log/LogManager.scala#handleLogDirFailure and BrokerLifecycleManager#propagateDirectoryFailure. CTL-16.
 */
import { fromMs, toMs, type Micros } from '../../base/units.ts'
import { numberOf } from '../config.ts'
import { NO_LEADER } from '../metadata/records.ts'
import { stir } from './fetch-session.ts'
import { completeDeletes } from './delete-records.ts'
import { nextCheckpoint } from './disk.ts'
import { unfollow } from './fetcher.ts'
import { beginControlledShutdown, communicate } from './lifecycle.ts'
import { ailDisk, changeDirectory, directoryOf, metadataDirectory, reportFailure, type DiskOrder } from './log-directories.ts'
import { giveUpCoordinating } from './replicas.ts'
import type { Broker, BrokerContext, Replica } from './state.ts'

export function handleLogDirFailure(broker: Broker, dir: number, ctx: BrokerContext): void {
  const { id, online } = broker.logDirs[dir]!
  if (online) takeOffline(broker, dir, ctx)
  if (mustHalt(broker)) return halt(broker, dir, ctx)
  if (!online) return
  ctx.setTimer({ type: 'logDirTimeout', key: id }, timeoutOf(broker))
  if (broker.brokerEpoch >= 0) communicate(broker, ctx)
}
const timeoutOf = ({ spec: { overrides } }: Broker): Micros => fromMs(numberOf('broker', overrides, 'log.dir.failure.timeout.ms'))

function takeOffline(broker: Broker, dir: number, ctx: BrokerContext): void {
  const replicas = [...broker.replicas.values()].filter((replica) => directoryOf(replica) === dir)
  noteFailed(broker, dir, replicas.length, ctx)
  for (const replica of replicas) markOffline(broker, replica, ctx)
  changeDirectory(broker, dir, { online: false, unclean: true, told: 'no' })
  if (broker.parked.deletes.size > 0) completeDeletes(broker, replicas.map(({ partition }) => partition), ctx)
  if (broker.transactions.markers.length > 0) ctx.setTimer({ type: 'transactionMarkers' }, 0)
}

function noteFailed({ spec, logDirs }: Broker, dir: number, partitions: number, ctx: BrokerContext): void {
  const { path, ails = 'failed' } = logDirs[dir]!
  ctx.note({ code: 'logDir.failed', node: spec.name, dir: path, partitions, why: ails })
}

const mustHalt = (broker: Broker): boolean => {
  const metadata = metadataDirectory(broker)
  return broker.logDirs.every(({ online }) => !online) || (metadata !== undefined && !broker.logDirs[metadata]!.online)
}
function halt(broker: Broker, dir: number, ctx: BrokerContext): void {
  const why = broker.logDirs.some(({ online }) => online) ? 'metadataDir' : 'logDirs'
  ctx.note({ code: 'node.halted', node: broker.spec.name, why, dir: broker.logDirs[dir]!.path })
  ctx.halt()
}

/**
 * What a process finds when it starts: a directory that cannot be read is offline from the first; so is one without space that
 * was not closed in order, since recovery writes. False: that is the end of it. Follows LogManager.scala#createAndValidateLogDirs, #loadLogs.
 */
export function openDirectories(broker: Broker, wasClean: boolean, ctx: BrokerContext): boolean {
  for (const [dir, { ails, unclean }] of broker.logDirs.entries()) {
    const online = ails === undefined || (ails === 'full' && wasClean && !unclean)
    changeDirectory(broker, dir, { online, told: undefined })
    if (online) continue
    const replicas = [...broker.replicas.values()].filter((replica) => directoryOf(replica) === dir)
    noteFailed(broker, dir, replicas.length, ctx)
    for (const replica of replicas) {
      broker.replicas.delete(replica.partition)
      broker.offline = (broker.offline ?? new Map()).set(replica.partition, replica)
    }
  }
  if (!mustHalt(broker)) return true
  reportFailure(metadataDirectory(broker) ?? 0, ctx)
  return false
}

/**
 * It serves nobody and copies from nobody. Who waits for it here waits on, as in Kafka, until the time of his request is over.
 *
 * Simplified: what it coordinated is given up at once.
 */
function markOffline(broker: Broker, replica: Replica, ctx: BrokerContext): void {
  const { partition, leading } = replica
  stir(broker, replica)
  replica.leading = undefined
  replica.leader = NO_LEADER
  replica.leaderEpoch = -1
  broker.replicas.delete(partition)
  broker.offline = (broker.offline ?? new Map()).set(partition, replica)
  broker.alterPartition.pending.delete(partition)
  unfollow(broker, partition, undefined, ctx)
  if (leading !== undefined) giveUpCoordinating(broker, partition, ctx)
}

/** `log.dir.failure.timeout.ms` have passed: a broker that could not tell anybody must not go on. */
export function handleLogDirTimeout(broker: Broker, id: string, ctx: BrokerContext): void {
  const directory = broker.logDirs.find((each) => each.id === id)
  if (directory === undefined || directory.told === 'yes' || broker.lifecycle === 'shuttingDown') return
  ctx.note({ code: 'logDir.untold', node: broker.spec.name, dir: directory.path, timeoutMs: toMs(timeoutOf(broker)) })
  beginControlledShutdown(broker, ctx)
}

/**
 * The next write fails. Where nobody writes, that is the checkpoint of the high watermarks, every 5 seconds.
 *
 * Simplified: reads go on until then.
 */
export function handleDiskOrder(broker: Broker, order: DiskOrder, ctx: BrokerContext): void {
  ailDisk(broker, order)
  if (order.type === 'ailDisk' && order.ails !== undefined && broker.disk.checkpointAt === Infinity) nextCheckpoint(broker, ctx)
}
