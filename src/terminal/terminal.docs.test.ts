/** Line by line what the tools of Kafka 4.3.1 printed, as recorded at a cluster of three brokers: ids, times and addresses are masked. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import '../kafka/whole.ts'
import { TestCluster, type TestOptions } from '../kafka/testing.ts'
import { adminRequestOf } from '../scenario/admin-actions.ts'
import { parseJournal } from '../scenario/format-journal.ts'
import { sightOf } from '../projection/sight.ts'
import type { AdminResult } from '../kafka/client/admin/state.ts'
import { commandOf, start } from './tools.ts'
import type { Answer, Output, Plan } from './tool.ts'

interface Printed { readonly out: readonly string[]; readonly err: readonly string[]; readonly remarks: readonly string[] }

class Shell {
  readonly files = new Map<string, string>()
  readonly #cluster: TestCluster
  #calls = 0
  constructor(cluster: TestCluster) {
    this.#cluster = cluster
  }

  /** The server is left out of the lines, as in the recordings. */
  type(line: string, input: readonly string[] = []): Printed {
    const [first, ...rest] = line.split(' ')
    const command = commandOf(first === 'kafka-dump-log.sh' || first === 'echo' || first === 'confluent' ? line : [first, '--bootstrap-server', 'b2:9092', ...rest].join(' '), this.files)
    if (command.kind === 'write') this.files.set(command.file, command.text)
    if (command.kind !== 'tool') return { out: [], err: [], remarks: command.kind === 'remark' ? [command.remark.code] : [] }
    const look = () => sightOf(this.#cluster.sim.world, command.wish)
    return split(this.#follow(start(command, look(), this.files), look, input))
  }

  #follow(plan: Plan, look: () => ReturnType<typeof sightOf>, input: readonly string[]): readonly Output[] {
    switch (plan.kind) {
      case 'printed': return plan.output
      case 'consumes': {
        const output: Output[] = []
        for (let i = 0; i < 200; i++) {
          const read = plan.read(look())
          output.push(...read.output)
          if (read.over) return output
          this.#cluster.run(0.1)
        }
        return [...output, ...plan.stop()]
      }
      case 'produces': return [...plan.output, ...input.flatMap((line) => this.#follow(plan.take(line, look()), look, []))]
      case 'asked': {
        const answers = this.#answersTo(plan)
        const next = plan.next?.(answers, look())
        return [...plan.output, ...plan.print(answers, look()), ...(next === undefined ? [] : this.#follow(next, look, []))]
      }
    }
  }

  #answersTo({ asks }: Extract<Plan, { kind: 'asked' }>): readonly Answer[] {
    // What is asked of a cluster by hand is part of the run: a link has to carry it.
    for (const { action } of asks) expect(parseJournal(JSON.stringify([{ afterStep: 0, at: 0, intervention: { do: 'ask', action } }])), JSON.stringify(action)).toBeDefined()
    const cluster = this.#cluster
    const told = cluster.told.length
    const results = asks.map(({ action }): (() => AdminResult) => {
      const name = `terminal-${this.#calls++}`
      cluster.tell('admin', { type: 'call', request: adminRequestOf(action, cluster.now / 1_000), name } as { type: string })
      return () => cluster.result(name)
    })
    cluster.runUntil(() => results.every((result) => result().answeredAt !== undefined))
    const messages = cluster.told.slice(told).flatMap(({ fact }) => (fact.code === 'admin.answered' ? [fact] : []))
    return asks.map(({ api, about }, i) => ({ ...messages.find((fact) => fact.api === api && fact.about === about)!, error: results[i]!().error! }))
  }
}

function split(output: readonly Output[]): Printed {
  const of = (stream: 'out' | 'err'): string[] => output.flatMap((line) => ('options' in line ? (stream === 'err' ? ['<OPTION TABLE>'] : []) : 'text' in line && line.on === stream ? [line.text] : []))
  return { out: of('out'), err: of('err'), remarks: output.flatMap((line) => ('remark' in line ? [line.remark.code] : [])) }
}

/** All runs of this command in the recordings, in order: what stood on standard output and on standard error. */
function recordedIn(text: string, command: string): readonly Pick<Printed, 'out' | 'err'>[] {
  const found: { out: string[]; err: string[] }[] = []
  const lines = text.split('\n')
  lines.forEach((line, i) => {
    if (!line.startsWith(`\`${command}\` —`)) return
    const run = { out: [] as string[], err: [] as string[] }
    let into: string[] | undefined
    let stream: 'out' | 'err' = 'out'
    for (const next of lines.slice(i + 1)) {
      if (into !== undefined && next === '```') into = undefined
      else if (into !== undefined) into.push(next)
      else if (next === '```text') into = run[stream]
      else if (next.startsWith('stderr')) stream = 'err'
      else if (next !== '') break
    }
    found.push(run)
  })
  return found
}

/** Ids, times, addresses and checksums are hidden; Java's stack traces and blank ends are not compared. */
const masked = ({ out, err }: Pick<Printed, 'out' | 'err'>): Pick<Printed, 'out' | 'err'> => ({ out: out.flatMap(mask), err: err.flatMap(mask) })
function mask(line: string): readonly string[] {
  if (line === '<STACK TRACE>') return []
  return [line
    .replace(/TopicId: \S{22}/, 'TopicId: ID').replace(/\[\d{4}-\d\d-\d\d [\d:,]+\]/, '[YYYY-MM-DD hh:mm:ss,SSS]').replace(/\b1\d{12}\b/g, 'TTTTTTTTTTTTT').replace(/crc: (\d+|<CRC>)/, 'crc: CRC')
    .replace(/\/(192\.0\.2\.254|c1|m1) +/g, '/HOST ').replace(/(192\.0\.2\.|b)(\d+):9092  \((\d)\) +/, 'b$2:9092 ($3) ')
    .replace(/\b((c1|m1)-)?[0-9a-fx]{8}(-[0-9a-fx]{4}){3}-[0-9a-fx]{12}|x{22}\b/g, 'MEMBER').replace(/CONSUMER-ID +/, 'CONSUMER-ID ')]
}

const recordings = readFileSync(join(import.meta.dirname, 'fixtures/recorded.md'), 'utf8')
const recorded = (command: string, run = 0) => {
  const found = recordedIn(recordings, command)[run]
  if (found === undefined) throw new Error(`no recording of ${command}`)
  return masked(found)
}
const cliOrders = { name: 'cli-orders', replicas: [[1, 2, 3], [2, 3, 1], [3, 1, 2]], config: { 'min.insync.replicas': '2' } }
const cluster = (options: TestOptions = {}): TestCluster => new TestCluster({ topics: [cliOrders], ...options }).run(1)
const shellAt = (options?: TestOptions) => {
  const at = cluster(options)
  return { at, shell: new Shell(at) }
}
/** The line prints what it printed then. */
function same(shell: Shell, command: string, run = 0): void {
  expect(masked(shell.type(command)), command).toEqual(recorded(command, run))
}

describe('kafka-topics.sh', () => {
  test('creates and describes', () => {
    const { shell } = shellAt({ topics: [] })
    for (const command of [
      'kafka-topics.sh --create --topic cli-orders --replica-assignment 1:2:3,2:3:1,3:1:2 --config min.insync.replicas=2',
      'kafka-topics.sh --create --topic cli.pay_ments --partitions 2 --replication-factor 2', 'kafka-topics.sh --list --exclude-internal', 'kafka-topics.sh --describe --topic cli-orders',
    ]) same(shell, command)
  })
  test('finds what a pattern means, in the order of a HashMap', () => {
    const { shell } = shellAt({ topics: [cliOrders, { name: 'cli.pay_ments', replicas: [[1, 2], [2, 3]], config: {} }] })
    same(shell, 'kafka-topics.sh --describe --topic cli.*')
  })
  test('brokers 1 and 3 dead', () => {
    const { at, shell } = shellAt()
    shell.type('kafka-topics.sh --alter --topic cli-orders --partitions 4')
    shell.type('kafka-configs.sh --alter --entity-type topics --entity-name cli-orders --add-config retention.ms=86400000')
    at.act('crash', 'b1').run(20).act('crash', 'b3').run(20)
    const command = 'kafka-topics.sh --describe --topic cli-orders'
    // The fourth partition was put by luck.
    const rows = (lines: readonly string[]) => lines.filter((line) => !line.includes('Partition: 3'))
    expect(rows(masked(shell.type(command)).out)).toEqual(rows(recorded(command, 1).out))
    expect(rows(masked(shell.type('kafka-topics.sh --describe --under-min-isr-partitions --topic cli-orders')).out)).toEqual(rows(recorded('kafka-topics.sh --describe --under-min-isr-partitions --topic cli-orders').out))
    expect(shell.type('kafka-topics.sh --describe --at-min-isr-partitions').out).toEqual([])
    expect(shell.type('kafka-topics.sh --describe --unavailable-partitions').out).toEqual([])
    expect(shell.type('kafka-topics.sh --describe --under-replicated-partitions').out).toHaveLength(4)
  })
  test('the one replica is dead', () => {
    const { at, shell } = shellAt({ topics: [{ name: 'cli-solo', replicas: [[3]], config: {} }] })
    at.act('crash', 'b3').run(20)
    same(shell, 'kafka-topics.sh --describe --topic cli-solo')
    expect(shell.type('kafka-topics.sh --describe --unavailable-partitions').out).toHaveLength(1)
  })
  test.each([
    'kafka-topics.sh --create --topic cli-orders', 'kafka-topics.sh --create --topic cli-x --partitions 1 --replication-factor 4', 'kafka-topics.sh --create --topic cli-x --partitions 0',
    'kafka-topics.sh --create --topic cli-x --config retention.mss=1', 'kafka-topics.sh --create --topic cli-x --config retention.ms=abc', 'kafka-topics.sh --describe --topic nope', 'kafka-topics.sh', 'kafka-topics.sh --create',
    'kafka-topics.sh --alter --topic cli-orders --config retention.ms=1',
  ])('refuses: %s', (command) => same(shellAt().shell, command))
  test('the rest of the refusals', () => {
    const { shell } = shellAt()
    expect(shell.type('kafka-topics.sh --create --topic \'cli bad\'').out).toEqual(recorded('kafka-topics.sh --create --topic cli bad').out)
    shell.type('kafka-topics.sh --alter --topic cli-orders --partitions 4')
    same(shell, 'kafka-topics.sh --alter --topic cli-orders --partitions 2')
    expect(shell.type('kafka-topics.sh --nosuch').err).toEqual(recorded('kafka-topics.sh --nosuch').err.filter((line) => line !== ''))
    for (const quiet of ['--create --if-not-exists --topic cli-orders', '--delete --if-exists --topic nope', '--alter --if-exists --topic nope --partitions 9', '--delete --topic cli-orders']) expect(shell.type(`kafka-topics.sh ${quiet}`), quiet).toEqual({ out: [], err: [], remarks: [] })
    expect(shell.type('kafka-topics.sh --list').out).toEqual([''])
  })
})

describe('kafka-configs.sh', () => {
  test('alters and describes', () => {
    const { shell } = shellAt()
    for (const command of [
      'kafka-configs.sh --alter --entity-type topics --entity-name cli-orders --add-config retention.ms=86400000,cleanup.policy=compact', 'kafka-configs.sh --describe --entity-type topics --entity-name cli-orders',
      'kafka-configs.sh --alter --entity-type topics --entity-name cli-orders --delete-config cleanup.policy', 'kafka-configs.sh --alter --entity-type topics --entity-name cli-orders --delete-config cleanup.policy',
      'kafka-configs.sh --describe --entity-type brokers --entity-default', 'kafka-configs.sh --describe --entity-type topics --entity-name nope', 'kafka-configs.sh --describe',
    ]) same(shell, command)
  })
  test('refuses', () => {
    const { shell } = shellAt()
    for (const command of [
      'kafka-configs.sh --alter --entity-type topics --entity-name nope --add-config retention.ms=1', 'kafka-configs.sh --alter --entity-type topics --entity-name cli-orders --add-config nosuch=1',
      'kafka-configs.sh --alter --entity-type brokers --entity-name 1 --add-config broker.rack=r9', 'kafka-configs.sh --alter --entity-type topics --entity-name cli-orders --add-config retention.ms',
    ]) {
      const printed = masked(shell.type(command))
      expect({ ...printed, err: printed.err.map((line) => line.replace('b2:9092', '192.0.2.1:9092')) }, command).toEqual(recorded(command))
    }
  })
})

describe('kafka-configs.sh of groups', () => {
  const args = 'kafka-configs.sh --alter --entity-type groups --entity-name g-share --add-config'
  test('alters and describes', () => {
    const { shell } = shellAt()
    same(shell, `${args} share.auto.offset.reset=earliest`)
    same(shell, 'kafka-configs.sh --describe --entity-type groups --entity-name g-share')
    shell.type(`${args} consumer.session.timeout.ms=50000`)
    expect(shell.type('kafka-configs.sh --describe --group g-share').out[1]).toBe('  consumer.session.timeout.ms=50000 sensitive=false synonyms={DYNAMIC_GROUP_CONFIG:consumer.session.timeout.ms=50000, DEFAULT_CONFIG:group.consumer.session.timeout.ms=45000}')
    shell.type('kafka-configs.sh --alter --entity-type groups --entity-name g-share --delete-config share.auto.offset.reset,consumer.session.timeout.ms')
    expect(shell.type('kafka-configs.sh --describe --group g-share').out).toEqual(['Dynamic configs for group g-share are:'])
  })
  test('refuses, in the words of GroupConfig', () => {
    expect(shellAt().shell.type(`${args} share.session.timeout.ms=1000`).err.at(-1)).toBe('java.util.concurrent.ExecutionException: org.apache.kafka.common.errors.InvalidConfigurationException: share.session.timeout.ms must be greater than or equal to group.share.min.session.timeout.ms')
  })
})

/** Records of the recordings: k1 and k2 stand in partition 1, k3 in partition 0. */
function filled(shell: Shell): void {
  shell.type('kafka-console-producer.sh --topic cli-orders --reader-property parse.key=true --reader-property key.separator=:', ['k1:v1', 'k2:v2', 'k3:v3', 'k1:v4', 'k2:v5'])
}
const grown = () => {
  const { at, shell } = shellAt({ groups: [{ id: 'g-cli', committed: { 'cli-orders/0': 0, 'cli-orders/1': 0, 'cli-orders/2': 0, 'cli-orders/3': 0 } }], topics: [{ ...cliOrders, replicas: [...cliOrders.replicas, [1, 2, 3]] }] })
  filled(shell)
  return { at, shell }
}

describe('records in and out', () => {
  test('the console tools', () => {
    const { shell } = grown()
    for (const command of [
      'kafka-console-consumer.sh --topic cli-orders --from-beginning --timeout-ms 6000',
      'kafka-console-consumer.sh --topic cli-orders --from-beginning --max-messages 3 --formatter-property print.timestamp=true --formatter-property print.partition=true --formatter-property print.offset=true --formatter-property print.key=true --formatter-property print.headers=true',
      'kafka-console-consumer.sh --topic cli-orders --partition 0 --offset 0 --timeout-ms 4000 --property print.key=true', 'kafka-console-consumer.sh --topic cli-orders --offset 3',
      'kafka-console-consumer.sh --topic cli-orders --partition 0 --offset -3', 'kafka-console-consumer.sh', 'kafka-console-producer.sh',
    ]) same(shell, command)
    expect(shell.type('kafka-console-producer.sh --topic cli-orders --reader-property parse.key=true', ['bad']).err[0]).toBe('org.apache.kafka.common.KafkaException: No key separator found on line number 1: \'bad\'')
  })
  test('offsets', () => {
    const { shell } = grown()
    for (const command of [
      'kafka-get-offsets.sh --topic cli-orders', 'kafka-get-offsets.sh --topic cli-orders --time -2', 'kafka-get-offsets.sh --topic cli-orders --time max-timestamp', 'kafka-get-offsets.sh --topic-partitions cli-orders:0-2',
      'kafka-get-offsets.sh --topic nope2', 'kafka-get-offsets.sh --topic cli-orders --time abc',
    ]) same(shell, command)
  })
  test('too few in sync: it tries three times more', () => {
    const { at, shell } = grown()
    at.act('crash', 'b1').run(20).act('crash', 'b3').run(20)
    const { err } = shell.type('kafka-console-producer.sh --topic cli-orders', ['x'])
    expect(err.map((line) => line.replace(/.*(WARN|ERROR) /, '$1 ').replace(/ on topic.*retrying/, ' retrying').replace(/ \(org.*/, ''))).toEqual([
      ...[2, 1, 0].map((left) => `WARN [Producer clientId=console-producer] Got error produce response retrying (${left} attempts left). Error: NOT_ENOUGH_REPLICAS`),
      'ERROR Error when sending message to topic cli-orders with key: null, value: 1 bytes with error:', 'org.apache.kafka.common.errors.NotEnoughReplicasException: Messages are rejected since there are fewer in-sync replicas than required.',
    ])
  })
})

describe('kafka-consumer-groups.sh', () => {
  test('an empty group', () => {
    const { shell } = grown()
    shell.type('kafka-consumer-groups.sh --reset-offsets --group g-cli --topic cli-orders --to-latest --execute')
    for (const command of [
      'kafka-consumer-groups.sh --list', 'kafka-consumer-groups.sh --list --state', 'kafka-consumer-groups.sh --list --type', 'kafka-consumer-groups.sh --describe --group g-cli', 'kafka-consumer-groups.sh --describe --group g-cli --members',
      'kafka-consumer-groups.sh --reset-offsets --group g-cli --topic cli-orders --to-earliest', 'kafka-consumer-groups.sh --describe --group nope', 'kafka-consumer-groups.sh', 'kafka-consumer-groups.sh --reset-offsets --group g-new --topic nope2 --to-earliest --execute',
    ]) same(shell, command)
    const state = masked(shell.type('kafka-consumer-groups.sh --describe --group g-cli --state'))
    expect(state.out.map((line) => line.replace(/b\d:9092 \(\d\)/, 'b3:9092 (3)'))).toEqual(recorded('kafka-consumer-groups.sh --describe --group g-cli --state').out)
    expect(shell.type('kafka-consumer-groups.sh --reset-offsets --group g-cli --topic cli-orders --to-offset 99 --execute').out.slice(2).map((line) => line.trim().split(/ +/).at(-1))).toEqual(['0', '0', '4', '1'])
  })
  test('a group that reads', () => {
    const topics = [{ ...cliOrders, replicas: [...cliOrders.replicas, [1, 2, 3]] }]
    const reader = (id: string, group: string, configs = {}) => ({ id, library: 'java' as const, group, topics: ['cli-orders'], bootstrap: ['b1'], configs })
    const { at, shell } = shellAt({ topics, consumers: [reader('c1', 'g-live', { 'enable.auto.commit': 'false' }), reader('m1', 'g-848', { 'group.protocol': 'consumer', 'auto.offset.reset': 'earliest' })] })
    filled(shell)
    at.start('c1', 'm1').run(20)
    for (const command of [
      'kafka-consumer-groups.sh --describe --group g-live', 'kafka-consumer-groups.sh --describe --group g-live --members --verbose',
      'kafka-consumer-groups.sh --describe --group g-848 --members --verbose', 'kafka-consumer-groups.sh --reset-offsets --group g-live --topic cli-orders --to-earliest --execute',
    ]) same(shell, command)
    // The recorded member had committed without leader epochs.
    const command = 'kafka-consumer-groups.sh --describe --group g-848 --verbose'
    const { out, err } = masked(shell.type(command))
    expect({ out: out.map((line) => line.replace(/^(g-848 +cli-orders +\d +)0/, '$1-')), err }).toEqual(recorded(command))
  })
})

describe('groups that are taken away, and offsets', () => {
  test('of a consumer group', () => {
    const { shell } = grown()
    shell.type('kafka-consumer-groups.sh --reset-offsets --group g-cli --topic cli-orders --to-latest --execute')
    same(shell, 'kafka-consumer-groups.sh --reset-offsets --group g-cli --topic cli-orders:0 --to-offset 99 --execute')
    same(shell, 'kafka-consumer-groups.sh --delete-offsets --group g-cli --topic cli-orders')
    expect(shell.type('kafka-consumer-groups.sh --describe --group g-cli').out.slice(2)).toEqual([])
    for (const command of ['kafka-consumer-groups.sh --delete --group g-cli', 'kafka-consumer-groups.sh --delete --group nope']) same(shell, command)
    expect(shell.type('kafka-consumer-groups.sh --list').out).toEqual([])
  })
  test('a group that reads is not deleted, nor its offsets', () => {
    const { at, shell } = shellAt({ topics: [{ ...cliOrders, replicas: [...cliOrders.replicas, [1, 2, 3]] }], consumers: [{ id: 'c1', library: 'java', group: 'g-live', topics: ['cli-orders'], bootstrap: ['b1'], configs: {} }] })
    at.start('c1').run(10)
    same(shell, 'kafka-consumer-groups.sh --delete --group g-live')
    expect(shell.type('kafka-consumer-groups.sh --delete-offsets --group g-live --topic cli-orders').out).toEqual([
      '', 'Error: Encountered some partition-level error, see the follow-up details.', '', 'TOPIC           PARTITION  STATUS         ',
      ...[0, 1, 2, 3].map((p) => `cli-orders      ${p}          Error: org.apache.kafka.common.errors.GroupSubscribedToTopicException: Deleting offsets of a topic is forbidden while the consumer group is actively subscribed to it.`),
    ])
  })
  // OffsetMetadataManager#cleanupExpiredOffsets
  test('what has expired is not listed any more, and stands in the log as tombstones', () => {
    const { at, shell } = shellAt({
      topics: [{ name: 't', replicas: [[1, 2, 3]], config: {} }], overrides: { 'offsets.topic.num.partitions': 1, 'offsets.retention.minutes': 1, 'offsets.retention.check.interval.ms': 1000 },
      consumers: [{ id: 'c1', library: 'java', group: 'g', topics: ['t'], bootstrap: ['b1'], configs: { 'auto.offset.reset': 'earliest' } }],
    })
    at.start('c1').run(12).act('stop', 'c1').run(30)
    expect(shell.type('kafka-consumer-groups.sh --describe --group g').out[2]).toMatch(/^g +t +0 +0 +0 +0 /)
    at.run(35)
    expect(shell.type('kafka-consumer-groups.sh --describe --group g').out).toEqual(['', 'Error: Executing consumer group command failed due to org.apache.kafka.common.errors.GroupIdNotFoundException: Group g not found.'])
    expect(shell.type('kafka-consumer-groups.sh --list').out).toEqual([])
    const dumped = shell.type('kafka-dump-log.sh --files /var/kafka/b1/__consumer_offsets-0/00000000000000000000.log --print-data-log').out
    expect(dumped.slice(-2)).toEqual([expect.stringMatching(/valueSize: -1 sequence: -?\d headerKeys: \[\] key: g t\/0$/), expect.stringMatching(/valueSize: -1 sequence: -?\d headerKeys: \[\] key: group g$/)])
    const configs = shell.type('kafka-configs.sh --describe --entity-type brokers --entity-name 1 --all').out.join('\n')
    expect(configs).toMatch(/offsets\.retention\.minutes=1 /)
    expect(configs).toMatch(/offsets\.retention\.check\.interval\.ms=1000 /)
  })
  test('of offsets each partition has an answer of its own', () => {
    // One group, one topic and one partition would not tell them apart.
    const { at, shell } = shellAt({
      topics: [{ name: 't', replicas: [[1, 2, 3], [2, 3, 1]], config: {} }, { name: 'u', replicas: [[3, 1, 2]], config: {} }],
      consumers: [{ id: 'c1', library: 'java', group: 'g', topics: ['t'], bootstrap: ['b1'], configs: {} }],
    })
    shell.type('kafka-consumer-groups.sh --reset-offsets --group g --topic u --to-earliest --execute')
    at.start('c1').run(10)
    expect(shell.type('kafka-consumer-groups.sh --describe --group g').out.filter((line) => line.includes(' u '))).toHaveLength(1)
    same(shell, 'kafka-consumer-groups.sh --delete-offsets --group g --topic t --topic u')
    expect(shell.type('kafka-consumer-groups.sh --describe --group g').out.filter((line) => line.includes(' u '))).toEqual([])
    for (const asked of ['--group g --topic t:0,7 --topic nix', '--group g --topic u:0,7 --topic nix', '--group g --topic nix', '--group nope --topic t']) same(shell, `kafka-consumer-groups.sh --delete-offsets ${asked}`)
  })
  test('every way to reset, and what is only planned', () => {
    const { at, shell } = grown()
    const plan = (how: string): readonly string[] => shell.type(`kafka-consumer-groups.sh --reset-offsets --group g-cli --topic cli-orders:0,1 ${how} --dry-run`).out.slice(2).map((line) => line.trim().split(/ +/).slice(2).join(':')).toSorted()
    shell.type('kafka-consumer-groups.sh --reset-offsets --group g-cli --topic cli-orders --to-earliest --execute')
    const before = at.now / 1000
    at.run(10)
    shell.type('kafka-console-producer.sh --topic cli-orders --reader-property parse.key=true --reader-property key.separator=:', ['k1:v6'])
    const date = new Date(1_767_225_600_000 + before).toISOString()
    expect([plan('--to-earliest'), plan('--to-latest'), plan('--to-current'), plan('--shift-by 1'), plan('--by-duration PT5S'), plan(`--to-datetime ${date}`)])
      .toEqual([['0:0', '1:0'], ['0:1', '1:5'], ['0:0', '1:0'], ['0:1', '1:1'], ['0:1', '1:4'], ['0:1', '1:4']])
    expect(shell.type('kafka-consumer-groups.sh --reset-offsets --group g-cli --topic cli-orders:1 --to-latest --export').out).toEqual(['cli-orders,1,5'])
    shell.type('echo "cli-orders,1,3" > plan.csv')
    expect(shell.type('kafka-consumer-groups.sh --reset-offsets --group g-cli --from-file plan.csv --execute').out.at(-1)!.split(/ +/).at(-1)).toBe('3')
    expect(shell.type('kafka-consumer-groups.sh --reset-offsets --group fresh --topic cli-orders:1 --shift-by 1 --execute').out[1]).toMatch(/Cannot shift offset for partition cli-orders-1 since there is no current committed offset$/)
  })
})

describe('kafka-share-groups.sh', () => {
  const member = (id: string) => ({ id, library: 'java' as const, group: 'g-share', topics: ['cli-orders'], bootstrap: ['b1'], configs: {} })
  const shared = () => {
    const { at, shell } = shellAt({ topics: [{ ...cliOrders, replicas: [...cliOrders.replicas, [1, 2, 3]] }], shareConsumers: [member('console-share-consumer')], groups: [{ id: 'g-share', committed: {}, config: { 'share.auto.offset.reset': 'earliest' } }] })
    filled(shell)
    at.start('console-share-consumer').run(12)
    return { at, shell }
  }
  const shape = ({ out, err }: Pick<Printed, 'out' | 'err'>) => ({ err, out: out.map((line) => line.replaceAll(/\b\d+\b/g, 'N').replaceAll(/ +/g, ' ').replace(/\/(HOST|192\.N\.N\.N|console-share-consumer) /, '/HOST ').replace(/(bN|b\d|N\.N\.N\.N):N/, 'b').trim()) })
  const alike = (shell: Shell, command: string, run = 0): void => expect(shape(masked(shell.type(command))), command).toEqual(shape(recorded(command, run)))
  test('a group that reads', () => {
    const { shell } = shared()
    same(shell, 'kafka-share-groups.sh --list')
    same(shell, 'kafka-share-groups.sh --list --state')
    alike(shell, 'kafka-share-groups.sh --describe --group g-share --members --verbose')
    alike(shell, 'kafka-share-groups.sh --describe --group g-share --state')
    const columns = (lines: readonly string[]) => lines.map((line) => line.replaceAll(/ [-\d]+( *)/g, (found) => ' '.repeat(found.length)))
    const [blank, head, first] = shell.type('kafka-share-groups.sh --describe --group g-share').out
    expect(columns([blank!, head!, first!])).toEqual(columns(recorded('kafka-share-groups.sh --describe --group g-share').out.slice(0, 3)))
    expect(shell.type('kafka-share-groups.sh --describe --group g-share').out.slice(2).map((line) => line.split(/ +/).slice(2).join(' '))).toEqual(['0 0 0', '1 0 0', '2 - -', '3 - -'])
    expect(shell.type('kafka-consumer-groups.sh --list').out).toEqual([])
    for (const command of ['kafka-share-groups.sh --describe --group nope', 'kafka-share-groups.sh --delete --group g-share', 'kafka-share-groups.sh']) same(shell, command, command.includes('--delete') ? 1 : 0)
    same(shell, 'kafka-share-groups.sh --reset-offsets --group g-share --topic cli-orders --to-earliest --execute', 1)
  })
  test('an empty one begins again where it is told to, and is deleted', () => {
    const { at, shell } = shared()
    at.tell('console-share-consumer', { type: 'close' }).run(2)
    same(shell, 'kafka-share-groups.sh --reset-offsets --group g-share --topic cli-orders --to-earliest --execute')
    expect(shell.type('kafka-share-groups.sh --describe --group g-share').out.slice(2).map((line) => line.split(/ +/).slice(2).join(' '))).toEqual(['0 0 1', '1 0 4', '2 0 0', '3 0 0'])
    const handled = (): number => (at.sim.world.nodes.get('console-share-consumer')!.state as unknown as { notebook: { handled: { length: number } } }).notebook.handled.length
    const before = handled()
    at.start('console-share-consumer').run(12)
    expect(handled()).toBe(before + 5)
    at.tell('console-share-consumer', { type: 'close' }).run(2)
    expect(shell.type('kafka-share-groups.sh --delete-offsets --group g-share --topic cli-orders').out).toEqual(['Request succeeded for deleting offsets from group g-share.', '', 'TOPIC           STATUS', 'cli-orders      Successful'])
    same(shell, 'kafka-share-groups.sh --delete --group g-share')
    expect(shell.type('kafka-share-groups.sh --list').out).toEqual([])
  })
})

describe('moving leaders and replicas', () => {
  test('kafka-leader-election.sh', () => {
    const { at, shell } = shellAt()
    const command = 'kafka-leader-election.sh --election-type preferred --topic cli-orders --partition 0'
    at.act('crash', 'b1').run(20)
    expect(masked(shell.type(command))).toEqual(recorded(command, 2))
    at.act('restart', 'b1').run(20)
    same(shell, command, 0)
    same(shell, command, 1)
    for (const other of ['kafka-leader-election.sh --election-type preferred --topic nope2 --partition 0', 'kafka-leader-election.sh --election-type preferred', 'kafka-leader-election.sh --election-type foo --all-topic-partitions']) {
      const { out, err } = masked(shell.type(other))
      expect({ out, err: err.filter((line) => line !== '') }, other).toEqual({ ...recorded(other), err: recorded(other).err.filter((line) => line !== '') })
    }
  })
  test('kafka-reassign-partitions.sh --generate', () => {
    const { shell } = shellAt()
    shell.type('echo \'{"version":1,"topics":[{"topic":"cli-orders"}]}\' > topics.json')
    const printed = shell.type('kafka-reassign-partitions.sh --generate --topics-to-move-json-file topics.json --broker-list 1,2,3').out
    const told = recorded('kafka-reassign-partitions.sh --generate --topics-to-move-json-file topics.json --broker-list 1,2,3').out
    expect([printed[0], printed[2], printed[3]]).toEqual([told[0], told[2], told[3]])
    // The recording is cut; what it has of the present placement is the same.
    expect(printed[1]!.slice(0, 200)).toBe(told[1]!.slice(0, 200))
    const { partitions } = JSON.parse(printed[4]!) as { partitions: { replicas: number[]; log_dirs: string[] }[] }
    expect(partitions.map(({ replicas, log_dirs: dirs }) => [replicas.toSorted((a, b) => a - b), dirs])).toEqual(Array.from({ length: 3 }, () => [[1, 2, 3], ['any', 'any', 'any']]))
    expect(new Set(partitions.map(({ replicas }) => replicas[0])).size).toBe(3)
  })
  test('kafka-reassign-partitions.sh', () => {
    const { shell } = shellAt({ topics: [{ name: 'cli-big', replicas: [[1, 2]], config: {} }] })
    same(shell, 'kafka-reassign-partitions.sh --list', 1)
    shell.type('echo \'{"version":1,"partitions":[{"topic":"cli-big","partition":0,"replicas":[2,3]}]}\' > big.json')
    shell.type('echo \'{"version":1,"partitions":[{"topic":"cli-big","partition":0,"replicas":[2,9]}]}\' > bad.json')
    same(shell, 'kafka-reassign-partitions.sh --execute --reassignment-json-file bad.json')
    same(shell, 'kafka-reassign-partitions.sh --execute --reassignment-json-file big.json --throttle 500000')
    same(shell, 'kafka-reassign-partitions.sh')
    same(shell, 'kafka-reassign-partitions.sh --execute')
  })
})

describe('kafka-metadata-quorum.sh', () => {
  test('refuses', () => {
    const { shell } = shellAt()
    same(shell, 'kafka-metadata-quorum.sh describe')
    same(shell, 'kafka-metadata-quorum.sh')
  })
  test('has the recorded columns', () => {
    const { shell } = shellAt()
    const labels = (lines: readonly string[]) => lines.map((line) => line.slice(0, 24))
    expect(labels(shell.type('kafka-metadata-quorum.sh describe --status').out)).toEqual(labels(recorded('kafka-metadata-quorum.sh describe --status').out))
    const columns = (lines: readonly string[]) => lines.map((line) => line.split('\t').map((cell, i) => (i === 0 || i === 6 ? cell.trim() : i < 3 ? '' : cell.length)).join(' '))
    const { out } = shell.type('kafka-metadata-quorum.sh describe --replication')
    expect(columns(out).toSorted()).toEqual(columns(recorded('kafka-metadata-quorum.sh describe --replication').out).toSorted())
  })
})

describe('transactions, and what they leave in a log', () => {
  const told = (lines: readonly string[]) => lines.map((line) => line.replace(/producerId: \d+/, 'producerId: ID').replace(/coordinatorEpoch: \d+/, 'coordinatorEpoch: N'))
  const written = () => {
    const { at, shell } = shellAt({
      topics: [{ name: 'cli-txn', replicas: [[1, 2, 3]], config: {} }], producers: [{ id: 't1', library: 'java', topic: 'cli-txn', bootstrap: ['b1'], transactional: true, configs: { 'transactional.id': 't1', 'delivery.timeout.ms': 120_000 } }],
    })
    at.start('t1').run(5)
    for (const [key, value, end] of [['a', '1', 'commit'], ['b', '2', 'abort'], ['c', '3', undefined]] as const) {
      at.tell('t1', { type: 'transaction', api: 'beginTransaction' } as { type: string }).send('t1', { key, value }).run(1)
      if (end !== undefined) at.tell('t1', { type: 'transaction', api: `${end}Transaction` } as { type: string }).run(1)
    }
    return { at, shell }
  }
  test('an open one', () => {
    const { at, shell } = written()
    expect(shell.type('kafka-transactions.sh list').out.map((line) => line.replace(/\d+/g, 'N').replaceAll(/ +/g, ' '))).toEqual(recorded('kafka-transactions.sh list').out.map((line) => line.replace(/\d+/g, 'N').replaceAll(/ +/g, ' ')))
    expect(shell.type('kafka-transactions.sh describe-producers --topic cli-txn --partition 0').out[1]!.split('\t').map((cell) => cell.trim()).slice(5, 6)).toEqual(['4'])
    same(shell, 'kafka-transactions.sh find-hanging --broker-id 1')
    same(shell, 'kafka-transactions.sh describe --transactional-id nope')
    same(shell, 'kafka-transactions.sh')
    same(shell, 'kafka-console-consumer.sh --topic cli-txn --partition 0 --offset earliest --isolation-level read_committed --timeout-ms 4000')
    at.tell('t1', { type: 'transaction', api: 'commitTransaction' } as { type: string }).run(1)
  })
  // TransactionsCommand#AbortTransactionCommand, KIP-664: "aborting hanging transactions".
  test('abort: a marker for one partition, past the coordinator; readers of what is committed go on', () => {
    const { at, shell } = written()
    expect(shell.type('kafka-transactions.sh abort --topic cli-txn --partition 0').err).toEqual(['The transaction to abort must be identified either with --start-offset (for brokers on 3.0 or above) or with --producer-id, --producer-epoch, and --coordinator-epoch (for older brokers)'])
    expect(shell.type('kafka-transactions.sh abort --topic cli-txn --partition 0 --start-offset 3').err).toEqual(['Could not find any open transactions starting at offset 3 on partition cli-txn-0'])
    expect(shell.type('kafka-transactions.sh abort --topic cli-txn --partition 0 --producer-id 0').err).toEqual(['Missing required argument --producer-epoch'])
    expect(shell.type('kafka-transactions.sh abort --topic cli-txn --partition 0 --producer-id 0 --producer-epoch 0 --coordinator-epoch 0').err[0]).toMatch(/^Failed to abort transaction AbortTransactionSpec\(topicPartition=cli-txn-0, producerId=0, producerEpoch=0, coordinatorEpoch=0\): Producer attempted to produce with an old epoch/)
    expect(at.replica(1, 'cli-txn/0').log.transactions.open).toHaveLength(1)
    expect(shell.type('kafka-transactions.sh abort --topic cli-txn --partition 0 --start-offset 4')).toMatchObject({ out: [], err: [] })
    expect(at.replica(1, 'cli-txn/0').log.transactions.open).toEqual([])
    expect(at.facts('marker.written').at(-1)).toMatchObject({ txn: '', outcome: 'abort', offset: 5 })
    expect(shell.type('kafka-transactions.sh list').out.at(-1)).toMatch(/Ongoing/)
  })
  test('kafka-dump-log.sh: a commit, an abort, a commit, byte for byte', () => {
    const { at, shell } = written()
    at.tell('t1', { type: 'transaction', api: 'commitTransaction' } as { type: string }).run(1)
    for (const command of ['kafka-dump-log.sh --files /var/kafka/b1/cli-txn-0/00000000000000000000.log --print-data-log', 'kafka-dump-log.sh --files /var/kafka/b1/cli-txn-0/00000000000000000000.txnindex']) {
      expect(told(masked(shell.type(command)).out), command).toEqual(told(recorded(command).out))
    }
  })
})
