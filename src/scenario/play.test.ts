import { describe, expect, test } from 'vitest'
import { findNonTree } from '../base/clone.ts'
import { printed } from '../base/hash.ts'
import { playThrough, type Played } from '../cli/play-through.ts'
import { Timeline } from '../engine/timeline.ts'
import { noWatch } from '../engine/watch.ts'
import type { Fact } from '../kafka/notes.ts'
import type { Intervention } from './actions.ts'
import { parseScenario } from './parse.ts'
import { advance, newRun, playMachine, stepMarks, type Run } from './play.ts'
import type { Mode } from './player.ts'
import type { Scenario } from './types.ts'

const head = `format: kafka-scenario/v1
id: small
kind: demo
title: Small
languages: [en]
seed: 3
cluster: {brokers: 3, controllers: 3}
topics: [{name: t, partitions: 1, replicas: {"0": [b1, b2, b3]}, config: {min.insync.replicas: 2}}]
clients:
  producers: [{id: p, topic: t, rate: 20/s}, {id: q, topic: t}]
  consumers: [{id: c, topic: t, group: g, config: {auto.offset.reset: earliest}}]
apps: [{id: g, reads: t, identity: value}]
`
function scenarioOf(rest: string): Scenario {
  const { scenario, findings } = parseScenario(head + rest)
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
  return scenario!
}
const play = (rest: string, mode: Mode = 'watch'): Played => playThrough(scenarioOf(rest), { mode, seed: 3, until: undefined })
const codes = ({ problems }: Played): readonly string[] => problems.map(({ code }) => code)
const when = ({ story }: Played, code: Fact['code']): readonly number[] => story.filter(({ fact }) => fact.code === code).map(({ at }) => at)

describe('a step', () => {
  test('ends by time, exactly', () => {
    const played = play('steps: [{id: one, do: [{start: p}], run: {for: 1234ms}}, {id: two, run: {for: 10ms}}]')
    expect(played.steps.map(({ endUs }) => endUs)).toEqual([1_234_000, 1_244_000])
  })

  test('ends by a condition, at the moment it comes true', () => {
    const played = play('steps: [{id: one, do: [{produce: {by: q, count: 1}}], run: {until: "partition(t/0).hw == 1", max: 5s}}]')
    expect(played.steps[0]).toMatchObject({ reached: true, endUs: when(played, 'highWatermark.advanced')[0] })
  })

  test('ends at max when its condition does not come, and says so', () => {
    const played = play('steps: [{id: one, run: {until: "partition(t/0).leader == b2", max: 3s}}]')
    expect(played.steps[0]).toMatchObject({ reached: false, endUs: 3_000_000 })
    expect(played.problems).toMatchObject([{ code: 'T301', args: { kind: 'until', values: 'partition(t/0).leader = b1' }, path: ['steps', 0, 'run', 'until'] }])
  })

  test('ends after so many lines about its focus', () => {
    const played = play('steps: [{id: one, focus: ["broker(b2)"], do: [{start: p}, {crash: b2, at: 1s}], run: {event: 6}}]')
    const lines = played.story.filter(({ fact, node }) => node === 'b2' || Object.values(fact).includes('b2'))
    expect(played.steps[0]?.endUs).toBe(lines.filter(({ at }) => at > 0)[5]?.at)
  })

  test('waits inside of `do` where an item awaits its answers, and counts its time from then', () => {
    const played = play('steps: [{id: one, do: [{produce: {by: q, count: 1, await: true}}, {produce: {by: q, count: 2, await: true}}, {crash: b3}], run: {for: 10ms}}]')
    const acked = when(played, 'record.acked')
    const [first, second] = when(played, 'batch.appended')
    expect(second).toBeGreaterThanOrEqual(acked[0]!)
    expect(second).toBeGreaterThan(first!)
    expect(when(played, 'node.crashed')).toEqual([acked.at(-1)])
    expect(played.steps[0]).toMatchObject({ endUs: acked.at(-1)! + 10_000 })
  })

  test('lets a client send what it holds', () => {
    const lingering = head.replace('{id: q, topic: t}', '{id: q, topic: t, config: {linger.ms: 1000}}')
    const { scenario } = parseScenario(lingering + 'steps: [{id: one, do: [{produce: {by: q, count: 3}}, {flush: q, at: 300ms}], run: {for: 2s}}]')
    expect(when(playThrough(scenario!, { mode: 'watch', seed: 3, until: undefined }), 'batch.appended')).toEqual([305_000])
  })

  test('ends at once without run, its actions done', () => {
    const played = play('steps: [{id: one, do: [{crash: b3}]}, {id: two, run: {for: 1s}}]')
    expect(played.steps.map(({ endUs }) => endUs)).toEqual([0, 1_000_000])
    expect(when(played, 'node.crashed')).toEqual([0])
  })

  test('acts at a time, when something is so, and within a time', () => {
    const played = play(`steps:
  - id: one
    do:
      - start: p
      - {crash: b3, at: 2500ms}
      - {pause: {target: b2, for: 1500ms}, when: "producer(p).acked >= 10"}
      - {crash: b2, when: "partition(t/0).leader == b3", within: 3s}
    run: {for: 5s}`)
    expect(when(played, 'node.crashed')).toEqual([2_500_000])
    const [paused] = when(played, 'node.paused')
    const acked = played.story.reduce((sum, { fact, at }) => sum + (fact.code === 'record.acked' && at <= paused! ? fact.records : 0), 0)
    expect(acked).toBeGreaterThanOrEqual(10)
    expect(when(played, 'node.resumed')).toEqual([paused! + 1_500_000])
    expect(played.problems).toMatchObject([{ code: 'T304', args: { kind: 'when' }, path: ['steps', 0, 'do', 3] }])
  })

  test('an item that lies beyond its end is dropped and told', () => {
    const played = play('steps: [{id: one, do: [{crash: b3, at: 30s}], run: {for: 2s}}, {id: two, run: {for: 60s}}]')
    expect(when(played, 'node.crashed')).toEqual([])
    expect(played.problems).toMatchObject([{ code: 'T304', args: { item: 'at: 30s', kind: 'at', ranMs: 2_000 } }])
  })

  test('what it pauses wakes after its own end', () => {
    const played = play('steps: [{id: one, do: [{pause: {target: b3, for: 4s}}], run: {for: 1s}}, {id: two, run: {for: 5s}}]')
    expect(when(played, 'node.resumed')).toEqual([4_000_000])
  })
})

describe('time in statements', () => {
  test('is exact though nothing happens at that moment', () => {
    const played = play('steps: [{id: one, run: {until: "cluster.time >= 1234567us", max: 5s}}]'.replace('1234567us', '1234.567'))
    expect(played.steps[0]?.endUs).toBe(1_234_567)
  })

  test('may be reckoned from an event, and strictly', () => {
    const played = play('steps: [{id: one, do: [{crash: b3, at: 700ms}], run: {until: "cluster.time > event(\\"node.crashed\\", b3).firstAt + 250ms", max: 5s}}]')
    expect(played.steps[0]?.endUs).toBe(950_001)
  })

  test('events are counted by code, and by what they are about', () => {
    const played = play(`steps: [{id: one, do: [{crash: [b2, b3]}], run: {for: 1s}}]
expect:
  - atEnd: "event(\\"node.crashed\\").count == 2 and event(\\"node.crashed\\", b2).count == 1 and event(\\"node.crashed\\", b1).count == 0"
  - atEnd: "event(\\"node.crashed\\", b1).firstAt == none and event(\\"node.crashed\\").firstAt == 0"
  - atEnd: "step(\\"one\\").took == 1s and step(\\"one\\").startAt == 0"`)
    expect(codes(played)).toEqual([])
  })

  test('answers are counted by their error', () => {
    const played = play(`steps:
  - {id: one, do: [{start: p}], run: {until: "producer(p).acked >= 5", max: 5s}}
  - {id: two, do: [{crash: [b2, b3]}], run: {until: "event(\\"NOT_ENOUGH_REPLICAS\\", t/0).count >= 1", max: 40s}}`)
    expect(codes(played)).toEqual([])
  })
})

describe('assertions', () => {
  test.each([
    ['always: "partition(t/0).leader == b1"', false], ['never: "partition(t/0).leader == b2"', false], ['eventually: "partition(t/0).leader == b2"', true],
    ['atEnd: "partition(t/0).leaderEpoch == 1"', true], ['{within: 12s, that: "partition(t/0).leader == b2"}', true], ['{within: 5s, that: "partition(t/0).leader == b2"}', false],
    ['always: "partition(t/0).leader in [b1, b2]"', true], ['never: "partition(t/0).leader == b3"', true], ['eventually: "broker(b1).state == down"', true],
  ])('%s: %s', (row, met) => {
    const played = play(`steps: [{id: one, do: [{crash: b1}], run: {for: 15s}}]\nexpect:\n  - ${row}`)
    expect(codes(played)).toEqual(met ? [] : ['T301'])
  })

  test('of a step range over that step', () => {
    const played = play(`steps:
  - {id: one, do: [{crash: b1}], run: {for: 15s}, check: [{always: "partition(t/0).leader == b1"}]}
  - {id: two, run: {for: 2s}, check: [{always: "partition(t/0).leader == b2"}, {within: 1s, that: "partition(t/0).leader == b2"}]}`)
    expect(played.problems).toMatchObject([{ code: 'T301', args: { step: 'one', kind: 'check' }, path: ['steps', 0, 'check', 0] }])
  })

  test('a question must have one answer', () => {
    const question = (holds: string): string => `steps:
  - id: one
    do: [{start: p}]
    predict: {id: q1, ask: "?", judge: {at: two}, options: [{text: a, holds: "producer(p).acked > 0"}, {text: b, holds: "${holds}"}]}
    run: {for: 1s}
  - {id: two, run: {for: 1s}}`
    expect(codes(play(question('producer(p).acked == 0')))).toEqual([])
    expect(play(question('producer(p).sent > 0')).problems).toMatchObject([{ code: 'T303', args: { predict: 'q1', holding: [1, 2] } }])
    expect(play(question('producer(p).acked == 0').replace('acked > 0', 'acked > 900').replace('acked == 0', 'acked > 900')).problems).toMatchObject([{ code: 'T303', args: { holding: [] } }])
  })
})

describe('controllers', () => {
  // S25 and S26 of the end-to-end scenarios, without what an admin does.
  test('the active one is killed: another, in a higher epoch, and a broker that dies with it is fenced 9 s after', () => {
    const played = play(`steps:
  - {id: calm, do: [{start: p}], run: {for: 4s}}
  - id: kill
    do: [{crash: [controller(active), b3]}]
    run: {until: "controller.active != none and controller.active != k1", max: 5s}
    check: [{atEnd: "controller.epoch >= 2 and controller(k1).state == down and controller.hasMajority"}]
  - {id: fenced, run: {until: "broker(b3).fenced", max: 12s}}
  - {id: back, do: [{restart: k1}], run: {for: 4s}, check: [{atEnd: "controller(k1).state == follower and controller(k1).hw == controller(k2).hw and controller(k1).epoch == controller.epoch"}]}
expect:
  - atEnd: "event(\\"broker.fenced\\", b3).firstAt - event(\\"controller.activated\\").lastAt >= 9s"
  - atEnd: "event(\\"controller.elected\\").count == 1 and producer(p).failed == 0"`)
    expect(codes(played)).toEqual([])
  })

  test('two of three are killed: no majority, and nothing changes until one is back', () => {
    const played = play(`steps:
  - {id: calm, do: [{start: p}], run: {for: 4s}}
  - {id: kill, do: [{crash: [k2, k3]}], run: {for: 5s}, check: [{atEnd: "not controller.hasMajority and controller.active == none and controller.aliveVoters == 1"}]}
  - {id: broker, do: [{crash: b1}], run: {for: 30s}, check: [{atEnd: "broker(b2).believes(t/0) == b1 and cluster.offlinePartitions >= 1"}]}
  - {id: back, do: [{restart: k2}], run: {until: "cluster.offlinePartitions == 0 and controller.hasMajority", max: 15s}}
expect:
  - atEnd: "event(\\"quorum.lost\\").count == 1 and event(\\"quorum.regained\\").count == 1 and event(\\"controller.resigned\\", k1).count == 1"`)
    expect(codes(played)).toEqual([])
  })

  test('a power cut takes the majority as a kill does', () => {
    const played = play(`steps:
  - {id: calm, run: {for: 2s}}
  - {id: dark, do: [{powerLoss: [k1, k2]}], run: {for: 200ms}, check: [{atEnd: "event(\\"quorum.lost\\").count == 1 and not controller.hasMajority"}]}`)
    expect(codes(played)).toEqual([])
  })

  test('a controller that stands for election says so', () => {
    const played = play(`steps:
  - {id: one, do: [{crash: [k1, k2]}], run: {until: "controller(k3).state == prospective", max: 5s}}
  - {id: two, do: [{pause: {target: k3}}], run: {for: 1s}, check: [{always: "controller(k3).state == frozen"}]}
  - {id: three, do: [{resume: k3}, {restart: k2}], run: {until: "controller.active == k2 or controller.active == k3", max: 12s}}`)
    expect(codes(played)).toEqual([])
  })
})

describe('actions', () => {
  test('find their targets at the moment they fire', () => {
    const played = play(`steps:
  - id: one
    do:
      - start: c
      - {pause: {target: follower(t/0), for: 500ms}, at: 5s}
      - {crash: "owner(g, t/0)", at: 6s}
      - {crash: leader(t/0), at: 7s}
      - {pause: {target: controller(standby)}, at: 8s}
      # By now b2 leads, and the first that does not is b1, which is down.
      - {stop: follower(t/0), at: 18s}
      - {restart: rack(r1), at: 21s}
    run: {for: 22s}`)
    expect(codes(played)).toEqual(['T308'])
    const told = played.story.flatMap(({ fact }) => (['node.crashed', 'node.paused', 'node.started'].includes(fact.code) && 'node' in fact ? [`${fact.code} ${fact.node}`] : []))
    expect(told).toEqual(['node.paused b2', 'node.crashed c', 'node.crashed b1', 'node.paused k2', 'node.started b1'])
  })

  test('a selector that finds nobody is told', () => {
    const played = play('steps: [{id: one, do: [{crash: [b2, b3]}, {crash: leader(t/0), at: 30s}, {crash: leader(t/0), at: 45s}], run: {for: 60s}}]')
    expect(played.problems).toMatchObject([{ code: 'T307', args: { action: 'crash', selector: 'leader(t/0)' } }])
  })

  test.each([
    ['heal: {from: b2, to: b1}', 'notCut'], ['heal: all', 'notCut'], ['resume: b1', 'notFrozen'], ['start: p', 'alreadyRunning'], ['crash: b3', 'alreadyDown'],
    ['stop: b3', 'alreadyDown'], ['pause: {target: b3}', 'alreadyDown'], ['slow: {from: b1, to: b2, add: 0ms}', 'notCut'], ['stallFetch: {target: b3}', 'notRunning'],
  ])('%s is impossible: %s', (action, why) => {
    const played = play(`steps: [{id: one, do: [{start: p}, {crash: b3}]}, {id: two, do: [{${action}}], run: {for: 1s}}]`)
    expect(played.problems).toMatchObject([{ code: 'T308', args: { why, at: 0 }, path: ['steps', 1, 'do', 0] }])
  })

  test('cut and heal are told once a pair, and work both ways', () => {
    const played = play(`steps:
  - {id: one, do: [{cut: {from: [b2, b3], to: [b1, b2]}}, {slow: {from: b1, to: b3, add: 50ms}}], run: {for: 1s}}
  - {id: two, do: [{heal: all}], run: {for: 1s}}`)
    const told = played.story.flatMap(({ fact }) => (fact.code === 'link.cut' || fact.code === 'link.healed' ? [`${fact.code} ${fact.from}-${fact.to}`] : []))
    expect(told).toEqual(['link.cut b2-b1', 'link.cut b3-b1', 'link.cut b3-b2', 'link.healed b2-b1', 'link.healed b3-b1', 'link.healed b3-b2'])
    expect(codes(played)).toEqual([])
  })

  test('a client is configured anew, and the story says from what', () => {
    const played = play('steps: [{id: one, do: [{start: p}, {config: {client: p, set: {acks: 1, linger.ms: 0}}, at: 1s}], run: {for: 2s}}]')
    expect(played.story.flatMap(({ fact }) => (fact.code === 'config.changed' ? [[fact.key, fact.was, fact.value]] : []))).toEqual([['acks', 'all', '1'], ['linger.ms', '5', '0']])
  })

  test('what is produced has the keys and values it was given, or made up ones', () => {
    const played = play(`steps:
  - id: one
    do:
      - produce: {by: q, records: [{key: a, value: x}, {key: b, value: null}, {value: y}, {key: c}]}
      - produce: {by: q, count: 2, each: {key: z}}
    run: {until: "producer(q).acked == 6", max: 5s}
    check:
      - atEnd: "partition(t/0).key(0) == a and partition(t/0).value(0) == x and partition(t/0).key(1) == b and partition(t/0).value(1) == none"
      - atEnd: "partition(t/0).key(2) == none and partition(t/0).value(2) == y and partition(t/0).key(3) == c and partition(t/0).value(3) == \\"q-4\\""
      - atEnd: "partition(t/0).key(5) == z and partition(t/0).value(5) == \\"q-6\\" and partition(t/0).distinctKeys == 4"`)
    expect(codes(played)).toEqual([])
  })
})

const asking = `steps:
  - {id: one, do: [{start: p}, {ask: {say: "Crash b1", until: "broker(b1).state == down"}}]}
  - {id: two, run: {for: 12s}}
goal: [{eventually: "partition(t/0).leader == b2"}]
forbid: [{eventually: "broker(b3).state == down"}]
solution: [{step: one, do: [{crash: b1}]}]`

describe('a learner', () => {
  test('is waited for where a step asks; nobody, and the solution, are not', () => {
    expect(play(asking).steps.map(({ endUs }) => endUs)).toEqual([0, 12_000_000])
    const solved = play(asking, 'solution')
    expect(codes(solved)).toEqual([])
    expect(when(solved, 'node.crashed')).toEqual([0])
    const scenario = scenarioOf(asking)
    const run = newRun(scenario)
    const machine = playMachine(scenario)
    advance(machine, run, 20_000_000)
    expect(run.play.phase).toBe('asking')
    machine.intervene(run, { do: 'crash', node: 'b1' })
    advance(machine, run, 40_000_000)
    expect(stepMarks(run.play).map(({ id, endAt }) => [id, endAt])).toEqual([['one', 20_000_000], ['two', 32_000_000]])
    expect(machine.assertions(run)).toMatchObject({ 'goal/0': { holds: true }, 'forbid/0': { holds: false, value: 'broker(b3).state = running' } })
    expect(run.play.actions).toBe(1)
  })

  test('is told what cannot be done', () => {
    const scenario = scenarioOf(asking)
    const run = newRun(scenario)
    const machine = playMachine(scenario)
    advance(machine, run, 1_000_000)
    machine.intervene(run, { do: 'heal', from: ['b1'], to: ['b2'] })
    expect(run.play.refused).toEqual({ what: 'heal', why: 'notCut', at: 1_000_000 })
    advance(machine, run, 2_000_000)
    machine.intervene(run, { do: 'pause', node: 'b1' })
    expect(run.play.refused).toBeUndefined()
  })

  test('a solution that breaks a rule is void', () => {
    const played = play(asking.replace('do: [{crash: b1}]', 'do: [{crash: b1}, {crash: b3}]'), 'solution')
    expect(codes(played)).toEqual(['T305', 'T305'].slice(0, codes(played).length))
    expect(played.problems.some(({ args }) => 'kind' in args && args.kind === 'forbid')).toBe(true)
  })
})

describe('a run', () => {
  const scenario = scenarioOf(`steps:
  - {id: one, do: [{start: [c, p]}], run: {until: "app(g).processed >= 20", max: 20s}}
  - {id: two, do: [{crash: leader(t/0)}, {restart: b1, at: 9s}], run: {for: 15s}}
expect: [{atEnd: "ledger.lost == 0"}]`)
  const open = () => new Timeline<Run, Intervention>(playMachine(scenario, noWatch), newRun(scenario), [], 400)

  test('is a tree of plain data', () => {
    const timeline = open()
    timeline.advance(14_000_000)
    expect(findNonTree(timeline.state.play)).toBeUndefined()
  })

  test('is the same after any seek', () => {
    const straight = open()
    straight.advance(25_000_000)
    const wandering = open()
    for (const at of [9_000_000, 2_000_000, 17_345_678, 4_000_001, 0, 25_000_000]) wandering.seek(at)
    expect(wandering.state.play).toEqual(straight.state.play)
    expect(printed(wandering.state.world.hash)).toBe(printed(straight.state.world.hash))
  })

  test('goes another way after an intervention, and back by undo', () => {
    const timeline = open()
    timeline.advance(25_000_000)
    const before = printed(timeline.state.world.hash)
    timeline.intervene(3_500_000, [{ do: 'pause', node: 'b2' }])
    timeline.advance(25_000_000)
    expect(printed(timeline.state.world.hash)).not.toBe(before)
    expect(timeline.state.play.actions).toBe(1)
    timeline.undo()
    timeline.advance(25_000_000)
    expect(printed(timeline.state.world.hash)).toBe(before)
  })
})
