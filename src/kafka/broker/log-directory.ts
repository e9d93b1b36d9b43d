/**
 * What `ls` and `cat` would show in a broker's log directories at this moment. The model keeps no files; this is what they
 * would be. The metadata log has a folder of its own, which is not listed. Follows core/.../log/LogManager.scala
 * #checkpointRecoveryOffsetsInDir, #checkpointLogStartOffsetsInDir. SEG-4, SEG-5.
 */
import type { Offset } from '../../base/units.ts'
import { cleanShutdownFile, leaderEpochCheckpoint, metaProperties, offsetCheckpoint, partitionMetadata, segmentFileNames, segmentFiles } from '../log/files.ts'
import { segmentsOf } from '../log/log.ts'
import { snapshotBytes } from '../log/snapshot.ts'
import { idOf } from '../uuid.ts'
import { directoryOf } from './log-directories.ts'
import { nodeId, type Broker, type LogDirectory, type Replica } from './state.ts'

export interface DirectoryFile {
  /** From the log directory on: `orders-0/00000000000000000000.log`. */
  readonly path: string
  /** Which of several log directories: `/var/lib/kafka/data-1`. */
  readonly directory: string
  readonly sizeInBytes: number
  /** Of a file that people can read. */
  readonly text: string | undefined
}

/** Topics have no ids in this model: the name makes one. */
export const topicIdOf = (topic: string): string => idOf(`topic ${topic}`)
const CLUSTER_ID = idOf('cluster')

type Kept = Pick<Broker, 'replicas' | 'offline' | 'logDirs' | 'cleanShutdown' | 'cleanShutdownEpoch'>

/** A broker that runs, or what its disk kept. */
export function logDirectory(kept: Kept, node = ''): readonly DirectoryFile[] {
  const all = [...kept.replicas.values(), ...(kept.offline?.values() ?? [])]
  return kept.logDirs.flatMap((directory, dir) => filesIn(directory, all.filter((replica) => directoryOf(replica) === dir), kept, nodeId(node) ?? 0))
}

function filesIn({ path: directory, id, unclean }: LogDirectory, all: readonly Replica[], { cleanShutdown, cleanShutdownEpoch }: Pick<Kept, 'cleanShutdown' | 'cleanShutdownEpoch'>, node: number): readonly DirectoryFile[] {
  const closed = cleanShutdown && !unclean
  const readable = (path: string, text: string): DirectoryFile => ({ path, directory, sizeInBytes: text.length, text })
  const checkpoint = (name: string, offsetIn: (replica: Replica) => Offset | undefined): DirectoryFile => readable(name, offsetCheckpoint(all.flatMap((replica) => {
    const offset = offsetIn(replica)
    const slash = replica.partition.lastIndexOf('/')
    return offset === undefined ? [] : [[replica.partition.slice(0, slash), Number(replica.partition.slice(slash + 1)), offset] as const]
  })))
  return [
    ...(closed ? [readable('.kafka_cleanshutdown', cleanShutdownFile(cleanShutdownEpoch))] : []),
    { path: '.lock', directory, sizeInBytes: 0, text: undefined },
    checkpoint('cleaner-offset-checkpoint', ({ log }) => log.cleanedTo),
    // Only where it is not what the first file's name says already.
    checkpoint('log-start-offset-checkpoint', ({ log }) => (log.startOffset > segmentsOf(log)[0]!.baseOffset ? log.startOffset : undefined)),
    readable('meta.properties', metaProperties(CLUSTER_ID, id, node)),
    checkpoint('recovery-point-offset-checkpoint', ({ log }) => log.recoveryPoint),
    checkpoint('replication-offset-checkpoint', ({ checkpointedHighWatermark }) => checkpointedHighWatermark),
    ...all.flatMap(({ partition, log }) => {
      const folder = partition.replace(/\/(\d+)$/, '-$1')
      const { snapshot } = segmentFileNames(log.endOffset)
      return [
        ...segmentFiles(log).map(({ name, sizeInBytes }): DirectoryFile => ({ path: `${folder}/${name}`, directory, sizeInBytes, text: undefined })),
        // The end of an orderly stop writes down what is known of producers, as a roll does.
        ...(closed && log.endOffset > log.active.baseOffset ? [{ path: `${folder}/${snapshot}`, directory, sizeInBytes: snapshotBytes(log.producers).length, text: undefined }] : []),
        readable(`${folder}/leader-epoch-checkpoint`, leaderEpochCheckpoint(log.epochs)),
        readable(`${folder}/partition.metadata`, partitionMetadata(topicIdOf(partition.slice(0, partition.lastIndexOf('/'))))),
      ]
    }),
  ]
}
