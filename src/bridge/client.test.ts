import { describe, expect, test } from 'vitest'
import { emptyView } from '../projection/cluster-view.ts'
import type { Scenario } from '../scenario/types.ts'
import { RunClient, type ClientEvent, type Listener } from './client.ts'
import type { Command, Frame, JournalEntry, SpanTable } from './protocol.ts'

const scenario: Scenario = {
  format: 'kafka-scenario/v1',
  id: 'one',
  kind: 'sandbox',
  title: 'One',
  languages: ['en'],
  seed: 1,
  cluster: { brokers: 3 },
}
const kill: JournalEntry = { afterStep: 7, at: 2_000_000, intervention: { do: 'crash', node: 'b1' } }
const noSpans = (): SpanTable => ({
  length: 0,
  id: new Float64Array(),
  step: new Float64Array(),
  sentAt: new Float64Array(),
  arrivesAt: new Float64Array(),
  from: new Uint16Array(),
  to: new Uint16Array(),
  traffic: new Uint16Array(),
  connection: new Uint16Array(),
  fate: new Uint8Array(),
  names: [],
  details: [],
})
const frame = (over: Partial<Frame>): Frame => ({
  type: 'frame',
  generation: 1,
  from: 0,
  to: 0,
  base: undefined,
  patches: [],
  spans: noSpans(),
  amended: [],
  storyFrom: 0,
  wholeFrom: 0,
  broken: [],
  story: [],
  steps: [],
  horizon: 0,
  scenarioEndsAt: undefined,
  stepsDone: 0,
  hash: '',
  moments: new Float64Array(),
  journal: [],
  canUndo: false,
  canRedo: false,
  showAt: undefined,
  ...over,
})

/** A worker that does nothing by itself: the test says what it answers. */
function bench(now = { ms: 0 }) {
  const workers: { listener: Listener; sent: Command[]; closed: boolean }[] = []
  const client = new RunClient(
    (listener) => {
      const worker = { listener, sent: [] as Command[], closed: false }
      workers.push(worker)
      return {
        post: (command) => worker.sent.push(command),
        close: () => {
          worker.closed = true
        },
      }
    },
    () => now.ms,
  )
  const events: ClientEvent[] = []
  client.on((event) => events.push(event))
  const last = () => workers[workers.length - 1]!
  return { client, workers, last, events, now, reply: (over: Partial<Frame>) => last().listener.reply(frame(over)) }
}

describe('credit', () => {
  test('time is granted in growing slices, one at a time, until the film reaches what is wanted', () => {
    const { client, last, reply } = bench()
    client.load(scenario, 1)
    reply({ base: emptyView })
    client.show(0, 10_000_000)
    const grants = () => last().sent.flatMap((command) => (command.do === 'advance' ? [command.to] : []))
    expect(grants()).toEqual([100_000])
    client.show(1, 10_000_000)
    reply({ from: 0, to: 60_000 })
    expect(grants()).toEqual([100_000])
    reply({ from: 60_000, to: 100_000 })
    expect(grants()).toEqual([100_000, 300_000])
    reply({ from: 100_000, to: 300_000 })
    expect(grants()).toEqual([100_000, 300_000, 700_000])
  })

  test('nothing is granted while a new base is awaited', () => {
    const { client, last, reply } = bench()
    client.load(scenario, 1)
    client.show(0, 5_000_000)
    expect(last().sent.map((command) => command.do)).toEqual(['load'])
    reply({ base: emptyView })
    client.intervene(0, [{ do: 'crash', node: 'b1' }])
    client.show(0, 6_000_000)
    expect(last().sent.map((command) => command.do)).toEqual(['load', 'advance', 'intervene'])
    reply({ generation: 2, base: emptyView })
    expect(last().sent.at(-1)).toEqual({ do: 'advance', to: 100_000 })
  })
})

describe('seek', () => {
  test('a moment the film has needs no question; one before it is asked for; of many only the newest', () => {
    const { client, last, reply } = bench()
    client.load(scenario, 1)
    reply({ base: emptyView, from: 5_000_000, to: 5_000_000 })
    reply({ from: 5_000_000, to: 9_000_000 })
    expect(client.seek(6_000_000)).toBe(true)
    expect(client.seek(1_000_000)).toBe(false)
    client.seek(2_000_000)
    client.seek(3_000_000)
    const seeks = () => last().sent.flatMap((command) => (command.do === 'seek' ? [command.at] : []))
    expect(seeks()).toEqual([1_000_000])
    reply({ generation: 2, base: emptyView, from: 900_000, to: 1_000_000 })
    expect(seeks()).toEqual([1_000_000, 3_000_000])
  })
})

describe('a run that is replaced', () => {
  test('frames of the run before it are not taken', () => {
    const { client, reply } = bench()
    client.load(scenario, 1)
    reply({ base: emptyView, to: 0, generation: 1 })
    client.load({ ...scenario, id: 'two' }, 1)
    reply({ generation: 1, from: 0, to: 400_000 })
    expect(client.film.to).toBe(0)
    expect(client.status).toBe('loading')
    reply({ generation: 2, base: emptyView, to: 0 })
    expect(client.status).toBe('running')
  })
})

describe('a worker that dies', () => {
  test('is replaced, and plays the same run to the same moment', () => {
    const { client, workers, last, reply, events } = bench()
    client.load(scenario, 42)
    reply({ base: emptyView, generation: 8 })
    reply({ generation: 8, to: 5_000_000, journal: [kill] })
    client.show(3_000_000, 3_000_000)
    workers[0]!.listener.fault('out of memory')
    expect(workers[0]!.closed).toBe(true)
    expect(last().sent).toEqual([{ do: 'load', scenario, seed: 42, journal: [kill], at: 3_000_000 }])
    expect(client.film.to).toBe(5_000_000)
    reply({ generation: 1, base: emptyView, from: 2_900_000, to: 3_000_000, journal: [kill] })
    expect(client.film.from).toBe(2_900_000)
    expect(client.status).toBe('running')
    expect(events.map((event) => event.kind)).toEqual(['loaded', 'frame', 'frame', 'fault', 'frame', 'restored'])
  })

  test('says so when it knows it will die, and what it says later is not heard', () => {
    const { client, workers, reply } = bench()
    client.load(scenario, 42)
    reply({ base: emptyView })
    workers[0]!.listener.reply({ type: 'failed', message: 'broken invariant' })
    expect(workers).toHaveLength(2)
    workers[0]!.listener.reply(frame({ base: emptyView, to: 9 }))
    expect(client.status).toBe('restoring')
  })

  test('three times within a minute, then only when asked', () => {
    const { client, workers, last, events, now } = bench()
    client.load(scenario, 42)
    for (let i = 0; i < 4; i++) {
      now.ms += 1_000
      last().listener.fault('again')
    }
    expect(workers).toHaveLength(4)
    expect(client.status).toBe('broken')
    expect(events.filter((event) => event.kind === 'fault').map((event) => event.restoring)).toEqual([true, true, true, false])
    client.restore()
    expect(workers).toHaveLength(5)
    expect(last().sent[0]?.do).toBe('load')
  })

  test('deaths further apart than a minute are forgiven', () => {
    const { client, workers, last, now } = bench()
    client.load(scenario, 42)
    for (let i = 0; i < 8; i++) {
      now.ms += 25_000
      last().listener.fault('again')
    }
    expect(workers).toHaveLength(9)
  })
})

test('a refusal is passed on, and time is granted again', () => {
  const { client, last, reply, events } = bench()
  client.load(scenario, 1)
  reply({ base: emptyView })
  client.intervene(0, [{ do: 'restart', node: 'b1' }])
  last().listener.reply({ type: 'refused', generation: 1, what: 'restart b1', why: 'it runs' })
  client.show(0, 50_000)
  expect(events.at(-1)).toMatchObject({ kind: 'refused' })
  expect(last().sent.at(-1)).toEqual({ do: 'advance', to: 50_000 })
})
