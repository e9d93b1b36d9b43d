/** A whole consumer before a broker that says what the vector says. */
import { MILLISECOND as MS, SECOND } from '../../base/units.ts'
import { between } from '../../base/chunks.ts'
import type { AnyProcessType, Tagged } from '../../engine/process.ts'
import { apply, newSimulation, runUntil, type Simulation } from '../../engine/simulation.ts'
import { noWatch } from '../../engine/watch.ts'
import { consumerType } from '../../kafka/client/consumer/consumer.ts'
import type { ConsumerState } from '../../kafka/client/consumer/state.ts'
import { reader, type ReaderCluster } from '../../kafka/client/consumer/testing.ts'
import type { Overrides } from '../../kafka/config.ts'
import { handleOffsetCommit } from '../../kafka/group/coordinator.ts'
import { TestBroker } from '../../kafka/group/testing.ts'
import { adapter, type Adapters } from './adapter.ts'

interface Run {
  readonly sim: Simulation
  readonly asked: { readonly at: number; readonly message: Tagged }[]
}
/** A consumer of `t/0`, alone in its group; it takes so long for each record. */
function consumerOf(cluster: Partial<ReaderCluster>, configs: Overrides, processMs: number): Run {
  const asked: { at: number; message: Tagged }[] = []
  const broker: ReaderCluster = {
    partition: 't/0',
    logStart: 0,
    highWatermark: 0,
    epoch: 0,
    epochEnds: {},
    committed: undefined,
    ...cluster,
  }
  const config = { id: 'c', library: 'java', group: 'g', topics: ['t'], bootstrap: ['b1'], configs, processMs }
  const nodes = [
    { name: 'b1', kind: 'reader', config: broker, running: true },
    { name: 'c', kind: 'consumer', config, running: true },
  ]
  const sim = newSimulation(1, 5 * MS, 0, [reader, consumerType] as unknown as AnyProcessType[], nodes, {
    ...noWatch,
    sent: (_id, _step, _wire, from, _to, message, at) => void (from === 'c' && asked.push({ at, message })),
  })
  apply(sim, { do: 'tell', node: 'c', order: { type: 'start' } })
  return { sim, asked }
}
const stateOf = ({ sim }: Run): ConsumerState => {
  const node = sim.world.nodes.get('c')!
  return (node.state ?? node.disk) as ConsumerState
}
/** Of the first record that poll() returned; without one, where it stands. */
function positionOf({ notebook, positions }: ConsumerState): number | undefined {
  const returned = notebook.returned.get('t/0')
  return (returned === undefined ? undefined : [...between(returned, 0)][0]) ?? positions.get('t/0')?.offset
}
/** Longer than any of these runs: nothing is polled a second time. */
const FOR_EVER_MS = 1_000_000_000

interface Start {
  committed: number | null
  autoOffsetReset: string
  logStart: number
  highWatermark: number
}
interface Truncation {
  position: { offset: number; epoch: number }
  leaderEpochEnd: { epoch: number; endOffset: number }
  autoOffsetReset: string[]
}
interface PollInterval {
  'max.poll.interval.ms': number
  lastPollAtMs: number
}

export const consumerAdapters: Adapters = {
  'consumer-position/start': adapter(({ committed, autoOffsetReset, logStart, highWatermark }: Start) => {
    const cluster = { logStart, highWatermark, committed: committed === null ? undefined : { offset: committed, epoch: -1 } }
    const run = consumerOf(cluster, { 'auto.offset.reset': autoOffsetReset, 'max.poll.records': 1 }, FOR_EVER_MS)
    runUntil(run.sim, SECOND)
    const { notebook } = stateOf(run)
    const position = positionOf(stateOf(run))
    const fetchError = notebook.errors.has('OFFSET_OUT_OF_RANGE') ? 'OFFSET_OUT_OF_RANGE' : undefined
    if (position === undefined) return { error: notebook.lastError, fetchError }
    return {
      position,
      fetchError,
      skipped: position > logStart ? { from: logStart, to: position } : undefined,
    }
  }),
  'consumer-position/truncation': adapter(({ position, leaderEpochEnd, autoOffsetReset }: Truncation) => {
    const cluster = {
      committed: position,
      epoch: position.epoch + 1,
      highWatermark: leaderEpochEnd.endOffset,
      epochEnds: { [leaderEpochEnd.epoch]: leaderEpochEnd.endOffset },
    }
    const outcomes = autoOffsetReset.map((policy) => {
      const run = consumerOf(cluster, { 'auto.offset.reset': policy, 'max.poll.records': 1 }, FOR_EVER_MS)
      runUntil(run.sim, SECOND)
      const { lastError } = stateOf(run).notebook
      return [policy, lastError === undefined ? { position: positionOf(stateOf(run)) } : { error: lastError }]
    })
    return { outcomes: Object.fromEntries(outcomes) }
  }),
  'consumer-timing/poll-interval': adapter((input: PollInterval) => {
    const interval = input['max.poll.interval.ms']
    const configs = { 'auto.offset.reset': 'earliest', 'max.poll.interval.ms': interval, 'max.poll.records': 1 }
    const run = consumerOf({ highWatermark: 2 }, configs, interval + 5_000)
    runUntil(run.sim, SECOND)
    const { work, membership } = stateOf(run)
    const polledAt = work.kind === 'handling' ? work.since : NaN
    const { memberId } = membership
    runUntil(run.sim, polledAt + (interval + 10_000) * MS)
    const leftAt = run.asked.find(({ message }) => message.type === 'LeaveGroupRequest')?.at ?? NaN
    const rejoined = run.asked.find(({ at, message }) => at > leftAt && message.type === 'JoinGroupRequest')?.message as
      { memberId?: string } | undefined
    const commit = {
      type: 'OffsetCommitRequest',
      clientId: 'c',
      groupId: 'g',
      generationId: 1,
      memberId,
      offsets: [{ partition: 't/0', offset: 1, leaderEpoch: 0 }],
    } as const
    const broker = new TestBroker()
    broker.ask(handleOffsetCommit, { ...commit, generationId: -1, memberId: '' }, 'c')
    const answer = broker.ask<typeof commit, { type: string; partitions: { error: string }[] }>(handleOffsetCommit, commit, 'c')
    return {
      leaveGroupDueAtMs: (leftAt - polledAt) / MS + input.lastPollAtMs,
      nextPollRejoinsWithNewMemberId: rejoined?.memberId === '',
      commitBrokerError: answer?.partitions[0]?.error,
      commitOutcome: stateOf(run).notebook.errors.has('COMMIT_FAILED') ? 'COMMIT_FAILED' : undefined,
    }
  }),
}
