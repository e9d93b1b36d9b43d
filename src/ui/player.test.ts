import { describe, expect, test } from 'vitest'
import { RunClient } from '../bridge/client.ts'
import type { Scenario } from '../scenario/types.ts'
import { fakeWorker } from './fixtures/fake-worker.ts'
import { firstDifference, Player } from './player.ts'
import type { Plan } from './steps.ts'

const ms = 1_000
const s = 1_000_000
const base: Scenario = {
  format: 'kafka-scenario/v1',
  id: 'one',
  kind: 'sandbox',
  title: 'One',
  languages: ['en'],
  seed: 1,
  cluster: { brokers: 3 },
}
const lesson: Scenario = { ...base, kind: 'lesson', steps: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] }

/** A page whose animation frames come when the test says so. */
function page(scenario: Scenario = base, at = 0) {
  let queue: ((now: number) => void)[] = []
  let now = 0
  const hidden = new Set<number>()
  const client = new RunClient(fakeWorker({ horizon: 40 * s, stepEvery: 2 * s }))
  const plan = (): Plan => ({ marks: client.film.steps, count: scenario.steps?.length ?? 0, isHidden: (index) => hidden.has(index) })
  const player = new Player(client, plan, {
    request: (tick) => queue.push(tick),
    cancel: () => {
      queue = []
    },
  })
  const pass = (time: number) => {
    for (const end = now + time; now < end;) {
      now = Math.min(end, now + 16)
      const due = queue
      queue = []
      for (const tick of due) tick(now)
    }
  }
  client.load(scenario, 1, [], at)
  pass(32)
  return { client, player, pass, hidden }
}

describe('playing', () => {
  test('a hop that matters is watched for 600 ms, and the film keeps ahead of the picture', () => {
    const { client, player, pass } = page()
    player.seek(300 * ms)
    player.play()
    pass(500)
    expect(player.at).toBeGreaterThan(300 * ms)
    expect(player.at).toBeLessThan(305 * ms)
    pass(300)
    expect(player.at).toBeGreaterThanOrEqual(305 * ms)
    expect(client.film.to).toBeGreaterThanOrEqual(player.at + 9 * s)
  })
  test('true pace is the run’s own time, times a factor, down to microseconds', () => {
    const { player, pass } = page()
    player.setPace({ kind: 'true', speed: 1 })
    player.play()
    pass(1_016)
    expect(player.at).toBe(1 * s)
    player.setPace({ kind: 'true', speed: 0.001 })
    pass(160)
    expect(player.at).toBe(1 * s + 160)
  })
  test('the same moment is the same picture: a paused one is settled', () => {
    const { player, pass } = page()
    player.play()
    pass(200)
    expect(player.screenSince(0)).toBeGreaterThan(0)
    expect(player.screenSince(0)).toBeLessThan(Infinity)
    player.pause()
    expect(player.screenSince(player.at)).toBe(Infinity)
    expect(player.screenSince(player.at + 1)).toBe(-Infinity)
  })
})

describe('steps', () => {
  test('playing stops at the end of a step, Next leads on, Previous rewinds', () => {
    const { player, pass } = page(lesson)
    player.setPace({ kind: 'true', speed: 10 })
    player.play()
    pass(400)
    expect([player.at, player.playing, player.waiting, player.entered]).toEqual([2 * s - 0.5, false, 'next', 0])
    player.next()
    pass(100)
    expect([player.playing, player.entered]).toEqual([true, 1])
    player.previous()
    expect([player.at, player.entered, player.playing]).toEqual([2 * s, 1, false])
    player.previous()
    expect([player.at, player.entered]).toEqual([0, 0])
  })
  test('Next in the middle of a step leads to its end', () => {
    const { player } = page(lesson)
    player.seek(1 * s)
    player.next()
    expect([player.at, player.waiting]).toEqual([2 * s - 0.5, 'next'])
  })
  test('nothing behind a question is shown before there is an answer', () => {
    const { player, pass, hidden } = page(lesson)
    hidden.add(1)
    player.seek(5 * s)
    expect([player.at, player.entered, player.waiting]).toEqual([2 * s - 0.5, 0, 'answer'])
    player.play()
    player.next()
    pass(100)
    expect([player.at, player.playing]).toEqual([2 * s - 0.5, false])
    hidden.delete(1)
    player.enter(1)
    pass(100)
    expect([player.playing, player.entered]).toEqual([true, 1])
    player.seek(5 * s)
    expect([player.at, player.entered]).toEqual([5 * s, 2])
  })
  test('after the last step the cluster runs on when it is told to', () => {
    const { player, pass } = page(lesson)
    player.seek(6 * s)
    expect(player.waiting).toBe('end')
    player.setPace({ kind: 'true', speed: 10 })
    player.play()
    pass(200)
    expect(player.at).toBeGreaterThan(6 * s)
    expect(player.playing).toBe(true)
  })
})

describe('stepping', () => {
  test('by event and by message, and back over the same moments', () => {
    const { player } = page()
    player.seek(299 * ms)
    const there: number[] = []
    for (let i = 0; i < 3; i++) {
      player.step('message', 1)
      there.push(player.at)
    }
    expect(there).toEqual([305 * ms, 310 * ms, 315 * ms])
    player.step('message', -1)
    expect(player.at).toBe(310 * ms)
    player.step('event', -1)
    expect(player.at).toBe(305 * ms)
  })
  test('back beyond the film asks for what lies before it', () => {
    const { client, player } = page(base, 20 * s)
    expect(client.film.from).toBe(19 * s)
    player.seek(19 * s)
    player.step('event', -1)
    expect(player.at).toBeLessThan(19 * s)
    expect(player.at).toBeGreaterThan(17 * s)
  })
})

describe('a change in the past', () => {
  test('keeps the moment, forgets what was seen beyond it, and undo brings back the run that was', () => {
    const { client, player } = page()
    player.seek(3 * s)
    player.seek(1 * s)
    expect(player.seenTo).toBe(3 * s)
    player.intervene([{ do: 'crash', node: 'b1' }])
    expect([player.at, player.seenTo]).toEqual([1 * s, 1 * s])
    expect(client.film.viewAt(player.at).brokers['b1']?.condition).toBe('down')
    player.seek(2 * s)
    client.undo()
    expect(player.at).toBe(1 * s)
    expect(client.film.viewAt(player.at).brokers['b1']?.condition).toBe('running')
  })
  test('two journals differ from their first unlike entry on', () => {
    const entry = (at: number, node: string) => ({ afterStep: 0, at, intervention: { do: 'crash' as const, node } })
    expect(firstDifference([entry(5, 'b1')], [entry(5, 'b1')])).toBeUndefined()
    expect(firstDifference([entry(5, 'b1'), entry(9, 'b2')], [entry(5, 'b1')])).toBe(9)
    expect(firstDifference([entry(5, 'b1')], [entry(3, 'b2')])).toBe(3)
  })
})
