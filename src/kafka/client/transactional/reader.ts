/** The consumer inside of a client that reads and writes: its own connections and timers, one process with the producer. */
import type { Connection } from '../../../engine/process.ts'
import { configOf, type ConfigValue, type Overrides } from '../../config.ts'
import { channelOf } from '../../network/client.ts'
import type { Note, Timer } from '../../../engine/process.ts'
import type { Fact } from '../../notes.ts'
import { isToSink } from '../consumer/effects.ts'
import { consumerType } from '../consumer/consumer.ts'
import type { ConsumerContext, ConsumerState } from '../consumer/state.ts'
import { slowDown } from '../consumer/work.ts'
import type { KeptOfReader } from '../producer/transactional.ts'
import type { ProducerConfig, ProducerContext, ProducerState } from '../producer/state.ts'

/** It commits with its turns, and reads one turn's records at a time. */
export function newReader({ id, library, bootstrap, reads }: ProducerConfig, configs: Overrides, kept: KeptOfReader | undefined, ctx: ProducerContext): ConsumerState | undefined {
  if (reads === undefined) return undefined
  const { group, topics, batch, processMs, onPoison, side, sinks, filter } = reads
  const own = Object.fromEntries(Object.entries(configs).filter(([name]) => configOf('consumer', name) !== undefined))
  const turns = { ...own, 'enable.auto.commit': false, ...(batch === undefined ? {} : { 'max.poll.records': batch }) }
  const reader = consumerType.boot({ id, library, group, topics, bootstrap, configs: turns, processMs, turns: true, ...(onPoison === undefined ? {} : { onPoison }), ...(side === undefined ? {} : { side }), ...(filter === undefined ? {} : { filter }),
    ...(sinks === undefined ? {} : { effects: { sinks, ...markedBy(configs['transactional.id']) } }) }, undefined, readerContext(ctx))
  if (kept !== undefined) reader.notebook = kept.notebook
  slowDown(reader, kept?.handlerDelay)
  return reader
}

const markedBy = (txn: ConfigValue | undefined) => (txn === undefined ? { marks: 'turn' } as const : { marks: 'transaction', txn: String(txn) } as const)

/** Two clients of one process: the timer of the second network client goes by a name of its own. */
const NETWORK: Timer = Object.freeze({ type: 'network', key: 'reader' })
const named = (timer: Timer): Timer => (timer.type === 'network' ? NETWORK : timer)

export function readerContext(ctx: ProducerContext): ConsumerContext {
  return {
    self: ctx.self, now: ctx.now, clock: ctx.clock, step: ctx.step, random: (purpose) => ctx.random(`reader: ${purpose}`), connect: (to, purpose) => ctx.connect(to, purpose),
    send: (on, message) => ctx.send(on, message), close: (on) => ctx.close(on), mute: (on) => ctx.mute(on), unmute: (on) => ctx.unmute(on),
    setTimer: (timer, delay) => ctx.setTimer(named(timer), delay), cancelTimer: (timer) => ctx.cancelTimer(named(timer)), hasTimer: (timer) => ctx.hasTimer(named(timer)),
    note: (fact: Note) => ctx.note(fact as Fact), exit: () => ctx.exit(), halt: () => ctx.halt(),
  }
}

/** The reader, if this connection is its own. */
export const readerOn = ({ reader }: ProducerState, on: Connection): ConsumerState | undefined =>
  (reader !== undefined && (channelOf(reader.network, on) !== undefined || isToSink(reader, on)) ? reader : undefined)

/** It looks at what it can do now. */
export const wakeReader = (reader: ConsumerState, ctx: ProducerContext): void => consumerType.timers.poll(reader, { type: 'poll' }, readerContext(ctx))
export const startReader = (reader: ConsumerState, ctx: ProducerContext): void => consumerType.orders.start(reader, { type: 'start' }, readerContext(ctx))
export const closeReader = (reader: ConsumerState, ctx: ProducerContext): void => consumerType.orders.close(reader, { type: 'close' }, readerContext(ctx))
export const isReading = ({ reader }: ProducerState): boolean => reader !== undefined && (reader.lifecycle === 'running' || reader.lifecycle === 'closing')
