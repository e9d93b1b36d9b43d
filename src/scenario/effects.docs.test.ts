/**
 * Side effects of applications, held against the commit modes: what a crash before an effect and a crash behind it leave twice,
 * once, or not at all. At most once, at least once; and exactly once only where the sink sees to it (M46).
 */
import { describe, expect, test } from 'vitest'
import { between } from '../base/chunks.ts'
import { noWatch } from '../engine/watch.ts'
import { why } from '../projection/why.ts'
import type { StoryLine } from '../projection/story.ts'
import type { Fact, FactOf } from '../kafka/notes.ts'
import type { Sink } from '../sink/sink.ts'
import { sayFinding } from '../text/find.ts'
import { evaluate, expression, type Value } from './expression.ts'
import { Observer } from './observe.ts'
import { parseScenario } from './parse.ts'
import { advance, newRun, playMachine } from './play.ts'
import './whole.ts'

const EARLIEST = 'auto.offset.reset: earliest, session.timeout.ms: 6000, heartbeat.interval.ms: 1000'
const APPS = '{id: mail, of: [A], effect: email}, {id: sent, of: [A], dedupe: true}'

interface File { readonly clients: string; readonly apps?: string; readonly one: string; readonly two?: string; readonly records?: string; readonly groups?: string }
const textOf = ({ clients, apps = APPS, one, two = '{restart: A}', records = '[{key: a, value: o1}, {key: b, value: o2}, {key: c, value: o3}, {key: d, value: o4}]', groups = '' }: File): string => `format: kafka-scenario/v1
id: effects
kind: demo
title: Effects
languages: [en]
seed: 5
cluster: {brokers: 1, controllers: 1, config: {group.initial.rebalance.delay.ms: 0, offsets.topic.num.partitions: 1, transaction.state.log.num.partitions: 1, share.coordinator.state.topic.num.partitions: 1}}
topics: [{name: orders, partitions: 1, records: ${records}}, {name: invoices, partitions: 1}]
${groups}
clients: {${clients}}
apps: [${apps}]
steps:
  - {id: one, do: [${one}], run: {for: 8s}}
  - {id: two${two === '' ? '' : `, do: [${two}]`}, run: {for: 70s}}
expect: [{eventually: 'app(mail).processed >= 0'}]
`
const consumer = (commits: string, more = ''): string => `consumers: [{id: A, topic: orders, group: g, processMs: 200${commits === '' ? '' : `, commits: ${commits}`}, config: {${EARLIEST}${more}}}]`
const transactional = (more = ''): string => `transactional: [{id: A, topic: orders, group: g, writes: invoices, batch: 2, processMs: 200, config: {${EARLIEST}${more}}}]`
const TXN = ', transactional.id: t1'

function played(file: File) {
  const { scenario, findings } = parseScenario(textOf(file))
  if (scenario === undefined) throw new Error(findings.map((finding) => sayFinding('en', finding)).join('\n'))
  const facts: Fact[] = [], story: StoryLine[] = []
  const machine = playMachine(scenario, {
    ...noWatch, noted: (at, step, cause, node, fact) => {
      facts.push(fact as Fact)
      story.push({ index: story.length, at, step, cause, node, fact: fact as Fact })
    },
  }, 'watch')
  const run = newRun(scenario)
  const observer = new Observer(scenario)
  const value = (statement: string): Value => evaluate(expression(statement).node, observer.look(run.world, run.play).read)
  const told = <C extends Fact['code']>(code: C): readonly FactOf<C>[] => facts.filter((fact) => fact.code === code) as FactOf<C>[]
  const rows = (name: string): readonly string[] => {
    const node = run.world.nodes.get(name)!
    return [...between(((node.state ?? node.disk) as Sink).made, 0)].map(({ identity }) => identity)
  }
  const account = (name: string) => Object.fromEntries(['processed', 'distinct', 'duplicates', 'missed', 'outOfOrder', 'refused'].map((each) => [each, value(`app(${name}).${each}`)]))
  const whyOf = (code: Fact['code']) => {
    const chain = why(story, story.findIndex(({ fact }) => fact.code === code))
    return { codes: chain.links.map(({ line }) => line.fact.code), configs: chain.links[0]!.configs.map(({ name, value: set }) => `${name}=${set}`) }
  }
  advance(machine, run, 78_000_000)
  return { run, value, told, rows, account, whyOf }
}

/** The program dies when the third mail has gone out, and before it hears of that. */
const AFTER_EFFECT = "{start: A}, {when: 'app(mail).processed == 3', crash: A}"
/** While the handler is at the third record. */
const BEFORE_EFFECT = "{start: A}, {when: 'consumer(A).processed == 2', crash: A}"
const clean = { processed: 4, distinct: 4, duplicates: 0, missed: 0, outOfOrder: 0, refused: 0 }

describe('a sink', () => {
  test('is asked for each record, and only then is the record handled', () => {
    const calm = played({ clients: consumer('after'), one: '{start: A}', two: '' })
    expect([calm.rows('mail'), calm.rows('sent')]).toEqual([['o1', 'o2', 'o3', 'o4'], ['o1', 'o2', 'o3', 'o4']])
    expect([calm.account('mail'), calm.account('sent')]).toEqual([clean, clean])
    expect(calm.told('effect.made').map(({ sink, identity }) => `${sink} ${identity}`)).toEqual(['mail o1', 'sent o1', 'mail o2', 'sent o2', 'mail o3', 'sent o3', 'mail o4', 'sent o4'])
    expect(calm.value('consumer(A).processed')).toBe(4)
  })

  test('keeps what it has through a crash, and a paused one holds the handler up until its group takes it for dead', () => {
    const paused = played({ clients: consumer('after', ', max.poll.interval.ms: 5000'), one: "{start: A}, {when: 'app(mail).processed == 2', pause: {target: mail, for: 12s}}", two: '' })
    // The answer to the second had gone out; the third is asked for and not answered.
    expect(paused.told('member.left').map(({ why: cause }) => cause)).toContain('poll')
    expect(paused.rows('mail').slice(0, 2)).toEqual(['o1', 'o2'])
    expect(paused.account('sent')).toMatchObject({ processed: 4, missed: 0, duplicates: 0 })
    const crashed = played({ clients: consumer('after'), one: "{start: A}, {when: 'app(mail).processed == 2', crash: mail}, {at: 3s, restart: mail}", two: '' })
    expect(crashed.account('mail')).toMatchObject({ distinct: 4, missed: 0 })
    expect(crashed.rows('mail').slice(0, 2)).toEqual(['o1', 'o2'])
  })

  test('behind a cut link it is heard when the link is mended; nothing is asked for twice', () => {
    const cut = played({ clients: consumer('after'), one: "{start: A}, {when: 'app(mail).processed == 2', cut: {from: A, to: mail}}, {at: 5s, heal: all}", two: '' })
    expect(cut.account('mail')).toEqual(clean)
  })

  test('has one of each identity where its key is unique, whatever the identity is', () => {
    const keyed = played({ clients: consumer('after'), apps: '{id: mail, of: [A], effect: email, identity: key}, {id: sent, of: [A], identity: key, dedupe: true}, {id: each, of: [A], identity: offset}', records: '[{key: a, value: o1}, {key: b, value: o2}, {key: a, value: o3}, {value: o4}]', one: '{start: A}', two: '' })
    expect(keyed.rows('mail')).toEqual(['a', 'b', 'a', 'orders/0@3'])
    expect(keyed.account('sent')).toEqual({ processed: 3, distinct: 3, duplicates: 0, missed: 0, outOfOrder: 0, refused: 1 })
    expect(keyed.rows('each')).toEqual([0, 1, 2, 3].map((offset) => `orders/0@${offset}`))
    expect(keyed.told('effect.repeated')).toMatchObject([{ why: 'sameIdentity', was: 'orders/0@0', identity: 'a' }])
  })

  test('that has answered may go away: another one that the handler waits for is not asked again', () => {
    const run = played({ clients: consumer('after'), apps: '{id: mail, of: [A], effect: email}, {id: rows, of: [A]}', one: "{start: A}, {when: 'app(mail).processed == 2', pause: {target: rows, for: 6s}}, {at: 4s, crash: mail}, {at: 5s, restart: mail}", two: '' })
    expect([run.rows('mail'), run.rows('rows')]).toEqual([['o1', 'o2', 'o3', 'o4'], ['o1', 'o2', 'o3', 'o4']])
    expect(run.told('effect.repeated')).toEqual([])
  })

  test('asked again after a connection that broke before the answer, it does it again', () => {
    const lost = played({ clients: consumer('after'), one: '{start: A}, {dropNext: {from: mail, to: A, api: Effect, part: response, close: true}}', two: '' })
    expect(lost.rows('mail')).toEqual(['o1', 'o1', 'o2', 'o3', 'o4'])
    expect(lost.told('effect.repeated')).toMatchObject([{ why: 'noAnswer', times: 2 }])
    expect(lost.whyOf('effect.repeated').codes).toContain('connection.lost')
  })
})

describe('a crash between the effect and the commit', () => {
  test('commits after: at least once, what was not committed is done twice', () => {
    const run = played({ clients: consumer('after'), one: AFTER_EFFECT })
    expect(run.account('mail')).toEqual({ processed: 7, distinct: 4, duplicates: 3, missed: 0, outOfOrder: 0, refused: 0 })
    expect(run.account('sent')).toEqual({ ...clean, refused: 2 })
    expect(run.told('effect.repeated').every(({ why: cause, marks }) => cause === 'restarted' && marks === 'after')).toBe(true)
    expect(run.whyOf('effect.repeated')).toMatchObject({ configs: ['commits=after'] })
    expect(run.whyOf('effect.repeated').codes).toEqual(expect.arrayContaining(['node.started', 'node.crashed', 'effect.made']))
    expect(run.whyOf('effect.refused').configs).toEqual(['commits=after', 'dedupe=true'])
  })

  test('commits before: at most once, what was committed and not done is missing', () => {
    const run = played({ clients: consumer('before'), one: AFTER_EFFECT })
    expect(run.account('mail')).toEqual({ processed: 3, distinct: 3, duplicates: 0, missed: 1, outOfOrder: 0, refused: 0 })
    expect(run.account('sent')).toMatchObject({ processed: 2, missed: 2 })
  })

  test('enable.auto.commit: twice what a later poll() would have committed', () => {
    const run = played({ clients: consumer(''), one: AFTER_EFFECT })
    expect(run.account('mail')).toMatchObject({ distinct: 4, duplicates: 3, missed: 0 })
    expect(run.told('effect.repeated')[0]).toMatchObject({ marks: 'auto', intervalMs: 5000 })
    expect(run.whyOf('effect.repeated').configs).toEqual(['enable.auto.commit=true', 'auto.commit.interval.ms=5000'])
    const off = played({ clients: consumer('', ', enable.auto.commit: false'), one: '{start: A}', two: '{crash: A}, {at: 1s, restart: A}' })
    expect(off.account('mail')).toMatchObject({ processed: 8, duplicates: 4 })
    expect(off.whyOf('effect.repeated').configs).toEqual(['enable.auto.commit=false'])
  })

  test('commits manual: nobody commits until told to', () => {
    const run = played({ clients: consumer('manual'), one: "{start: A}, {when: 'consumer(A).processed == 4', commit: {by: A, offsets: {orders/0: 2}}}, {at: 5s, crash: A}" })
    expect(run.account('mail')).toMatchObject({ processed: 6, duplicates: 2, missed: 0 })
    expect(run.told('effect.repeated').map(({ offset, marks }) => [offset, marks])).toEqual([[2, 'manual'], [3, 'manual']])
  })

  test('in a transaction: it takes back the invoices, and no mail', () => {
    const run = played({ clients: transactional(TXN), one: "{start: A}, {when: 'app(mail).processed == 4', crash: A}" })
    expect(run.account('mail')).toMatchObject({ processed: 6, distinct: 4, duplicates: 2, missed: 0 })
    expect(run.account('sent')).toMatchObject({ processed: 4, refused: 1, missed: 0 })
    expect(run.value('partition(invoices/0).aborted')).toHaveLength(1)
    expect(run.told('effect.repeated').map(({ identity, txn }) => [identity, txn])).toEqual([['o3', 't1'], ['o4', 't1']])
    expect(run.whyOf('effect.repeated')).toMatchObject({ configs: ['transactional.id=t1'] })
    expect(run.whyOf('effect.repeated').codes).toContain('txn.decided')
  })

  test('without a transaction, in a client that reads and writes: both are done twice', () => {
    const run = played({ clients: transactional(), one: "{start: A}, {when: 'app(mail).processed == 4', crash: A}" })
    expect(run.account('mail')).toMatchObject({ distinct: 4, duplicates: 2, missed: 0 })
    expect(run.told('effect.repeated')[0]).toMatchObject({ marks: 'turn' })
    expect(run.value('partition(invoices/0).duplicates')).toBe(1)
  })
})

describe('a crash before the effect', () => {
  test.each([['after', { duplicates: 2, missed: 0 }], ['', { duplicates: 2, missed: 0 }], ['before', { processed: 2, duplicates: 0, missed: 2 }]] as const)('commits: %s', (commits, expected) => {
    expect(played({ clients: consumer(commits), one: BEFORE_EFFECT }).account('mail')).toMatchObject(expected)
  })
  test('in a transaction the record whose turn came to nothing has its effect once', () => {
    expect(played({ clients: transactional(TXN), one: "{start: A}, {when: 'app(mail).processed == 2 and group(g).committed(orders/0) == 2', crash: A}" }).account('mail')).toEqual(clean)
  })
})

describe('other clients', () => {
  test('a member that loses its partition before it commits: the next one does it again', () => {
    const both = 'consumers: [' + ['A', 'B'].map((id) => `{id: ${id}, topic: orders, group: g, processMs: 200, commits: after, config: {${EARLIEST}}}`).join(', ') + ']'
    const run = played({ clients: both, apps: '{id: mail, of: [A, B], effect: email}, {id: sent, of: [A, B], dedupe: true}', one: "{start: A}, {when: 'app(mail).processed == 2', crash: A}, {at: 1s, start: B}", two: '' })
    expect(run.told('effect.repeated')).toMatchObject([{ why: 'otherMember', client: 'B', before: 'A' }, { why: 'otherMember' }])
    expect(run.account('sent')).toMatchObject({ processed: 4, missed: 0 })
  })

  test('the consumer protocol does no better', () => {
    const run = played({ clients: `consumers: [{id: A, topic: orders, group: g, processMs: 200, commits: after, config: {group.protocol: consumer, auto.offset.reset: earliest}}]`, one: AFTER_EFFECT, two: '{restart: A}' })
    expect(run.account('mail')).toMatchObject({ distinct: 4, duplicates: 3, missed: 0 })
  })

  test('a share consumer acknowledges behind its handler', () => {
    const share = 'shareConsumers: [{id: A, topic: orders, group: s, processMs: 200}]'
    const run = played({ clients: share, groups: 'groups: [{id: s, config: {share.auto.offset.reset: earliest}}]', one: "{start: A}, {when: 'app(mail).processed == 2', crash: A}" })
    expect(run.account('mail')).toMatchObject({ distinct: 4, duplicates: 2, missed: 0 })
    expect(run.account('sent')).toMatchObject({ processed: 4, refused: 1, missed: 0 })
    expect(run.told('effect.repeated')[0]).toMatchObject({ marks: 'acknowledge', why: 'restarted' })
  })

  test('a record on which the handler fails has no effect', () => {
    const run = played({ clients: `consumers: [{id: A, topic: orders, group: g, processMs: 200, commits: after, onPoison: skip, config: {${EARLIEST}}}]`, records: '[{value: o1}, {value: o2, poison: true}, {value: o3}]', one: '{start: A}', two: '' })
    expect(run.account('mail')).toMatchObject({ processed: 2, missed: 1 })
  })

  test.each([['o1', ['o1'], 1], ['nothing', [], undefined]] as const)('close() while a turn of a transaction tries a record again: %s is written, and the group stands before what failed', (_, written, committed) => {
    const records = `[${written.map((value) => `{value: ${value}}, `).join('')}{value: bad, poison: true}, {value: o3}]`
    const run = played({ clients: transactional(TXN).replace('batch: 2', 'batch: 3, onPoison: retry'), records, one: '{start: A}, {at: 6s, stop: A}', two: '' })
    expect(run.rows('mail')).toEqual(written)
    expect(run.value('group(g).committed(orders/0)')).toBe(committed)
    expect(run.told('txn.decided').filter(({ outcome }) => outcome === 'abort')).toEqual([])
    expect(run.told('node.stopped')[0]?.tookMs).toBeLessThan(2000)
    expect(run.told('client.misused')).toEqual([])
  })

  test('close() waits for the handler, and the handler for its sink', () => {
    const run = played({ clients: consumer('after'), one: "{start: A}, {when: 'app(mail).processed == 2', pause: {target: mail, for: 4s}}, {at: 2s, stop: A}", two: '' })
    expect(run.account('mail')).toEqual(clean)
    expect(run.value('group(g).committed(orders/0)')).toBe(4)
    expect(run.told('node.stopped')[0]!.tookMs).toBeGreaterThan(2000)
  })
})

describe('mistakes about sinks', () => {
  const found = (file: File): string => parseScenario(textOf(file)).findings.map((finding) => `${finding.code} ${sayFinding('en', finding)}`).join('\n')
  test.each([
    ['nobody of that name', { apps: '{id: mail, of: [Z]}' }, /^R101 .*Z/],
    ['a client that only writes', { clients: 'transactional: [{id: A, topic: orders}]', apps: '{id: mail, of: [A]}' }, /^R115 `A` only writes/],
    ['an effect without clients', { apps: '{id: mail, reads: orders, effect: email}' }, /`effect` goes with `of`/],
    ['a group beside clients', { apps: '{id: mail, of: [A], group: g}' }, /`effect` goes with `of`/],
    ['a name that is taken', { apps: '{id: A, of: [A]}' }, /^R109/],
    ['a sink is not started', { one: '{start: mail}' }, /^R108 .*mail/],
    ['a sink has no clock that matters', { one: '{clock: {target: mail, add: 5s}}' }, /^R108 .*mail/],
    ['nor a power plug', { one: '{powerLoss: mail}' }, /^R108 .*mail/],
  ] as const)('%s', (_, more, says) => {
    expect(found({ clients: consumer('after'), one: '{start: A}', ...more })).toMatch(says)
  })
})
