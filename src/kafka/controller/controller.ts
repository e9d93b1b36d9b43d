/**
 * A controller: a table of contents. Decides by one event queue; what it decides are records of the metadata log, and
 * replaying them is all that a restart takes.
 */
import { append, newChunks } from '../../base/chunks.ts'
import { fromMs, SECOND } from '../../base/units.ts'
import type { Connection, ProcessType, Signal, Tagged } from '../../engine/process.ts'
import { nodeId } from '../broker/state.ts'
import { copyImage, emptyImage, replay } from '../metadata/image.ts'
import { answered, handleConnected, handleDisconnected, handleNetworkTimer, newNetworkClient } from '../network/client.ts'
import { oneAtATime } from '../network/server.ts'
import type { Fact } from '../notes.ts'
import type { AdminRequest } from '../protocol/admin.ts'
import type { AlterPartitionRequest, AssignReplicasToDirsRequest, BrokerHeartbeatRequest, BrokerRegistrationRequest, QuorumRequest, QuorumResponse } from '../protocol/controller.ts'
import type { AllocateProducerIdsRequest } from '../protocol/producer-ids.ts'
import { schedulePeriodicTasks, whenActive } from './activation.ts'
import { adminCallsSlot } from './admin-slot.ts'
import { handleAlterPartition } from './alter-partition.ts'
import { electPreferredLeaders, electUncleanLeaders, fenceStaleBrokers, handleHeartbeat, handleRegistration } from './brokers.ts'
import { handleAssignReplicasToDirs } from './directories.ts'
import { handleFetched } from './follow.ts'
import { handleRetry, poll } from './poll.ts'
import { handleAllocateProducerIds } from './producer-ids.ts'
import { answerFetch, flush, handleMetadataFetch, remindVoters, setLeaderTimers } from './quorum.ts'
import { snapshotSlot } from './snapshot-slot.ts'
import { controllerConfig, type Controller, type ControllerContext, type ControllerSpec } from './state.ts'
import { handleBeginQuorumEpoch, handleBegun, handleEnded, handleEndQuorumEpoch } from './terms.ts'
import { becomeResigned, resign, setElectionTimer, setFetchTimer } from './transitions.ts'
import { handleElectionTimeout, handleFetchTimeout, handleFetchTimeoutNoticed, handleVote, handleVoteAnswered, standForElection } from './voting.ts'

type Messages = AdminRequest | AllocateProducerIdsRequest | AssignReplicasToDirsRequest | BrokerRegistrationRequest | BrokerHeartbeatRequest | AlterPartitionRequest | QuorumRequest | QuorumResponse

export type ControllerTimer =
  | { readonly type: 'appendLinger' | 'sessionCheck' | 'preferredLeaders' | 'uncleanLeaders' }
  | { readonly type: 'electionTimeout' | 'fetchTimeout' | 'fetchTimeoutNoticed' | 'checkQuorum' | 'beginQuorumEpoch' | 'quorumRetry' | 'network' | 'metadataClean' | 'stopDue' }
  | { readonly type: 'parkedFetchDue'; readonly key: string }

type Handler<Message extends Tagged> = (controller: Controller, message: Message, on: Connection, ctx: ControllerContext) => void

const admin = oneAtATime(whenActive<AdminRequest>((controller, request, on, ctx) => adminCallsSlot()(controller, request, on, ctx)))

/** Among voters: what comes may change what there is to ask of the others. */
const fromVoter = <Request extends Tagged>(handle: Handler<Request>): Handler<Request> => oneAtATime((controller: Controller, request: Request, on, ctx: ControllerContext) => {
  handle(controller, request, on, ctx)
  poll(controller, ctx)
})
const answerOfVoter = <Response extends Tagged>(handle: (controller: Controller, response: Response, from: number, ctx: ControllerContext) => void): Handler<Response> =>
  (controller, response, on, ctx) => {
    const asked = answered(controller.network, on)
    if (asked === undefined) return
    handle(controller, response, nodeId(asked.channel.node)!, ctx)
    poll(controller, ctx)
  }

const messages: { readonly [Type in Messages['type']]: Handler<Extract<Messages, { type: Type }>> } = {
  BrokerRegistrationRequest: oneAtATime(whenActive(handleRegistration)),
  BrokerHeartbeatRequest: oneAtATime(whenActive(handleHeartbeat)),
  AlterPartitionRequest: oneAtATime(whenActive(handleAlterPartition)),
  AssignReplicasToDirsRequest: oneAtATime(whenActive(handleAssignReplicasToDirs)),
  AllocateProducerIdsRequest: oneAtATime(whenActive(handleAllocateProducerIds)),
  CreateTopicsRequest: admin, CreatePartitionsRequest: admin, DeleteTopicsRequest: admin, IncrementalAlterConfigsRequest: admin, ElectLeadersRequest: admin,
  AlterPartitionReassignmentsRequest: admin, ListPartitionReassignmentsRequest: admin,
  MetadataFetchRequest: oneAtATime(handleMetadataFetch),
  FetchSnapshotRequest: oneAtATime((controller, request, on, ctx) => snapshotSlot().handleFetchSnapshot(controller, request, on, ctx)),
  VoteRequest: fromVoter(handleVote),
  BeginQuorumEpochRequest: fromVoter(handleBeginQuorumEpoch),
  EndQuorumEpochRequest: fromVoter(handleEndQuorumEpoch),
  MetadataFetchResponse: answerOfVoter(handleFetched),
  FetchSnapshotResponse: answerOfVoter((controller, response, from, ctx) => snapshotSlot().handleSnapshotFetched(controller, response, from, ctx)),
  VoteResponse: answerOfVoter(handleVoteAnswered),
  BeginQuorumEpochResponse: answerOfVoter(handleBegun),
  EndQuorumEpochResponse: answerOfVoter(handleEnded),
}

/** What the quorum's timers do is followed by what there is to ask then. */
const thenPoll = (handle: (controller: Controller, ctx: ControllerContext) => void) => (controller: Controller, _timer: Tagged, ctx: ControllerContext): void => {
  handle(controller, ctx)
  poll(controller, ctx)
}
const timers: { readonly [Type in ControllerTimer['type']]: (controller: Controller, timer: Extract<ControllerTimer, { type: Type }> & { readonly key?: string }, ctx: ControllerContext) => void } = {
  appendLinger: (controller, _timer, ctx) => flush(controller, ctx),
  sessionCheck: (controller, _timer, ctx) => fenceStaleBrokers(controller, ctx),
  preferredLeaders: (controller, _timer, ctx) => electPreferredLeaders(controller, ctx),
  uncleanLeaders: (controller, _timer, ctx) => electUncleanLeaders(controller, ctx),
  electionTimeout: thenPoll(handleElectionTimeout),
  fetchTimeout: (controller, _timer, ctx) => handleFetchTimeout(controller, ctx),
  fetchTimeoutNoticed: thenPoll(handleFetchTimeoutNoticed),
  checkQuorum: thenPoll((controller, ctx) => resign(controller, 'quorum', ctx)),
  beginQuorumEpoch: thenPoll(remindVoters),
  quorumRetry: (controller, _timer, ctx) => handleRetry(controller, ctx),
  network: (controller, _timer, ctx) => {
    if (handleNetworkTimer(controller.network, ctx).length > 0) poll(controller, ctx)
  },
  metadataClean: (controller, _timer, ctx) => snapshotSlot().cleanSnapshots(controller, ctx),
  stopDue: (_controller, _timer, ctx) => ctx.exit(),
  parkedFetchDue: (controller, { key }, ctx) => answerFetch(controller, Number(key), ctx),
}

/** KafkaRaftClientDriver: a voter that is to stop waits no longer than this for another to lead. */
const STOP_WITHIN = 5 * SECOND

const signals: { readonly [Type in Signal['type']]: (controller: Controller, signal: Extract<Signal, { type: Type }>, ctx: ControllerContext) => void } = {
  Connected: (controller, { on }, ctx) => {
    if (handleConnected(controller.network, on) !== undefined) poll(controller, ctx)
  },
  Disconnected: (controller, { on }, ctx) => {
    if (handleDisconnected(controller.network, on, ctx) !== undefined) return poll(controller, ctx)
    for (const { id, on: other } of [...controller.parked.fetches.values()]) if (other === on) controller.parked.fetches.delete(id)
    controller.deferred = controller.deferred.filter((deferred) => deferred.on !== on)
  },
  Terminate: (controller, _signal, ctx) => {
    controller.stopping = true
    controller.cleanShutdown = true
    ctx.setTimer({ type: 'stopDue' }, STOP_WITHIN)
    poll(controller, ctx)
  },
}

const NO_SNAPSHOTS: Controller['snapshots'] = Object.freeze([])

function boot(spec: ControllerSpec, disk: Partial<Controller> | undefined, ctx: ControllerContext): Controller {
  const log = disk?.log ?? newChunks()
  const committed = disk?.committed ?? emptyImage()
  if (disk === undefined) {
    for (const entry of spec.initial) {
      append(log, entry)
      replay(committed, entry)
    }
  }
  const config = controllerConfig(spec.overrides)
  const controller: Controller = {
    spec, config, epoch: disk?.epoch ?? 1, votedFor: disk?.votedFor, leaderId: disk === undefined ? spec.voters[0] : disk.leaderId, voter: { kind: 'Unattached', fetchAgainAt: 0 }, toldElection: 0,
    starts: (disk?.starts ?? 0) + 1, image: copyImage(committed), committed, log, logStart: disk?.logStart ?? 0, snapshots: disk?.snapshots ?? NO_SNAPSHOTS, bytesSinceSnapshot: 0, snapshotAt: ctx.now, bootedAt: ctx.now,
    highWatermark: disk?.highWatermark ?? log.length,
    accumulated: [], moments: disk?.moments ?? [], parked: { next: 1, fetches: new Map() }, deferred: [], sessions: new Map(), applied: new Map(), shutdowns: new Map(),
    network: newNetworkClient({ requestTimeout: config.quorumRequestTimeout, reconnectBackoffMs: 50, reconnectBackoffMaxMs: 1000, connectionSetupTimeout: fromMs(10000) }),
    retryAt: Infinity, stopping: false, cleanShutdown: false,
  }
  if (disk === undefined && controller.leaderId === spec.id) leadAtStart(controller, ctx)
  else begin(controller, disk === undefined, ctx)
  if (controller.snapshots.length > 0) snapshotSlot().armCleaner(controller, ctx)
  poll(controller, ctx)
  return controller
}

/** 00:00 of a run: the first voter has led for a while, and all have its log. */
function leadAtStart(controller: Controller, ctx: ControllerContext): void {
  const { spec, log, image } = controller
  const others = spec.voters.filter((id) => id !== spec.id)
  controller.voter = {
    kind: 'Leader', since: ctx.now, epochStart: 0, grantedBy: spec.voters, active: true,
    voters: new Map(others.map((id) => [id, Object.freeze({ logEndOffset: log.length, lastFetchAt: ctx.now })])), fetched: new Set(), begin: new Set(),
  }
  for (const { id, fenced } of image.brokers.values()) {
    if (!fenced) controller.sessions.set(id, ctx.now)
    controller.applied.set(id, log.length - 1)
  }
  setLeaderTimers(controller, ctx)
  schedulePeriodicTasks(controller, ctx)
}

/** With what the quorum-state file says. Follows raft/.../QuorumState.java#initialize. */
function begin(controller: Controller, first: boolean, ctx: ControllerContext): void {
  const { spec, leaderId, votedFor } = controller
  if (spec.voters.length === 1) return standForElection(controller, 'electionTimeout', ctx)
  if (leaderId === spec.id) return becomeResigned(controller, [], ctx)
  if (votedFor === spec.id) {
    controller.leaderId = undefined
    controller.voter = { kind: 'Candidate', granted: new Set([spec.id]), refused: new Set() }
  } else if (leaderId !== undefined) {
    controller.voter = { kind: 'Follower', hasFetched: first, leaderResigned: false, fetchAgainAt: 0 }
    return setFetchTimer(controller, ctx)
  }
  setElectionTimer(controller, ctx)
}

/** Everything written: the log, what it knows to be committed, and the quorum-state file. What lingered in memory is gone. */
const disk = ({ log, logStart, snapshots, committed, highWatermark, moments, starts, cleanShutdown, epoch, votedFor, leaderId }: Controller): Partial<Controller> =>
  ({ log, logStart, snapshots, committed, highWatermark, moments, starts, cleanShutdown, epoch, votedFor, leaderId })

export const controllerType: ProcessType<ControllerSpec, Controller, Messages, ControllerTimer, never, Fact> = { kind: 'controller', boot, disk, messages, timers, signals, orders: {} }
