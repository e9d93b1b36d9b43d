/** The broker as its transaction coordinator sees it. */
import { numberOf } from '../config.ts'
import { OFFSETS_TOPIC } from '../group/coordinator-partition.ts'
import { respond } from '../network/server.ts'
import { transactionVersionOf } from '../metadata/image.ts'
import type { TransactionHost } from '../transaction/host.ts'
import { TRANSACTION_TOPIC } from '../transaction/state.ts'
import { appendForCoordinator } from './group-host.ts'
import { liveLeader } from './live-leader.ts'
import { writeMarkers } from './markers.ts'
import { askPeer, deliver } from './peers.ts'
import { newProducerId } from './producer-ids.ts'
import type { Broker, BrokerContext } from './state.ts'

export function transactionHost(broker: Broker, ctx: BrokerContext): TransactionHost {
  const { metadata, spec } = broker
  return {
    now: ctx.now, clock: ctx.clock, self: spec.name, startedAt: broker.disk.startedAt,
    append: (partition, records) => appendForCoordinator(broker, partition, records, broker.config.requestTimeout, ctx),
    respond: (on, response) => respond(on, response, ctx),
    answer: (ticket, response) => deliver(broker, { kind: 'verified', ticket, response }, ctx),
    setTimer: (key, delay) => ctx.setTimer({ type: 'transactions', key }, delay),
    hasTimer: (key) => ctx.hasTimer({ type: 'transactions', key }),
    note: (fact) => ctx.note(fact),
    config: (name) => numberOf('broker', spec.overrides, name),
    newProducerId: () => newProducerId(broker, ctx),
    version: transactionVersionOf(metadata),
    statePartitions: metadata.topics.get(TRANSACTION_TOPIC)?.partitions.length,
    offsetsPartitions: metadata.topics.get(OFFSETS_TOPIC)?.partitions.length,
    leaderEpochOf: (partition) => {
      const replica = broker.replicas.get(partition)
      return replica?.leading === undefined ? undefined : replica.leaderEpoch
    },
    leaderOf: (partition) => liveLeader(broker, partition)?.name,
    writeMarkers: (node, request) => {
      if (node === spec.name) writeMarkers(broker, request, undefined, ctx)
      else askPeer(broker, node, request, Object.freeze({ kind: 'markers', request }), ctx)
    },
  }
}
