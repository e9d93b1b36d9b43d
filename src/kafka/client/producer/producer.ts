/**
 * The producer as a process: an application that calls send(), and the client that delivers (PRD-1 to PRD-37).
 * Table of contents: calls are made in `application`, batched in `accumulator`, sent by `sender`, numbered by
 * `sequences`, and come to their end in `completion`.
 */
import { deepFreeze } from '../../../base/clone.ts'
import { fromMs, SECOND, type Micros } from '../../../base/units.ts'
import type { Connection, ProcessType } from '../../../engine/process.ts'
import type { Overrides } from '../../config.ts'
import type { KafkaError } from '../../errors.ts'
import {
  answered, closeChannel, handleConnected, handleDisconnected, handleNetworkTimer, newNetworkClient, type Channel, type InFlight,
} from '../../network/client.ts'
import type { Fact } from '../../notes.ts'
import { consumerType } from '../consumer/consumer.ts'
import type { ConsumerContext, ConsumerState } from '../consumer/state.ts'
import { slowDown } from '../consumer/work.ts'
import type { FindCoordinatorResponse, MetadataResponse } from '../../protocol/metadata.ts'
import type { InitProducerIdResponse, ProduceResponse } from '../../protocol/produce.ts'
import { sooner } from '../alarm.ts'
import { handleConnectionLost, handleMetadataResponse, learnLeader, newMetadata } from '../metadata.ts'
import { withChanges } from '../settings.ts'
import type { CoordinatorResponse } from '../../protocol/coordinator-response.ts'
import { newClientTransaction } from '../transactional/state.ts'
import { newReader, readerOn, transactionalSlot, type KeptOfReader } from './transactional.ts'
import { call, work } from './application.ts'
import { complete } from './completion.ts'
import { closeOpenSends, newProducerNotebook, noteError, type ProducerNotebook } from './notebook.ts'
import { packingSlot } from './packing-slot.ts'
import { nextSendAt } from './sender.ts'
import { producerSettings } from './settings.ts'
import type { ProducerConfig, ProducerContext, ProducerOrder, ProducerPurpose, ProducerState, ProducerTimer, TransactionCall } from './state.ts'

const INIT_TRANSACTIONS: TransactionCall = Object.freeze({ api: 'initTransactions' })
const ABORT_TRANSACTION: TransactionCall = Object.freeze({ api: 'abortTransaction' })
const RATE: ProducerTimer = Object.freeze({ type: 'rate' })
const SENDER: ProducerTimer = Object.freeze({ type: 'sender' })

type Lost = 'reset' | 'timeout' | 'refused'
type ProducerMessage = ProduceResponse | MetadataResponse | CoordinatorResponse | ReaderMessage
type ReaderMessage = Parameters<(typeof consumerType)['messages'][keyof (typeof consumerType)['messages']]>[1]

/** What the disk of this machine keeps: nothing of Kafka's. The observer's notebook, and the program's own configs. */
type ProducerDisk = Pick<ProducerState, 'notebook' | 'configs'> & { readonly reader?: KeptOfReader }

function newState(config: ProducerConfig, configs: Overrides, notebook: ProducerNotebook): ProducerState {
  const settings = producerSettings(configs)
  return {
    config, configs, settings, lifecycle: 'stopped', afterClose: 'stop', nextConfigs: undefined,
    metadata: newMetadata(config.bootstrap, [config.topic], settings.metadata), network: newNetworkClient(settings.network),
    calls: [], callingSince: undefined, blocked: false, batches: new Map(), nextBatch: 1, hasUnresolved: false, queues: new Map(), backlog: [], sticky: new Map(), rounds: new Map(),
    memoryUsed: 0, flushUpTo: 0,
    drainIndex: new Map(), identity: { state: 'none', producerId: -1, epoch: -1, retryAt: 0, bump: false, rewrite: [] },
    txn: settings.transactionalId === undefined ? undefined : newClientTransaction(settings.transactionalId),
    reader: undefined, turn: undefined, rate: undefined, wakeAt: Infinity, deadlineAt: Infinity, notebook,
  }
}

/** `new KafkaProducer(...)`: a new session, which knows nothing of an earlier one. */
function start(state: ProducerState, ctx: ProducerContext): void {
  if (state.lifecycle !== 'stopped') return
  const { reader } = state
  Object.assign(state, newState(state.config, state.configs, state.notebook), { calls: state.calls })
  state.reader = newReader(state.config, state.configs, reader, ctx)
  if (state.settings.conflict) {
    state.lifecycle = 'failed'
    noteError(state.notebook, 'CONFIG')
    state.notebook.lastError = 'CONFIG'
    ctx.note({ code: 'producer.failed', producer: state.config.id, error: 'CONFIG', records: 0, partition: state.config.topic })
  } else state.lifecycle = 'ready'
  if (state.txn !== undefined) state.calls = [INIT_TRANSACTIONS, ...state.calls]
  if (state.config.rate !== undefined) {
    state.rate = { startedAt: ctx.now, ticks: 0 }
    ctx.setTimer({ type: 'rate' }, 0)
  }
  if (state.reader !== undefined && state.lifecycle === 'ready') transactionalSlot().startReader(state.reader, ctx)
  run(state, ctx)
}

/** Do what can be done, and set the alarm for what comes next. */
function run(state: ProducerState, ctx: ProducerContext): void {
  work(state, ctx)
  if (state.reader !== undefined) {
    transactionalSlot().followTurn(state, state.reader, ctx)
    if (state.lifecycle === 'closing' && transactionalSlot().isReading(state)) return armSender(state, ctx)
  }
  // close() does not leave a transaction open.
  if (state.lifecycle === 'closing' && state.calls.length === 0 && (state.txn?.state === 'inTransaction' || state.txn?.state === 'abortableError')) {
    state.calls.push(ABORT_TRANSACTION)
    work(state, ctx)
  }
  if (state.lifecycle === 'closing' && state.calls.length === 0 && state.batches.size === 0) return closed(state, ctx)
  if (state.lifecycle === 'stopped' || state.lifecycle === 'failed') return
  armSender(state, ctx)
}

function armSender(state: ProducerState, ctx: ProducerContext): void {
  let at = nextSendAt(state, ctx.now)
  if (state.busyNanos !== undefined && state.calls.length > 0) at = sooner(at, packingSlot().busyUntil(state), ctx.now)
  if (state.callingSince !== undefined) at = Math.min(at, state.callingSince + state.settings.maxBlock)
  setAlarm(state, at, ctx)
}

/**
 * An alarm that rings too early is harmless: it looks again. So nothing is moved as long as it is early enough. What lies
 * far ahead has an alarm of its own, or each batch would put it aside for its linger and leave another one behind.
 */
function setAlarm(state: ProducerState, at: Micros, ctx: ProducerContext): void {
  if (at >= state.wakeAt) return
  if (at - ctx.now < SECOND) {
    state.wakeAt = at
    ctx.setTimer(SENDER, at - ctx.now)
  } else if (at < state.deadlineAt) {
    state.deadlineAt = at
    ctx.setTimer({ type: 'deadline' }, at - ctx.now)
  }
}

/** close(): no more calls are made, what is there is sent without waiting, then the client is gone. */
function close(state: ProducerState, afterClose: ProducerState['afterClose'], ctx: ProducerContext): void {
  state.afterClose = afterClose
  state.rate = undefined
  ctx.cancelTimer({ type: 'rate' })
  if (state.lifecycle === 'stopped' || state.lifecycle === 'failed') return closed(state, ctx)
  state.lifecycle = 'closing'
  if (state.reader !== undefined) transactionalSlot().closeReader(state.reader, ctx)
  run(state, ctx)
}

function closed(state: ProducerState, ctx: ProducerContext): void {
  for (const channel of state.network.channels.values()) if (channel.state !== 'closed') closeChannel(state.network, channel, ctx)
  ctx.cancelTimer({ type: 'sender' })
  ctx.cancelTimer({ type: 'deadline' })
  ctx.cancelTimer({ type: 'network' })
  const { afterClose } = state
  const configs = state.nextConfigs ?? state.configs
  const { reader } = state
  Object.assign(state, newState(state.config, configs, state.notebook))
  state.reader = newReader(state.config, configs, reader, ctx)
  if (afterClose === 'exit') ctx.exit()
  else if (afterClose === 'restart') start(state, ctx)
}

/** Java's configs are read once: to change one, the program closes its producer and makes another. */
function configure(state: ProducerState, set: Overrides, unset: readonly string[], ctx: ProducerContext): void {
  state.nextConfigs = withChanges(state.nextConfigs ?? state.configs, set, unset)
  if (state.lifecycle === 'closing') return
  close(state, state.lifecycle === 'stopped' ? 'stop' : 'restart', ctx)
}

/** Evenly: the n-th call falls due at start + n x per / count. Calls that a blocked thread could not make are not made up for. */
function tick(state: ProducerState, ctx: ProducerContext): void {
  const { rate, config } = state
  if (rate === undefined || config.rate === undefined) return
  if (state.calls.length === 0) call(state, config.topic, {})
  rate.ticks++
  ctx.setTimer(RATE, rate.startedAt + Math.floor((rate.ticks * config.rate.per) / config.rate.count) - ctx.now)
  run(state, ctx)
}

/** All requests of a lost connection fail together. */
function failAll(
  state: ProducerState, channel: Channel<ProducerPurpose>, failed: readonly InFlight<ProducerPurpose>[], how: Lost, ctx: ProducerContext,
): void {
  // Who is refused goes on trying; once is enough for the story.
  if (how !== 'refused' || channel.failures === 1) ctx.note({ code: 'connection.lost', node: ctx.self, peer: channel.node, how })
  const error: KafkaError = how === 'timeout' ? 'REQUEST_TIMED_OUT' : 'NETWORK_EXCEPTION'
  handleConnectionLost(state.metadata, failed.some(({ purpose }) => purpose.kind === 'metadata'), ctx)
  for (const { purpose } of failed) {
    if (purpose.kind === 'produce') for (const batch of purpose.batches) complete(state, batch, error, -1, ctx)
    else if (purpose.kind === 'initProducerId') state.identity.state = 'none'
    else if (state.txn !== undefined && purpose.kind !== 'metadata') transactionalSlot().coordinatorLost(state, state.txn, purpose, ctx)
  }
  run(state, ctx)
}

function handleProduceResponse(state: ProducerState, response: ProduceResponse, on: Connection, ctx: ProducerContext): void {
  const answer = answered(state.network, on)
  if (answer === undefined || answer.answers.purpose.kind !== 'produce') return
  const { batches } = answer.answers.purpose
  for (const { partition, error, baseOffset, currentLeader } of response.partitions) {
    const batch = batches.find((one) => one.partition === partition)
    if (batch === undefined) continue
    complete(state, batch, error, baseOffset, ctx)
    learnLeader(state.metadata, partition, currentLeader, answer.channel.node, ctx)
  }
  run(state, ctx)
}

/** From a coordinator of transactions, or of the group whose offsets are sent. */
function handleCoordinator(state: ProducerState, response: CoordinatorResponse, on: Connection, ctx: ProducerContext): void {
  const answer = answered(state.network, on)
  if (answer === undefined || state.txn === undefined) return
  transactionalSlot().handleCoordinatorAnswer(state, state.txn, response, answer.answers.purpose, ctx)
  run(state, ctx)
}

function handleInitProducerIdResponse(state: ProducerState, response: InitProducerIdResponse, on: Connection, ctx: ProducerContext): void {
  if (state.txn !== undefined) return handleCoordinator(state, response, on, ctx)
  const { error, producerId, producerEpoch } = response
  if (answered(state.network, on) === undefined) return
  const { identity, settings } = state
  if (error === 'NONE') {
    identity.state = 'known'
    identity.producerId = producerId
    identity.epoch = producerEpoch
    ctx.note({ code: 'producer.started', producer: state.config.id, producerId, epoch: producerEpoch })
  } else {
    // The application does not hear of it: TransactionManager asks again after a pause that does not grow.
    identity.state = 'none'
    identity.retryAt = ctx.now + fromMs(settings.retryBackoffMs)
  }
  run(state, ctx)
}

/** Something has come for the reader; then it is seen whether the turn can go on. */
function toReader(state: ProducerState, ctx: ProducerContext, handle: (reader: ConsumerState, ctx: ConsumerContext) => void): void {
  if (state.reader === undefined) return
  handle(state.reader, transactionalSlot().readerContext(ctx))
  // Its handler has failed, and the program with it.
  if (state.reader.fatal && state.reader.lifecycle === 'stopped') return
  run(state, ctx)
}

type OfReader = keyof (typeof consumerType)['messages']
type Handle<Message> = (state: ProducerState, message: Message, on: Connection, ctx: ProducerContext) => void
const deliver = (state: ProducerState, message: ReaderMessage, on: Connection, ctx: ProducerContext): void =>
  toReader(state, ctx, (reader, own) => (consumerType.messages[message.type] as (to: ConsumerState, what: ReaderMessage, over: Connection, by: ConsumerContext) => void)(reader, message, on, own))
const readerMessages = Object.fromEntries(Object.keys(consumerType.messages).map((type) => [type, deliver])) as Record<OfReader, Handle<ReaderMessage>>
/** Both ask for such a thing: the answer goes to whose connection it comes over. */
const shared = <Message extends ReaderMessage>(handle: Handle<Message>): Handle<Message> => (state, message, on, ctx) =>
  (readerOn(state, on) === undefined ? handle(state, message, on, ctx) : deliver(state, message, on, ctx))

export const producerType: ProcessType<ProducerConfig, ProducerState, ProducerMessage, ProducerTimer, ProducerOrder, Fact> = {
  kind: 'producer',
  boot(given, disk, ctx) {
    const config = deepFreeze(given)
    if (disk === undefined) {
      const idle = newState(config, config.configs, newProducerNotebook(config.seedNumber))
      idle.reader = newReader(config, config.configs, undefined, ctx)
      return idle
    }
    const { notebook, configs, reader } = disk as ProducerDisk
    closeOpenSends(notebook, config.id, ctx.now)
    const state = newState(config, configs, notebook)
    state.reader = newReader(config, configs, reader, ctx)
    start(state, ctx)
    return state
  },
  disk: ({ notebook, configs, nextConfigs, reader }) =>
    ({ notebook, configs: nextConfigs ?? configs, ...(reader === undefined ? {} : { reader: { notebook: reader.notebook, ...(reader.handlerDelay === undefined ? {} : { handlerDelay: reader.handlerDelay }) } as ConsumerState }) }),
  messages: {
    ...readerMessages,
    ProduceResponse: handleProduceResponse,
    InitProducerIdResponse: handleInitProducerIdResponse,
    FindCoordinatorResponse: shared<FindCoordinatorResponse>(handleCoordinator), AddPartitionsToTxnResponse: handleCoordinator, AddOffsetsToTxnResponse: handleCoordinator,
    EndTxnResponse: handleCoordinator, TxnOffsetCommitResponse: handleCoordinator,
    MetadataResponse: shared<MetadataResponse>((state, response, on, ctx) => {
      const answer = answered(state.network, on)
      if (answer === undefined) return
      handleMetadataResponse(state.metadata, response, answer.channel.node, ctx)
      run(state, ctx)
    }),
  },
  timers: {
    sender(state, _, ctx) {
      state.wakeAt = Infinity
      run(state, ctx)
    },
    deadline(state, _, ctx) {
      state.deadlineAt = Infinity
      run(state, ctx)
    },
    rate: (state, _, ctx) => tick(state, ctx),
    poll: (state, timer, ctx) => toReader(state, ctx, (reader, own) => consumerType.timers.poll(reader, timer, own)),
    handler: (state, timer, ctx) => toReader(state, ctx, (reader, own) => consumerType.timers.handler(reader, timer, own)),
    heartbeat: (state, timer, ctx) => toReader(state, ctx, (reader, own) => consumerType.timers.heartbeat(reader, timer, own)),
    network(state, { key }, ctx) {
      if (key !== undefined) return toReader(state, ctx, (reader, own) => consumerType.timers.network(reader, { type: 'network' }, own))
      for (const { channel, failed, how } of handleNetworkTimer(state.network, ctx)) failAll(state, channel, failed, how, ctx)
    },
  },
  signals: {
    Connected(state, signal, ctx) {
      const { on } = signal
      if (readerOn(state, on) !== undefined) return toReader(state, ctx, (reader, own) => consumerType.signals.Connected(reader, signal, own))
      if (handleConnected(state.network, on) !== undefined) run(state, ctx)
    },
    Disconnected(state, signal, ctx) {
      const { on, how } = signal
      if (readerOn(state, on) !== undefined) return toReader(state, ctx, (reader, own) => consumerType.signals.Disconnected(reader, signal, own))
      const lost = handleDisconnected(state.network, on, ctx)
      if (lost !== undefined) failAll(state, lost.channel, lost.failed, how, ctx)
    },
    Terminate: (state, _, ctx) => close(state, 'exit', ctx),
  },
  orders: {
    start: (state, _, ctx) => start(state, ctx),
    send(state, { records, topic }, ctx) {
      for (const record of records) call(state, topic ?? state.config.topic, record)
      // A producer without a rate is started by the first thing it is to send.
      if (state.lifecycle === 'stopped') start(state, ctx)
      else run(state, ctx)
    },
    transaction(state, { api }, ctx) {
      if (state.txn === undefined) return ctx.note({ code: 'client.misused', client: state.config.id, how: api, state: state.lifecycle })
      state.calls.push(Object.freeze({ api }))
      if (state.lifecycle === 'stopped') start(state, ctx)
      else run(state, ctx)
    },
    flush(state, _, ctx) {
      state.flushUpTo = state.nextBatch - 1
      run(state, ctx)
    },
    configure: (state, { set, unset }, ctx) => configure(state, set, unset, ctx),
    close: (state, _, ctx) => close(state, 'stop', ctx),
    slowHandler(state, order) {
      if (state.reader !== undefined) slowDown(state.reader, order.add)
    },
  },
}
