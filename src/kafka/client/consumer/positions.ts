/**
 * Where to read: the committed offset, else what `auto.offset.reset` says (CSM-1, CSM-2); and whether a new leader still has
 * what was read (KIP-320). Follows clients/.../consumer/internals/{OffsetFetcher,SubscriptionState}.java.
 */
import { type Offset } from '../../../base/units.ts'
import { refreshesMetadata, type KafkaError } from '../../errors.ts'
import { channelTo, ready, sendRequest, type Channel } from '../../network/client.ts'
import type {
  ListedTime, ListOffsetsRequest, ListOffsetsResponse, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse,
} from '../../protocol/fetch.ts'
import type { OffsetFetchRequest, OffsetFetchResponse } from '../../protocol/group.ts'
import { epochOf, requestUpdate } from '../metadata.ts'
import { CLIENTS } from '../node-choice.ts'
import { countError } from '../notebook.ts'
import { askCoordinator, coordinatorChannel } from './coordinator.ts'
import { fail } from './fail.ts'
import { askAgain, loseCoordinator } from './lost.ts'
import { resetGeneration } from './commits.ts'
import { wallMs } from '../../wall-clock.ts'
import type { ConsumerCall, ConsumerContext, ConsumerPurpose, ConsumerState, Position } from './state.ts'

export const newPosition = (partition: string, state: Position['state']): Position => ({
  partition, state, offset: undefined, offsetEpoch: -1, leader: undefined, leaderEpoch: -1, preferred: undefined, preferredTold: undefined, asked: false, retryAt: 0, resetTo: undefined, committed: undefined,
})

/** In poll(): ask whatever has to be asked before these partitions can be read. */
export function updatePositions(state: ConsumerState, ctx: ConsumerContext): void {
  if (state.comparedWith !== state.metadata.version) compareWithMetadata(state)
  let open = false
  for (const { state: kind } of state.positions.values()) open ||= kind !== 'fetching'
  if (!open) return
  askCommitted(state, ctx)
  askLeaders(state, 'resetting', askOffsets, ctx)
  askLeaders(state, 'validating', askEpochs, ctx)
}

/** A position moves to the leader that metadata names; what was read under an older epoch is looked at again. */
export function compareWithMetadata(state: ConsumerState): void {
  state.comparedWith = state.metadata.version
  for (const position of state.positions.values()) lookForLeader(state, position)
}

function lookForLeader(state: ConsumerState, position: Position): void {
  const belief = state.metadata.beliefs.get(position.partition)
  if (belief?.leader === undefined || position.offset === undefined || position.state === 'resetting' || position.state === 'revoking') return
  if (belief.leader === position.leader && belief.epoch === position.leaderEpoch) return
  position.leader = belief.leader
  position.leaderEpoch = belief.epoch
  position.asked = false
  position.state = position.offsetEpoch >= 0 ? 'validating' : 'fetching'
}

/** Read from here; a known epoch is first validated by the leader. */
function seek(state: ConsumerState, position: Position, offset: Offset, offsetEpoch: number): void {
  position.offset = offset
  position.offsetEpoch = offsetEpoch
  position.leader = undefined
  position.leaderEpoch = -1
  position.asked = false
  position.resetTo = undefined
  position.state = 'fetching'
  lookForLeader(state, position)
}

/** By hand, and only here: the leader hears of it with the next fetch. */
export function seekByHand(state: ConsumerState, { partition, to, withEpoch }: Extract<ConsumerCall, { type: 'seek' }>, ctx: ConsumerContext): void {
  const position = state.positions.get(partition)
  if (position === undefined) return
  if (typeof to === 'number') {
    const known = position.offsetEpoch >= 0 ? position.offsetEpoch : epochOf(state.metadata, partition)
    ctx.note({ code: 'position.sought', consumer: state.config.id, partition, from: position.offset, to, how: withEpoch ? 'withEpoch' : 'offset' })
    return seek(state, position, to, withEpoch ? known : -1)
  }
  position.state = 'resetting'
  position.resetTo = to
  position.asked = false
  position.retryAt = 0
}

const due = (position: Position, kind: Position['state'], ctx: ConsumerContext): boolean =>
  position.state === kind && !position.asked && position.retryAt <= ctx.now

function askCommitted(state: ConsumerState, ctx: ConsumerContext): void {
  const { membership, config } = state
  const wanted = [...state.positions.values()].filter((position) => due(position, 'initializing', ctx))
  if (wanted.length === 0) return
  if (config.group === undefined) {
    for (const position of wanted) requestReset(state, position, ctx)
    return
  }
  const channel = coordinatorChannel(state, ctx)
  if (channel === undefined) return
  for (const position of wanted) position.asked = true
  const partitions = Object.freeze(wanted.map(({ partition }) => partition))
  const { memberId, generation: generationId } = membership
  const request: OffsetFetchRequest = { type: 'OffsetFetchRequest', clientId: config.id, groupId: config.group, memberId, generationId,
    partitions }
  askCoordinator(state, channel, request, { kind: 'offsetFetch', partitions }, ctx)
}

export function handleOffsetFetchResponse(
  state: ConsumerState, { error, offsets }: OffsetFetchResponse, ctx: ConsumerContext,
  { partitions }: { readonly partitions: readonly string[] },
): void {
  if (error !== 'NONE') {
    countError(state.notebook.errors, error)
    askAgain(state, partitions, ctx)
    if (error === 'UNKNOWN_MEMBER_ID' || error === 'ILLEGAL_GENERATION') return resetGeneration(state, error === 'UNKNOWN_MEMBER_ID')
    if (error !== 'COORDINATOR_LOAD_IN_PROGRESS') loseCoordinator(state, ctx)
    return
  }
  for (const { partition, offset, leaderEpoch } of offsets) {
    const position = state.positions.get(partition)
    if (position === undefined || position.state !== 'initializing') continue
    position.asked = false
    if (offset < 0) requestReset(state, position, ctx)
    else {
      position.committed = offset
      seek(state, position, offset, leaderEpoch)
    }
  }
}

/** CSM-1, CSM-2: no committed offset, or one that the leader does not have. Without a policy poll() throws. */
export function requestReset(state: ConsumerState, position: Position, ctx: ConsumerContext): void {
  if (state.settings.reset === 'none') return give(state, position, position.offset === undefined ? 'NO_OFFSET' : 'OFFSET_OUT_OF_RANGE', ctx)
  position.state = 'resetting'
  position.resetTo = undefined
  position.asked = false
}

/** poll() throws it. */
function give(state: ConsumerState, position: Position, error: KafkaError, ctx: ConsumerContext): void {
  countError(state.notebook.errors, error)
  position.asked = false
  fail(state, position, error, ctx)
}

type Ask = (state: ConsumerState, channel: Channel<ConsumerPurpose>, positions: readonly Position[], ctx: ConsumerContext) => void

/** One request for each leader concerned. */
function askLeaders(state: ConsumerState, kind: Position['state'], ask: Ask, ctx: ConsumerContext): void {
  const byLeader = new Map<string, Position[]>()
  for (const position of state.positions.values()) {
    if (!due(position, kind, ctx)) continue
    const leader = state.metadata.beliefs.get(position.partition)?.leader
    if (leader === undefined) requestUpdate(state.metadata)
    else byLeader.set(leader, [...(byLeader.get(leader) ?? []), position])
  }
  for (const [leader, positions] of byLeader) {
    const channel = channelTo(state.network, leader, CLIENTS)
    if (!ready(state.network, channel, ctx)) continue
    for (const position of positions) position.asked = true
    ask(state, channel, positions, ctx)
  }
}

const askOffsets: Ask = (state, channel, positions, ctx) => {
  const policies = Object.freeze(positions.map(({ resetTo }) => resetTo ?? state.settings.reset))
  const partitions = positions.map(({ partition }, i) =>
    Object.freeze({ partition, currentLeaderEpoch: epochOf(state.metadata, partition), timestamp: timeOf(state, policies[i]!, ctx) }))
  const request: ListOffsetsRequest = { type: 'ListOffsetsRequest', clientId: state.config.id, replicaId: -1,
    partitions: Object.freeze(partitions), ...(state.settings.isolationLevel === undefined ? {} : { isolationLevel: state.settings.isolationLevel }) }
  const asked = Object.freeze(positions.map(({ partition }) => partition))
  sendRequest(state.network, channel, request, Object.freeze({ kind: 'listOffsets', partitions: asked, policies }), ctx)
}

/** KIP-1106: `by_duration` counts back from the client's clock, at the moment of asking. */
function timeOf({ settings: { resetBackMs } }: ConsumerState, policy: string, ctx: ConsumerContext): ListedTime {
  if (policy === 'earliest') return 'earliest'
  return policy === 'latest' || policy === 'end' || resetBackMs === undefined ? 'latest' : wallMs(ctx) - resetBackMs
}

export function handleListOffsetsResponse(
  state: ConsumerState, { partitions }: ListOffsetsResponse, ctx: ConsumerContext, { partitions: asked, policies }: Extract<ConsumerPurpose, { kind: 'listOffsets' }>,
): void {
  for (const { partition, error, offset, leaderEpoch } of partitions) {
    const position = state.positions.get(partition)
    if (position === undefined || position.state !== 'resetting') continue
    // Meanwhile it is to be read from elsewhere: that question is out, or will be.
    if ((position.resetTo ?? state.settings.reset) !== policies[asked.indexOf(partition)]) continue
    if (error !== 'NONE') {
      refused(state, partition, error, ctx)
      continue
    }
    // No record is so late: what will be is read from the end.
    if (offset < 0) {
      position.resetTo = 'end'
      position.asked = false
      continue
    }
    tellReset(state, position, offset, ctx)
    seek(state, position, offset, leaderEpoch)
  }
}

function tellReset({ config: { id: consumer }, settings }: ConsumerState, { partition, offset: from, resetTo: how }: Position, to: Offset, ctx: ConsumerContext): void {
  if (how === 'earliest' || how === 'latest') ctx.note({ code: 'position.sought', consumer, partition, from, to, how })
  else ctx.note({ code: 'offset.reset', consumer, partition, from, to, policy: settings.reset })
}

function refused(state: ConsumerState, partition: string, error: KafkaError, ctx: ConsumerContext): void {
  countError(state.notebook.errors, error)
  if (refreshesMetadata(error)) requestUpdate(state.metadata)
  askAgain(state, [partition], ctx)
}

const askEpochs: Ask = (state, channel, positions, ctx) => {
  const partitions = positions.map(({ partition, offsetEpoch, leaderEpoch }) =>
    Object.freeze({ partition, currentLeaderEpoch: leaderEpoch, leaderEpoch: offsetEpoch }))
  const request: OffsetForLeaderEpochRequest = { type: 'OffsetForLeaderEpochRequest', clientId: state.config.id,
    partitions: Object.freeze(partitions) }
  const asked = positions.map(({ partition, offset, offsetEpoch, leaderEpoch }) =>
    Object.freeze({ partition, offset: offset!, offsetEpoch, leaderEpoch }))
  sendRequest(state.network, channel, request, Object.freeze({ kind: 'validate', partitions: Object.freeze(asked) }), ctx)
}

type Validate = Extract<ConsumerPurpose, { kind: 'validate' }>

export function handleOffsetForLeaderEpochResponse(
  state: ConsumerState, { partitions }: OffsetForLeaderEpochResponse, ctx: ConsumerContext, { partitions: asked }: Validate,
): void {
  for (const { partition, error, leaderEpoch, endOffset } of partitions) {
    const position = state.positions.get(partition)
    const question = asked.find((one) => one.partition === partition)
    if (position === undefined || position.state !== 'validating' || question === undefined) continue
    // In the meantime the position has moved, or there is another leader: that question is asked anew.
    if (position.offset !== question.offset || position.offsetEpoch !== question.offsetEpoch
      || position.leaderEpoch !== question.leaderEpoch) {
      position.asked = false
    } else if (error === 'NONE') {
      position.asked = false
      validated(state, position, leaderEpoch, endOffset, ctx)
    } else refused(state, partition, error, ctx)
  }
}

/** REP-36: the epoch ended earlier than this consumer has read: what it read beyond is gone. */
function validated(state: ConsumerState, position: Position, leaderEpoch: number, endOffset: Offset, ctx: ConsumerContext): void {
  const { reset } = state.settings
  const unknown = leaderEpoch < 0 || endOffset < 0
  if (!unknown && endOffset >= position.offset!) {
    position.state = 'fetching'
    return
  }
  if (reset === 'none') return give(state, position, 'LOG_TRUNCATION', ctx)
  if (unknown) return requestReset(state, position, ctx)
  ctx.note({ code: 'offset.reset', consumer: state.config.id, partition: position.partition, from: position.offset, to: endOffset,
    policy: reset })
  seek(state, position, endOffset, leaderEpoch)
}
