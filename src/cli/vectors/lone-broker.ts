/** b1 as it stands at 00:00: it leads orders/0 with so many replicas in all, and has heard of none of them. */
import { recordingContext, type Recording } from '../../engine/testing.ts'
import type { Broker, BrokerContext, FollowerProgress, Leading, Replica } from '../../kafka/broker/state.ts'
import { orders, TestCluster } from '../../kafka/testing.ts'

export interface Lone {
  readonly broker: Broker
  readonly replica: Replica
  readonly leading: Leading
  readonly ctx: Recording & BrokerContext
}

export const contextOf = (node: string): Lone['ctx'] => recordingContext(node) as unknown as Lone['ctx']

export function loneLeader(replicas: number, minIsr: number): Lone {
  const ids = Array.from({ length: replicas }, (_, i) => i + 1)
  const cluster = new TestCluster({ brokers: replicas, topics: [orders({ 'min.insync.replicas': String(minIsr) }, [ids])] })
  return { broker: cluster.broker(1), replica: cluster.replica(1), leading: cluster.leading(1), ctx: contextOf('b1') }
}
export const setFollower = ({ leading, broker }: Lone, id: number, progress: Partial<FollowerProgress>): void =>
  void Object.assign(leading.followers.get(id)!, { brokerEpoch: broker.metadata.brokers.get(id)!.epoch }, progress)
