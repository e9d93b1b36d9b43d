/**
 * A broker's life as its controller sees it: registration, heartbeats, unfencing, controlled shutdown.
 * Follows server/.../BrokerLifecycleManager.java. CTL-10, CTL-12 to CTL-14.
 */
import { MILLISECOND, type Micros } from '../../base/units.ts'
import { backsOffUntil, channelTo, ready, sendRequest } from '../network/client.ts'
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse, BrokerRegistrationRequest, BrokerRegistrationResponse } from '../protocol/controller.ts'
import { closeLogs } from './disk.ts'
import { fetchMetadata, publish } from './metadata.ts'
import type { Broker, BrokerContext } from './state.ts'

const LABEL = 'controller:heartbeat'
/** While it catches up it asks again this long after each answer. */
const WHILE_STARTING: Micros = 10 * MILLISECOND
/** The first repetition of a request to shut down. */
const FIRST_SHUTDOWN_REPEAT: Micros = 50 * MILLISECOND

/** Register, or say that it is alive; whatever is due. */
export function communicate(broker: Broker, ctx: BrokerContext): void {
  const channel = channelTo(broker.network, broker.spec.controller, LABEL)
  if (!ready(broker.network, channel, ctx)) {
    if (channel.state === 'closed') again(broker, Math.max(MILLISECOND, backsOffUntil(channel) - ctx.now), ctx)
    return
  }
  if (channel.inFlight.length > 0) return
  if (broker.brokerEpoch < 0) {
    const request: BrokerRegistrationRequest = {
      type: 'BrokerRegistrationRequest', brokerId: broker.spec.id, incarnationId: broker.incarnationId, rack: broker.spec.rack, previousBrokerEpoch: broker.cleanShutdownEpoch,
    }
    return sendRequest(broker.network, channel, request, 'register', ctx, true, broker.config.heartbeatTimeout)
  }
  const request: BrokerHeartbeatRequest = {
    type: 'BrokerHeartbeatRequest', brokerId: broker.spec.id, brokerEpoch: broker.brokerEpoch, currentMetadataOffset: broker.metadata.endOffset - 1,
    wantFence: !broker.published, wantShutDown: broker.lifecycle === 'shuttingDown',
  }
  sendRequest(broker.network, channel, request, 'heartbeat', ctx, true, broker.config.heartbeatTimeout)
}

const again = (_broker: Broker, delay: Micros, ctx: BrokerContext): void => ctx.setTimer({ type: 'heartbeat' }, delay)

/** The old session of this id may still be alive (101): try again every heartbeat interval. */
export function handleRegistered(broker: Broker, response: BrokerRegistrationResponse, ctx: BrokerContext): void {
  if (response.error !== 'NONE') return again(broker, broker.config.heartbeatInterval, ctx)
  broker.brokerEpoch = response.brokerEpoch
  broker.cleanShutdownEpoch = -1
  fetchMetadata(broker, ctx)
  communicate(broker, ctx)
}

export function handleHeartbeatAnswered(broker: Broker, response: BrokerHeartbeatResponse, ctx: BrokerContext): void {
  const { heartbeatInterval } = broker.config
  if (response.error !== 'NONE') return again(broker, heartbeatInterval, ctx)
  if (broker.lifecycle === 'shuttingDown') return shutDownFurther(broker, response, ctx)
  if (broker.lifecycle === 'starting') {
    if (!response.isCaughtUp) return again(broker, WHILE_STARTING, ctx)
    broker.lifecycle = 'recovering'
    publish(broker, ctx)
    ctx.setTimer({ type: 'early' }, 0)
    return communicate(broker, ctx)
  }
  if (broker.lifecycle === 'recovering' && !response.isFenced) broker.lifecycle = 'running'
  again(broker, broker.lifecycle === 'recovering' ? WHILE_STARTING : heartbeatInterval, ctx)
}

/** SIGTERM: leaderships move away first; the broker asks until it leads nothing any more. */
export function beginControlledShutdown(broker: Broker, ctx: BrokerContext): void {
  broker.lifecycle = 'shuttingDown'
  broker.shutdown = { since: ctx.now, answered: false }
  communicate(broker, ctx)
}

function shutDownFurther(broker: Broker, response: BrokerHeartbeatResponse, ctx: BrokerContext): void {
  if (response.shouldShutDown) {
    broker.cleanShutdownEpoch = broker.brokerEpoch
    broker.cleanShutdown = true
    closeLogs(broker)
    return ctx.exit()
  }
  const first = broker.shutdown?.answered === false
  if (broker.shutdown !== undefined) broker.shutdown.answered = true
  again(broker, first ? FIRST_SHUTDOWN_REPEAT : broker.config.heartbeatInterval, ctx)
}
