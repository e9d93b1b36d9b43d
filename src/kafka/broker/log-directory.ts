/**
 * What `ls` and `cat` would show in a broker's log directory at this moment. The model keeps no files; this is what they
 * would be, but for `.snapshot`, `.txnindex`, `partition.metadata` and `meta.properties`, which are not listed. Follows core/.../log/LogManager.scala#checkpointRecoveryOffsetsInDir, #checkpointLogStartOffsetsInDir. SEG-4, SEG-5.
 */
import type { Offset } from '../../base/units.ts'
import { cleanShutdownFile, leaderEpochCheckpoint, offsetCheckpoint, segmentFiles } from '../log/files.ts'
import { segmentsOf } from '../log/log.ts'
import type { Broker, Replica } from './state.ts'

export interface DirectoryFile {
  /** From the log directory on: `orders-0/00000000000000000000.log`. */
  readonly path: string
  readonly sizeInBytes: number
  /** Of a file that people can read. */
  readonly text: string | undefined
}

/** A broker that runs, or what its disk kept. */
export function logDirectory({ replicas, cleanShutdown, cleanShutdownEpoch }: Pick<Broker, 'replicas' | 'cleanShutdown' | 'cleanShutdownEpoch'>): readonly DirectoryFile[] {
  const all = [...replicas.values()]
  return [
    ...(cleanShutdown ? [readable('.kafka_cleanshutdown', cleanShutdownFile(cleanShutdownEpoch))] : []),
    checkpoint('cleaner-offset-checkpoint', all, ({ log }) => log.cleanedTo),
    // Only where it is not what the first file's name says already.
    checkpoint('log-start-offset-checkpoint', all, ({ log }) => (log.startOffset > segmentsOf(log)[0]!.baseOffset ? log.startOffset : undefined)),
    checkpoint('recovery-point-offset-checkpoint', all, ({ log }) => log.recoveryPoint),
    checkpoint('replication-offset-checkpoint', all, ({ checkpointedHighWatermark }) => checkpointedHighWatermark),
    ...all.flatMap(partitionFiles),
  ]
}

function partitionFiles({ partition, log }: Replica): readonly DirectoryFile[] {
  const folder = partition.replace(/\/(\d+)$/, '-$1')
  return [
    ...segmentFiles(log).map(({ name, sizeInBytes }): DirectoryFile => ({ path: `${folder}/${name}`, sizeInBytes, text: undefined })),
    readable(`${folder}/leader-epoch-checkpoint`, leaderEpochCheckpoint(log.epochs)),
  ]
}

const readable = (path: string, text: string): DirectoryFile => ({ path, sizeInBytes: text.length, text })

function checkpoint(name: string, replicas: readonly Replica[], offsetIn: (replica: Replica) => Offset | undefined): DirectoryFile {
  const entries = replicas.flatMap((replica): readonly (readonly [string, number, Offset])[] => {
    const offset = offsetIn(replica)
    const slash = replica.partition.lastIndexOf('/')
    return offset === undefined ? [] : [[replica.partition.slice(0, slash), Number(replica.partition.slice(slash + 1)), offset]]
  })
  return readable(name, offsetCheckpoint(entries))
}
