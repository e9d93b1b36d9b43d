/** A partition's files as a broker's disk holds them at some moment of a run, written out for Kafka's own tools. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Micros } from '../base/units.ts'
import { noWatch } from '../engine/watch.ts'
import { topicIdOf } from '../kafka/broker/log-directory.ts'
import { nodeId, type Replica } from '../kafka/broker/state.ts'
import { exportLog, type ExportedFile } from '../kafka/log/export.ts'
import { replicaOf } from '../kafka/look.ts'
import { advance, newRun, playMachine } from '../scenario/play.ts'
import type { Scenario } from '../scenario/types.ts'

export interface Wanted { readonly partition: string; readonly broker: string; readonly seed: number; readonly at: Micros | undefined }

/** The replica as it is then; at the end of the run where no moment is said. */
export function replicaAt(scenario: Scenario, { partition, broker, seed, at }: Wanted): Replica | undefined {
  const run = newRun(scenario, seed, noWatch)
  advance(playMachine(scenario, noWatch, 'watch'), run, at ?? Infinity, () => at === undefined && run.play.endedAt !== undefined)
  return replicaOf(run.world, partition, nodeId(broker) ?? -1)
}

export function filesOf({ partition, log }: Replica): { readonly folder: string; readonly files: readonly ExportedFile[] } {
  const slash = partition.lastIndexOf('/')
  return { folder: `${partition.slice(0, slash)}-${partition.slice(slash + 1)}`, files: exportLog(log, topicIdOf(partition.slice(0, slash))) }
}

/** Gives what was written, each with its size. */
export function writeFiles(replica: Replica, out: string): readonly string[] {
  const { folder, files } = filesOf(replica)
  mkdirSync(join(out, folder), { recursive: true })
  return files.map(({ name, bytes }) => {
    writeFileSync(join(out, folder, name), bytes)
    return `${String(bytes.length).padStart(9)}  ${join(out, folder, name)}`
  })
}
