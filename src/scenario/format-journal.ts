/** What a learner has done to a run, as a link carries it. It comes from outside: nothing but this is taken, and nothing is evaluated. */
import * as v from 'valibot'
import type { Intervention } from './actions.ts'
import { count, mapping, optional } from './format-parts.ts'

const short = v.pipe(v.string(), v.maxLength(300))
const node = v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/))
const nodes = v.pipe(v.array(node), v.maxLength(100))
const micros = count(0, Number.MAX_SAFE_INTEGER)
const verb = v.picklist(['crash', 'powerLoss', 'stop', 'restart', 'pause', 'resume', 'start'])
const record = mapping({
  key: optional(short), value: optional(v.pipe(v.string(), v.maxLength(2_000))), tombstone: optional(v.boolean()), valueBytes: optional(count(0, 100_000_000)),
  partition: optional(count(0, 10_000)), timestamp: optional(v.pipe(v.number(), v.integer())),
})

const partition = v.pipe(v.string(), v.regex(/^.{1,249}\/[0-9]{1,6}$/))
const partitions = v.pipe(v.array(partition), v.maxLength(1_000))
const offsets = v.record(partition, count(0))
const own = optional(v.record(short, short))
const placed = optional(v.record(short, v.pipe(v.array(node), v.maxLength(100))))
/** What the terminal has asked: also what the cluster refuses, as a name that no topic may have. */
const asked = v.union([
  mapping({ createTopic: mapping({ name: short, partitions: optional(count(1, 5_000)), replicationFactor: optional(count(1, 32_767)), replicas: placed, config: own }) }),
  mapping({ deleteTopic: short }),
  mapping({ addPartitions: mapping({ topic: short, to: count(1, 5_000), replicas: placed }) }),
  mapping({ electLeader: mapping({ partition, type: v.picklist(['preferred', 'unclean']) }) }),
  mapping({ reassign: mapping({ partition, to: optional(v.array(node)), cancel: optional(v.literal(true)), verify: optional(v.literal(true)), throttle: optional(v.pipe(v.string(), v.regex(/^[0-9]{1,15}B\/s$/))) }) }),
  mapping({ config: mapping({ topic: optional(short), broker: optional(node), cluster: optional(v.literal(true)), group: optional(short), set: own, unset: optional(v.array(short)) }) }),
  mapping({ deleteRecords: mapping({ partition, before: v.union([count(0), v.literal('hw')]) }) }),
  mapping({ abortTransaction: mapping({ partition, producerId: count(0), epoch: count(0, 32_767), coordinatorEpoch: optional(count(0)) }) }),
  mapping({ deleteGroup: short }),
  mapping({ deleteOffsets: mapping({ group: short, partitions }) }),
  mapping({ resetShareOffsets: mapping({ group: short, offsets }) }),
  mapping({ deleteShareOffsets: mapping({ group: short, partitions }) }),
  mapping({ resetOffsets: mapping({ group: short, offsets }) }),
  mapping({ resetOffsets: mapping({ group: short, topic: short, to: v.union([count(0), v.picklist(['earliest', 'latest']), v.pipe(v.string(), v.regex(/^[0-9]{1,12}(ms|s)$/))]) }) }),
  mapping({ rawProduce: mapping({ to: node, partition, acks: optional(v.picklist([0, 1, 'all'])), records: v.pipe(v.array(mapping({ key: optional(short), value: optional(v.pipe(v.string(), v.maxLength(2_000))) })), v.minLength(1), v.maxLength(100)) }) }),
])

const intervention = v.variant('do', [
  mapping({ do: verb, node }),
  mapping({ do: v.literal('cut'), from: nodes, to: nodes, direction: v.picklist(['both', 'oneway']), traffic: v.picklist(['all', 'replication', 'controller', 'clients']), reset: optional(v.literal(true)) }),
  mapping({ do: v.literal('heal'), from: nodes, to: nodes }),
  mapping({ do: v.literal('slow'), from: nodes, to: nodes, add: micros }),
  mapping({ do: v.literal('clock'), node, add: v.pipe(v.number(), v.safeInteger()) }),
  mapping({ do: v.picklist(['failDisk', 'fillDisk', 'freeDisk']), node, dir: count(0, 7) }),
  mapping({ do: v.picklist(['slowDisk', 'slowHandler']), node, add: micros }),
  mapping({ do: v.literal('stallFetch'), node, for: v.exactOptional(micros) }),
  mapping({ do: v.literal('produce'), by: node, topic: optional(short), records: v.pipe(v.array(record), v.maxLength(1_000)) }),
  mapping({ do: v.literal('ask'), action: asked }),
  mapping({ do: v.literal('call'), client: node, call: mapping({ type: v.picklist(['pause', 'resume']), partitions: v.pipe(v.array(partition), v.maxLength(100)) }) }),
  mapping({ do: v.literal('configClient'), client: node, set: v.record(short, short), unset: optional(v.array(short)) }),
])
const journal = v.pipe(v.array(mapping({ afterStep: micros, at: micros, intervention })), v.maxLength(1_000))

export interface SharedEntry { readonly afterStep: number; readonly at: number; readonly intervention: Intervention }

/** The entries of a journal, in order of time; undefined when the text is none. */
export function parseJournal(text: string): readonly SharedEntry[] | undefined {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return undefined
  }
  const parsed = v.safeParse(journal, data)
  if (!parsed.success) return undefined
  const entries = parsed.output as readonly SharedEntry[]
  const inOrder = entries.every(({ afterStep, at }, i) => i === 0 || (afterStep >= entries[i - 1]!.afterStep && at >= entries[i - 1]!.at))
  return inOrder ? entries : undefined
}

/** Whether all that was done can be put into a link. */
export const canBeShared = (entries: readonly SharedEntry[]): boolean => parseJournal(JSON.stringify(entries)) !== undefined
