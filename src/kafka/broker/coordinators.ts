/** Records of both coordinators that wait to be committed. Follows core/.../coordinator/group/CoordinatorPartitionWriter.scala. */
import type { KafkaError } from '../errors.ts'
import * as groups from '../group/coordinator.ts'
import { TRANSACTION_TOPIC } from '../transaction/state.ts'
import { coordinatorHost } from './group-host.ts'
import type { Broker, BrokerContext } from './state.ts'
import { coordinatorSlot } from './transaction-coordinator.ts'
import { transactionHost } from './transaction-host.ts'

const isOfTransactions = (partition: string): boolean => partition.startsWith(`${TRANSACTION_TOPIC}/`)

/** The high watermark has passed something that a coordinator waits for. */
export function completeCommits(broker: Broker, ctx: BrokerContext): void {
  const reached = new Map<string, number>()
  broker.commits = broker.commits.filter(({ partition, at }) => {
    const highWatermark = broker.replicas.get(partition)?.highWatermark ?? -1
    if (highWatermark < at) return true
    reached.set(partition, highWatermark)
    return false
  })
  for (const [partition, highWatermark] of reached) {
    if (isOfTransactions(partition)) coordinatorSlot().handleCommitted(broker.transactions.coordinator, partition, highWatermark, transactionHost(broker, ctx))
    else groups.handleCommitted(broker.coordinator, partition, highWatermark, coordinatorHost(broker, ctx))
  }
}

export function expireCommits(broker: Broker, ctx: BrokerContext): void {
  const late = new Set(broker.commits.filter(({ deadline }) => deadline <= ctx.now).map(({ partition }) => partition))
  for (const partition of late) dropCommits(broker, partition, 'REQUEST_TIMED_OUT', ctx)
  if (broker.commits.length > 0) ctx.setTimer({ type: 'coordinatorTimeout' }, Math.min(...broker.commits.map(({ deadline }) => deadline)) - ctx.now)
}

export function dropCommits(broker: Broker, partition: string, error: KafkaError, ctx: BrokerContext): void {
  const waiting = broker.commits.length
  broker.commits = broker.commits.filter((commit) => commit.partition !== partition)
  if (broker.commits.length === waiting) return
  if (isOfTransactions(partition)) coordinatorSlot().handleAppendFailed(broker.transactions.coordinator, partition, error, transactionHost(broker, ctx))
  else groups.handleAppendFailed(broker.coordinator, partition, error, coordinatorHost(broker, ctx))
}
