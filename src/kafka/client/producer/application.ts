/**
 * The application's thread: one call of send() after another. A call waits for metadata and for memory, at most
 * `max.block.ms`, and everything behind it waits too (PRD-1).
 * Follows clients/.../producer/KafkaProducer.java#doSend, #waitOnMetadata.
 */
import type { KafkaError } from '../../errors.ts'
import type { Micros } from '../../../base/units.ts'
import { addTopic, requestUpdate } from '../metadata.ts'
import { transactionalSlot } from './transactional.ts'
import { append } from './accumulator.ts'
import { decide, noteError } from './notebook.ts'
import { packingSlot } from './packing-slot.ts'
import { send } from './sender.ts'
import type { ProducerContext, ProducerState, SendCall, SendRecord } from './state.ts'

/** The application wants to send; it makes the call when those before it have returned. */
export function call(state: ProducerState, topic: string, record: SendRecord): void {
  const { config, notebook } = state
  const number = notebook.before + ++notebook.sent
  if (record.partition !== undefined) (notebook.placed ??= new Set()).add(number)
  const madeUp = record.value === undefined && record.tombstone !== true
  const { keys = [] } = config
  const key = record.key ?? (madeUp && keys.length > 0 ? keys[(number - 1) % keys.length] : undefined)
  state.calls.push(Object.freeze({
    number, topic, partition: record.partition, key, value: madeUp ? `${config.id}-${number}` : record.value,
    valueBytes: record.valueBytes ?? (madeUp ? config.bytes : undefined), timestamp: record.timestamp, headers: record.headers,
    ...(record.poison === undefined ? undefined : { poison: record.poison }),
  }))
}

/** Let the thread go on as far as it can. True when the sender has something new to look at. */
export function makeCalls(state: ProducerState, ctx: ProducerContext): boolean {
  let wake = false
  let made = 0
  for (; made < state.calls.length; made++) {
    const next = state.calls[made]!
    if ('api' in next) {
      if (state.txn !== undefined && state.lifecycle !== 'failed' && !transactionalSlot().makeTransactionCall(state, state.txn, next, ctx)) {
        wake = true
        break
      }
      wake = true
      continue
    }
    const outside = state.lifecycle === 'failed' ? 'CONFIG' : state.txn === undefined ? undefined : transactionalSlot().refusalOfSend(state.txn)
    if (outside !== undefined) {
      refuse(state, next, ctx.now, outside, ctx)
      continue
    }
    if (state.busyNanos !== undefined && packingSlot().busyUntil(state) > ctx.now) break
    state.callingSince ??= ctx.now
    const appended = append(state, next, state.callingSince, ctx)
    if (typeof appended === 'string') {
      if (ctx.now - state.callingSince >= state.settings.maxBlock) {
        refuse(state, next, state.callingSince, 'TIMED_OUT', ctx)
        state.callingSince = undefined
        continue
      }
      wait(state, next, appended, ctx)
      wake = true
      break
    }
    if ('refused' in appended) refuse(state, next, state.callingSince, appended.refused, ctx)
    else {
      if (appended.wake) wake = true
      if (state.settings.codec !== 0) packingSlot().compress(state, next, ctx.now)
    }
    state.callingSince = undefined
    state.blocked = false
  }
  if (made === state.calls.length) state.calls.length = 0
  else if (made > 0) state.calls = state.calls.slice(made)
  if (state.calls.length === 0) state.blocked = false
  return wake
}

function wait(state: ProducerState, next: SendCall, what: 'noMetadata' | 'noMemory', ctx: ProducerContext): void {
  if (what === 'noMetadata') {
    addTopic(state.metadata, next.topic)
    requestUpdate(state.metadata)
  } else if (!state.blocked) {
    state.blocked = true
    ctx.note({ code: 'producer.blocked', producer: state.config.id, buffered: state.memoryUsed })
  }
}

function refuse(state: ProducerState, refused: SendCall, sentAt: Micros, error: KafkaError, ctx: ProducerContext): void {
  noteError(state.notebook, error)
  decide(state.notebook, {
    number: refused.number, id: `${state.config.id}#${refused.number}`, key: refused.key, partition: undefined, offset: -1, sequence: -1,
    error,
    acks: state.settings.acks, sentAt, at: ctx.now,
  })
  const partition = refused.partition === undefined ? refused.topic : `${refused.topic}/${refused.partition}`
  ctx.note({ code: 'producer.failed', producer: state.config.id, error, records: 1, partition })
}

/** Both threads run until neither can go on without the world. */
export function work(state: ProducerState, ctx: ProducerContext): void {
  if (state.lifecycle === 'stopped') return
  makeCalls(state, ctx)
  if (state.lifecycle === 'failed') return
  for (;;) {
    send(state, ctx)
    const waiting = state.calls.length
    if (waiting === 0 || !makeCalls(state, ctx) || state.calls.length === waiting) return
  }
}
