/**
 * A controller: a table of contents. Decides by one event queue; what it decides are records of the metadata log, and
 * replaying them is all that a restart takes.
 */
import { append, between, newChunks } from '../../base/chunks.ts'
import { fromMs } from '../../base/units.ts'
import type { Connection, ProcessType, Signal, Tagged } from '../../engine/process.ts'
import { copyImage, emptyImage, replay } from '../metadata/image.ts'
import { answered, handleConnected, handleDisconnected, handleNetworkTimer, newNetworkClient } from '../network/client.ts'
import { oneAtATime } from '../network/server.ts'
import type { Fact } from '../notes.ts'
import type { AdminRequest } from '../protocol/admin.ts'
import type { AlterPartitionRequest, BrokerHeartbeatRequest, BrokerRegistrationRequest, MetadataFetchRequest, MetadataFetchResponse } from '../protocol/controller.ts'
import { handleAdmin } from './admin.ts'
import { handleAlterPartition } from './alter-partition.ts'
import { electPreferredLeaders, electUncleanLeaders, fenceStaleBrokers, handleHeartbeat, handleRegistration } from './brokers.ts'
import { answerFetch, fetchFromLeader, flush, handleFetched, handleMetadataFetch } from './quorum.ts'
import { controllerConfig, type Controller, type ControllerContext, type ControllerSpec } from './state.ts'

type Messages = AdminRequest | BrokerRegistrationRequest | BrokerHeartbeatRequest | AlterPartitionRequest | MetadataFetchRequest | MetadataFetchResponse

export type ControllerTimer =
  | { readonly type: 'appendLinger' | 'sessionCheck' | 'preferredLeaders' | 'uncleanLeaders' | 'quorumRetry' | 'network' }
  | { readonly type: 'parkedFetchDue'; readonly key: string }

type Handler<Message extends Tagged> = (controller: Controller, message: Message, on: Connection, ctx: ControllerContext) => void

const admin = oneAtATime(handleAdmin)

const messages: { readonly [Type in Messages['type']]: Handler<Extract<Messages, { type: Type }>> } = {
  BrokerRegistrationRequest: oneAtATime(handleRegistration),
  BrokerHeartbeatRequest: oneAtATime(handleHeartbeat),
  AlterPartitionRequest: oneAtATime(handleAlterPartition),
  CreateTopicsRequest: admin, CreatePartitionsRequest: admin, DeleteTopicsRequest: admin, IncrementalAlterConfigsRequest: admin, ElectLeadersRequest: admin,
  AlterPartitionReassignmentsRequest: admin,
  MetadataFetchRequest: oneAtATime(handleMetadataFetch),
  MetadataFetchResponse: (controller, response, on, ctx) => {
    if (answered(controller.network, on) !== undefined) handleFetched(controller, response, ctx)
  },
}

const timers: { readonly [Type in ControllerTimer['type']]: (controller: Controller, timer: Extract<ControllerTimer, { type: Type }>, ctx: ControllerContext) => void } = {
  appendLinger: (controller, _timer, ctx) => flush(controller, ctx),
  sessionCheck: (controller, _timer, ctx) => fenceStaleBrokers(controller, ctx),
  preferredLeaders: (controller, _timer, ctx) => electPreferredLeaders(controller, ctx),
  uncleanLeaders: (controller, _timer, ctx) => electUncleanLeaders(controller, ctx),
  quorumRetry: (controller, _timer, ctx) => fetchFromLeader(controller, ctx),
  network: (controller, _timer, ctx) => {
    if (handleNetworkTimer(controller.network, ctx).length > 0) fetchFromLeader(controller, ctx)
  },
  parkedFetchDue: (controller, { key }, ctx) => answerFetch(controller, Number(key), ctx),
}

const signals: { readonly [Type in Signal['type']]: (controller: Controller, signal: Extract<Signal, { type: Type }>, ctx: ControllerContext) => void } = {
  Connected: (controller, { on }, ctx) => {
    if (handleConnected(controller.network, on) !== undefined) fetchFromLeader(controller, ctx)
  },
  Disconnected: (controller, { on }, ctx) => {
    if (handleDisconnected(controller.network, on, ctx) !== undefined) return fetchFromLeader(controller, ctx)
    for (const { id, on: other } of [...controller.parked.fetches.values()]) if (other === on) controller.parked.fetches.delete(id)
    controller.deferred = controller.deferred.filter((deferred) => deferred.on !== on)
  },
  Terminate: (controller, _signal, ctx) => {
    controller.cleanShutdown = true
    ctx.exit()
  },
}

function boot(spec: ControllerSpec, disk: Partial<Controller> | undefined, ctx: ControllerContext): Controller {
  const leads = spec.voters[0] === spec.id
  const log = disk?.log ?? newChunks()
  if (disk === undefined) for (const entry of spec.initial) append(log, entry)
  const image = emptyImage()
  for (const entry of between(log, 0)) replay(image, entry)
  const config = controllerConfig(spec.overrides)
  const controller: Controller = {
    spec, config, leads, epoch: 1, starts: (disk?.starts ?? 0) + 1, image, committed: disk?.committed ?? copyImage(image), log, highWatermark: disk?.highWatermark ?? log.length,
    accumulated: [], moments: disk?.moments ?? [], voters: new Map(leads ? spec.voters.slice(1).map((id) => [id, disk === undefined ? log.length : 0]) : []),
    parked: { next: 1, fetches: new Map() }, deferred: [], sessions: new Map(), applied: new Map(), shutdowns: new Map(),
    network: newNetworkClient({ requestTimeout: fromMs(2000), reconnectBackoffMs: 50, reconnectBackoffMaxMs: 1000, connectionSetupTimeout: fromMs(10000) }),
    cleanShutdown: false,
  }
  if (leads) {
    for (const { id, fenced } of image.brokers.values()) if (!fenced) controller.sessions.set(id, ctx.now)
    for (const { id, epoch } of image.brokers.values()) controller.applied.set(id, disk === undefined ? log.length - 1 : epoch)
    ctx.setTimer({ type: 'sessionCheck' }, config.sessionCheck)
    if (config.autoLeaderRebalance) ctx.setTimer({ type: 'preferredLeaders' }, config.leaderImbalanceCheck)
    ctx.setTimer({ type: 'uncleanLeaders' }, config.uncleanElectionCheck)
  } else fetchFromLeader(controller, ctx)
  return controller
}

/** The log and what it knows to be committed. What lingered in memory is gone. */
const disk = ({ log, committed, highWatermark, moments, starts, cleanShutdown }: Controller): Partial<Controller> => ({ log, committed, highWatermark, moments, starts, cleanShutdown })

export const controllerType: ProcessType<ControllerSpec, Controller, Messages, ControllerTimer, never, Fact> = { kind: 'controller', boot, disk, messages, timers, signals, orders: {} }
