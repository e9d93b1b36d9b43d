/** Share groups as a part of the model (KIP-932): what brokers are asked and woken for beside their own. A table of contents. */
import type { NodeId } from '../../base/units.ts'
import { numberOf, type Overrides } from '../config.ts'
import type { AnyProcessType, Connection, Tagged } from '../../engine/process.ts'
import type { Broker, BrokerContext } from '../broker/state.ts'
import { shareConsumerType } from '../client/share-consumer/share-consumer.ts'
import { oneAtATime } from '../network/server.ts'
import { bring, type Part } from '../parts.ts'
import { handleShareState } from './coordinator.ts'
import { handleAskLost, handleShareConnected, handleShareNetworkTimer, handleStateAnswered } from './ask.ts'
import { forgetClient, handleShareRequest } from './calls.ts'
import './configs.ts'
import { handleShareGroupHeartbeat } from './group.ts'
import { seenCalls, seenLeases, seenShareGroup, seenShares } from './seen.ts'
import { newShare, SHARE_STATE_TOPIC } from './state.ts'
import { tend } from './tend.ts'

/** Nothing is read before the broker has caught up with the metadata log once. */
const serve = <Request extends Tagged>(handle: (broker: Broker, request: Request, on: Connection, ctx: BrokerContext) => void) =>
  oneAtATime((broker: Broker, request: Request, on, ctx: BrokerContext) => {
    if (broker.published) handle(broker, request, on, ctx)
    else broker.early.push({ on, request })
  })
type Timer = { readonly key?: string }

/**
 * Follows share-coordinator/.../share/ShareCoordinatorService.java#shareGroupStateTopicConfigs.
 *
 * Simplified: nothing is ever pruned from this topic, and share partitions that do not change get no snapshot of their own.
 */
function topic(brokers: readonly NodeId[], overrides: Overrides): ReturnType<Part['topic']> {
  const number = (name: string): number => numberOf('broker', overrides, `share.coordinator.state.topic.${name}`)
  const factor = Math.min(brokers.length, number('replication.factor'))
  const config = { 'cleanup.policy': 'delete', 'compression.type': 'producer', 'segment.bytes': '104857600', 'retention.ms': '-1', 'min.insync.replicas': String(Math.min(factor, number('min.isr'))) }
  const replicas = Array.from({ length: number('num.partitions') }, (_, p) => Array.from({ length: factor }, (__, i) => brokers[(p + i) % brokers.length]!))
  return { name: SHARE_STATE_TOPIC, replicas, config: Object.freeze(config) }
}

const part: Part = {
  topic, seen: seenShareGroup, shares: seenShares as Part['shares'], leases: seenLeases as Part['leases'], calls: seenCalls,
  boot: (kept) => ({ ...newShare(), books: kept?.books ?? new Map() }),
  kept: ({ books }) => ({ ...newShare(), books }),
  types: [shareConsumerType as unknown as AnyProcessType],
  messages: {
    ShareGroupHeartbeatRequest: serve(handleShareGroupHeartbeat),
    ShareFetchRequest: serve(handleShareRequest),
    ShareAcknowledgeRequest: serve(handleShareRequest),
    InitializeShareGroupStateRequest: serve((broker, request: Parameters<typeof handleShareState>[1], on, ctx) => handleShareState(broker, request, { on }, ctx)),
    ReadShareGroupStateRequest: serve((broker, request: Parameters<typeof handleShareState>[1], on, ctx) => handleShareState(broker, request, { on }, ctx)),
    WriteShareGroupStateRequest: serve((broker, request: Parameters<typeof handleShareState>[1], on, ctx) => handleShareState(broker, request, { on }, ctx)),
    DeleteShareGroupStateRequest: serve((broker, request: Parameters<typeof handleShareState>[1], on, ctx) => handleShareState(broker, request, { on }, ctx)),
    InitializeShareGroupStateResponse: handleStateAnswered, ReadShareGroupStateResponse: handleStateAnswered, WriteShareGroupStateResponse: handleStateAnswered,
    DeleteShareGroupStateResponse: handleStateAnswered,
  },
  timers: {
    share: (broker: Broker, _: Timer, ctx: BrokerContext) => tend(broker, ctx),
    shareNetwork: (broker: Broker, _: Timer, ctx: BrokerContext) => handleShareNetworkTimer(broker, ctx),
    shareConnected: (broker: Broker, { key = '' }: Timer, ctx: BrokerContext) => handleShareConnected(broker, key, ctx),
    shareLost: (broker: Broker, { key = '' }: Timer, ctx: BrokerContext) => {
      if (!handleAskLost(broker, key, ctx)) forgetClient(broker, key, ctx)
      tend(broker, ctx)
    },
  },
}
export const bringShareGroups = (): void => bring(part)
