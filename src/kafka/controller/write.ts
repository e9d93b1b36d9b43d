/**
 * The controller's one event queue writes here: decided records are applied in memory at once, written to the metadata
 * log after the append linger, and answered for when committed. Follows metadata/.../controller/QuorumController.java
 * and raft/.../internals/BatchAccumulator.java. GEN-1, GEN-2.
 */
import type { NodeId } from '../../base/units.ts'
import type { Connection, Tagged } from '../../engine/process.ts'
import { replay, type PartitionRegistration } from '../metadata/image.ts'
import { NO_LEADER, type MetadataEntry, type MetadataRecord } from '../metadata/records.ts'
import { respond } from '../network/server.ts'
import type { FactOf } from '../notes.ts'
import { names, nodeName } from '../broker/state.ts'
import { nextOffset, type Controller, type ControllerContext } from './state.ts'

/** One atomic set of records. Told at the moment of the decision. */
export function write(controller: Controller, records: readonly MetadataRecord[], why: Why, ctx: ControllerContext): void {
  for (const record of records) {
    const entry: MetadataEntry = Object.freeze({ offset: nextOffset(controller), epoch: controller.epoch, record })
    const before = record.type === 'PartitionChangeRecord' ? controller.image.partitions.get(record.partition) : undefined
    controller.accumulated.push(entry)
    replay(controller.image, entry)
    if (before !== undefined) tellPartition(before, controller.image.partitions.get(before.partition)!, why, ctx)
  }
  if (records.length > 0 && !ctx.hasTimer({ type: 'appendLinger' })) ctx.setTimer({ type: 'appendLinger' }, controller.config.appendLinger)
}

/** Answer when everything decided so far is committed; at once if it is. */
export function answer(controller: Controller, on: Connection, response: Tagged, ctx: ControllerContext): void {
  const at = nextOffset(controller)
  if (at <= controller.highWatermark) respond(on, response, ctx)
  else controller.deferred.push({ at, on, response })
}

export interface Why {
  readonly isr: FactOf<'isr.changed'>['why']
  readonly election: FactOf<'leader.elected'>['how']
  /** A reassignment ends by being taken back. */
  readonly cancelled?: true
}

const isMoving = ({ adding, removing }: PartitionRegistration): boolean => adding.length + removing.length > 0

/** A reassignment begins or is over: then what else the change does is its doing. */
function tellReassignment(before: PartitionRegistration, after: PartitionRegistration, why: Why, ctx: ControllerContext): Why {
  const { partition, replicas, adding, removing } = after
  if (isMoving(after) && (before.adding !== adding || before.removing !== removing)) {
    ctx.note({ code: 'reassignment.started', partition, adding: names(adding), removing: names(removing) })
  }
  if (isMoving(after) || !isMoving(before)) return why
  ctx.note({ code: 'reassignment.finished', partition, replicas: names(replicas), how: why.cancelled === true ? 'cancelled' : 'done' })
  return { isr: 'reassignment', election: 'reassignment' }
}

function tellPartition(before: PartitionRegistration, after: PartitionRegistration, asked: Why, ctx: ControllerContext): void {
  const why = tellReassignment(before, after, asked, ctx)
  const { partition, isr, leader, elr, lastKnownElr } = after
  const led = before.leader !== leader && leader !== NO_LEADER
  if (before.isr !== isr) {
    const chosen = led && !before.isr.includes(leader)
    ctx.note({ code: 'isr.changed', partition, isr: names(isr), was: names(before.isr), why: chosen ? 'elected' : why.isr })
  }
  if (before.elr !== elr || before.lastKnownElr !== lastKnownElr) ctx.note({ code: 'elr.changed', partition, elr: names(elr), lastKnown: names(lastKnownElr) })
  if (led) ctx.note({ code: 'leader.elected', partition, leader: nodeName(leader), epoch: after.leaderEpoch, how: howElected(before, leader) ?? why.election })
  else if (before.leader !== leader) ctx.note({ code: 'leader.lost', partition, epoch: after.leaderEpoch, was: nodeName(before.leader) })
}

/** Who was neither in sync nor eligible was chosen rather than nobody. */
function howElected({ isr, elr, lastKnownElr }: PartitionRegistration, leader: NodeId): Why['election'] | undefined {
  if (isr.includes(leader)) return undefined
  if (elr.includes(leader)) return 'eligible'
  return lastKnownElr.includes(leader) ? 'lastKnown' : 'unclean'
}
