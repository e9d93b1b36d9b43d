/** What admin clients ask of the active controller, and its answer: when what was decided is committed. Follows core/.../server/ControllerApis.scala. */
import type { Connection } from '../../engine/process.ts'
import { answerTo, type AdminRequest, type Verdict } from '../protocol/admin.ts'
import { alterConfigs } from './configs.ts'
import { electLeader } from './elections.ts'
import { listed, reassign } from './reassignments.ts'
import type { Controller, ControllerContext } from './state.ts'
import { createPartitions, createTopic, deleteTopic } from './topics.ts'
import { answer } from './write.ts'

type Decide<Request> = (controller: Controller, request: Request, ctx: ControllerContext) => Verdict

const decisions: { readonly [Type in AdminRequest['type']]: Decide<Extract<AdminRequest, { type: Type }>> } = {
  CreateTopicsRequest: createTopic, CreatePartitionsRequest: createPartitions, DeleteTopicsRequest: deleteTopic,
  IncrementalAlterConfigsRequest: alterConfigs, ElectLeadersRequest: electLeader, AlterPartitionReassignmentsRequest: reassign,
  ListPartitionReassignmentsRequest: listed,
}

export function handleAdmin(controller: Controller, request: AdminRequest, on: Connection, ctx: ControllerContext): void {
  const verdict = (decisions[request.type] as Decide<AdminRequest>)(controller, request, ctx)
  answer(controller, on, answerTo(request, verdict), ctx)
}
