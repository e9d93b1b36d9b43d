/**
 * Becoming the active controller, and ceasing to be it. What was decided and not committed when leadership is lost has
 * never happened: it is undone, and whoever asked for it is told NOT_CONTROLLER. Follows
 * metadata/.../controller/QuorumController.java#claim, #renounce and ActivationRecordsGenerator.java. KRF-5.
 *
 * A new controller finds the cluster formed: Kafka's activation records, for an empty log, stand in it from 00:00 on.
 */
import { copyImage } from '../metadata/image.ts'
import { respond } from '../network/server.ts'
import type { ControllerResponse } from '../protocol/controller.ts'
import type { Connection, Tagged } from '../../engine/process.ts'
import { isActiveController, type Controller, type ControllerContext } from './state.ts'

/** Every session begins anew: who has died since its last heartbeat to another controller has all its time once more. */
export function activate(controller: Controller, ctx: ControllerContext): void {
  controller.image = copyImage(controller.committed)
  controller.sessions = new Map()
  controller.applied = new Map()
  controller.shutdowns = new Map()
  for (const { id, fenced } of controller.image.brokers.values()) {
    if (!fenced) controller.sessions.set(id, ctx.now)
    controller.applied.set(id, -1)
  }
  schedulePeriodicTasks(controller, ctx)
  ctx.note({ code: 'controller.activated', node: controller.spec.name, epoch: controller.epoch, offset: controller.highWatermark })
}

export function schedulePeriodicTasks({ config }: Controller, ctx: ControllerContext): void {
  ctx.setTimer({ type: 'sessionCheck' }, config.sessionCheck)
  if (config.autoLeaderRebalance) ctx.setTimer({ type: 'preferredLeaders' }, config.leaderImbalanceCheck)
  ctx.setTimer({ type: 'uncleanLeaders' }, config.uncleanElectionCheck)
}

/**
 * Simplified: it stops acting at once when it resigns or hears of a higher epoch; Kafka's controller hears of its own
 * resignation with its next write, or with the next epoch.
 */
export function renounce(controller: Controller, ctx: ControllerContext): void {
  for (const type of ['appendLinger', 'sessionCheck', 'preferredLeaders', 'uncleanLeaders'] as const) ctx.cancelTimer({ type })
  controller.accumulated = []
  controller.image = copyImage(controller.committed)
  const { deferred } = controller
  controller.deferred = []
  for (const { on, response } of deferred) respond(on, notController(response.type), ctx)
}

type Handler<Request extends Tagged> = (controller: Controller, request: Request, on: Connection, ctx: ControllerContext) => void

/** Only the active controller decides; others say that they are not it. */
export const whenActive = <Request extends Tagged>(handle: Handler<Request>): Handler<Request> => (controller, request, on, ctx) => {
  if (isActiveController(controller)) handle(controller, request, on, ctx)
  else respond(on, notController(request.type.replace(/Request$/, 'Response')), ctx)
}

const refusals: { readonly [Type in ControllerResponse['type']]: Extract<ControllerResponse, { type: Type }> } = {
  BrokerRegistrationResponse: { type: 'BrokerRegistrationResponse', error: 'NOT_CONTROLLER', brokerEpoch: -1 },
  BrokerHeartbeatResponse: { type: 'BrokerHeartbeatResponse', error: 'NOT_CONTROLLER', isCaughtUp: false, isFenced: true, shouldShutDown: false },
  AlterPartitionResponse: { type: 'AlterPartitionResponse', error: 'NOT_CONTROLLER', partitions: Object.freeze([]) },
  AssignReplicasToDirsResponse: { type: 'AssignReplicasToDirsResponse', error: 'NOT_CONTROLLER', assignments: Object.freeze([]) },
}
/** A copy: messages are frozen when they are sent. */
const notController = (type: string): Tagged => {
  const refusal = { ...refusals[type as ControllerResponse['type']], type, error: 'NOT_CONTROLLER' }
  return refusal
}
