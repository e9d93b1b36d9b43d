/**
 * The share coordinator: what of a share partition must outlive its leader, as records of `__share_group_state` (SHR-4).
 * Follows share-coordinator/.../share/ShareCoordinatorShard.java.
 */
import { fromMs, type Micros } from '../../base/units.ts'
import type { Broker, BrokerContext } from '../broker/state.ts'
import { numberOf } from '../config.ts'
import type { KafkaError } from '../errors.ts'
import { coordinatorIndex } from '../group/coordinator-partition.ts'
import type { DeleteShareGroupStateRequest, ReadShareGroupStateResponse, ShareStateRequest, ShareStateResponse } from '../protocol/share.ts'
import { answer, appendRecords, coordinatorRecord, isLoaded, shareOf } from './append.ts'
import { stateBatches, type RecordState, type StateBatch } from './in-flight.ts'
import { SHARE_STATE_TOPIC, type PersistedState, type ReplyTo } from './state.ts'

/** By abs(hash of `group:topic:partition`) modulo the partitions of the topic. */
export function stateTopicPartition({ metadata }: Broker, key: string): string | undefined {
  const count = metadata.topics.get(SHARE_STATE_TOPIC)?.partitions.length
  return count === undefined ? undefined : `${SHARE_STATE_TOPIC}/${coordinatorIndex(key, count)}`
}

interface ShareSnapshot { readonly kind: 'shareSnapshot'; readonly state: PersistedState }
interface ShareUpdate { readonly kind: 'shareUpdate'; readonly key: string; readonly leaderEpoch: number; readonly startOffset: number; readonly batches: readonly StateBatch[] }
/** A tombstone. */
interface ShareForgotten { readonly kind: 'shareForgotten'; readonly key: string }

/** In a new term of the partition: the newest snapshot of each, and the updates after it. */
export function coordinatesStates(broker: Broker, partition: string): boolean {
  const { states } = shareOf(broker)
  const forget = (): void => {
    for (const [key, state] of states) if (state.partition === partition) states.delete(key)
  }
  return isLoaded(broker, partition, forget, ({ data }) => {
    const meaning = data as ShareSnapshot | ShareUpdate | ShareForgotten | undefined
    if (meaning?.kind === 'shareSnapshot') states.set(meaning.state.key, meaning.state)
    else if (meaning?.kind === 'shareForgotten') states.delete(meaning.key)
    else if (meaning?.kind === 'shareUpdate') {
      const before = states.get(meaning.key)
      if (before !== undefined) states.set(meaning.key, updated(before, meaning.leaderEpoch, meaning.startOffset, meaning.batches))
    }
  })
}

/** An update changes what it names; what lies before the start offset is forgotten. */
function updated(before: PersistedState, leaderEpoch: number, startOffset: number, batches: readonly StateBatch[]): PersistedState {
  const start = startOffset < 0 ? before.startOffset : startOffset
  const records = new Map<number, { state: RecordState; count: number }>()
  for (const { first, last, state, count } of [...before.batches, ...batches]) {
    for (let offset = Math.max(first, start); offset <= last; offset++) records.set(offset, { state, count })
  }
  return Object.freeze({ ...before, leaderEpoch: Math.max(leaderEpoch, before.leaderEpoch), startOffset: start, batches: stateBatches([...records].sort(([a], [b]) => a - b)), updates: before.updates + 1 })
}

function failed(request: ShareStateRequest, error: KafkaError): ShareStateResponse {
  switch (request.type) {
    case 'InitializeShareGroupStateRequest': return { type: 'InitializeShareGroupStateResponse', error }
    case 'ReadShareGroupStateRequest': return { type: 'ReadShareGroupStateResponse', error, stateEpoch: 0, startOffset: -1, batches: [] }
    case 'WriteShareGroupStateRequest': return { type: 'WriteShareGroupStateResponse', error }
    case 'DeleteShareGroupStateRequest': return { type: 'DeleteShareGroupStateResponse', error }
  }
}

export function handleShareState(broker: Broker, request: ShareStateRequest, reply: ReplyTo, ctx: BrokerContext): void {
  const { key } = request
  const partition = stateTopicPartition(broker, key)
  if (partition === undefined || !coordinatesStates(broker, partition)) return answer(broker, reply, failed(request, 'NOT_COORDINATOR'), ctx)
  if (request.type === 'DeleteShareGroupStateRequest') return forgetState(broker, request, partition, reply, ctx)
  const { states } = shareOf(broker)
  const before = states.get(key)
  const error = refusal(request, before)
  if (error !== undefined) return answer(broker, reply, failed(request, error), ctx)
  const after = afterRequest(request, partition, before)
  const response = responseOf(request, after)
  if (after === before) return answer(broker, reply, response, ctx)
  const perSnapshot = numberOf('broker', broker.overrides, 'share.coordinator.snapshot.update.records.per.snapshot')
  const isUpdate = request.type === 'WriteShareGroupStateRequest' && before !== undefined && before.updates < perSnapshot
  const state = isUpdate ? after : Object.freeze({ ...after, updates: 0 })
  const data: ShareSnapshot | ShareUpdate = isUpdate
    ? { kind: 'shareUpdate', key, leaderEpoch: request.leaderEpoch, startOffset: request.startOffset, batches: request.batches }
    : { kind: 'shareSnapshot', state }
  const refused = appendRecords(broker, partition, [recordOf(data, state, ctx.now)], patience(broker), reply, response, ctx)
  if (refused !== undefined) return answer(broker, reply, failed(request, refused), ctx)
  states.set(key, state)
}

const patience = ({ overrides }: Broker): Micros => fromMs(numberOf('broker', overrides, 'share.coordinator.write.timeout.ms'))

/** No epoch stands in its way, and what is not there is gone already. Follows ShareCoordinatorShard#deleteState. */
function forgetState(broker: Broker, request: DeleteShareGroupStateRequest, partition: string, reply: ReplyTo, ctx: BrokerContext): void {
  const { states } = shareOf(broker)
  const { key } = request
  const response = failed(request, 'NONE')
  if (!states.has(key)) return answer(broker, reply, response, ctx)
  const data: ShareForgotten = Object.freeze({ kind: 'shareForgotten', key })
  const refused = appendRecords(broker, partition, [coordinatorRecord(`ShareSnapshot ${key}`, undefined, data, ctx.now)], patience(broker), reply, response, ctx)
  if (refused !== undefined) return answer(broker, reply, failed(request, refused), ctx)
  states.delete(key)
}

type Kept = Exclude<ShareStateRequest, DeleteShareGroupStateRequest>

/** Leaders of an older term are fenced, and so is whoever knows an older state. */
function refusal(request: Kept, before: PersistedState | undefined): KafkaError | undefined {
  if (request.type === 'InitializeShareGroupStateRequest') return before !== undefined && before.stateEpoch > request.stateEpoch ? 'FENCED_STATE_EPOCH' : undefined
  if (before !== undefined && before.leaderEpoch > request.leaderEpoch) return 'FENCED_LEADER_EPOCH'
  return request.type === 'WriteShareGroupStateRequest' && before !== undefined && before.stateEpoch > request.stateEpoch ? 'FENCED_STATE_EPOCH' : undefined
}

function afterRequest(request: Kept, partition: string, before: PersistedState | undefined): PersistedState {
  const none: PersistedState = before ?? Object.freeze({ key: request.key, partition, stateEpoch: 0, leaderEpoch: -1, startOffset: -1, batches: Object.freeze([]), updates: 0 })
  switch (request.type) {
    case 'InitializeShareGroupStateRequest': return Object.freeze({ ...none, stateEpoch: request.stateEpoch, leaderEpoch: -1, startOffset: request.startOffset, batches: Object.freeze([]) })
    // A leader of a new term announces itself by reading.
    case 'ReadShareGroupStateRequest': return before !== undefined && before.leaderEpoch === request.leaderEpoch ? before : Object.freeze({ ...none, leaderEpoch: request.leaderEpoch })
    case 'WriteShareGroupStateRequest': return updated(none, request.leaderEpoch, request.startOffset, request.batches)
  }
}

function responseOf(request: Kept, { stateEpoch, startOffset, batches }: PersistedState): ShareStateResponse {
  if (request.type !== 'ReadShareGroupStateRequest') return failed(request, 'NONE')
  return { type: 'ReadShareGroupStateResponse', error: 'NONE', stateEpoch, startOffset, batches } satisfies ReadShareGroupStateResponse
}

function recordOf(data: ShareSnapshot | ShareUpdate, { key, startOffset, batches }: PersistedState, now: number) {
  const told = data.kind === 'shareSnapshot' ? batches : data.batches
  const text = told.map(({ first, last, state, count }) => `${first}-${last} ${state} ${count}`).join(', ')
  return coordinatorRecord(`${data.kind === 'shareSnapshot' ? 'ShareSnapshot' : 'ShareUpdate'} ${key}`, `start ${startOffset}${text === '' ? '' : `, ${text}`}`, Object.freeze(data), now)
}
