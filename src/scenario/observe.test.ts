import { describe, expect, test } from 'vitest'
import { evaluate, expression, type Value } from './expression.ts'
import { Observer } from './observe.ts'
import { parseScenario } from './parse.ts'
import { advance, newRun, playMachine } from './play.ts'
import './whole.ts'
import { roots, type ArgumentKind, type Properties, type Property } from './vocabulary.ts'

const text = `format: kafka-scenario/v1
id: looked-at
kind: demo
title: Looked at
languages: [en]
seed: 5
cluster: {brokers: 3, controllers: 3}
topics:
  - {name: t, partitions: 2, replicationFactor: 3, config: {min.insync.replicas: 2}}
  - name: old
    partitions: 2
    replicationFactor: 2
    records: [{key: a, value: "1"}, {key: b}, {value: x, partition: 1}, {key: a, value: "1"}]
groups: [{id: w, config: {share.auto.offset.reset: earliest}}]
clients:
  producers: [{id: p, topic: t, rate: 20/s, keys: [a, b, c]}]
  consumers: [{id: c, topic: t, group: g, config: {auto.offset.reset: earliest}}, {id: d, topic: t, group: g}]
  shareConsumers: [{id: s, topic: t, group: w}]
  transactional: [{id: x, topic: old, config: {transactional.id: tx}}]
apps: [{id: g, reads: t, identity: value}]
steps:
  - {id: one, do: [{start: [c, p, s, x]}], run: {for: 8s}}
  - {id: two, do: [{start: d}, {electLeader: {partition: t/0, type: preferred}, as: elect}], run: {for: 10s}}
  - {id: three, do: [{crash: b1}], run: {for: 12s}}
# Only what some statement asks about is counted.
expect: [{eventually: "event(\\"node.crashed\\", b1).count == 1 and event(\\"node.crashed\\").count == 1"}]
`
const { scenario, findings } = parseScenario(text)
if (scenario === undefined) throw new Error(JSON.stringify(findings))
const machine = playMachine(scenario, undefined, 'watch')
const run = newRun(scenario)
const observer = new Observer(scenario)
const value = (statement: string): Value => evaluate(expression(statement).node, observer.look(run.world, run.play).read)
const after = (seconds: number): void => advance(machine, run, seconds * 1_000_000)

describe('at 00:00', () => {
  test.each([
    ['partition(t/0).leader', 'b1'], ['partition(t/1).leader', 'b2'], ['partition(t/1).replicas', ['b2', 'b3', 'b1']], ['partition(t/0).isr', ['b1', 'b2', 'b3']],
    ['partition(t/0).leaderEpoch', 0], ['partition(t/0).partitionEpoch', 0], ['controller.active', 'k1'], ['controller.epoch', 1], ['controller.aliveVoters', 3],
    ['cluster.aliveBrokers', 3], ['cluster.offlinePartitions', 0], ['broker(b1).fenced', false], ['producer(p).state', 'stopped'], ['consumer(c).state', 'stopped'],
    ['group(g).members', 0], ['group(g).state', 'Dead'], ['ledger.produced', 0], ['topic(t).minRacks', 3], ['topic(t).leadersCycleRacks', true],
    ['topic(old).records', 4], ['partition(old/0).hw', 3], ['partition(old/1).hw', 1], ['replica(old/0@b2).hw', 3], ['partition(old/0).key(0)', 'a'], ['partition(old/0).value(1)', 'old-2'],
    ['partition(old/0).value(7)', undefined], ['partition(old/0).duplicates', 1], ['partition(old/0).distinctKeys', 2], ['partition(old/0).replicasIdentical', true],
    ['result("elect").done', false], ['result("elect").error', undefined],
    ['event("node.crashed").count', 0], ['event("node.crashed").firstAt', undefined], ['step("one").startAt', undefined],
  ])('%s', (path, expected) => {
    expect(value(path)).toEqual(expected)
  })
})

describe('while it runs', () => {
  test('a group reads', () => {
    after(7)
    expect(value('group(g).state == Stable and group(g).members == 1 and group(g).generation == 1')).toBe(true)
    expect(value('group(g).assigned(c) == [t/0, t/1] and group(g).owner(t/1) == c and group(g).assignor == range')).toBe(true)
    expect(value('app(g).processed')).toBe(value('consumer(c).processed'))
    expect(value('app(g).processed > 100 and app(g).duplicates == 0 and app(g).missed == 0 and app(g).outOfOrder == 0')).toBe(true)
    expect(value('consumer(c).believes(t/1) == b2 and producer(p).believes(t/0) == b1 and consumer(c).fetchesFrom(b2) > 0')).toBe(true)
    expect(value('producer(p).outcome(0).error == none and producer(p).outcome(0).sequence == 0 and producer(p).outcome(0).at > 0')).toBe(true)
    expect(value('producer(p).acked > 100 and producer(p).longestGapMs < 200 and producer(p).p50LatencyMs >= 20')).toBe(true)
    expect(value('partition(t/0).batch(0).count >= 1 and partition(t/0).batch(0).sequence == 0 and partition(t/0).batch(0).epoch == 0')).toBe(true)
    expect(value('replica(t/0@b2).inSync and replica(t/0@b2).lagMs < 600 and replica(t/0@b1).lagMs == 0')).toBe(true)
  })

  test('it is shared when a second member joins', () => {
    after(17)
    expect(value('consumer(c).position(t/0) >= group(g).committed(t/0) and group(g).lagOf(t/0) <= 120 and group(g).lag >= group(g).lagOf(t/1)')).toBe(true)
    expect(value('group(g).members == 2 and group(g).generation == 2 and consumer(d).assigned == [t/1] and consumer(c).revokedCount == 1')).toBe(true)
    expect(value('consumer(c).assignedLast == [t/0] and consumer(c).revoked == [t/0, t/1] and group(g).idle == []')).toBe(true)
  })

  test('an admin client is answered', () => {
    expect(value('result("elect").done and result("elect").error == ELECTION_NOT_NEEDED and result("elect").at > 8s and result("elect").took < 1s')).toBe(true)
  })

  test('a crash moves what it led', () => {
    after(30)
    expect(value('broker(b1).state == down and broker(b1).fenced and cluster.aliveBrokers == 2')).toBe(true)
    expect(value('partition(t/0).leader == b2 and partition(t/0).leaderEpoch == 1 and partition(t/0).isr == [b2, b3] and partition(t/0).online')).toBe(true)
    expect(value('broker(b2).leads(t) == 2 and broker(b2).believes(t/0) == b2 and broker(b2).believesIsr(t/0) == [b3, b2]')).toBe(true)
    expect(value('ledger.lost == 0 and ledger.duplicated == 0 and ledger.unavailable == 0 and cluster.underReplicated > 0 and cluster.underMinIsr == 0')).toBe(true)
    expect(value('replica(t/0@b2).epochs == [[0, 0], [1, 0]]')).toBe(false)
    expect(value('event("node.crashed", b1).firstAt == 18s and step("three").startAt == 18s and step("two").took == 10s')).toBe(true)
  })
})

/** An argument that names something of the file. */
const examples: Readonly<Partial<Record<ArgumentKind, string>>> = {
  broker: 'b2', controller: 'k1', topic: 't', partition: 't/0', replica: 't/0@b2', producer: 'p', consumer: 'c', group: 'g', share: 'w', shareConsumer: 's', app: 'g', number: '0', error: 'NETWORK_EXCEPTION',
  event: '"node.crashed"', about: 'b1', txn: 'tx', step: '"one"', predict: '"q"', result: '"elect"',
}
const called = (name: string, args: readonly ArgumentKind[]): string => (args.length === 0 ? name : `${name}(${args.map((kind) => examples[kind] ?? kind).join(', ')})`)

function paths(prefix: string, properties: Properties): readonly (readonly [string, Property])[] {
  return Object.entries(properties).flatMap(([name, property]): readonly (readonly [string, Property])[] => {
    const path = `${prefix}.${called(name, property.args)}`
    if (property.needs !== undefined) return []
    return property.properties === undefined ? [[path, property]] : paths(path, property.properties)
  })
}
const played = Object.entries(roots).flatMap(([name, forms]) =>
  forms.filter(({ needs }) => needs === undefined).flatMap(({ args, properties }) => paths(called(name, args), properties)))

test('every property that is played has a value of its type', () => {
  after(30)
  const without: string[] = []
  for (const [path, { type, words }] of played) {
    const found = value(path)
    if (found === undefined) without.push(path)
    else if (type === 'set' || type === 'sequence') expect(Array.isArray(found), path).toBe(true)
    else expect(typeof found, path).toBe(type === 'text' ? 'string' : type)
    if (words !== undefined && found !== undefined) expect(words, path).toContain(found)
  }
  // Epochs are of groups of the consumer protocol; this one is classic.
  expect(without).toEqual([
    // Nothing has been compacted.
    'partition(t/0).batch(0).horizon', 'replica(t/0@b2).batch(0).horizon',
    'producer(p).lastError', 'producer(p).outcome(0).error', 'consumer(c).lastError', 'group(g).epoch', 'group(g).targetEpoch', 'group(g).memberEpoch(c)',
    // It was handed out, and accepted, long ago.
    'share(w).holder(t/0, 0)',
    'result("elect").value'])
})
