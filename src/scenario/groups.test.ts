/** Three groups of two over six partitions, one for each way to rebalance: what a join costs (curriculum 4.4, M21). */
import { expect, test } from 'vitest'
import { playThrough } from '../cli/play-through.ts'
import { parseScenario } from './parse.ts'

const consumers = (group: string, config: string): string => ['1', '2'].map((each) =>
  `    - {id: ${group}${each}, topic: t, group: ${group}, config: {auto.offset.reset: earliest, ${config}}}`).join('\n')

const text = (): string => `format: kafka-scenario/v1
id: side-by-side
kind: demo
title: Side by side
languages: [en]
seed: 5
cluster: {brokers: 3, controllers: 3}
topics:
  - {name: t, partitions: 6, replicationFactor: 3, config: {min.insync.replicas: 2}}
clients:
  producers: [{id: p, topic: t, rate: 20/s, keys: [a, b, c, d, e, f, g, h]}]
  consumers:
${consumers('eager', 'partition.assignment.strategy: range')}
${consumers('coop', 'partition.assignment.strategy: org.apache.kafka.clients.consumer.CooperativeStickyAssignor')}
${consumers('next', 'group.protocol: consumer')}
steps:
  - {id: one, do: [{start: [p, eager1, coop1, next1]}], run: {for: 10s}}
  - {id: two, do: [{start: [eager2, coop2, next2]}], run: {for: 20s}}
expect:
  - eventually: "group(eager).pausedPartitions == 6"
  - atEnd: "group(eager).pausedPartitions == 0"
  - eventually: "group(eager).maxPausedPartitions == 6 and group(coop).maxPausedPartitions == 3 and group(next).maxPausedPartitions == 3"
  - eventually: 'group(eager).assignor == range and group(coop).assignor == "cooperative-sticky" and group(next).assignor == uniform'
  - eventually: "group(eager).generation == 2 and group(coop).generation == 3 and group(next).epoch == 3"
  - eventually: 'group(next).protocol == "consumer" and group(next).memberEpoch(next2) == 3 and group(next).targetEpoch == 3 and group(next).state == Stable'
  - eventually: "consumer(coop1).revokedCount == 1 and consumer(eager1).revokedCount == 1 and consumer(next1).revokedCount == 1"
  - eventually: "group(coop).pausedMs > 2500 and group(coop).pausedMs < 3500 and group(eager).pausedMs < 100"
`

test('an eager group stops for everything, the others for what moves', () => {
  const { scenario, findings } = parseScenario(text())
  expect(findings).toEqual([])
  const played = playThrough(scenario!, { mode: 'watch', seed: 5, until: undefined })
  expect(played.problems).toEqual([])
})

test('a static member restarted within its session costs its group nothing', () => {
  const file = `format: kafka-scenario/v1
id: desks
kind: demo
title: Desks
languages: [en]
seed: 5
cluster: {brokers: 3, controllers: 3}
topics:
  - {name: t, partitions: 3, replicationFactor: 3, config: {min.insync.replicas: 2}}
clients:
  producers: [{id: p, topic: t, rate: 20/s, keys: [a, b, c, d]}]
  consumers:
    - {id: c1, topic: t, group: g, config: {group.instance.id: desk-1}}
    - {id: c2, topic: t, group: g, config: {group.instance.id: desk-2}}
steps:
  - {id: one, do: [{start: [p, c1, c2]}], run: {for: 10s}}
  - {id: two, do: [{restart: c2}], run: {for: 10s}}
expect:
  - eventually: "group(g).rebalances == 1 and group(g).generation == 1 and consumer(c1).revokedCount == 0 and consumer(c2).assignedCount == 2"
  - eventually: 'event("member.returned", c2).count == 1'
`
  const { scenario, findings } = parseScenario(file)
  expect(findings).toEqual([])
  expect(playThrough(scenario!, { mode: 'watch', seed: 5, until: undefined }).problems).toEqual([])
})

test('what the Java client refuses to start with is refused', () => {
  const codes = (config: string): string[] => parseScenario(text().replace('group.protocol: consumer', config)).findings.map(({ code }) => code)
  expect(codes('group.protocol: consumer, session.timeout.ms: 10000')).toEqual(['R106'])
  expect(codes('group.protocol: classic, group.remote.assignor: range')).toEqual(['R106'])
  expect(codes('partition.assignment.strategy: "StickyAssignor, roundrobin"')).toEqual([])
})
