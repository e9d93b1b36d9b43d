/**
 * A broker's log directories (`log.dirs`), each a disk of its own: which of them work, where a new log goes, and whether
 * one can be written to. Follows core/.../log/LogManager.scala#nextLogDirs, #createAndValidateLogDirs and
 * storage/.../internals/log/LogDirFailureChannel.java. CTL-16, KIP-112, KIP-858.
 */
import type { Micros, NodeId } from '../../base/units.ts'
import { sizeOf } from '../log/log.ts'
import type { PartitionRegistration } from '../metadata/image.ts'
import { UNASSIGNED } from '../metadata/records.ts'
import { idOf } from '../uuid.ts'
import type { Broker, BrokerContext, BrokerSpec, LogDirectory, Replica } from './state.ts'

/** One directory is `/var/lib/kafka/data`, several are numbered. */
export const logDirPath = (dir: number, of: number): string => (of === 1 ? '/var/lib/kafka/data' : `/var/lib/kafka/data-${dir}`)
/** `metadata.log.dir`, where it is not one of the others. */
export const METADATA_DIR = '/var/lib/kafka/metadata'
export const directoryId = (broker: string, dir: number): string => idOf(`${broker} log directory ${dir}`)

export const newLogDirectories = ({ name, logDirs = 1, diskBytes = Infinity }: Pick<BrokerSpec, 'name' | 'logDirs' | 'diskBytes'>): readonly LogDirectory[] =>
  Object.freeze(Array.from({ length: logDirs }, (_, dir): LogDirectory => Object.freeze({
    id: directoryId(name, dir), path: logDirPath(dir, logDirs), ails: undefined, online: true, told: undefined, unclean: false, bytes: diskBytes,
  })))

/** Where the metadata log lies: in the first of `log.dirs` unless `metadata.log.dir` names another. undefined = in none of them. */
export function metadataDirectory({ spec, logDirs }: Pick<Broker, 'spec' | 'logDirs'>): number | undefined {
  const named = spec.overrides['metadata.log.dir']
  const dir = named === undefined ? 0 : logDirs.findIndex(({ path }) => path === named)
  return dir < 0 ? undefined : dir
}

export const directoryOf = ({ dir = 0 }: Pick<Replica, 'dir'>): number => dir

type Kept = Pick<Broker, 'logDirs' | 'replicas'>
/** Simplified: only `.log` files fill a disk. */
export function bytesIn({ replicas, offline }: Pick<Broker, 'replicas' | 'offline'>, dir: number): number {
  let bytes = 0
  for (const replica of replicas.values()) if (directoryOf(replica) === dir) bytes += sizeOf(replica.log)
  for (const replica of offline?.values() ?? []) if (directoryOf(replica) === dir) bytes += sizeOf(replica.log)
  return bytes
}

export function changeDirectory(broker: Pick<Broker, 'logDirs'>, dir: number, change: Partial<LogDirectory>): void {
  broker.logDirs = Object.freeze(broker.logDirs.map((each, i) => (i === dir ? Object.freeze({ ...each, ...change }) : each)))
}

/**
 * The directory of a new log. The controller's word goes first; where it has none, the one with the fewest logs, the first of
 * them. undefined: it belongs into one that does not work, and may be there already.
 */
export function placeLog({ logDirs, replicas }: Kept, id: NodeId, { replicas: assigned, directories }: PartitionRegistration): number | undefined {
  const wanted = directories?.[assigned.indexOf(id)] ?? UNASSIGNED
  const known = logDirs.findIndex((each) => each.id === wanted && each.online)
  if (known >= 0) return known
  if (wanted !== UNASSIGNED && logDirs.some(({ online }) => !online)) return undefined
  const counts = logDirs.map(() => 0)
  for (const replica of replicas.values()) counts[directoryOf(replica)]!++
  let least: number | undefined
  for (const [dir, { online }] of logDirs.entries()) if (online && (least === undefined || counts[dir]! < counts[least]!)) least = dir
  return least
}

/**
 * Can so many bytes be written to this log? If not, that is the end of its directory: whoever handles such failures hears of
 * it right now, and until then the next write fails as this one does.
 */
export function canWrite(broker: Broker, replica: Replica, bytes: number, ctx: BrokerContext): boolean {
  const dir = directoryOf(replica)
  const { ails, bytes: size } = broker.logDirs[dir]!
  if (ails === undefined && (size === Infinity || bytesIn(broker, dir) + bytes <= size)) return true
  if (ails === undefined) changeDirectory(broker, dir, { ails: 'full' })
  reportFailure(dir, ctx)
  return false
}

/** Follows LogDirFailureChannel#maybeAddOfflineLogDir: a thread of its own takes it from there. */
export const reportFailure = (dir: number, ctx: BrokerContext): void => ctx.setTimer({ type: 'logDirFailure', key: String(dir) }, 0)

/** A write might fail, or takes time: only then anybody looks. */
export function watchDisks(broker: Pick<Broker, 'disk' | 'logDirs'>): void {
  broker.disk.watched = broker.disk.slow > 0 || broker.logDirs.some(({ ails, bytes }) => ails !== undefined || bytes < Infinity)
}

export type DiskOrder =
  | { readonly type: 'ailDisk'; readonly dir: number; readonly ails: 'failed' | 'full' | undefined }
  | { readonly type: 'slowDisk'; readonly add: Micros }

/** Something happens to a disk, whatever the process does. Simplified: mending one that logs have filled doubles it. */
export function ailDisk(kept: Pick<Broker, 'logDirs' | 'disk' | 'replicas' | 'offline'>, order: DiskOrder): void {
  if (order.type === 'slowDisk') kept.disk.slow = order.add
  else {
    const { dir, ails } = order
    const { bytes } = kept.logDirs[dir]!
    changeDirectory(kept, dir, { ails, ...(ails === undefined && bytesIn(kept, dir) >= bytes * FULL ? { bytes: bytes * 2 } : {}) })
  }
  watchDisks(kept)
}
/** A disk that has less than this left is taken to be filled by what Kafka wrote. */
const FULL = 0.95
