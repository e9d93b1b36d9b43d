/** The kernel's contract, as it stands at the top of `simulation.ts`: every line of it, with toy processes. */
import { describe, expect, test } from 'vitest'
import { findNonTree } from '../base/clone.ts'
import { printed } from '../base/hash.ts'
import { MILLISECOND as MS, SECOND } from '../base/units.ts'
import type { Tagged } from './process.ts'
import { schedule } from './schedule.ts'
import { apply, runUntil, step, type Simulation } from './simulation.ts'
import { logOf, newToys, tell, toyOf, type Toys, type ToyConfig } from './testing.ts'
import { noWatch, type Fate } from './watch.ts'
import { cloneWorld } from './world.ts'

const texts = (sim: Simulation, node: string) => logOf(sim, node).filter((line) => line.includes('Text'))

/** `a` has opened `a>b#test/1` at 0; both ends know at 10 ms. */
function joined(b: ToyConfig = {}, options: Toys = {}, a: ToyConfig = {}): Simulation {
  const sim = newToys({ a, b }, options)
  tell(sim, 'a', { do: 'connect', to: 'b' })
  runUntil(sim, 10 * MS)
  return sim
}
const ON = 'a>b#test/1'
const say = (sim: Simulation, text: string, from = 'a', on = ON) => tell(sim, from, { do: 'send', on, text })

function cut(sim: Simulation, ways: readonly string[] = ['a>b', 'b>a'], traffic = 'all'): void {
  for (const way of ways) {
    const [from, to] = way.split('>') as [string, string]
    apply(sim, { do: 'cut', from, to, traffic })
  }
}
function heal(sim: Simulation): void {
  apply(sim, { do: 'heal', from: 'a', to: 'b' })
  apply(sim, { do: 'heal', from: 'b', to: 'a' })
}

describe('1. total order by (at, seq), given when something is scheduled', () => {
  test('what is due at the same moment happens in the order in which it was asked for', () => {
    const sim = newToys({ a: {} })
    for (const name of ['third', 'first', 'second']) tell(sim, 'a', { do: 'timer', name, after: 7 })
    runUntil(sim, 7)
    expect(logOf(sim, 'a')).toEqual(['7 ring third', '7 ring first', '7 ring second'])
  })

  test('equal moments never depend on the shape of the heap', () => {
    const order = (noise: number) => {
      const sim = newToys({ a: {}, noise: {} })
      for (let i = 0; i < noise; i++) tell(sim, 'noise', { do: 'timer', name: `n${i}`, after: (i * 37) % 11 })
      for (let i = 0; i < 9; i++) tell(sim, 'a', { do: 'timer', name: `t${i}`, after: 5 })
      runUntil(sim, 20)
      return logOf(sim, 'a')
    }
    const quiet = order(0)
    for (const noise of [1, 2, 3, 7, 40]) expect(order(noise)).toEqual(quiet)
  })
})

describe('2. time is whole microseconds, and only messages and timers take it', () => {
  test('a fraction of one is rounded up when a timer is set: it never rings early', () => {
    const sim = newToys({ a: {} })
    tell(sim, 'a', { do: 'timer', name: 'x', after: 2.2 })
    runUntil(sim, 10)
    expect(logOf(sim, 'a')).toEqual(['3 ring x'])
  })

  test('nobody may let it run to a moment between two of them', () => {
    expect(() => runUntil(newToys({ a: {} }), 0.5)).toThrow('whole microseconds')
  })

  test('a handler takes no time, nor does whatever it does', () => {
    const sim = newToys({ a: {} })
    tell(sim, 'a', { do: 'timer', name: 'x', after: 5, deeds: [{ do: 'timer', name: 'y', after: 0, deeds: [{ do: 'timer', name: 'z', after: 0 }] }] })
    runUntil(sim, 5)
    expect(logOf(sim, 'a')).toEqual(['5 ring x', '5 ring y', '5 ring z'])
  })

  test('a timer set again is moved, and one that was cancelled never rings', () => {
    const sim = newToys({ a: {} })
    tell(sim, 'a', { do: 'timer', name: 'x', after: 5 }, { do: 'timer', name: 'x', after: 9 }, { do: 'timer', name: 'y', after: 6 }, { do: 'cancel', name: 'y' })
    runUntil(sim, 20)
    expect(logOf(sim, 'a')).toEqual(['9 ring x'])
  })
})

describe('3. a hop takes exactly hop, plus slow, plus a draw up to jitter', () => {
  test('hop', () => {
    const sim = joined()
    say(sim, 'x')
    runUntil(sim, SECOND)
    expect(texts(sim, 'b')).toEqual(['15000 Text x'])
  })

  test('slow adds to one direction until it is set back', () => {
    const sim = joined({ echoes: true })
    apply(sim, { do: 'slow', from: 'a', to: 'b', add: 40 * MS })
    say(sim, 'x')
    runUntil(sim, SECOND)
    expect([texts(sim, 'b'), texts(sim, 'a')]).toEqual([['55000 Text x'], ['60000 Text x']])
    apply(sim, { do: 'slow', from: 'a', to: 'b', add: 0 })
    say(sim, 'y')
    runUntil(sim, 2 * SECOND)
    expect(texts(sim, 'b')).toContain('1005000 Text y')
  })

  test('jitter: each hop between hop and hop + jitter, both included', () => {
    const taken = new Set<number>()
    const sim = joined({}, { jitter: 3, watch: { ...noWatch, sent: (_id, _step, _wire, _from, _to, _message, sentAt, arrivesAt) => void taken.add(arrivesAt - sentAt) } })
    for (let i = 0; i < 80; i++) {
      runUntil(sim, sim.world.now + 20 * MS)
      say(sim, `${i}`)
    }
    expect([...taken].sort((x, y) => x - y)).toEqual([5000, 5001, 5002, 5003])
  })
})

describe('4. messages travel on connections, in order each way', () => {
  test('a later message never overtakes an earlier one, however lucky its hop', () => {
    const sim = joined({}, { jitter: 4 * MS })
    runUntil(sim, 30 * MS)
    for (let i = 0; i < 40; i++) {
      say(sim, `${i}`)
      runUntil(sim, sim.world.now + 100)
    }
    runUntil(sim, SECOND)
    expect(texts(sim, 'b').map((line) => Number(line.split(' ')[2]))).toEqual(Array.from({ length: 40 }, (_, i) => i))
  })

  test.each(['crash', 'stop'] as const)('the end of a process by %s resets its connections: every peer hears of it one hop later', (how) => {
    const sim = newToys({ a: {}, b: { stopsAtOnce: true }, c: {} })
    tell(sim, 'a', { do: 'connect', to: 'b' })
    tell(sim, 'b', { do: 'connect', to: 'c' })
    runUntil(sim, 100 * MS)
    apply(sim, { do: how, node: 'b' })
    runUntil(sim, SECOND)
    expect(logOf(sim, 'a').at(-1)).toBe('105000 Disconnected b reset')
    expect(logOf(sim, 'c').at(-1)).toBe('105000 Disconnected b reset')
    expect(sim.world.connections.size).toBe(0)
  })

  test('a peer hears of the end behind what was sent before it', () => {
    const sim = joined()
    say(sim, 'last', 'b')
    apply(sim, { do: 'crash', node: 'b' })
    runUntil(sim, SECOND)
    expect(logOf(sim, 'a')).toEqual(['10000 Connected b', '15000 Text last', '15000 Disconnected b reset'])
  })

  test('what waits unread behind a request is read before the end is heard of', () => {
    const sim = joined({ onePerConnection: true })
    for (const text of ['1', '2', '3']) say(sim, text)
    runUntil(sim, 20 * MS)
    apply(sim, { do: 'crash', node: 'a' })
    runUntil(sim, 50 * MS)
    expect(logOf(sim, 'b')).toEqual(['15000 Text 1'])
    for (let i = 0; i < 3; i++) {
      tell(sim, 'b', { do: 'unmute', on: ON })
      runUntil(sim, sim.world.now + 1)
    }
    expect(logOf(sim, 'b')).toEqual(['15000 Text 1', '50000 Text 2', '50001 Text 3', '50002 Disconnected a reset'])
  })

  test('who closes a connection hears nothing of it any more, whatever is on its way', () => {
    const sim = joined()
    say(sim, 'x', 'b')
    tell(sim, 'a', { do: 'close', on: ON })
    runUntil(sim, SECOND)
    expect(logOf(sim, 'a')).toEqual(['10000 Connected b'])
    expect(logOf(sim, 'b')).toEqual(['15000 Disconnected a reset'])
  })

  test('two that close at the same time hear nothing from each other, and one that closes twice closes once', () => {
    const sim = joined()
    tell(sim, 'a', { do: 'close', on: ON }, { do: 'close', on: ON })
    tell(sim, 'b', { do: 'close', on: ON })
    runUntil(sim, SECOND)
    expect([logOf(sim, 'a'), logOf(sim, 'b')]).toEqual([['10000 Connected b'], []])
    expect(sim.world.connections.size).toBe(0)
  })

  test('a cut and a freeze reset nothing', () => {
    const sim = joined()
    cut(sim)
    apply(sim, { do: 'pause', node: 'b' })
    runUntil(sim, 60 * SECOND)
    heal(sim)
    apply(sim, { do: 'resume', node: 'b' })
    say(sim, 'still here')
    runUntil(sim, 61 * SECOND)
    expect(logOf(sim, 'b')).toEqual(['60005000 Text still here'])
    expect(logOf(sim, 'a')).toEqual(['10000 Connected b'])
  })

  test('mute: one message at a time is read, the others wait in order', () => {
    const sim = joined({ onePerConnection: true })
    for (const text of ['1', '2', '3']) say(sim, text)
    runUntil(sim, 100 * MS)
    expect(texts(sim, 'b')).toEqual(['15000 Text 1'])
    tell(sim, 'b', { do: 'unmute', on: ON })
    runUntil(sim, 200 * MS)
    expect(texts(sim, 'b')).toEqual(['15000 Text 1', '100000 Text 2'])
  })
})

describe('5. connecting', () => {
  const attempt = (prepare: (sim: Simulation) => void): readonly string[] => {
    const sim = newToys({ a: {}, b: {} })
    prepare(sim)
    tell(sim, 'a', { do: 'connect', to: 'b' })
    runUntil(sim, SECOND)
    return logOf(sim, 'a')
  }
  test('to a running process succeeds one round trip later', () => expect(attempt(() => undefined)).toEqual(['10000 Connected b']))
  test('to a dead process is refused one round trip later', () => expect(attempt((sim) => apply(sim, { do: 'crash', node: 'b' }))).toEqual(['10000 Disconnected b refused']))
  test('to a frozen one succeeds', () => expect(attempt((sim) => apply(sim, { do: 'pause', node: 'b' }))).toEqual(['10000 Connected b']))
  test.each([['a>b'], ['b>a']])('over a cut %s nothing comes', (way) => expect(attempt((sim) => cut(sim, [way]))).toEqual([]))

  test('over a cut it is tried again 1, 3, 7 ... s later, and comes about with the first try after the heal', () => {
    const sim = newToys({ a: {}, b: {}, c: {} })
    cut(sim, ['a>b'])
    tell(sim, 'a', { do: 'connect', to: 'b' })
    runUntil(sim, 4 * SECOND)
    heal(sim)
    runUntil(sim, 20 * SECOND)
    expect(logOf(sim, 'a')).toEqual(['7010000 Connected b'])
    expect(sim.world.queue).toEqual([])
  })

  test('whether anybody answers is decided where the attempt arrives', () => {
    const sim = newToys({ a: {}, b: {}, c: {} })
    apply(sim, { do: 'crash', node: 'c' })
    tell(sim, 'a', { do: 'connect', to: 'b' }, { do: 'connect', to: 'c' })
    apply(sim, { do: 'crash', node: 'b' })
    apply(sim, { do: 'restart', node: 'c' })
    runUntil(sim, SECOND)
    expect(logOf(sim, 'a')).toEqual(['10000 Disconnected b refused', '10000 Connected c'])
    expect([...sim.world.connections.keys()]).toEqual(['a>c#test/1'])
  })

  test('what is sent to a process that does not know the connection any more is answered by a reset', () => {
    const sim = joined()
    cut(sim)
    apply(sim, { do: 'crash', node: 'b' })
    apply(sim, { do: 'restart', node: 'b' })
    runUntil(sim, SECOND)
    heal(sim)
    runUntil(sim, 2 * SECOND)
    expect(logOf(sim, 'a')).toEqual(['10000 Connected b'])
    say(sim, 'hello?')
    runUntil(sim, 3 * SECOND)
    expect(logOf(sim, 'a')).toEqual(['10000 Connected b', '2010000 Disconnected b reset'])
    expect(texts(sim, 'b')).toEqual([])
    expect(sim.world.connections.size).toBe(0)
  })

  test('and so is what was under way when the process ended behind a cut', () => {
    const sim = joined()
    cut(sim)
    say(sim, 'x')
    runUntil(sim, 50 * MS)
    apply(sim, { do: 'crash', node: 'b' })
    runUntil(sim, 300 * MS)
    heal(sim)
    runUntil(sim, SECOND)
    expect(logOf(sim, 'a').slice(1)).toEqual(['620000 Disconnected b reset'])
  })
})

describe('6. a cut link', () => {
  const triesOf = (healAt: number): readonly string[] => {
    const sim = joined()
    runUntil(sim, SECOND)
    cut(sim)
    for (const text of ['1', '2', '3']) say(sim, text)
    runUntil(sim, SECOND + healAt)
    heal(sim)
    runUntil(sim, SECOND + healAt + MS)
    say(sim, 'after')
    runUntil(sim, 20 * SECOND)
    return texts(sim, 'b')
  }
  test.each([
    [100, 0.2], [199, 0.2], [300, 0.6], [599, 0.6], [700, 1.4], [1399, 1.4], [1500, 3.0], [2999, 3.0], [3010, 6.2], [6300, 12.6],
  ])('healed after %d ms, what was sent into it arrives, in order, with the try after %d s', (healedAfter, tried) => {
    const at = SECOND + Math.round(tried * 1000) * MS + 5 * MS
    expect(triesOf(healedAfter * MS)).toEqual([`${at} Text 1`, `${at} Text 2`, `${at} Text 3`, `${at} Text after`])
  })

  test('the series is of each first message: one sent into it later counts from its own sending', () => {
    const sim = joined()
    runUntil(sim, SECOND)
    cut(sim)
    runUntil(sim, 1_500 * MS)
    say(sim, 'x')
    runUntil(sim, 1_600 * MS)
    heal(sim)
    runUntil(sim, 5 * SECOND)
    expect(texts(sim, 'b')).toEqual(['1705000 Text x'])
  })

  test('what is on its way when the link is cut is caught, what has arrived is not', () => {
    const sim = joined({ onePerConnection: true })
    for (const text of ['1', '2']) say(sim, text)
    runUntil(sim, 16 * MS)
    say(sim, '3')
    cut(sim)
    runUntil(sim, 100 * MS)
    tell(sim, 'b', { do: 'unmute', on: ON })
    runUntil(sim, 101 * MS)
    tell(sim, 'b', { do: 'unmute', on: ON })
    runUntil(sim, 10 * SECOND)
    expect(texts(sim, 'b')).toEqual(['15000 Text 1', '100000 Text 2'])
  })

  test('cuts of one direction, and of one kind of traffic', () => {
    const sim = newToys({ a: {}, b: { echoes: true } })
    tell(sim, 'a', { do: 'connect', to: 'b', purpose: 'clients' }, { do: 'connect', to: 'b', purpose: 'replication:1' })
    runUntil(sim, SECOND)
    cut(sim, ['a>b'], 'replication')
    say(sim, 'client', 'a', 'a>b#clients/1')
    say(sim, 'follower', 'a', 'a>b#replication:1/1')
    runUntil(sim, 2 * SECOND)
    expect(texts(sim, 'b')).toEqual(['1005000 Text client'])
    heal(sim)
    cut(sim, ['b>a'])
    say(sim, 'one way', 'a', 'a>b#clients/1')
    runUntil(sim, 2_100 * MS)
    expect(texts(sim, 'b')).toContain('2005000 Text one way')
    expect(texts(sim, 'a')).toEqual(['1010000 Text client'])
  })

  test.each(['close', 'crash'] as const)('a %s loses what could not be sent: it does not arrive after the heal', (how) => {
    const fates: Fate[] = []
    const sim = joined({}, { watch: { ...noWatch, amended: (_id, _at, fate) => void fates.push(fate) } })
    cut(sim)
    say(sim, 'x')
    runUntil(sim, 100 * MS)
    say(sim, 'on its way')
    if (how === 'close') tell(sim, 'a', { do: 'close', on: ON })
    else apply(sim, { do: 'crash', node: 'a' })
    runUntil(sim, 300 * MS)
    heal(sim)
    runUntil(sim, 10 * SECOND)
    expect(logOf(sim, 'b')).toEqual([])
    expect(fates).toEqual(['held', 'lost', 'lost'])
  })
})

describe('7. a frozen process', () => {
  test('handles nothing; then what arrived, in order of arrival, then the overdue timers by due time', () => {
    const sim = newToys({ a: {}, b: {}, c: {} })
    tell(sim, 'a', { do: 'connect', to: 'b' })
    tell(sim, 'c', { do: 'connect', to: 'b' })
    runUntil(sim, SECOND)
    tell(sim, 'b', { do: 'timer', name: 'late', after: 900 * MS }, { do: 'timer', name: 'early', after: 300 * MS }, { do: 'timer', name: 'later', after: 60 * SECOND })
    apply(sim, { do: 'pause', node: 'b' })
    say(sim, 'c1', 'c', 'c>b#test/1')
    runUntil(sim, 1_500 * MS)
    say(sim, 'a1')
    runUntil(sim, 1_600 * MS)
    say(sim, 'c2', 'c', 'c>b#test/1')
    runUntil(sim, 30 * SECOND)
    expect(logOf(sim, 'b')).toEqual([])
    apply(sim, { do: 'resume', node: 'b' })
    runUntil(sim, 30 * SECOND)
    expect(logOf(sim, 'b')).toEqual(['30000000 Text c1', '30000000 Text a1', '30000000 Text c2', '30000000 ring early', '30000000 ring late'])
  })

  test('still reads one request of a connection at a time', () => {
    const sim = joined({ onePerConnection: true })
    apply(sim, { do: 'pause', node: 'b' })
    for (const text of ['1', '2']) say(sim, text)
    runUntil(sim, SECOND)
    apply(sim, { do: 'resume', node: 'b' })
    runUntil(sim, 2 * SECOND)
    expect(texts(sim, 'b')).toEqual(['1000000 Text 1'])
    tell(sim, 'b', { do: 'unmute', on: ON })
    runUntil(sim, 3 * SECOND)
    expect(texts(sim, 'b')).toEqual(['1000000 Text 1', '2000000 Text 2'])
  })

  test.each([['closed', false], ['closed, and then cut', true]])('reads what had arrived before its connection was %s', (_, cutToo) => {
    const sim = joined()
    apply(sim, { do: 'pause', node: 'b' })
    say(sim, 'x')
    tell(sim, 'a', { do: 'close', on: ON })
    runUntil(sim, SECOND)
    if (cutToo) cut(sim)
    apply(sim, { do: 'resume', node: 'b' })
    runUntil(sim, 2 * SECOND)
    expect(logOf(sim, 'b')).toEqual(['1000000 Text x', '1000000 Disconnected a reset'])
  })

  test('hears of SIGTERM when it goes on', () => {
    const sim = newToys({ a: { stopsAtOnce: true } })
    apply(sim, { do: 'pause', node: 'a' })
    apply(sim, { do: 'stop', node: 'a' })
    expect(sim.world.nodes.get('a')!.condition).toBe('frozen')
    apply(sim, { do: 'resume', node: 'a' })
    runUntil(sim, SECOND)
    expect(sim.world.nodes.get('a')!.condition).toBe('down')
  })

  test('knows nothing of what waited for it after a crash', () => {
    const sim = joined()
    apply(sim, { do: 'pause', node: 'b' })
    say(sim, 'x')
    runUntil(sim, SECOND)
    apply(sim, { do: 'crash', node: 'b' })
    apply(sim, { do: 'restart', node: 'b' })
    runUntil(sim, 2 * SECOND)
    expect(logOf(sim, 'b')).toEqual([])
  })
})

describe('8. incarnations', () => {
  test('timers and messages of an earlier process never reach a later one; what it had sent still arrives', () => {
    const sim = joined()
    tell(sim, 'b', { do: 'timer', name: 'old', after: 100 * MS })
    say(sim, 'for the old one')
    say(sim, 'from the old one', 'b')
    apply(sim, { do: 'crash', node: 'b' })
    apply(sim, { do: 'restart', node: 'b' })
    runUntil(sim, SECOND)
    expect(toyOf(sim, 'b')).toMatchObject({ starts: 2, log: [] })
    expect(texts(sim, 'a')).toEqual(['15000 Text from the old one'])
  })

  test('a quick restart runs one loop, not two', () => {
    const sim = newToys({ a: { atBoot: [{ do: 'timer', name: 'loop', after: 10 * MS, deeds: [{ do: 'timer', name: 'loop', after: 10 * MS }] }] } })
    runUntil(sim, 5 * MS)
    apply(sim, { do: 'crash', node: 'a' })
    apply(sim, { do: 'restart', node: 'a' })
    runUntil(sim, 50 * MS)
    expect(logOf(sim, 'a')).toEqual(['15000 ring loop', '25000 ring loop'])
  })

  test('a restart of a running process is an orderly stop and a start', () => {
    const sim = newToys({ a: { stopsAtOnce: true } })
    apply(sim, { do: 'restart', node: 'a' })
    expect(toyOf(sim, 'a').starts).toBe(2)
    expect(sim.world.nodes.get('a')).toMatchObject({ condition: 'running', incarnation: 1, restartAtExit: false })
  })
})

test('9. a crash keeps everything written, and nothing else', () => {
  const sim = newToys({ a: {} })
  tell(sim, 'a', { do: 'write', word: 'kept' }, { do: 'draw', purpose: 'x' })
  apply(sim, { do: 'crash', node: 'a' })
  expect(toyOf(sim, 'a').written).toEqual(['kept'])
  apply(sim, { do: 'restart', node: 'a' })
  expect(toyOf(sim, 'a')).toMatchObject({ written: ['kept'], drawn: [] })
})

describe('4, 5 and 9. a power cut', () => {
  const dark = (sim: Simulation, node: string) => apply(sim, { do: 'powerCut', node })

  test('is told to nobody; what is sent there is tried again, and reset by a machine that knows nothing of it', () => {
    const sim = joined()
    dark(sim, 'b')
    say(sim, 'one')
    runUntil(sim, 2 * SECOND)
    expect(logOf(sim, 'a').filter((line) => line.includes('Disconnected'))).toEqual([])
    apply(sim, { do: 'restart', node: 'b' })
    runUntil(sim, 4 * SECOND)
    // Sent at 10 ms, tried after 0.2, 0.6, 1.4 and 3 s; the reset takes one hop back.
    expect(logOf(sim, 'a').at(-1)).toBe(`${(10 + 3_000 + 10) * MS} Disconnected b reset`)
    expect(texts(sim, 'b')).toEqual([])
  })

  test('what it had sent before arrives, what its system still held does not', () => {
    const sim = joined()
    say(sim, 'sent', 'b')
    dark(sim, 'b')
    runUntil(sim, 20 * MS)
    expect(texts(sim, 'a')).toEqual(['15000 Text sent'])
    const other = joined()
    cut(other)
    say(other, 'held', 'b')
    runUntil(other, 100 * MS)
    dark(other, 'b')
    heal(other)
    runUntil(other, 10 * SECOND)
    expect(texts(other, 'a')).toEqual([])
  })

  test('nobody can connect until the power is back; then it is tried again 1, 3, 7 ... s later', () => {
    const sim = newToys({ a: {}, b: {} })
    dark(sim, 'b')
    tell(sim, 'a', { do: 'connect', to: 'b' })
    runUntil(sim, 2 * SECOND)
    expect(logOf(sim, 'a')).toEqual([])
    apply(sim, { do: 'restart', node: 'b' })
    runUntil(sim, 4 * SECOND)
    expect(logOf(sim, 'a')).toEqual([`${3_010 * MS} Connected b`])
  })

  test('a machine whose process has ended is silent too, and a second cut changes nothing', () => {
    const sim = newToys({ a: {}, b: {} })
    apply(sim, { do: 'crash', node: 'b' })
    dark(sim, 'b')
    dark(sim, 'b')
    tell(sim, 'a', { do: 'connect', to: 'b' })
    runUntil(sim, 2 * SECOND)
    expect(logOf(sim, 'a')).toEqual([])
    expect(toyOf(sim, 'b').written).toEqual([])
  })
})

describe('10. luck comes from one stream for each (seed, node, purpose)', () => {
  const drawn = (nodes: Record<string, ToyConfig>, seed: number, ...purposes: string[]) => {
    const sim = newToys(nodes, { seed })
    for (const node of Object.keys(nodes)) for (const purpose of purposes) tell(sim, node, { do: 'draw', purpose })
    return toyOf(sim, 'a').drawn
  }
  test('another node, or another use of luck, changes nobody else\'s', () => {
    const [x1, y1] = drawn({ a: {} }, 7, 'x', 'y')
    expect(drawn({ z: {}, a: {} }, 7, 'other', 'x', 'more', 'y')).toEqual([expect.any(Number), x1, expect.any(Number), y1])
  })
  test('another seed, node or purpose draws otherwise', () => {
    const [one] = drawn({ a: {} }, 7, 'x')
    expect(drawn({ a: {} }, 8, 'x')).not.toEqual([one])
    expect(drawn({ a: {} }, 7, 'y')).not.toEqual([one])
  })
  test('a stream goes on over a restart', () => {
    const sim = newToys({ a: {} }, { seed: 7 })
    tell(sim, 'a', { do: 'draw', purpose: 'x' })
    apply(sim, { do: 'crash', node: 'a' })
    apply(sim, { do: 'restart', node: 'a' })
    tell(sim, 'a', { do: 'draw', purpose: 'x' })
    expect(toyOf(sim, 'a').drawn).toEqual(drawn({ a: {} }, 7, 'x', 'x').slice(1))
  })
})

test('11. state is a tree of plain data', () => {
  const sim = joined({ onePerConnection: true, echoes: true })
  for (const text of ['1', '2']) say(sim, text)
  runUntil(sim, SECOND)
  for (const node of sim.world.nodes.values()) expect(findNonTree(node.state)).toBeUndefined()
})

test('12. messages are frozen when they are sent', () => {
  const sent: Tagged[] = []
  const sim = joined({ echoes: true }, { watch: { ...noWatch, sent: (_id, _step, _wire, _from, _to, message) => void sent.push(message) } })
  say(sim, 'x')
  runUntil(sim, SECOND)
  expect(sent.map((message) => Object.isFrozen(message))).toEqual([true, true])
})

test('13. the queue has a limit, and an assertion at the limit', () => {
  const sim = newToys({ a: {} })
  sim.world.queue.length = 1_000_000
  expect(() => schedule(sim, 0, 'a', 0, 'timer', { type: 'ring' }, 'ring')).toThrow('bounded')
})

describe('14. every step folds into the fingerprint, every note its figures', () => {
  const print = (script: (sim: Simulation) => void): string => {
    const sim = joined({ echoes: true })
    script(sim)
    runUntil(sim, SECOND)
    return printed(sim.world.hash)
  }
  const scripts: Record<string, (sim: Simulation) => void> = {
    nothing: () => undefined,
    'a message': (sim) => say(sim, 'x'),
    'a later message': (sim) => { runUntil(sim, 11 * MS); say(sim, 'x') },
    'another order': (sim) => say(sim, 'y'),
    'a timer': (sim) => tell(sim, 'a', { do: 'timer', name: 't', after: 5 }),
    'a note': (sim) => tell(sim, 'a', { do: 'note', figure: 1 }),
    'another figure': (sim) => tell(sim, 'a', { do: 'note', figure: 2 }),
    'a cut': (sim) => cut(sim, ['a>b']),
    'a cut of less': (sim) => cut(sim, ['a>b'], 'replication'),
    'a crash': (sim) => apply(sim, { do: 'crash', node: 'a' }),
    'something dropped': (sim) => { apply(sim, { do: 'tamper', from: 'a', to: 'b', message: 'Text', how: 'drop', by: 0, close: false, times: 1 }); say(sim, 'x') },
    'a crash of another': (sim) => apply(sim, { do: 'crash', node: 'b' }),
  }
  test('the same run has the same fingerprint', () => {
    for (const script of Object.values(scripts)) expect(print(script)).toBe(print(script))
  })
  test('runs that differ differ in it', () => {
    expect(new Set(Object.values(scripts).map(print)).size).toBe(Object.keys(scripts).length)
  })
  test('it is part of the world: a run that goes on from a copy ends with it', () => {
    const sim = joined({ echoes: true })
    say(sim, 'x')
    const copy = cloneWorld(sim.world)
    runUntil(sim, SECOND)
    const other = { ...sim, world: copy }
    while (step(other)) continue
    expect(printed(other.world.hash)).toBe(printed(sim.world.hash))
  })
})

describe('15. the next messages of a type can be dropped, come later, or come twice', () => {
  type Order = Extract<Parameters<typeof apply>[1], { do: 'tamper' }>
  const tamper = (sim: Simulation, how: Order['how'], more: Partial<Order> = {}) =>
    apply(sim, { do: 'tamper', from: 'a', to: 'b', message: 'Text', how, by: 0, close: false, times: 1, ...more })

  test('dropped: behind it nothing arrives that way on its connection; the other way, and another connection, know nothing of it', () => {
    const fates: Fate[] = []
    const sim = joined({}, { watch: { ...noWatch, amended: (_id, _at, fate) => void fates.push(fate) } })
    tamper(sim, 'drop')
    say(sim, 'lost')
    say(sim, 'behind')
    say(sim, 'back', 'b')
    tell(sim, 'a', { do: 'connect', to: 'b' })
    runUntil(sim, SECOND)
    say(sim, 'anew', 'a', 'a>b#test/2')
    runUntil(sim, 2 * SECOND)
    expect([texts(sim, 'b'), texts(sim, 'a'), fates]).toEqual([['1005000 Text anew'], ['15000 Text back'], ['lost', 'lost']])
  })

  test('dropped with its connection: both ends are told, once', () => {
    const sim = joined()
    tamper(sim, 'drop', { close: true })
    say(sim, 'lost')
    say(sim, 'to nobody')
    runUntil(sim, SECOND)
    const ends = (node: string) => logOf(sim, node).filter((line) => line.includes('Disconnected'))
    expect([texts(sim, 'b'), ends('a').length, ends('b').length, sim.world.connections.size]).toEqual([[], 1, 1, 0])
  })

  test.each(['a', 'b'])('dropped with its connection, and %s closes it or ends before it has heard', (node) => {
    for (const what of ['close', 'crash'] as const) {
      const sim = joined()
      tamper(sim, 'drop', { close: true })
      say(sim, 'lost')
      if (what === 'crash') apply(sim, { do: 'crash', node })
      else tell(sim, node, { do: 'close', on: ON })
      runUntil(sim, SECOND)
      expect(logOf(sim, node === 'a' ? 'b' : 'a').filter((line) => line.includes('Disconnected'))).toHaveLength(1)
      expect(sim.world.connections.size).toBe(0)
    }
  })

  test('late: what is behind it waits, so the order stays', () => {
    const sim = joined()
    tamper(sim, 'delay', { by: 300 * MS })
    for (const text of ['x', 'y']) say(sim, text)
    runUntil(sim, SECOND)
    expect(texts(sim, 'b')).toEqual(['315000 Text x', '315000 Text y'])
  })

  test('twice: the copy comes on a connection of its own, and its answer reaches nobody as an answer', () => {
    const sim = joined({ echoes: true })
    tamper(sim, 'duplicate')
    say(sim, 'x')
    runUntil(sim, SECOND)
    expect(texts(sim, 'b')).toEqual(['15000 Text x', '15000 Text x'])
    expect([...sim.world.connections.keys()]).toEqual([ON, 'a>b#test:copy/1'])
    expect(texts(sim, 'a')).toEqual(['20000 Text x', '20000 Text x'])
    apply(sim, { do: 'crash', node: 'a' })
    runUntil(sim, 2 * SECOND)
    expect(sim.world.connections.size).toBe(0)
  })

  test('only of that type, in that direction, and that many', () => {
    const sim = joined()
    tamper(sim, 'delay', { by: 50 * MS, times: 2 })
    tamper(sim, 'delay', { by: 90 * MS, message: 'Other' })
    say(sim, 'back', 'b')
    for (const text of ['1', '2', '3']) {
      say(sim, text)
      runUntil(sim, sim.world.now + 100 * MS)
    }
    expect([texts(sim, 'a'), texts(sim, 'b')]).toEqual([['15000 Text back'], ['65000 Text 1', '165000 Text 2', '215000 Text 3']])
    expect(sim.world.tampers).toHaveLength(1)
  })

  test('orders are part of the world: a copy of it goes on as it does', () => {
    const sim = joined({ echoes: true })
    tamper(sim, 'delay', { by: 50 * MS, times: 2 })
    say(sim, 'x')
    const other = { ...sim, world: cloneWorld(sim.world) }
    for (const one of [sim, other]) {
      say(one, 'y')
      runUntil(one, SECOND)
    }
    expect(printed(other.world.hash)).toBe(printed(sim.world.hash))
    expect(findNonTree(sim.world.tampers)).toBeUndefined()
  })
})

test('causes: what a step schedules, sends and tells has it as its cause', () => {
  const rows: [string, number, number][] = []
  const sim = newToys({ a: {}, b: { echoes: true } }, {
    watch: {
      ...noWatch,
      sent: (_id, by, _wire, from) => void rows.push([`sent by ${from}`, by, -1]),
      noted: (_at, at, cause, node, { code }) => void rows.push([`${node} ${code}`, at, cause]),
      stepped: (world, node, cause) => void rows.push([`stepped ${node}`, world.steps, cause]),
    },
  })
  tell(sim, 'a', { do: 'connect', to: 'b' })
  runUntil(sim, 10 * MS)
  tell(sim, 'a', { do: 'timer', name: 't', after: 1, deeds: [{ do: 'send', on: ON, text: 'x' }, { do: 'note', figure: 1 }] })
  rows.length = 0
  const asked = sim.world.steps
  runUntil(sim, SECOND)
  expect(rows).toEqual([
    ['sent by a', asked + 1, -1], ['a toy', asked + 1, asked], ['stepped a', asked + 1, asked],
    ['sent by b', asked + 2, -1], ['stepped b', asked + 2, asked + 1], ['stepped a', asked + 3, asked + 2],
  ])
})

describe('16. a cut that rejects answers with a reset', () => {
  const refuse = (sim: Simulation, ways: readonly string[] = ['a>b', 'b>a'], traffic = 'all') => {
    for (const way of ways) {
      const [from, to] = way.split('>') as [string, string]
      apply(sim, { do: 'cut', from, to, traffic, reset: true })
    }
  }
  const ends = (sim: Simulation, node: string) => logOf(sim, node).filter((line) => line.includes('Disconnected'))

  test('who sends hears of it two hops later, and nothing arrives; the other end hears nothing until it sends', () => {
    const fates: Fate[] = []
    const sim = joined({}, { watch: { ...noWatch, amended: (_id, _at, fate) => void fates.push(fate) } })
    refuse(sim)
    say(sim, 'x')
    runUntil(sim, SECOND)
    expect([ends(sim, 'a'), ends(sim, 'b'), texts(sim, 'b'), fates]).toEqual([['20000 Disconnected b reset'], [], [], ['lost']])
    say(sim, 'y', 'b')
    runUntil(sim, 2 * SECOND)
    expect([ends(sim, 'b'), texts(sim, 'a'), sim.world.connections.size]).toEqual([['1010000 Disconnected a reset'], [], 0])
  })

  test('a connection attempt is refused one round trip later', () => {
    const sim = newToys({ a: {}, b: {} })
    refuse(sim, ['a>b'])
    tell(sim, 'a', { do: 'connect', to: 'b' })
    runUntil(sim, SECOND)
    expect([logOf(sim, 'a'), logOf(sim, 'b'), sim.world.connections.size]).toEqual([['10000 Disconnected b refused'], [], 0])
  })

  test('one that is accepted in the moment of the cut is refused', () => {
    const sim = newToys({ a: {}, b: {} })
    tell(sim, 'a', { do: 'connect', to: 'b' })
    runUntil(sim, 7 * MS)
    refuse(sim)
    runUntil(sim, SECOND)
    expect([logOf(sim, 'a'), sim.world.connections.size]).toEqual([['15000 Disconnected b refused'], 0])
  })

  test('what is not sent is not answered: an idle connection outlives it', () => {
    const sim = joined()
    refuse(sim)
    runUntil(sim, 60 * SECOND)
    heal(sim)
    say(sim, 'still here')
    runUntil(sim, 61 * SECOND)
    expect([texts(sim, 'b'), ends(sim, 'a')]).toEqual([['60005000 Text still here'], []])
  })

  test('after the heal the end that knows nothing is reset when it sends', () => {
    const sim = joined()
    refuse(sim)
    say(sim, 'x')
    runUntil(sim, SECOND)
    heal(sim)
    say(sim, 'y', 'b')
    runUntil(sim, 2 * SECOND)
    expect([ends(sim, 'b'), texts(sim, 'a'), sim.world.connections.size]).toEqual([['1010000 Disconnected a reset'], [], 0])
  })

  test('only this kind of traffic, and only this way', () => {
    const sim = newToys({ a: {}, b: {} })
    tell(sim, 'a', { do: 'connect', to: 'b', purpose: 'clients' }, { do: 'connect', to: 'b', purpose: 'replication:1' })
    runUntil(sim, 10 * MS)
    refuse(sim, ['a>b'], 'replication')
    say(sim, 'client', 'a', 'a>b#clients/1')
    say(sim, 'back', 'b', 'a>b#replication:1/1')
    say(sim, 'follower', 'a', 'a>b#replication:1/1')
    runUntil(sim, SECOND)
    expect([texts(sim, 'b'), texts(sim, 'a'), ends(sim, 'a'), ends(sim, 'b')])
      .toEqual([['15000 Text client'], ['15000 Text back'], ['20000 Disconnected b reset'], []])
  })

  test('what a silent cut held is turned away when it is tried again', () => {
    const sim = joined()
    cut(sim)
    say(sim, 'x')
    say(sim, 'y')
    runUntil(sim, 100 * MS)
    refuse(sim)
    runUntil(sim, SECOND)
    expect([ends(sim, 'a'), texts(sim, 'b')]).toEqual([['220000 Disconnected b reset'], []])
  })

  test.each(['close', 'crash'] as const)('%s before the reset is heard: heard by nobody', (how) => {
    const sim = joined()
    refuse(sim)
    say(sim, 'x')
    runUntil(sim, 17 * MS)
    if (how === 'close') tell(sim, 'a', { do: 'close', on: ON })
    else apply(sim, { do: 'crash', node: 'a' })
    runUntil(sim, SECOND)
    expect([ends(sim, 'a'), ends(sim, 'b')]).toEqual([[], []])
  })
})

test('17. a wall clock that is set wrong shows to who asks for it, outlives the process, and moves no timer', () => {
  const sim = newToys({ a: {}, b: {} })
  for (const node of ['a', 'b']) tell(sim, node, { do: 'timer', name: 'x', after: SECOND, deeds: [{ do: 'clock' }] })
  apply(sim, { do: 'clock', node: 'a', add: -8 * SECOND })
  apply(sim, { do: 'clock', node: 'a', add: 3 * SECOND })
  runUntil(sim, SECOND)
  expect([logOf(sim, 'a'), logOf(sim, 'b')]).toEqual([['1000000 ring x', '1000000 clock -4000000'], ['1000000 ring x', '1000000 clock 1000000']])
  apply(sim, { do: 'crash', node: 'a' })
  apply(sim, { do: 'restart', node: 'a' })
  tell(sim, 'a', { do: 'clock' })
  expect(logOf(sim, 'a').at(-1)).toBe('1000000 clock -4000000')
  apply(sim, { do: 'clock', node: 'a', add: 5 * SECOND })
  tell(sim, 'a', { do: 'clock' })
  expect([logOf(sim, 'a').at(-1), 'skew' in sim.world.nodes.get('a')!]).toEqual(['1000000 clock 1000000', false])
})

describe('18. nodes that share one process', () => {
  const shared = (a: ToyConfig = {}): Simulation => {
    const sim = newToys({ a: { stopsAtOnce: true, ...a }, b: {}, inA: { stopsAtOnce: true } })
    ;(sim.world as { hosts?: ReadonlyMap<string, string> }).hosts = new Map([['inA', 'a']])
    return sim
  }
  const conditions = (sim: Simulation) => ['a', 'inA', 'b'].map((name) => sim.world.nodes.get(name)!.condition)

  test.each(['a', 'inA'])('whatever happens to %s happens to both', (name) => {
    const sim = shared()
    for (const [what, then] of [['pause', 'frozen'], ['resume', 'running'], ['crash', 'down'], ['restart', 'running'], ['stop', 'down'], ['restart', 'running'], ['restart', 'running'], ['powerCut', 'down']] as const) {
      apply(sim, { do: what, node: name })
      runUntil(sim, sim.world.now + SECOND)
      expect([what, ...conditions(sim)]).toEqual([what, then, then, 'running'])
    }
    expect([toyOf(sim, 'a').starts, toyOf(sim, 'inA').starts]).toEqual([4, 4])
  })

  test('in an orderly stop the one it is named for goes first, and the other when that is gone; a restart waits for both', () => {
    const sim = shared({ stopsAtOnce: false })
    apply(sim, { do: 'restart', node: 'inA' })
    expect(conditions(sim)).toEqual(['stopping', 'running', 'running'])
    tell(sim, 'a', { do: 'exit' })
    expect([conditions(sim), toyOf(sim, 'a').starts, toyOf(sim, 'inA').starts]).toEqual([['running', 'running', 'running'], 2, 2])
  })

  test('links are those of the process; what they say to each other no cut reaches', () => {
    const sim = shared()
    tell(sim, 'inA', { do: 'connect', to: 'b' }, { do: 'connect', to: 'a' })
    runUntil(sim, SECOND)
    cut(sim)
    say(sim, 'to b', 'inA', 'inA>b#test/1')
    say(sim, 'to a', 'inA', 'inA>a#test/1')
    runUntil(sim, 2 * SECOND)
    expect([texts(sim, 'b'), texts(sim, 'a')]).toEqual([[], ['1000100 Text to a']])
  })
})

describe('19. a machine can join while the others run', () => {
  test('it runs from then on, and comes last', () => {
    const sim = newToys({ a: {}, b: {} })
    runUntil(sim, SECOND)
    apply(sim, { do: 'join', name: 'c', kind: sim.world.nodes.get('a')!.kind, config: sim.world.nodes.get('a')!.config })
    expect([...sim.world.nodes.keys()]).toEqual(['a', 'b', 'c'])
    tell(sim, 'c', { do: 'timer', name: 'late', after: 7 })
    runUntil(sim, 2 * SECOND)
    expect(logOf(sim, 'c')).toEqual([expect.stringContaining('late')])
    expect(() => apply(sim, { do: 'join', name: 'c', kind: 'toy', config: {} })).toThrow('unique')
  })
})
