/** Takes comparison records from a simulated run. */
import { at } from '../base/chunks.ts'
import type { World } from '../engine/world.ts'
import { names } from '../kafka/broker/state.ts'
import type { ProducerState } from '../kafka/client/producer/state.ts'
import { OFFSETS_TOPIC } from '../kafka/group/coordinator-partition.ts'
import { lastStableOffset } from '../kafka/log/transactions.ts'
import { controllerOf, replicaOf } from '../kafka/look.ts'
import type { PartitionRegistration } from '../kafka/metadata/image.ts'
import { TRANSACTION_TOPIC } from '../kafka/transaction/state.ts'
import { coordinatorOf, groupOf } from './groups.ts'
import type { ClientRecord, ComparisonRecord, GroupRecord, PartitionRecord } from './comparison-record.ts'
import { leaderName } from './observed.ts'
import type { Scenario } from './types.ts'

/** Makes the records of one run, step by step: client results are those since the step before. */
export class Recording {
  readonly #scenario: Scenario
  readonly #taken = new Map<string, number>()
  constructor(scenario: Scenario) {
    this.#scenario = scenario
  }

  record(world: World, step: string, elapsedMs: number): ComparisonRecord {
    const groups = this.#groups(world)
    return {
      step, elapsedMs, partitions: partitionsOf(world), ...(Object.keys(groups).length === 0 ? {} : { groups }),
      client: this.#client(world),
    }
  }

  #groups(world: World): Readonly<Record<string, GroupRecord>> {
    const ids = [...new Set([...(this.#scenario.clients?.consumers ?? []), ...(this.#scenario.clients?.transactional ?? [])].flatMap(({ group }) => group ?? []))].toSorted(byName)
    return Object.fromEntries(ids.flatMap((id) => {
      const group = groupOf(world, id)
      if (group === undefined) return []
      const members = group.members.map(({ clientId, assignment }) => [clientId, assignment.toSorted(byName)] as const)
      const committed = [...group.offsets].map(([partition, { offset }]) => [partition, offset] as const)
      const record: GroupRecord = {
        state: group.state, type: group.type === 'consumer' ? 'Consumer' : 'Classic', coordinator: coordinatorOf(world, id) ?? null, epoch: group.generation,
        members: sorted(members), committed: sorted(committed),
      }
      return [[id, record] as const]
    }))
  }

  #client(world: World): readonly ClientRecord[] {
    const results: ClientRecord[] = []
    for (const { id } of [...(this.#scenario.clients?.producers ?? []), ...(this.#scenario.clients?.transactional ?? [])]) {
      const node = world.nodes.get(id)
      const outcomes = ((node?.state ?? node?.disk) as Partial<ProducerState> | undefined)?.notebook?.outcomes
      if (outcomes === undefined) continue
      for (let i = this.#taken.get(id) ?? 0; i < outcomes.length; i++) {
        const { partition, offset, error } = at(outcomes, i)!
        if (error === undefined) continue
        results.push(
          { by: id, op: `send${partition === undefined ? '' : ` ${partition}`}`, result: error === 'NONE' ? { offset } : { error } },
        )
      }
      this.#taken.set(id, outcomes.length)
    }
    return results
  }
}

function partitionsOf(world: World): Readonly<Record<string, PartitionRecord>> {
  const registrations = [...(controllerOf(world)?.committed.partitions.values() ?? [])].filter(({ topic }) => topic !== OFFSETS_TOPIC && topic !== TRANSACTION_TOPIC)
  return sorted(registrations.map((registration) => [registration.partition, partitionRecord(world, registration)] as const))
}

function partitionRecord(
  world: World, { partition, leader, leaderEpoch, partitionEpoch, replicas, isr, elr, lastKnownElr }: PartitionRegistration,
): PartitionRecord {
  const log = leader < 0 ? undefined : replicaOf(world, partition, leader)
  const hw = log?.highWatermark ?? null
  return {
    leader: leaderName(leader) ?? null, leaderEpoch, partitionEpoch, replicas: names(replicas), isr: names(isr).toSorted(byName),
    elr: names(elr).toSorted(byName), lastKnownElr: names(lastKnownElr).toSorted(byName),
    earliest: log?.log.startOffset ?? null, hw, lso: log === undefined ? null : lastStableOffset(log.log.transactions, log.highWatermark),
  }
}

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const sorted = <T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> =>
  Object.fromEntries(entries.toSorted(([a], [b]) => byName(a, b)))
