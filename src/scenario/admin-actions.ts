/** Actions that an admin client carries out, as the requests it sends. */
import type { NodeId } from '../base/units.ts'
import { nodeId } from '../kafka/broker/state.ts'
import type { AdminRequest } from '../kafka/protocol/admin.ts'
import type { Action, Configs, Scenario } from './types.ts'

/** The client on a machine of its own that carries them out; undefined where a file has none of them. */
export function adminOf(scenario: Scenario): string | undefined {
  const lists = [...(scenario.steps ?? []).map(({ do: items }) => items), ...(scenario.solution ?? []).map(({ do: items }) => items)]
  if (!lists.some((items) => items?.some((action) => adminRequestOf(action) !== undefined))) return undefined
  const { producers = [], consumers = [], transactional = [] } = scenario.clients ?? {}
  return [...producers, ...consumers, ...transactional].some(({ id }) => id === 'admin') ? 'admin-client' : 'admin'
}

export function adminRequestOf(action: Action): AdminRequest | undefined {
  const { createTopic, addPartitions, deleteTopic, electLeader, reassign, config } = action
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
  if (reassign !== undefined) return { type: 'AlterPartitionReassignmentsRequest', partition: reassign.partition, replicas: reassign.to?.map(idOf) }
  if (config === undefined || config.client !== undefined) return undefined
  const of = config.topic === undefined ? { resource: 'broker' as const, name: config.broker } : { resource: 'topic' as const, name: config.topic }
  return { type: 'IncrementalAlterConfigsRequest', ...of, set: strings(config.set), unset: config.unset ?? [] }
}

const idOf = (name: string): NodeId => nodeId(name) ?? -1
const strings = (config: Configs = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)]))

/** By partition, in order: a file names them by number. */
function assignmentsOf(replicas: Readonly<Record<string, readonly string[]>> | undefined): readonly (readonly NodeId[])[] | undefined {
  if (replicas === undefined) return undefined
  return Object.keys(replicas).sort((a, b) => Number(a) - Number(b)).map((index) => replicas[index]!.map(idOf))
}
