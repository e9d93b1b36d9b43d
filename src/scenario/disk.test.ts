/** What files can say of logs on disk: experiments S05 to S08 and a power cut, by their exact outcomes. */
import { describe, expect, test } from 'vitest'
import { playThrough } from '../cli/play-through.ts'
import { isHeadline } from '../projection/story.ts'
import { why } from '../projection/why.ts'
import { say } from '../text/say.ts'
import { parseScenario } from './parse.ts'

/** An experiment with these topics and steps; `sees` are its observations at the end. */
function play(cluster: string, topics: readonly string[], clients: string, steps: readonly { readonly do: readonly string[]; readonly run: string; readonly sees: readonly string[] }[], sim = '{}') {
  const both = (text: string): string => `{en: "${text}", ko: "${text}"}`
  const text = [
    'format: kafka-scenario/v1', 'id: s05-disk', 'kind: experiment', `title: ${both('디스크')}`, `summary: ${both('디스크')}`, `watch: ${both('디스크')}`, 'languages: [en, ko]', 'seed: 5',
    'meta: {experiment: S05, minutes: 1, level: advanced}', `sim: ${sim}`, `cluster: {brokers: 3, controllers: 3, config: ${cluster}}`,
    'topics:', ...topics.map((topic) => `  - ${topic}`), 'clients:', `  ${clients}`, 'steps:',
    ...steps.flatMap((step, i) => [
      `  - id: step-${i + 1}`, `    say: ${both('디스크')}`, '    do:', ...step.do.map((each) => `      - ${each}`), `    run: ${step.run}`, '    check:',
      ...step.sees.flatMap((each) => [`      - atEnd: ${JSON.stringify(each)}`, `        label: ${both('보인다')}`]),
    ]),
    'expect:', '  - atEnd: "cluster.offlinePartitions == 0"', `    label: ${both('보인다')}`, '',
  ].join('\n')
  const { scenario, findings } = parseScenario(text)
  expect(findings.map(({ code, args, path }) => ({ code, args, path }))).toEqual([])
  const played = playThrough(scenario!, { mode: 'watch', seed: 5, until: undefined })
  expect(played.problems).toEqual([])
  return played.story
}
const soon = '{log.retention.check.interval.ms: 1000, log.initial.task.delay.ms: 500}'
const single = 'producers: [{id: p, topic: t, config: {batch.size: 0, linger.ms: 0}}]'
const retained = () => play(soon, ['{name: t, partitions: 1, replicas: {"0": [b1]}, config: {segment.bytes: 1048576, retention.bytes: 2097152}}'], single, [
  {
    do: ['produce: {by: p, count: 40, each: {value: x, bytes: 131000}}'], run: '{until: "partition(t/0).logStart == 24", max: 10s}',
    sees: [
      'partition(t/0).segmentBases == [24, 32] and partition(t/0).hw == 40 and partition(t/0).bytes == 2097152 and partition(t/0).batch(39).bytes == 131072',
      'event("segment.deleted", t/0).count == 3 and event("segment.rolled", t/0).count == 4 and event("logStart.moved").count == 1',
    ],
  },
  { do: ['produce: {by: p, records: [{value: x, bytes: 131000}]}'], run: '{for: 3s}', sees: ['partition(t/0).segmentBases == [24, 32, 40] and partition(t/0).bytes == 2228224 and partition(t/0).segments == 3'] },
])
const compacted = () => play('{}', ['{name: t, partitions: 1, config: {cleanup.policy: compact, segment.bytes: 1048576, min.cleanable.dirty.ratio: 0.01, delete.retention.ms: 5000}}'],
  `${single}\n  consumers: [{id: c, topic: t, group: g, config: {auto.offset.reset: earliest}}]`, [
    {
      do: ['produce: {by: p, records: [{key: a, value: "1"}, {key: b, value: "1"}, {key: a, value: "2"}, {key: c, value: "1"}, {key: b, value: null}]}', 'produce: {by: p, count: 9, each: {key: pad, value: x, bytes: 131000}}'],
      run: '{until: "event(\\"log.cleaned\\", t/0).count == 3", max: 20s}',
      sees: ['partition(t/0).offsets == [2, 3, 4, 11, 12, 13] and partition(t/0).logStart == 0 and partition(t/0).gaps == 8', 'partition(t/0).key(4) == "b" and partition(t/0).value(4) == none and partition(t/0).batch(4).horizon == 1767225620000'],
    },
    { do: ['start: c'], run: '{until: "consumer(c).position(t/0) == 14", max: 30s}', sees: ['consumer(c).offsets(t/0) == [2, 3, 4, 11, 12, 13]'] },
    { do: ['produce: {by: p, count: 9, each: {key: pad, value: x, bytes: 131000}}'], run: '{until: "not (partition(t/0).offsets contains 4)", max: 40s}', sees: ['partition(t/0).logStart == 0 and ledger.lost == 0'] },
  ])
const dark = () => play('{}', ['{name: orders, partitions: 1, config: {min.insync.replicas: 2}}'], 'producers: [{id: p, topic: orders}]', [
  { do: ['produce: {by: p, count: 10}'], run: '{for: 2s}', sees: ['replica(orders/0@b2).dirtyRecords == 10 and broker(b1).dirtyRecords == 10'] },
  { do: ['powerLoss: [b1, b2, b3]'], run: '{for: 1s}', sees: ['cluster.aliveBrokers == 0 and event("power.lost").count == 3 and replica(orders/0@b1).leo == 0'] },
  { do: ['restart: [b1, b2, b3]'], run: '{until: "cluster.offlinePartitions == 0 and ledger.lost == 10", max: 60s}', sees: ['event("log.recovered").count == 3 and event("connection.lost").count >= 0'] },
  { do: ['produce: {by: p, count: 5}'], run: '{for: 40s}', sees: ['broker(b1).dirtyRecords == 0'] },
], '{writeBack: 20s}')

test('S05: retention by size is a floor of whole segments', () => void retained())

test('S06: retention by time takes the active segment, and goes by the newest record', () => {
  play(soon, ['{name: t, partitions: 1}', '{name: u, partitions: 1}'], 'producers: [{id: p, topic: t, config: {linger.ms: 20}}]', [{
    do: ['produce: {by: p, count: 5, each: {value: x, timestamp: "-8d"}}', 'produce: {by: p, topic: u, records: [{timestamp: "-8d"}, {value: new}]}'], run: '{for: 3s}',
    sees: [
      'producer(p).acked == 7 and partition(t/0).logStart == 5 and partition(t/0).hw == 5 and partition(t/0).segmentBases == [5] and partition(t/0).bytes == 0 and partition(t/0).records == 0',
      'partition(u/0).logStart == 0 and partition(u/0).offsets == [0, 1]',
    ],
  }])
})

test('S07: a record from the future', () => {
  play('{}', ['{name: t, partitions: 1}', '{name: u, partitions: 1, config: {message.timestamp.type: LogAppendTime}}'], 'producers: [{id: p, topic: t}]', [{
    do: ['produce: {by: p, records: [{value: x, timestamp: "+61m"}, {value: y, timestamp: 1767225600001}]}', 'produce: {by: p, topic: u, records: [{value: x, timestamp: "+61m"}]}'], run: '{for: 2s}',
    sees: ['producer(p).outcome(0).error == INVALID_TIMESTAMP and partition(t/0).leo == 0', 'partition(u/0).batch(0).timestampType == LogAppendTime and partition(u/0).batch(0).timestamp < 1767225602000 and partition(u/0).batch(0).control == "none"'],
  }])
})

// S10: a torn write at the end, and a byte that has changed in a segment that had been flushed.
test('S10: crash recovery cuts off what is torn', () => {
  const story = play('{}', ['{name: t, partitions: 1, replicas: {"0": [b1]}}'], single, [
    { do: ['produce: {by: p, count: 100, each: {value: x}}'], run: '{until: "partition(t/0).hw == 100", max: 10s}', sees: ['broker(b1).recoveries == 0'] },
    { do: ['crash: b1', 'damage: {target: b1, partition: t/0, cutBytes: 10}', 'restart: b1'], run: '{for: 1s}', sees: ['replica(t/0@b1).leo == 99 and event("log.recovered", t/0).count == 1 and broker(b1).recoveries == 1'] },
    { do: ['produce: {by: p, records: [{value: y}]}'], run: '{until: "producer(p).outcome(100).error == none and producer(p).acked == 101", max: 60s}', sees: ['producer(p).outcome(100).offset == 99 and partition(t/0).logStart == 0'] },
  ])
  expect(story.filter(({ fact }) => fact.code === 'fault.made').map(({ fact }) => say('en', fact))).toEqual(['The log file of t/0@b1 was damaged on its disk.'])
})

test('S10b: what had been flushed is not looked at, and a reader finds it', () => {
  play('{}', ['{name: t, partitions: 1, replicas: {"0": [b1]}, config: {segment.bytes: 1048576}}'], `${single}\n  consumers: [{id: c, topic: t, group: g, config: {auto.offset.reset: earliest}}]`, [
    { do: ['produce: {by: p, count: 12, each: {value: x, bytes: 131000}}'], run: '{until: "partition(t/0).hw == 12", max: 10s}', sees: ['partition(t/0).segmentBases == [0, 8]'] },
    { do: ['crash: b1', 'damage: {target: b1, partition: t/0, flipAt: 5}', 'restart: b1'], run: '{until: "partition(t/0).leaderEpoch >= 2 and partition(t/0).leader == b1 and partition(t/0).hw == 12", max: 40s}', sees: ['event("log.recovered", t/0).count == 0 and partition(t/0).hw == 12'] },
    { do: ['start: c'], run: '{until: "consumer(c).lastError == CORRUPT_MESSAGE", max: 40s}', sees: ['consumer(c).offsets(t/0) == [0, 1, 2, 3, 4]'] },
  ])
})

test('S08: compaction', () => void compacted())
test('the power goes everywhere', () => void dark())

describe('why', () => {
  const chain = (story: ReturnType<typeof retained>, code: string): readonly (readonly [string, readonly string[]])[] => {
    const line = story.findLast(({ fact }) => fact.code === code)!
    return why(story, line.index).links.map((link) => [link.line.fact.code, link.configs.map(({ name, value }) => `${name}=${value}`)] as const)
  }

  test('a segment was deleted, and the log begins later', () => {
    expect(chain(retained(), 'logStart.moved').slice(0, 3)).toEqual([
      ['logStart.moved', []], ['segment.deleted', ['retention.bytes=2097152', 'log.retention.check.interval.ms=300000']], ['segment.rolled', ['segment.bytes=1048576']],
    ])
  })
  test('a log was compacted', () => {
    expect(chain(compacted(), 'log.cleaned').slice(0, 2)).toEqual([['log.cleaned', ['min.cleanable.dirty.ratio=0.01', 'log.cleaner.backoff.ms=15000']], ['segment.rolled', ['segment.bytes=1048576']]])
  })
  test('a record is lost, and its log shorter', () => {
    expect(chain(dark(), 'record.lost').map(([code]) => code)).toEqual(expect.arrayContaining(['record.lost', 'power.lost', 'record.acked']))
    expect(chain(dark(), 'log.recovered')[1]).toEqual(['power.lost', []])
  })
  test.each([['retention', retained], ['compaction', compacted], ['a power cut', dark]])('of everything that a reader sees: %s', (_, played) => {
    const story = played()
    for (const line of story.filter(isHeadline)) {
      expect(why(story, line.index).roots.length, say('en', line.fact)).toBeGreaterThan(0)
      expect(say('ko', line.fact, line.node)).toMatch(/[가-힣].*\.$/)
    }
  })
})
