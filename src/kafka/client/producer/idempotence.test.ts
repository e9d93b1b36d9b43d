/**
 * PRD-37, KIP-98: "the producer guarantees that each message sent to a partition is persisted exactly once and in order"
 * within one session, whatever the network and the broker do to requests and answers.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AnyProcessType, Tagged } from '../../../engine/process.ts'
import { apply, runUntil } from '../../../engine/simulation.ts'
import { logOf, newTestRun, recordsOf, type Mishap } from '../testing.ts'
import type { Overrides } from '../../config.ts'
import type { Outcome } from './notebook.ts'
import { outcomeOf } from './notebook.ts'
import { producerType } from './producer.ts'
import type { ProducerConfig, ProducerState } from './state.ts'

const SECOND = 1_000_000
const mishap: fc.Arbitrary<Mishap | undefined> = fc.constantFrom<(Mishap | undefined)[]>(
  undefined, undefined, undefined, 'closeBefore', 'closeAfter', 'silence', 'NOT_ENOUGH_REPLICAS', 'REQUEST_TIMED_OUT',
  'NOT_LEADER_OR_FOLLOWER',
)

function play(
  configs: Overrides, mishaps: readonly (Mishap | undefined)[], delays: readonly number[], seed: number,
): { log: string[]; outcomes: Outcome[]; sent: number; sequences: number[]; state: ProducerState } {
  const config: ProducerConfig = { id: 'p', library: 'java', topic: 't', bootstrap: ['b1'],
    configs: { 'request.timeout.ms': 500, 'batch.size': 120, ...configs }, rate: { count: 50, per: SECOND } }
  const sim = newTestRun({ partitions: ['t/0'], brokers: ['b1'], leaders: { 't/0': 'b1' } },
    [{ name: 'p', kind: 'producer', config, running: true }], [producerType as unknown as AnyProcessType], undefined, seed)
  apply(sim, { do: 'tell', node: 'b1', order: { type: 'mishaps', mishaps, delays } as Tagged })
  apply(sim, { do: 'tell', node: 'p', order: { type: 'start' } })
  runUntil(sim, 3 * SECOND)
  apply(sim, { do: 'tell', node: 'p', order: { type: 'close' } as Tagged })
  runUntil(sim, 200 * SECOND)
  const state = sim.world.nodes.get('p')!.state as ProducerState
  const outcomes = Array.from({ length: state.notebook.sent }, (_, i) => outcomeOf(state.notebook, i)!)
  return { log: recordsOf(sim, 'b1', 't/0'), outcomes, sent: state.notebook.sent,
    sequences: logOf(sim, 'b1', 't/0').map(({ baseSequence }) => baseSequence), state }
}
const numberOf = (value: string): number => Number(value.slice(2))

describe('an idempotent producer', () => {
  test('writes every record once and in order, whatever happens on the way', () => {
    fc.assert(
      fc.property(fc.array(mishap, { maxLength: 40 }), fc.array(fc.nat({ max: 700_000 }), { maxLength: 40 }), fc.nat({ max: 1000 }),
        (mishaps, delays, seed) => {
        const { log, outcomes, sent, state } = play({}, mishaps, delays, seed)
        expect(state.lifecycle).toBe('stopped')
        expect(log).toEqual(Array.from({ length: sent }, (_, i) => `p-${i + 1}`))
        expect(outcomes.map(({ error }) => error)).toEqual(log.map(() => 'NONE'))
        expect(outcomes.map(({ offset }) => offset)).toEqual(log.map((_, i) => i))
      }),
      { numRuns: 60, seed: 20261121 },
    )
  })

  test('that gives up on batches still never reorders or repeats the rest, and goes on', () => {
    fc.assert(
      fc.property(fc.array(mishap, { minLength: 20, maxLength: 60 }), fc.array(fc.nat({ max: 700_000 }), { maxLength: 40 }),
        fc.nat({ max: 1000 }), (mishaps, delays, seed) => {
        const { log, outcomes } = play({ 'delivery.timeout.ms': 900 }, mishaps, delays, seed)
        const numbers = log.map(numberOf)
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
        for (const { error, offset, number } of outcomes) if (error === 'NONE') expect(log[offset]).toBe(`p-${number}`)
        expect(outcomes.at(-1)!.error).toBeDefined()
      }),
      { numRuns: 60, seed: 20261122 },
    )
  })
})

test('without idempotence and several requests in flight, a retry can overtake: order is lost, or a record stands twice', () => {
  const { log } = play({ 'enable.idempotence': false }, ['NOT_ENOUGH_REPLICAS', undefined, undefined, 'closeAfter'], [100_000, 0, 0, 0], 3)
  const numbers = log.map(numberOf)
  expect(numbers).not.toEqual([...new Set(numbers)].sort((a, b) => a - b))
})

test('one request in flight: without idempotence retries may repeat, but never reorder', () => {
  fc.assert(
    fc.property(fc.array(mishap, { maxLength: 40 }), fc.nat({ max: 1000 }), (mishaps, seed) => {
      const { log } = play({ 'enable.idempotence': false, 'max.in.flight.requests.per.connection': 1 }, mishaps, [], seed)
      const first = [...new Set(log.map(numberOf))]
      expect(first).toEqual(first.slice().sort((a, b) => a - b))
    }),
    { numRuns: 40, seed: 20261123 },
  )
})
