/**
 * A broker's life as its controller sees it: registration, heartbeats, unfencing, controlled shutdown.
 * Follows server/.../BrokerLifecycleManager.java. CTL-10, CTL-12 to CTL-14.
 */
import { MILLISECOND, SECOND, type Micros } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import { backsOffUntil, channelTo, closeChannel, ready, sendRequest } from '../network/client.ts'
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse, BrokerRegistrationRequest, BrokerRegistrationResponse } from '../protocol/controller.ts'
import { closeLogs } from './disk.ts'
import { changeDirectory } from './log-directories.ts'
import { publish } from './metadata.ts'
import { nodeName, type Broker, type BrokerContext } from './state.ts'

const LABEL = 'controller:heartbeat'
/** While it catches up it asks again this long after each answer. */
const WHILE_STARTING: Micros = 10 * MILLISECOND
/** The first repetition of a request to shut down. */
const FIRST_SHUTDOWN_REPEAT: Micros = 50 * MILLISECOND

/** Register, or say that it is alive; whatever is due. It waits for a controller no longer than for an answer. */
export function communicate(broker: Broker, ctx: BrokerContext): void {
  const { toController, network, config } = broker
  const since = (toController.heartbeatSince ??= ctx.now)
  if (ctx.now - since >= config.heartbeatTimeout) return giveUp(broker, ctx)
  toController.heartbeat ??= broker.quorum.leaderId
  const untilGivenUp = since + config.heartbeatTimeout - ctx.now
  if (toController.heartbeat === undefined) return again(untilGivenUp, ctx)
  const channel = channelTo(network, nodeName(toController.heartbeat), LABEL)
  if (!ready(network, channel, ctx)) {
    return again(channel.state === 'closed' ? Math.min(untilGivenUp, Math.max(MILLISECOND, backsOffUntil(channel) - ctx.now)) : untilGivenUp, ctx)
  }
  if (channel.inFlight.length > 0) return
  ctx.cancelTimer({ type: 'heartbeat' })
  if (broker.brokerEpoch < 0) {
    const request: BrokerRegistrationRequest = {
      type: 'BrokerRegistrationRequest', brokerId: broker.spec.id, incarnationId: broker.incarnationId, rack: broker.spec.rack, previousBrokerEpoch: broker.cleanShutdownEpoch,
      logDirs: Object.freeze(broker.logDirs.filter(({ online }) => online).map(({ id }) => id)),
    }
    return sendRequest(network, channel, request, 'register', ctx, true, config.heartbeatTimeout)
  }
  const request: BrokerHeartbeatRequest = {
    type: 'BrokerHeartbeatRequest', brokerId: broker.spec.id, brokerEpoch: broker.brokerEpoch, currentMetadataOffset: broker.metadata.endOffset - 1,
    wantFence: !broker.published, wantShutDown: broker.lifecycle === 'shuttingDown', ...offlineDirs(broker),
  }
  sendRequest(network, channel, request, 'heartbeat', ctx, true, config.heartbeatTimeout)
}

/** All that have failed, with every heartbeat. Follows BrokerLifecycleManager#sendBrokerHeartbeat. */
function offlineDirs(broker: Broker): Pick<BrokerHeartbeatRequest, 'offlineLogDirs'> {
  if (broker.logDirs.every(({ told }) => told === undefined)) return {}
  for (const [dir, { told }] of broker.logDirs.entries()) if (told === 'no') changeDirectory(broker, dir, { told: 'sent' })
  return { offlineLogDirs: Object.freeze(broker.logDirs.filter(({ told }) => told !== undefined).map(({ id }) => id)) }
}
/** What the heartbeat said is known. True when a directory has failed while it was under way: the next one goes at once. */
function confirmOfflineDirs(broker: Broker): boolean {
  if (broker.logDirs.every(({ told }) => told === undefined || told === 'yes')) return false
  for (const [dir, { told }] of broker.logDirs.entries()) if (told === 'sent') changeDirectory(broker, dir, { told: 'yes' })
  return broker.logDirs.some(({ told }) => told === 'no')
}

const again = (delay: Micros, ctx: BrokerContext): void => ctx.setTimer({ type: 'heartbeat' }, delay)

function giveUp(broker: Broker, ctx: BrokerContext): void {
  broker.toController.heartbeat = undefined
  answered(broker, broker.config.heartbeatInterval, ctx)
}
function answered(broker: Broker, nextIn: Micros, ctx: BrokerContext): void {
  broker.toController.heartbeatSince = undefined
  again(nextIn, ctx)
}

/** Not the active controller, or gone: the same request goes to whoever leads now, as soon as a connection allows. */
export function handleControllerLost(broker: Broker, ctx: BrokerContext): void {
  broker.toController.heartbeat = undefined
  if (broker.toController.heartbeatSince !== undefined) communicate(broker, ctx)
}
/** Follows NodeToControllerRequestThread#handleResponse: the connection is closed as well. */
function isNotController(broker: Broker, error: KafkaError, ctx: BrokerContext): boolean {
  const { heartbeat } = broker.toController
  if (error !== 'NOT_CONTROLLER') return false
  if (heartbeat !== undefined) closeChannel(broker.network, channelTo(broker.network, nodeName(heartbeat), LABEL), ctx)
  handleControllerLost(broker, ctx)
  return true
}

/** The old session of this id may still be alive (101): try again every heartbeat interval. */
export function handleRegistered(broker: Broker, response: BrokerRegistrationResponse, ctx: BrokerContext): void {
  if (isNotController(broker, response.error, ctx)) return
  if (response.error !== 'NONE') return answered(broker, broker.config.heartbeatInterval, ctx)
  broker.brokerEpoch = response.brokerEpoch
  broker.cleanShutdownEpoch = -1
  broker.toController.heartbeatSince = undefined
  communicate(broker, ctx)
}

export function handleHeartbeatAnswered(broker: Broker, response: BrokerHeartbeatResponse, ctx: BrokerContext): void {
  const { heartbeatInterval } = broker.config
  if (isNotController(broker, response.error, ctx)) return
  if (response.error !== 'NONE') return answered(broker, heartbeatInterval, ctx)
  broker.toController.heartbeatSince = undefined
  const isUrgent = confirmOfflineDirs(broker)
  if (broker.lifecycle === 'shuttingDown') return shutDownFurther(broker, response, ctx)
  if (broker.lifecycle === 'starting') {
    if (!response.isCaughtUp) return again(WHILE_STARTING, ctx)
    broker.lifecycle = 'recovering'
    publish(broker, ctx)
    ctx.setTimer({ type: 'early' }, 0)
    return communicate(broker, ctx)
  }
  if (broker.lifecycle === 'recovering' && !response.isFenced) broker.lifecycle = 'running'
  again(isUrgent ? 0 : broker.lifecycle === 'recovering' ? WHILE_STARTING : heartbeatInterval, ctx)
}

/**
 * SIGTERM: leaderships move away first; the broker asks until it leads nothing any more. One that does not serve yet leads
 * nothing, and one that no controller answers stops all the same after a while. Follows BrokerServer#shutdown.
 */
export function beginControlledShutdown(broker: Broker, ctx: BrokerContext): void {
  if (broker.lifecycle === 'starting' || broker.lifecycle === 'recovering') return stop(broker, ctx)
  broker.lifecycle = 'shuttingDown'
  broker.shutdown = { since: ctx.now, answered: false }
  ctx.setTimer({ type: 'shutdownTimeout' }, SHUTDOWN_TIMEOUT)
  communicate(broker, ctx)
}
/** The default of KafkaBroker#shutdown. */
const SHUTDOWN_TIMEOUT: Micros = 300 * SECOND

/** With the marker of an orderly stop. */
export function stop(broker: Broker, ctx: BrokerContext): void {
  broker.cleanShutdownEpoch = broker.brokerEpoch
  broker.cleanShutdown = true
  closeLogs(broker, ctx)
  ctx.exit()
}

function shutDownFurther(broker: Broker, response: BrokerHeartbeatResponse, ctx: BrokerContext): void {
  if (response.shouldShutDown) return stop(broker, ctx)
  const first = broker.shutdown?.answered === false
  if (broker.shutdown !== undefined) broker.shutdown.answered = true
  again(first ? FIRST_SHUTDOWN_REPEAT : broker.config.heartbeatInterval, ctx)
}
