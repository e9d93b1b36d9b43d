/** What a voter that has snapshots can do; loaded late, as a log gets its first one after an hour, or 20 MB, by default. */
import type { NodeId } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { slot } from '../late.ts'
import type { FetchSnapshotRequest, FetchSnapshotResponse } from '../protocol/controller.ts'
import type { Controller, ControllerContext } from './state.ts'

export interface Snapshots {
  readonly takeSnapshot: (controller: Controller, ctx: ControllerContext) => void
  readonly armCleaner: (controller: Controller, ctx: ControllerContext) => void
  readonly cleanSnapshots: (controller: Controller, ctx: ControllerContext) => void
  readonly handleFetchSnapshot: (controller: Controller, request: FetchSnapshotRequest, on: Connection, ctx: ControllerContext) => void
  readonly handleSnapshotFetched: (controller: Controller, response: FetchSnapshotResponse, from: NodeId, ctx: ControllerContext) => void
}
export const snapshotSlot = slot<Snapshots>('snapshots of the metadata')
