/** What admin clients ask of group coordinators, as a broker is asked for it; loaded late (`parts.ts`). */
import type { Connection } from '../../engine/process.ts'
import { coordinatorHost } from '../broker/group-host.ts'
import type { Broker, BrokerContext } from '../broker/state.ts'
import { respond, oneAtATime } from '../network/server.ts'
import { brokerParts } from '../parts.ts'
import { groupAnswer, type AlterShareGroupOffsetsRequest, type DeleteGroupsRequest, type DeleteShareGroupOffsetsRequest, type GroupAdminRequest, type OffsetDeleteRequest } from '../protocol/group-admin.ts'
import { handleShareGroupAdmin } from './admin.ts'
import { handleDeleteGroups, handleOffsetDelete } from '../group/deletion.ts'

const serve = <Request extends GroupAdminRequest>(handle: (broker: Broker, request: Request, on: Connection, ctx: BrokerContext) => void) =>
  oneAtATime((broker: Broker, request: Request, on, ctx: BrokerContext) => {
    if (broker.published) handle(broker, request, on, ctx)
    else broker.early.push({ on, request })
  })
const forShare = (broker: Broker, request: AlterShareGroupOffsetsRequest | DeleteShareGroupOffsetsRequest, on: Connection, ctx: BrokerContext): void =>
  (broker.share === undefined ? respond(on, groupAnswer(request, 'GROUP_ID_NOT_FOUND'), ctx) : handleShareGroupAdmin(broker, request, on, ctx))

export const bringGroupAdmin = (): void => void Object.assign(brokerParts.messages, {
  DeleteGroupsRequest: serve((broker, request: DeleteGroupsRequest, on, ctx) => {
    if (broker.share?.groups.has(request.groupId) === true) handleShareGroupAdmin(broker, request, on, ctx)
    else handleDeleteGroups(broker.coordinator, request, on, coordinatorHost(broker, ctx))
  }),
  OffsetDeleteRequest: serve((broker, request: OffsetDeleteRequest, on, ctx) => handleOffsetDelete(broker.coordinator, request, on, coordinatorHost(broker, ctx))),
  AlterShareGroupOffsetsRequest: serve(forShare), DeleteShareGroupOffsetsRequest: serve(forShare),
})
