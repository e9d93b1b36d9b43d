/** Asks the engine's own functions what Kafka's own classes were asked, and compares the answers. */
import type { Adapters, Vector } from './adapter.ts'
import { assignorAdapters } from './assignors.ts'
import { batchAdapters } from './batch.ts'
import { clientAdapters } from './client.ts'
import { compare, type Schema } from './compare.ts'
import { compactionAdapters } from './compaction.ts'
import { consumerAdapters } from './consumer.ts'
import { controllerAdapters } from './controller.ts'
import { diskAdapters } from './disk.ts'
import { fileAdapters } from './files.ts'
import { groupAdapters } from './group.ts'
import { logAdapters } from './log.ts'
import { producerAdapters } from './producer.ts'
import { propagationAdapters } from './propagation.ts'
import { quorumAdapters } from './quorum.ts'
import { replicationAdapters } from './replication.ts'
import { requestAdapters } from './requests.ts'
import { serverAssignorAdapters } from './server-assignors.ts'
import { shareAdapters } from './share.ts'
import { transactionAdapters } from './transaction.ts'

export const adapters: Adapters = {
  ...logAdapters,
  ...diskAdapters,
  ...compactionAdapters,
  ...fileAdapters,
  ...batchAdapters,
  ...clientAdapters,
  ...consumerAdapters,
  ...groupAdapters,
  ...assignorAdapters,
  ...serverAssignorAdapters,
  ...replicationAdapters,
  ...propagationAdapters,
  ...requestAdapters,
  ...producerAdapters,
  ...controllerAdapters,
  ...quorumAdapters,
  ...transactionAdapters,
  ...shareAdapters,
}
/** Their answers are maps of members: the partitions of each are compared without order. */
const unordered = (kind: string): boolean => kind.startsWith('assignor-')

/** What is wrong with the answer, and the answer; undefined = all as expected. */
export interface Failure {
  readonly why: string
  readonly actual: unknown
}

export function check(vector: Vector, schema?: Schema): Failure | undefined {
  const { kind, variant, input, expected } = vector
  const adapter = adapters[variant === undefined ? kind : `${kind}/${variant}`]
  if (adapter === undefined)
    return { why: `nothing answers ${kind}${variant === undefined ? '' : `, variant ${variant}`}`, actual: undefined }
  try {
    const actual = adapter(input)
    const why = compare(expected, actual, schema, unordered(kind))
    return why === undefined ? undefined : { why, actual }
  } catch (error) {
    return { why: `it cannot be answered: ${error instanceof Error ? error.message : String(error)}`, actual: undefined }
  }
}
