import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MILLISECOND as MS, SECOND } from '../base/units.ts'
import type { Input } from '../engine/input.ts'
import { apply, newSimulation, nextAt, step, type Simulation } from '../engine/simulation.ts'
import { noWatch } from '../engine/watch.ts'
import type { ToyFact } from './notes.ts'
import { toyNodes, type ToySpec } from './nodes.ts'
import type { ReaderBook, ToyBroker, ToyReader, ToySender } from './state.ts'
import { toyTypes } from './toy.ts'

interface Told { readonly at: number; readonly fact: ToyFact }
interface Bench { readonly sim: Simulation; readonly told: Told[] }

const plain: ToySpec = {
  id: 'hub', whenFull: 'drop', senders: [{ id: 'feed', rate: { count: 10, per: SECOND } }],
  readers: [{ id: 'fast', processMs: 20, inbox: 5 }, { id: 'slow', processMs: 400, inbox: 5 }],
}

function benchOf(spec: ToySpec, seed = 1): Bench {
  const told: Told[] = []
  const sim = newSimulation(seed, 5 * MS, 0, toyTypes, toyNodes(spec), { ...noWatch, noted: (at, _step, _cause, _node, fact) => void told.push({ at, fact: fact as unknown as ToyFact }) })
  return { sim, told }
}
const act = ({ sim }: Bench, ...inputs: readonly Input[]): void => inputs.forEach((input) => apply(sim, input))
const start = (bench: Bench, ...nodes: readonly string[]): void => act(bench, ...nodes.map((node): Input => ({ do: 'tell', node, order: { type: 'start' } })))
function run({ sim }: Bench, until: number): void {
  while ((nextAt(sim) ?? Infinity) <= until * SECOND) step(sim)
  sim.world.now = until * SECOND
}
/** Readers are there before anything is sent. */
function started(spec: ToySpec, seed?: number): Bench {
  const bench = benchOf(spec, seed)
  start(bench, ...spec.readers.map(({ id }) => id))
  run(bench, 0.1)
  start(bench, ...spec.senders.map(({ id }) => id))
  return bench
}
const stateOf = <S>({ sim }: Bench, name: string): S => (sim.world.nodes.get(name)!.state ?? sim.world.nodes.get(name)!.disk) as S
const reader = (bench: Bench, name: string): ToyReader => stateOf<ToyReader>(bench, name)
const sender = (bench: Bench, name = 'feed'): ToySender => stateOf<ToySender>(bench, name)
const broker = (bench: Bench): ToyBroker => stateOf<ToyBroker>(bench, 'hub')
const facts = <C extends ToyFact['code']>({ told }: Bench, code: C): readonly Extract<ToyFact, { code: C }>[] => told.flatMap(({ fact }) => (fact.code === code ? [fact as Extract<ToyFact, { code: C }>] : []))
const waiting = (state: ToyReader): number => (state.inbox?.length ?? 0) + (state.atWork === undefined ? 0 : 1)
const processed = (bench: Bench, name: string): readonly string[] => facts(bench, 'toy.processed').filter((fact) => fact.reader === name).map(({ message }) => message)

describe('a toy that drops', () => {
  test('pushes everything to everybody at once, and a full inbox drops', () => {
    const bench = started(plain)
    run(bench, 6.05)
    const { book } = reader(bench, 'slow')
    expect(reader(bench, 'fast').book).toMatchObject({ received: 60, dropped: 0 })
    expect(book.received).toBe(60)
    // One every 400 ms, one at work and five waiting: the rest is gone.
    expect([book.processed, waiting(reader(bench, 'slow')), book.dropped]).toEqual([14, 6, 40])
    expect(sender(bench)).toMatchObject({ due: 60, sent: 60 })
  })

  test('what a frozen reader is pushed overflows when it wakes', () => {
    const bench = started(plain)
    run(bench, 1)
    act(bench, { do: 'pause', node: 'fast' })
    run(bench, 4)
    act(bench, { do: 'resume', node: 'fast' })
    run(bench, 5)
    const { book } = reader(bench, 'fast')
    expect(book.dropped).toBe(book.received - book.processed - waiting(reader(bench, 'fast')))
    expect(book.dropped).toBeGreaterThanOrEqual(24)
  })

  test('a crash takes what was in the inbox, and what is pushed meanwhile is kept by nobody', () => {
    const bench = started(plain)
    run(bench, 3.05)
    act(bench, { do: 'crash', node: 'slow' })
    run(bench, 4.05)
    act(bench, { do: 'restart', node: 'slow' })
    run(bench, 5)
    expect(facts(bench, 'toy.missed').map(({ why, count }) => [why, count])).toEqual([['memory', 6], ['away', 10]])
    expect(reader(bench, 'slow').book.forgotten).toBe(6)
  })

  test('who comes late gets nothing of what was sent before', () => {
    const bench = benchOf(plain)
    start(bench, 'feed')
    run(bench, 1.95)
    start(bench, 'fast')
    run(bench, 4)
    expect(facts(bench, 'toy.subscribed')).toMatchObject([{ reader: 'fast', before: 20 }])
    expect(processed(bench, 'fast')[0]).toBe('feed#21')
  })
})

describe('a toy that blocks', () => {
  const blocking: ToySpec = { ...plain, whenFull: 'block' }
  test('drops nothing: the fast reader gets no more than the slow one takes, and the sender is held back', () => {
    const bench = started(blocking)
    run(bench, 6.05)
    const slow = reader(bench, 'slow'), fast = reader(bench, 'fast')
    expect([slow.book.dropped, fast.book.dropped]).toEqual([0, 0])
    expect(slow.book.processed).toBe(14)
    expect(fast.book.processed).toBe(20)
    expect(fast.book.received).toBe(slow.book.received)
    expect(sender(bench)).toMatchObject({ due: 60, sent: 20, underWay: 21 })
    expect(broker(bench)).toMatchObject({ blockedBy: 'slow', published: 20 })
    expect(facts(bench, 'toy.heldBack').length).toBeGreaterThanOrEqual(1)
    // The first of a stretch is news.
    expect(facts(bench, 'toy.blocked').map(({ again }) => again === true)).toEqual([false, ...facts(bench, 'toy.blocked').slice(1).map(() => true)])
    expect(facts(bench, 'toy.blocked').length).toBeGreaterThan(3)
  })

  test('a frozen reader stops everybody; one that dies is waited for no longer', () => {
    const bench = started(blocking)
    run(bench, 1)
    act(bench, { do: 'pause', node: 'slow' })
    run(bench, 3)
    const before = reader(bench, 'fast').book.received
    run(bench, 4)
    expect(reader(bench, 'fast').book.received).toBe(before)
    act(bench, { do: 'crash', node: 'slow' })
    run(bench, 5)
    expect(reader(bench, 'fast').book.received).toBeGreaterThan(before + 20)
    expect(sender(bench).due - sender(bench).sent).toBeLessThanOrEqual(1)
  })
})

describe('a toy queue', () => {
  const queue: ToySpec = { ...plain, whenFull: 'keep', readers: [{ id: 'w1', processMs: 400, inbox: 1 }, { id: 'w2', processMs: 400, inbox: 1 }] }
  test('gives each message to one reader, keeps what nobody has room for, and forgets what it has given', () => {
    const bench = started(queue)
    run(bench, 2.05)
    act(bench, { do: 'crash', node: 'feed' })
    const taken = (): number => ['w1', 'w2'].reduce((sum, name) => sum + reader(bench, name).book.received, 0)
    expect(broker(bench).inHand).toHaveLength(20 - taken())
    expect(broker(bench).inHand.length).toBeGreaterThan(5)
    run(bench, 6)
    const both = ['w1', 'w2'].map((name) => processed(bench, name))
    expect(both.flat().toSorted()).toEqual(Array.from({ length: 20 }, (_, i) => `feed#${i + 1}`).sort())
    expect(both.map((list) => list.length)).toEqual([10, 10])
    expect(broker(bench)).toMatchObject({ inHand: [], published: 20 })
  })

  test('who comes when all is taken gets nothing; what waits outlives the broker', () => {
    const bench = benchOf(queue)
    start(bench, 'feed')
    run(bench, 1.05)
    act(bench, { do: 'crash', node: 'feed' }, { do: 'crash', node: 'hub' }, { do: 'restart', node: 'hub' })
    start(bench, 'w1')
    run(bench, 8)
    expect(processed(bench, 'w1')).toHaveLength(11)
    start(bench, 'w2')
    run(bench, 9)
    expect(facts(bench, 'toy.subscribed').at(-1)).toMatchObject({ reader: 'w2', before: 11, taken: true })
    expect(processed(bench, 'w2')).toEqual([])
  })
})

const specs: fc.Arbitrary<ToySpec> = fc.record({
  id: fc.constant('hub'), whenFull: fc.constantFrom('drop', 'block'),
  senders: fc.integer({ min: 1, max: 2 }).chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => fc.integer({ min: 1, max: 20 }).map((count) => ({ id: `feed${i + 1}`, rate: { count, per: SECOND } }))))),
  readers: fc.integer({ min: 1, max: 3 }).chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => fc.record({ id: fc.constant(`r${i + 1}`), processMs: fc.integer({ min: 0, max: 900 }), inbox: fc.integer({ min: 1, max: 8 }) })))),
})
const faults = fc.array(fc.record({ at: fc.integer({ min: 2, max: 90 }), what: fc.constantFrom('crash', 'restart', 'pause', 'resume', 'stop'), whom: fc.integer({ min: 1, max: 3 }) }), { maxLength: 8 })
  .map((list) => list.sort((a, b) => a.at - b.at))

function allows(bench: Bench, what: string, node: string): boolean {
  const condition = bench.sim.world.nodes.get(node)?.condition
  if (condition === undefined) return false
  if (what === 'restart') return condition === 'down'
  if (what === 'resume') return condition === 'frozen'
  return what === 'crash' ? condition !== 'down' : condition === 'running'
}

/** How often something was forgotten by somebody: all that a reader has been pushed, and not worked off. */
const gone = (bench: Bench, name: string): number => {
  const { book } = stateOf<{ readonly book: ReaderBook }>(bench, name)
  return book.dropped + book.forgotten
}

describe('whatever happens to its readers', () => {
  test('everything that was pushed to a reader is processed, waiting or gone, each once and in order', () => {
    fc.assert(fc.property(specs, faults, fc.nat(99), (spec, faults, seed) => {
      const bench = started(spec, seed)
      for (const { at, what, whom } of faults) {
        run(bench, at / 10)
        if (allows(bench, what, `r${whom}`)) act(bench, { do: what, node: `r${whom}` })
      }
      run(bench, 10)
      // Nobody sends any more, and what is under way arrives.
      for (const { id } of spec.senders) act(bench, { do: 'crash', node: id })
      for (const { id } of spec.readers) {
        if (allows(bench, 'resume', id)) act(bench, { do: 'resume', node: id })
        if (allows(bench, 'restart', id)) act(bench, { do: 'restart', node: id })
      }
      run(bench, 11)
      const { subscriptions, published } = broker(bench)
      for (const { id, inbox } of spec.readers) {
        const state = reader(bench, id), { since, pushed, missed } = subscriptions.get(id)!
        expect(pushed).toBe(state.book.received)
        expect(published - since).toBe(pushed + missed)
        expect(state.book.received).toBe(state.book.processed + waiting(state) + gone(bench, id))
        expect(state.inbox.length).toBeLessThanOrEqual(inbox)
        for (const feed of spec.senders) {
          const numbers = processed(bench, id).filter((message) => message.startsWith(`${feed.id}#`)).map((message) => Number(message.split('#')[1]))
          expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
        }
        if (spec.whenFull === 'block') expect(state.book.dropped).toBe(0)
      }
    }), { seed: 1, numRuns: 150 })
  })
})
