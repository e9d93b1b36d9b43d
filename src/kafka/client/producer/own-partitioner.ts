/**
 * What `partitioner.class` decides before the built-in logic is asked (PRD-10): Kafka's RoundRobinPartitioner (PRD-15), or a
 * Partitioner of the application's own. With either, the built-in logic's preference for short queues is off.
 * Follows clients/.../producer/{KafkaProducer#partition,RoundRobinPartitioner}.java.
 */
import { matchesKey } from '../key-pattern.ts'
import { leaderOf } from '../metadata.ts'
import type { ProducerState, SendCall } from './state.ts'

export interface Turn { readonly of: string; readonly partition: string }

/** Whose turn it is; undefined = the built-in logic decides. A turn is taken when the record has its place. */
export function turnOf(state: ProducerState, { topic, key }: Pick<SendCall, 'topic' | 'key'>, partitions: readonly string[]): Turn | undefined {
  if (state.settings.roundRobin) {
    const available = partitions.filter((partition) => leaderOf(state.metadata, partition) !== undefined)
    return inTurn(state, topic, available.length > 0 ? available : partitions)
  }
  const rules = state.config.partitioner
  if (rules === undefined) return undefined
  const index = rules.findIndex(({ keys }) => matchesKey(keys, key))
  const to = rules[index]?.to.flatMap((partition) => partitions[partition] ?? []) ?? []
  return to.length === 0 ? undefined : inTurn(state, `${topic} ${index}`, to)
}

const inTurn = ({ rounds }: ProducerState, of: string, among: readonly string[]): Turn => ({ of, partition: among[(rounds.get(of) ?? 0) % among.length]! })

export function takeTurn({ rounds }: ProducerState, { of }: Turn): void {
  rounds.set(of, (rounds.get(of) ?? 0) + 1)
}
