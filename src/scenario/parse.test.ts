import { describe, expect, test } from 'vitest'
import { sayFinding } from '../text/find.ts'
import type { Finding, FindingCode } from './findings.ts'
import { parseScenario } from './parse.ts'

/** A good file, a line each, so that a test changes one line and the rest stands. */
const good = [
  'format: kafka-scenario/v1', //                                                     1
  'id: small', //                                                                     2
  'kind: demo', //                                                                    3
  'title: {en: Small, ko: 작은 것}', //                                               4
  'languages: [en, ko]', //                                                           5
  'seed: 1', //                                                                       6
  'cluster: {brokers: 3, controllers: 3}', //                                         7
  'topics:', //                                                                       8
  '  - {name: orders, partitions: 3, replicationFactor: 3}', //                       9
  'clients:', //                                                                     10
  '  producers:', //                                                                 11
  '    - {id: shop, topic: orders, rate: 5/s}', //                                   12
  '  consumers:', //                                                                 13
  '    - {id: c1, topic: orders, group: reader}', //                                 14
  'apps:', //                                                                        15
  '  - {id: reader, reads: orders, identity: value}', //                             16
  'steps:', //                                                                       17
  '  - id: one', //                                                                  18
  '    say: {en: One, ko: 하나}', //                                                 19
  '    do:', //                                                                      20
  '      - start: [c1, shop]', //                                                    21
  '    run: {until: "producer(shop).acked >= 1", max: 20s}', //                      22
  '  - id: two', //                                                                  23
  '    run: {for: 5s}', //                                                           24
]

/** The good file with lines replaced, by number; a line may become several. */
function withLines(lines: Readonly<Record<number, string>>): string {
  return good.flatMap((line, i) => (lines[i + 1] ?? line).split('\n')).join('\n')
}
const find = (lines: Readonly<Record<number, string>>): readonly Finding[] => parseScenario(withLines(lines)).findings
const place = ({ line, column }: Finding): string => `${line}:${column}`

interface Case { readonly code: FindingCode; readonly lines: Readonly<Record<number, string>>; readonly at: string; readonly says: string; readonly path?: string }
const longText = 'x'.repeat(150)

const cases: readonly Case[] = [
  { code: 'S001', lines: { 9: '  - {name: orders, partition: 3, replicationFactor: 3}' }, at: '9:20', says: 'Did you mean `partitions`?', path: 'topics[0].partition' },
  { code: 'S001', lines: { 24: '    runs: {for: 5s}' }, at: '24:5', says: 'Did you mean `run`?' },
  { code: 'S001', lines: { 21: '      - crahs: b1' }, at: '21:9', says: 'Did you mean `crash`?' },
  { code: 'S002', lines: { 24: '    run: {for: 5}' }, at: '24:16', says: '`5ms`, `5s` or `5m`' },
  { code: 'S002', lines: { 24: '    run: {for: soon}' }, at: '24:16', says: 'not a duration' },
  { code: 'S003', lines: { 22: '    run: {until: "producer(shop).acked >= 1"}' }, at: '22:10', says: '`max:`' },
  { code: 'S004', lines: { 21: '\t\t\t- start: [c1, shop]' }, at: '21:1', says: 'tab' },
  { code: 'S005', lines: { 24: '    run: {for: 5s}\n    run: {for: 6s}' }, at: '25:5', says: 'lines 24 and 25' },
  { code: 'S006', lines: { 12: '    - {id: shop, topic: orders, rate: 5/s, keys: [no, yes]}' }, at: '12:51', says: '`"no"`' },
  { code: 'S006', lines: { 6: 'seed: 08' }, at: '6:7', says: 'read as 8' },
  { code: 'S006', lines: { 4: 'title: 21' }, at: '4:8', says: '`"21"`' },
  {
    code: 'S007', at: '29:9', says: 'Option 2 says `correct`, option 1 says `holds`',
    lines: { 23: '  - id: two\n    predict:\n      id: q1\n      ask: "?"\n      judge: {at: step-end}', 24: '      options:\n        - {text: a, holds: "ledger.lost == 0"}\n        - {text: b, correct: true}' },
  },
  { code: 'S008', lines: { 24: '    check:\n      - {eventually: "ledger.lost == 0", always: "ledger.lost == 0"}' }, at: '25:9', says: '`eventually` and `always`' },
  { code: 'S009', lines: { 24: '    do:\n      - ask: {say: Now, until: "ledger.acked >= 9"}' }, at: '25:7', says: 'solution' },
  { code: 'S009', lines: { 3: 'kind: challenge\ngoal:\n  - eventually: "ledger.lost == 1"' }, at: '3:7', says: 'A challenge' },
  { code: 'S010', lines: { 7: 'cluster: {brokers: 3, controllers: 2}' }, at: '7:36', says: 'Use 1, 3 or 5' },
  { code: 'S011', lines: { 21: '      - {crash: b1, heal: all}' }, at: '21:9', says: '`crash` and `heal`' },
  { code: 'S011', lines: { 21: '      - {at: 3s}' }, at: '21:9', says: 'needs an action' },
  { code: 'S012', lines: { 21: '      - {crash: b1, at: 3s, when: "ledger.acked >= 1"}' }, at: '21:9', says: '`at` or `when`' },
  { code: 'S012', lines: { 21: '      - {crash: b1, within: 3s}' }, at: '21:9', says: '`within`' },
  { code: 'S013', lines: { 24: '    run: {for: 5s, event: 3}' }, at: '24:10', says: 'ends in one way' },
  { code: 'S014', lines: { 24: '    run: {event: 3}' }, at: '24:10', says: '`focus`' },
  { code: 'S015', lines: { 24: '    run: {for: 5s}\nhints: [one, two]' }, at: '25:8', says: 'threes' },
  { code: 'S016', lines: { 2: 'id: s14-small', 3: 'kind: experiment\nmeta: {experiment: S14}\nsummary: s\nwatch: w\nhints: [a, b, c]\nexpect:\n  - atEnd: "ledger.lost == 0"' }, at: '7:1', says: '`hints`' },
  { code: 'S016', lines: { 2: 'id: s14-small', 3: 'kind: experiment\nmeta: {experiment: S14}\nsummary: s\nexpect:\n  - atEnd: "ledger.lost == 0"' }, at: '3:7', says: '`watch` is missing' },
  { code: 'S016', lines: { 4: 'title: t\nwatch: w' }, at: '5:1', says: 'experiments only' },
  { code: 'S017', lines: { 9: '  - {name: orders, partitions: 1, replicationFactor: 3, replicas: {"0": [b1]}}' }, at: '9:35', says: 'not both' },
  { code: 'S018', lines: { 6: 'x-seed: 1' }, at: '1:1', says: '`seed` is missing' },
  { code: 'S018', lines: { 3: 'kind: lesson' }, at: '1:1', says: '`goal` is missing' },
  { code: 'S019', lines: { 3: 'kind: leson' }, at: '3:7', says: 'Did you mean `lesson`?' },
  { code: 'S019', lines: { 9: '  - {name: orders, partitions: 0}' }, at: '9:32', says: 'The limit is 1' },
  { code: 'S019', lines: { 12: '    - {id: shop, topic: orders, rate: fast}' }, at: '12:39', says: '`5/s`' },
  { code: 'S019', lines: { 7: 'cluster: three' }, at: '7:10', says: 'a mapping' },
  { code: 'S020', lines: { 5: 'languages: [en, ko' }, at: '6:1', says: 'not YAML' },
  { code: 'S021', lines: { 4: 'title: !!js/function "() => 1"' }, at: '4:8', says: 'tag' },
  { code: 'S021', lines: { 9: '  - &a {name: orders, partitions: 3}\n  - {<<: *a, name: more}' }, at: '10:6', says: 'Merge keys' },
  { code: 'S021', lines: { 24: '    run: {for: 5s}\n---\nid: other' }, at: '25:1', says: 'second document' },

  { code: 'R101', lines: { 21: '      - crash: b4' }, at: '21:16', says: 'There are: `b1`, `b2`, `b3`' },
  { code: 'R101', lines: { 21: '      - start: [c1, shpo]' }, at: '21:21', says: 'Did you mean `shop`?' },
  { code: 'R101', lines: { 12: '    - {id: shop, topic: order, rate: 5/s}' }, at: '12:25', says: 'Did you mean `orders`?' },
  { code: 'R101', lines: { 22: '    run: {until: "partition(orders/0).leader == b4", max: 20s}' }, at: '22:49', says: '`b4`' },
  { code: 'R101', lines: { 22: '    run: {until: "producer(shpo).acked >= 1", max: 20s}' }, at: '22:28', says: 'Did you mean `shop`?' },
  { code: 'R101', lines: { 21: '      - crash: coordinator(readers)' }, at: '21:16', says: 'Did you mean `reader`?' },
  { code: 'R102', lines: { 9: '  - {name: orders, partitions: 3, replicationFactor: 4}' }, at: '9:54', says: 'INVALID_REPLICATION_FACTOR' },
  { code: 'R103', lines: { 9: '  - {name: orders, partitions: 3, replicationFactor: 2, config: {min.insync.replicas: 3}}' }, at: '9:87', says: 'treats it as 2' },
  { code: 'R104', lines: { 7: 'cluster: {brokers: 3, config: {zookeeper.connect: z}}' }, at: '7:32', says: 'removed in Kafka 4.0' },
  { code: 'R104', lines: { 9: '  - {name: orders, partitions: 3, config: {min.insyc.replicas: 2}}' }, at: '9:44', says: 'Did you mean `min.insync.replicas`?' },
  { code: 'R104', lines: { 12: '    - {id: shop, topic: orders, config: {session.timeout.ms: 6000}}' }, at: '12:42', says: 'not a config of a producer' },
  { code: 'R105', lines: { 12: '    - {id: shop, topic: orders, config: {acks: 2}}' }, at: '12:48', says: '`all`, `-1`, `0`, `1`' },
  { code: 'R105', lines: { 7: 'cluster: {brokers: 3, config: {min.insync.replicas: 0}}' }, at: '7:53', says: 'The minimum is 1' },
  { code: 'R105', lines: { 14: '    - {id: c1, topic: orders, group: reader, config: {partition.assignment.strategy: "range,tea"}}' }, at: '14:86', says: '`cooperative-sticky`' },
  { code: 'R106', lines: { 12: '    - {id: shop, topic: orders, config: {acks: "1", enable.idempotence: true}}' }, at: '12:48', says: 'ConfigException' },
  { code: 'R107', lines: { 14: '    - {id: c1, topic: audit, group: reader}' }, at: '14:23', says: 'never created' },
  { code: 'R108', lines: { 21: '      - stallFetch: {target: c1}' }, at: '21:30', says: 'use `pause`' },
  { code: 'R109', lines: { 23: '  - id: one' }, at: '23:9', says: 'step 1' },
  { code: 'R109', lines: { 14: '    - {id: k1, topic: orders, group: reader}' }, at: '14:12', says: 'call the client something else' },
  { code: 'R109', lines: { 14: '    - {id: shop, topic: orders, group: reader}' }, at: '14:12', says: 'twice' },
  { code: 'R110', lines: { 22: '    run: {until: "partition(orders/3).hw == 1", max: 20s}' }, at: '22:29', says: '3 partitions, 0 to 2' },
  { code: 'R111', lines: { 9: '  - {name: orders, partitions: 3, replicas: {"0": [b1, b2]}}' }, at: '9:35', says: 'leaves out partition 1, 2' },
  { code: 'R112', at: '28:19', says: '`one` is over', lines: { 23: '  - id: two\n    predict:\n      id: q1\n      ask: "?"\n      options: [{text: a, holds: "ledger.lost == 0"}, {text: b, holds: "ledger.lost > 0"}]\n      judge: {at: one}' } },
  { code: 'R113', lines: { 21: '      - ask: {say: Now, until: "ledger.acked >= 9"}\n      - crash: b1', 24: '    run: {for: 5s}\nsolution: [{step: one, do: [{start: shop}]}]' }, at: '21:9', says: 'next step' },
  { code: 'R116', lines: { 24: '    run: {for: 5s}\nsolution: [{step: one, do: [{start: shop, at: 3s}]}]' }, at: '25:43', says: 'step of its own' },
  { code: 'R117', lines: { 14: '    - {id: c1, topic: orders, group: reader, threads: true, commits: after}' }, at: '14:61', says: 'leave out `threads`' },
  { code: 'R118', lines: { 14: '    - {id: c1, topic: orders, group: reader, threads: true}', 16: '  - {id: reader, reads: orders}\n  - {id: mail, of: [c1]}' }, at: '17:21', says: 'another client' },
  { code: 'R114', lines: { 2: 'id: s14-small', 3: 'kind: experiment\nmeta: {experiment: S15}\nsummary: s\nwatch: w\nexpect:\n  - atEnd: "ledger.lost == 0"' }, at: '2:5', says: 'differ' },

  { code: 'E201', lines: { 22: '    run: {until: "partition(orders/0).hw = 3", max: 20s}' }, at: '22:42', says: '`==`' },
  { code: 'E201', lines: { 22: '    run: {until: "ledger.lost == ", max: 20s}' }, at: '22:34', says: 'ends too early' },
  { code: 'E202', lines: { 22: '    run: {until: "partition(orders/0).highwatermark == 3", max: 20s}' }, at: '22:39', says: '`partition(orders/0).highwatermark` does not exist' },
  { code: 'E202', lines: { 22: '    run: {until: "partition(orders/0).leadr == b1", max: 20s}' }, at: '22:39', says: 'Did you mean `leader`?' },
  { code: 'E202', lines: { 22: '    run: {until: "partiton(orders/0).hw == 3", max: 20s}' }, at: '22:19', says: 'Did you mean `partition`?' },
  { code: 'E202', lines: { 22: '    run: {until: "partition.hw == 3", max: 20s}' }, at: '22:19', says: 'takes partition' },
  { code: 'E203', lines: { 22: '    run: {until: "partition(orders/0).isr == b1", max: 20s}' }, at: '22:19', says: '`partition(orders/0).isr contains b1`' },
  { code: 'E203', lines: { 22: '    run: {until: "producer(shop).acked", max: 20s}' }, at: '22:19', says: 'true or false' },
  { code: 'E204', lines: { 22: '    run: {until: "event(\\"node.crashd\\").count >= 1", max: 20s}' }, at: '22:25', says: 'Did you mean `node.crashed`?' },
  { code: 'E205', lines: { 22: '    run: {until: "group(reader).state == stable", max: 20s}' }, at: '22:42', says: '`Stable`' },

  { code: 'L401', lines: { 19: '    say: {en: One}' }, at: '19:10', says: '`ko`' },
  { code: 'L402', lines: { 19: `    say: {en: ${longText}, ko: 하나}` }, at: '19:15', says: '150 characters' },
  { code: 'L403', lines: { 18: '  - id: zero\n    focus: ["group(reader)"]\n  - id: one' }, at: '19:13', says: '`one`' },
  { code: 'V501', lines: { 1: 'format: kafka-scenario/v2' }, at: '1:9', says: 'v1' },
  { code: 'V503', lines: { 14: '    - {id: c1, topic: orders, group: reader, config: {default.api.timeout.ms: 1000}}' }, at: '14:55', says: '`default.api.timeout.ms` exists in Kafka' },
  { code: 'V503', lines: { 22: '    run: {until: "event(\\"timestamp.regressed\\").count >= 1", max: 20s}' }, at: '22:25', says: 'segments' },
]

describe('a scenario file', () => {
  test('that is right is read without a word', () => {
    const { scenario, findings } = parseScenario(good.join('\n'))
    expect(findings).toEqual([])
    expect(scenario).toMatchObject({ id: 'small', seed: 1, topics: [{ name: 'orders' }] })
  })

  test.each(cases)('$code at $at: $says', ({ code, lines, at, says, path }) => {
    const findings = find(lines)
    const found = findings.find((finding) => finding.code === code)
    expect(findings.map((finding) => `${finding.code} ${place(finding)}`)).toContain(`${code} ${at}`)
    expect(sayFinding('en', findings.find((finding) => finding.code === code && place(finding) === at)!)).toContain(says)
    if (path !== undefined) expect(found?.path).toBe(path)
    for (const finding of findings) {
      for (const language of ['en', 'ko'] as const) expect(sayFinding(language, finding)).not.toMatch(/undefined|NaN|\[object/)
      expect(sayFinding('ko', finding)).toMatch(/[가-힣]/)
    }
  })

  test('says one thing about one mistake', () => {
    for (const { code, lines } of cases) {
      const errors = find(lines).filter(({ severity }) => severity === 'error')
      expect(errors.length, `${code}: ${errors.map((each) => `${each.code} ${place(each)}`).join(', ')}`).toBeLessThanOrEqual(2)
    }
  })

  test('warnings do not keep it from being played', () => {
    const { scenario, findings } = parseScenario(withLines({ 19: '    say: {en: One}' }))
    expect(findings.map(({ severity }) => severity)).toEqual(['warning'])
    expect(scenario).toBeDefined()
  })

  test('may have keys of its author anywhere, and aliases', () => {
    const { scenario, findings } = parseScenario(withLines({
      9: '  - &t {name: orders, partitions: 3, replicationFactor: 3, x-why: {a: [1]}}', 24: '    run: {for: 5s}\n    x-todo: later\nx-copy: *t',
    }))
    expect(findings).toEqual([])
    expect(JSON.stringify(scenario)).not.toContain('x-')
  })

  test('keeps what its author calls a step, where that is words', () => {
    const titled = (title: string) => parseScenario(withLines({ 24: `    run: {for: 5s}\n    x-title: ${title}` })).scenario?.steps?.map((step) => step['x-title'])
    expect(titled('{en: "All is calm", ko: "모두 평온하다"}')).toContainEqual({ en: 'All is calm', ko: '모두 평온하다' })
    expect(titled('Calm')).toContain('Calm')
    expect(titled('{fr: Calme}')?.every((title) => title === undefined)).toBe(true)
    expect(titled('[1, 2]')?.every((title) => title === undefined)).toBe(true)
  })

  test('points at the place of a mistake inside quotes, escapes counted', () => {
    const [found] = find({ 22: '    run: {until: "event(\\"node.crashed\\", b9).count == 1", max: 20s}' })
    expect(found).toMatchObject({ code: 'R101', line: 22, column: 43, endColumn: 45 })
  })
})
