/**
 * Read, process, write (TXN-11): a turn's records are read, each is written on, and the offsets of what was read are
 * committed with what was written, in one transaction, or after it where there is none. A turn that fails is undone, and
 * what it read is read again from where the group stands. Follows the transactional client of Apache Kafka's examples.
 */
import { parsePartition } from '../../topic-partition.ts'
import { isWanted, pass } from '../consumer/filter.ts'
import type { Read } from '../consumer/notebook.ts'
import { commit } from '../consumer/commits.ts'
import { newPosition } from '../consumer/positions.ts'
import type { ConsumerState, Work } from '../consumer/state.ts'
import { call, work } from '../producer/application.ts'
import { sideTopicOf } from '../consumer/outcomes.ts'
import type { ProducerContext, ProducerState, SendRecord, TransactionCall, Turn } from '../producer/state.ts'
import { closeReader, readerContext, wakeReader } from './reader.ts'
import type { ReadOffsets } from './state.ts'

const BEGIN: TransactionCall = Object.freeze({ api: 'beginTransaction' })
const COMMIT: TransactionCall = Object.freeze({ api: 'commitTransaction' })
const ABORT: TransactionCall = Object.freeze({ api: 'abortTransaction' })
type Handling = Extract<Work, { kind: 'handling' }>

/** As far as the turn can go. */
export function followTurn(state: ProducerState, reader: ConsumerState, ctx: ProducerContext): void {
  while (reader.work.kind === 'handling' && state.lifecycle !== 'stopped' && state.lifecycle !== 'failed') {
    if (state.turn === undefined) {
      const { memberId, generation: generationId } = reader.membership
      state.turn = { written: 0, phase: 'writing', memberId, generationId }
      if (state.txn !== undefined) state.calls.push(BEGIN)
    }
    writeOn(state, reader, reader.work, state.turn, ctx)
    work(state, ctx)
    if (!isOver(state, reader, state.turn, ctx)) return
  }
}

/** What the handler has done with a record is the record that is written. */
function writeOn(state: ProducerState, reader: ConsumerState, handling: Handling, turn: Turn, ctx: ProducerContext): void {
  const { records } = handling
  if (handling.timed !== true) for (; handling.done < records.length; handling.done++) pass(reader, records[handling.done]!, readerContext(ctx))
  for (; turn.written < handling.done; turn.written++) {
    const read = records[turn.written]!
    const { side } = reader.config
    if (!isWanted(reader, read)) continue
    if (side === undefined && read.poison !== true) call(state, state.config.topic, copyOf(read))
    else if (side !== undefined && read.poison === true) call(state, sideTopicOf(side, parsePartition(read.partition).topic), asideOf(read))
  }
  if (handling.done < records.length || turn.phase !== 'writing') return
  turn.phase = 'ending'
  if (state.txn !== undefined) state.calls.push(Object.freeze({ api: 'sendOffsetsToTransaction', offsets: offsetsOf(reader, handling, turn) }), COMMIT)
  else state.flushUpTo = state.nextBatch - 1
}

/** With its own headers, and one more that says where it lay: the dead letter tells its whole way. */
const asideOf = (read: Read): SendRecord => ({ ...copyOf(read), poison: true, headers: [...read.headers ?? [], { key: 'from', value: `${read.partition}@${read.offset}` }] })
const copyOf = ({ key, value }: Read): SendRecord => ({ key, value, ...(value === undefined ? { tombstone: true } : {}) })

/**
 * The next offset to read of each partition, from the member that has read it: `groupMetadata()` is that of the last time it
 * joined, also when it has been put out of the group meanwhile. So it is refused, and not taken for somebody without a group.
 */
function offsetsOf({ config, membership, settings }: ConsumerState, { records }: Handling, turn: Turn): ReadOffsets {
  const offsets = new Map(records.map(({ partition, offset, epoch }) => [partition, Object.freeze({ partition, offset: offset + 1, leaderEpoch: epoch })]))
  const { memberId } = turn
  const generationId = membership.memberId === memberId ? Math.max(membership.generation, turn.generationId) : turn.generationId
  return Object.freeze({
    groupId: config.group ?? '', generationId, memberId, offsets: Object.freeze([...offsets.values()]),
    ...(settings.instanceId === undefined ? {} : { groupInstanceId: settings.instanceId }),
  })
}

/** True when there may be a next turn at once. */
function isOver(state: ProducerState, reader: ConsumerState, turn: Turn, ctx: ProducerContext): boolean {
  const { txn } = state
  if (turn.phase === 'writing' || state.calls.length > 0) return false
  if (txn === undefined) return isCommittedAfter(state, reader, turn, ctx)
  switch (txn.state) {
    case 'ready':
      end(state, reader, turn.phase === 'undoing', ctx)
      return true
    case 'abortableError':
      turn.phase = 'undoing'
      state.calls.push(ABORT)
      work(state, ctx)
      return state.calls.length === 0
    case 'fatalError':
      // The program ends: somebody else has its place.
      state.turn = undefined
      reader.work = { kind: 'polling', since: ctx.now }
      if (state.lifecycle === 'closing') wakeReader(reader, ctx)
      else {
        state.lifecycle = 'failed'
        closeReader(reader, ctx)
      }
      return false
    default: return false
  }
}

/** Without transactions: when everything has been answered, the offsets are committed. What happens between is done twice, or never. */
function isCommittedAfter(state: ProducerState, reader: ConsumerState, turn: Turn, ctx: ProducerContext): boolean {
  if (state.batches.size > 0) return false
  if (turn.phase === 'ending') {
    const outcome = commit(reader, 'auto', readerContext(ctx))
    if (outcome === 'later') {
      wakeReader(reader, ctx)
      return false
    }
    turn.phase = 'committing'
  }
  if (reader.commitsInFlight > 0) return false
  end(state, reader, false, ctx)
  return true
}

function end(state: ProducerState, reader: ConsumerState, undone: boolean, ctx: ProducerContext): void {
  state.turn = undefined
  if (undone) {
    // What was read and not committed is read again.
    reader.fetched = []
    for (const partition of reader.positions.keys()) reader.positions.set(partition, newPosition(partition, 'initializing'))
  }
  reader.work = { kind: 'polling', since: ctx.now }
  wakeReader(reader, ctx)
}
