/**
 * A broker observes the metadata quorum: it fetches from whoever leads, and finds out who that is by asking the voters.
 * Follows raft/.../KafkaRaftClient.java#pollFollowerAsObserver, #maybeSendFetchToAnyBootstrap. KRF-2, KRF-8.
 */
import { below } from '../../base/random.ts'
import type { NodeId } from '../../base/units.ts'
import { slot } from '../late.ts'
import { backsOffUntil, channelTo, ready, sendRequest } from '../network/client.ts'
import type { FetchSnapshotRequest, FetchSnapshotResponse, MetadataFetchRequest, QuorumAnswer } from '../protocol/controller.ts'
import { nodeName, type Broker, type BrokerContext, type QuorumView } from './state.ts'

/** Loaded late: a metadata log begins at 0 for as long as a page needs to get it. */
export const snapshotFetchedSlot = slot<(broker: Broker, response: FetchSnapshotResponse, ctx: BrokerContext) => void>('snapshots of the metadata, for brokers')

const LABEL = 'controller:metadata'
const MAX_WAIT_MS = 500
export const NOBODY: NodeId = -1

export const newQuorumView = (): QuorumView => ({ epoch: 0, leaderId: undefined, appliedEpoch: 0, suspected: false, asking: NOBODY, askingSince: 0 })

/** Ask for what comes after all that it has; one fetch at a time. */
export function fetchMetadata(broker: Broker, ctx: BrokerContext): void {
  const { quorum, network, config } = broker
  if (quorum.asking === NOBODY) {
    quorum.asking = choose(broker, ctx)
    quorum.askingSince = ctx.now
  }
  const channel = channelTo(network, nodeName(quorum.asking), LABEL)
  if (!ready(network, channel, ctx)) {
    const until = channel.state === 'closed' ? backsOffUntil(channel) : quorum.askingSince + config.quorumRequestTimeout
    if (channel.state === 'closed') quorum.asking = NOBODY
    return ctx.setTimer({ type: 'metadataRetry' }, Math.max(config.quorumRetryBackoff, until - ctx.now))
  }
  if (channel.inFlight.length > 0) return
  if (quorum.snapshotId !== undefined) {
    const wanted: FetchSnapshotRequest = { type: 'FetchSnapshotRequest', replicaId: broker.spec.id, currentLeaderEpoch: quorum.epoch, snapshotId: quorum.snapshotId }
    return sendRequest(network, channel, wanted, 'metadata', ctx, true, config.quorumRequestTimeout)
  }
  const { metadata, metadataAhead: ahead } = broker
  const request: MetadataFetchRequest = {
    type: 'MetadataFetchRequest', replicaId: broker.spec.id, fetchOffset: metadata.endOffset + ahead.length,
    lastFetchedEpoch: ahead.length === 0 ? quorum.appliedEpoch : ahead[ahead.length - 1]!.epoch, currentLeaderEpoch: quorum.epoch,
    highWatermark: broker.metadataHighWatermark, maxWaitMs: MAX_WAIT_MS,
  }
  sendRequest(network, channel, request, 'metadata', ctx, true, config.quorumRequestTimeout)
}

/** The leader; while it is unknown or does not answer, any voter whose way is open. */
function choose({ quorum, spec, network }: Broker, ctx: BrokerContext): NodeId {
  const mayAsk = (id: NodeId): boolean => backsOffUntil(channelTo(network, nodeName(id), LABEL)) <= ctx.now
  if (quorum.leaderId !== undefined && !quorum.suspected && mayAsk(quorum.leaderId)) return quorum.leaderId
  const first = below(ctx.random('any voter'), spec.voters.length)
  const inTurn = spec.voters.map((_, i) => spec.voters[(first + i) % spec.voters.length]!)
  return inTurn.find(mayAsk) ?? inTurn[0]!
}

/** The time for another try has come; who does not even connect is given up, for one question to somebody else. */
export function retryMetadata(broker: Broker, ctx: BrokerContext): void {
  const { quorum, network, config } = broker
  if (quorum.asking !== NOBODY) {
    const channel = channelTo(network, nodeName(quorum.asking), LABEL)
    if (channel.state === 'connecting' && quorum.askingSince + config.quorumRequestTimeout <= ctx.now) suspect(quorum, quorum.asking)
  }
  fetchMetadata(broker, ctx)
}

/** The connection to this voter is gone, or it has not answered in time. */
export function handleVoterLost(broker: Broker, voter: NodeId, ctx: BrokerContext): void {
  if (broker.quorum.asking !== voter) return
  suspect(broker.quorum, voter)
  ctx.setTimer({ type: 'metadataRetry' }, broker.config.quorumRetryBackoff)
}
function suspect(quorum: QuorumView, voter: NodeId): void {
  quorum.asking = NOBODY
  if (voter === quorum.leaderId) quorum.suspected = true
}

/** From the leader: to be taken over. Other answers only tell who leads, and it is asked again. */
export function isFromLeader(broker: Broker, { error, leaderId, leaderEpoch }: QuorumAnswer, ctx: BrokerContext): boolean {
  const { quorum, config } = broker
  quorum.asking = NOBODY
  const isNew = leaderEpoch > quorum.epoch || (leaderEpoch === quorum.epoch && leaderId !== undefined && quorum.leaderId === undefined)
  if (isNew) {
    quorum.epoch = leaderEpoch
    quorum.leaderId = leaderId
    if (leaderId !== undefined) wakeThoseWaiting(broker, ctx)
  }
  if (leaderEpoch >= quorum.epoch) quorum.suspected = false
  if (error === 'NONE' && leaderEpoch === quorum.epoch) return true
  // Simplified: an observer that is refused asks again after controller.quorum.retry.backoff.ms; Kafka's at once.
  ctx.setTimer({ type: 'metadataRetry' }, isNew && leaderId !== undefined ? 0 : config.quorumRetryBackoff)
  return false
}

/** Somebody leads: what has waited for an active controller goes there. */
function wakeThoseWaiting(broker: Broker, ctx: BrokerContext): void {
  if (broker.toController.heartbeatSince !== undefined) ctx.setTimer({ type: 'heartbeat' }, 0)
  if (broker.forwarding.waiting.length > 0) ctx.setTimer({ type: 'forwardRetry' }, 0)
  if (broker.alterPartition.pending.size > 0 && broker.alterPartition.inFlight.length === 0) ctx.setTimer({ type: 'alterPartitionRetry' }, 0)
}
