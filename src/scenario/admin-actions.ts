/** Actions that an admin client carries out, as the requests it sends. */
import type { NodeId } from '../base/units.ts'
import { nodeId } from '../kafka/broker/state.ts'
import type { AdminOrder } from '../kafka/client/admin/admin.ts'
import { newBatch, type KafkaRecord } from '../kafka/log/record.ts'
import { durationMs, timestampMs } from './duration.ts'
import { headersOf } from './headers.ts'
import type { Action, Configs, Scenario } from './types.ts'

/** The client on a machine of its own that carries them out; undefined where a file has none of them. */
export function adminOf(scenario: Scenario): string | undefined {
  const lists = [...(scenario.steps ?? []).map(({ do: items }) => items), ...(scenario.solution ?? []).map(({ do: items }) => items)]
  if (!lists.some((items) => items?.some((action) => adminRequestOf(action) !== undefined))) return undefined
  const { producers = [], consumers = [], shareConsumers = [], transactional = [] } = scenario.clients ?? {}
  return [...producers, ...consumers, ...shareConsumers, ...transactional].some(({ id }) => id === 'admin') ? 'admin-client' : 'admin'
}

export type AskedOfAdmin = AdminOrder['request']

const groupCalls = [['deleteOffsets', 'DeleteGroupOffsets'], ['resetShareOffsets', 'AlterShareOffsets'], ['deleteShareOffsets', 'DeleteShareOffsets']] as const

/** `nowMs`: durations are counted back from there. */
export function adminRequestOf(action: Action, nowMs = 0): AskedOfAdmin | undefined {
  const { createTopic, addPartitions, deleteTopic, electLeader, reassign, config, deleteRecords, resetOffsets, rawProduce, deleteGroup, abortTransaction } = action
  if (rawProduce !== undefined) return rawRequestOf(rawProduce, nowMs)
  if (deleteRecords !== undefined) {
    return { type: 'DeleteRecords', partition: deleteRecords.partition, offset: deleteRecords.before === 'hw' ? -1 : deleteRecords.before }
  }
  if (abortTransaction !== undefined) {
    const { partition, producerId, epoch, coordinatorEpoch = 0 } = abortTransaction
    return { type: 'AbortTransaction', partition, producerId, producerEpoch: epoch, coordinatorEpoch }
  }
  if (resetOffsets !== undefined) {
    const { group, topic = '', to = 'earliest', offsets } = resetOffsets
    if (offsets !== undefined) return { type: 'AlterGroupOffsets', group, offsets: Object.freeze({ ...offsets }) }
    if (typeof to === 'number') return { type: 'ResetOffsets', group, topic, to: { offset: to } }
    const time = to === 'earliest' || to === 'latest' ? to : Math.floor(nowMs) - durationMs(to)
    return { type: 'ResetOffsets', group, topic, to: { time } }
  }
  if (deleteGroup !== undefined) return { type: 'DeleteGroup', group: deleteGroup }
  for (const [key, type] of groupCalls) if (action[key] !== undefined) return { type, ...action[key] } as AskedOfAdmin
  if (createTopic !== undefined) {
    const { name, partitions = -1, replicationFactor = -1, replicas, config: own } = createTopic
    const assignments = assignmentsOf(replicas)
    return { type: 'CreateTopicsRequest', topic: name, numPartitions: assignments === undefined ? partitions : -1, replicationFactor, assignments, configs: strings(own) }
  }
  if (addPartitions !== undefined) {
    return { type: 'CreatePartitionsRequest', topic: addPartitions.topic, count: addPartitions.to, assignments: assignmentsOf(addPartitions.replicas) }
  }
  if (deleteTopic !== undefined) return { type: 'DeleteTopicsRequest', topic: deleteTopic }
  if (electLeader !== undefined) {
    return { type: 'ElectLeadersRequest', partition: electLeader.partition, electionType: electLeader.type === 'preferred' ? 'PREFERRED' : 'UNCLEAN' }
  }
  if (reassign !== undefined) return moveOf(reassign)
  if (config === undefined || config.client !== undefined) return undefined
  const of = config.group !== undefined ? { resource: 'group' as const, name: config.group } : config.topic === undefined ? { resource: 'broker' as const, name: config.broker } : { resource: 'topic' as const, name: config.topic }
  return { type: 'IncrementalAlterConfigsRequest', ...of, set: strings(config.set), unset: config.unset ?? [] }
}

function moveOf({ partition, to, verify, throttle }: NonNullable<Action['reassign']>): AskedOfAdmin {
  if (verify === true) return { type: 'VerifyMove', partition }
  const replicas = to?.map(idOf)
  if (throttle !== undefined && replicas !== undefined) return { type: 'ExecuteMove', partition, replicas, bytesPerSecond: bytesPerSecond(throttle) }
  return { type: 'AlterPartitionReassignmentsRequest', partition, replicas }
}
/** `1MB/s`, by powers of 1024. */
function bytesPerSecond(rate: string): number {
  const [, amount = '', unit = ''] = /^([0-9.]+)(B|kB|MB)/.exec(rate) ?? []
  return Math.round(Number(amount) * (unit === 'MB' ? 1_048_576 : unit === 'kB' ? 1024 : 1))
}

const acksOf = { '0': 0, '1': 1, all: -1 } as const

/** One record is the same however often it is sent: it goes by its producer and its sequence. */
function rawRequestOf({ to, partition, acks = 'all', producerId = -1, epoch = producerId < 0 ? -1 : 0, baseSequence = -1, records }: NonNullable<Action['rawProduce']>, nowMs: number): AskedOfAdmin {
  const list = records.map(({ key, value, bytes, timestamp, headers }, i): KafkaRecord => Object.freeze({
    id: `raw-${producerId}-${epoch}#${producerId < 0 ? Math.floor(nowMs) + i : baseSequence + i}`, key: key ?? undefined, value: value ?? undefined, valueBytes: bytes,
    timestamp: timestampMs(timestamp, nowMs) ?? Math.floor(nowMs), ...(headers === undefined ? {} : { headers: headersOf(headers) }),
  }))
  return { type: 'RawProduce', to, partition, acks: acksOf[`${acks}`], batch: newBatch(list, 'raw', { producerId, producerEpoch: epoch, baseSequence }) }
}

const idOf = (name: string): NodeId => nodeId(name) ?? -1
const strings = (config: Configs = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)]))

/** By partition, in order: a file names them by number. */
function assignmentsOf(replicas: Readonly<Record<string, readonly string[]>> | undefined): readonly (readonly NodeId[])[] | undefined {
  if (replicas === undefined) return undefined
  return Object.keys(replicas).sort((a, b) => Number(a) - Number(b)).map((index) => replicas[index]!.map(idOf))
}
