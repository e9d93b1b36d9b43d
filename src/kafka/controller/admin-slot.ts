/** What admin clients can ask of a controller; loaded late (`late.ts`), as there is nobody who asks when a page opens. */
import type { Connection } from '../../engine/process.ts'
import { slot } from '../late.ts'
import type { AdminRequest } from '../protocol/admin.ts'
import type { Controller, ControllerContext } from './state.ts'

export const adminCallsSlot = slot<(controller: Controller, request: AdminRequest, on: Connection, ctx: ControllerContext) => void>('calls of admin clients')
