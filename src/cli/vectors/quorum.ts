/** What a voter of the metadata quorum does, and when. */
import { clone } from '../../base/clone.ts'
import { fromMs, MILLISECOND as MS } from '../../base/units.ts'
import { recordingContext } from '../../engine/testing.ts'
import { controllerType } from '../../kafka/controller/controller.ts'
import type { Controller, ControllerContext } from '../../kafka/controller/state.ts'
import { checkQuorumTimeoutMs, randomElectionTimeoutMs } from '../../kafka/controller/transitions.ts'
import { channelOf } from '../../kafka/network/client.ts'
import type { MetadataFetchRequest, MetadataFetchResponse, VoteRequest, VoteResponse } from '../../kafka/protocol/controller.ts'
import type { Overrides } from '../../kafka/config.ts'
import { TestCluster } from '../../kafka/testing.ts'
import { adapter, type Adapters } from './adapter.ts'

interface Election {
  'controller.quorum.fetch.timeout.ms': number
  'controller.quorum.election.timeout.ms': number
  lastFetchResponseAtMs: number
}
interface Resignation {
  'controller.quorum.fetch.timeout.ms': number
  checkQuorumFactor: number
}

/** A voter out of a cluster that has just been formed, by its own handlers. */
function voterOf(name: string, overrides: Overrides) {
  const cluster = new TestCluster({ overrides }).runTo(0.02)
  const controller = clone(cluster.sim.world.nodes.get(name)!.state as Controller)
  const recording = Object.assign(recordingContext(name), { random: () => 0 })
  return { controller, recording, ctx: recording as unknown as ControllerContext }
}
const fire = (type: 'fetchTimeout' | 'fetchTimeoutNoticed' | 'checkQuorum', controller: Controller, ctx: ControllerContext): void =>
  controllerType.timers[type](controller, { type } as never, ctx)
const due = (timers: ReadonlyMap<string, number>, type: string): number => timers.get(type) ?? NaN

function elected(input: Election): unknown {
  const { lastFetchResponseAtMs, ...overrides } = input
  const electionTimeoutMs = overrides['controller.quorum.election.timeout.ms']
  const { controller, recording, ctx } = voterOf('k2', overrides)
  const [leader] = [...controller.network.channels.values()]
  const answer: MetadataFetchResponse = {
    type: 'MetadataFetchResponse', error: 'NONE', leaderId: 101, leaderEpoch: controller.epoch, highWatermark: controller.highWatermark, divergingEpoch: undefined, entries: [],
  }
  recording.now = fromMs(lastFetchResponseAtMs)
  controllerType.messages.MetadataFetchResponse(controller, answer, leader!.on!, ctx)
  recording.now = due(recording.timers, 'fetchTimeout')
  fire('fetchTimeout', controller, ctx)
  recording.now = due(recording.timers, 'fetchTimeoutNoticed')
  fire('fetchTimeoutNoticed', controller, ctx)
  const prospectiveAt = controller.voter.kind === 'Prospective' ? recording.now : NaN
  for (const channel of [...controller.network.channels.values()]) {
    channel.inFlight = []
    if (channel.on !== undefined) controllerType.signals.Connected(controller, { type: 'Connected', on: channel.on, peer: channel.node }, ctx)
  }
  return {
    followerBecomesProspectiveAtMs: prospectiveAt / MS,
    roundTripsToLeader: exchanges(controller, recording, ctx),
    electionTimeoutMinMs: randomElectionTimeoutMs(electionTimeoutMs, 0),
    electionTimeoutMaxMs: randomElectionTimeoutMs(electionTimeoutMs, 0xffffffff),
  }
}

/** Everybody grants what is asked, until it leads. */
function exchanges(controller: Controller, recording: ReturnType<typeof recordingContext>, ctx: ControllerContext): number {
  for (let rounds = 0; rounds < 9; rounds++) {
    if (controller.voter.kind === 'Leader') return rounds
    for (const { on, message } of recording.sent.splice(0)) {
      if (message.type !== 'VoteRequest' || channelOf(controller.network, on) === undefined) continue
      const { replicaEpoch: leaderEpoch, preVote } = message as VoteRequest
      const granted: VoteResponse = { type: 'VoteResponse', error: 'NONE', leaderId: undefined, leaderEpoch, voteGranted: true, preVote }
      controllerType.messages.VoteResponse(controller, granted, on, ctx)
    }
  }
  return NaN
}

/** From the last fetch of a majority on. */
function resigned(input: Resignation): unknown {
  const fetchTimeoutMs = input['controller.quorum.fetch.timeout.ms']
  if (checkQuorumTimeoutMs(fetchTimeoutMs) !== Math.floor(fetchTimeoutMs * input.checkQuorumFactor)) throw new Error(`the quorum is checked after ${checkQuorumTimeoutMs(fetchTimeoutMs)} ms`)
  const { controller, recording, ctx } = voterOf('k1', { 'controller.quorum.fetch.timeout.ms': fetchTimeoutMs })
  const fetch: MetadataFetchRequest = {
    type: 'MetadataFetchRequest', replicaId: 102, fetchOffset: controller.log.length, lastFetchedEpoch: 1, currentLeaderEpoch: 1, highWatermark: controller.highWatermark, maxWaitMs: 500,
  }
  recording.now = fromMs(1000)
  controllerType.messages.MetadataFetchRequest(controller, fetch, 'k2>k1', ctx)
  const since = recording.now
  recording.now = due(recording.timers, 'checkQuorum')
  fire('checkQuorum', controller, ctx)
  return { resignsAfterMsWithoutMajorityFetch: controller.voter.kind === 'Resigned' ? (recording.now - since) / MS : NaN }
}

export const quorumAdapters: Adapters = {
  'controller-timing/quorum-election': adapter(elected),
  'controller-timing/leader-resign': adapter(resigned),
}
