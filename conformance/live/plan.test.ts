import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/scenario/compile.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import type { Scenario } from '../../src/scenario/types.ts'
import { aloneOf, clientPlans, SHARED } from './clients.ts'
import { canMount, imageOf } from './disks.ts'
import type { Host } from './host.ts'
import { featuresText, nodeConfigs, propertiesText } from './node-config.ts'
import { adminRequest, recordOf, spoiling } from './perform.ts'
import { ALL_MEANS, obstacles } from './runnable.ts'

const folder = join(import.meta.dirname, '..', '..', 'scenarios', 'laboratory')
const scenarioOf = (file: string): Scenario => parseScenario(readFileSync(join(folder, `${file}.yaml`), 'utf8')).scenario!
const place = { base: '/run/kafka', isolated: true, addressOf: (name: string) => `at-${name}`, hostOf: (name: string) => `at-${name}` }

describe('the nodes', () => {
  test('as many as the file has, each with the configs of the file', () => {
    const spec = compile(scenarioOf('s05-retention-size'))
    const nodes = nodeConfigs(spec, place)
    expect(nodes.map(({ name, id }) => `${name}=${id}`)).toEqual(['k1=101', 'k2=102', 'k3=103', 'b1=1', 'b2=2', 'b3=3'])
    for (const { properties } of nodes) {
      expect(properties['log.retention.check.interval.ms']).toBe('1000')
      expect(properties['controller.quorum.voters']).toBe('101@at-k1:9093,102@at-k2:9093,103@at-k3:9093')
    }
    expect(nodes[3]!.properties['broker.rack']).toBe('r1')
  })

  test('a combined cluster has one process for both', () => {
    const nodes = nodeConfigs(compile(scenarioOf('s25b-combined-crash')), place)
    expect(nodes.map(({ name, properties }) => `${name} ${properties['process.roles']}`)).toEqual(['b1 broker,controller', 'b2 broker,controller', 'b3 broker,controller'])
  })

  test('a path of a file is one of that broker', () => {
    const node = nodeConfigs(compile(scenarioOf('s24c-metadata-directory')), place).find(({ name }) => name === 'b3')!
    expect(node.logDirs).toEqual(['/run/kafka/b3/data-0', '/run/kafka/b3/data-1'])
    expect(node.metadataDir).toBe('/run/kafka/b3/data-0')
  })

  test('features and properties as the tools read them', () => {
    expect(featuresText({})).toBe('-')
    expect(featuresText(compile(scenarioOf('s13b-without-elr')).features)).toBe('eligible.leader.replicas.version=0')
    expect(propertiesText({ 'a.b': '1', path: '\\x' })).toBe('a.b=1\npath=\\\\x\n')
  })
})

describe('the clients', () => {
  test('who is crashed, frozen or listened to lives alone', () => {
    expect([...aloneOf(scenarioOf('s27-classic-group'))]).toEqual(['C'])
    expect([...aloneOf(scenarioOf('s35-lost-response'))]).toEqual(['p'])
    expect([...aloneOf(scenarioOf('s14-leader-crash'))]).toEqual([])
  })

  test('what the simulator fills in the official client is told', () => {
    const plans = clientPlans(compile(scenarioOf('s14-leader-crash')), scenarioOf('s14-leader-crash'), (name) => `${name}:9092`)
    const [producer, consumer] = plans
    expect(producer).toMatchObject({ id: 'p', kind: 'producer', machine: SHARED, acks: -1, spec: { everyMicros: 50_000, bootstrap: 'b1:9092,b2:9092,b3:9092' } })
    expect(consumer).toMatchObject({ kind: 'consumer', spec: { config: { 'group.id': 'g', 'auto.offset.reset': 'earliest' }, topics: ['t'] } })
  })

  test('one whose application commits does nothing of it by itself', () => {
    const plans = clientPlans(compile(scenarioOf('s31-max-poll-interval')), scenarioOf('s31-max-poll-interval'), (name) => name).filter(({ kind }) => kind === 'consumer')
    expect(plans.map(({ id, spec }) => [id, (spec['config'] as Record<string, string>)['enable.auto.commit']])).toEqual([['A', 'false'], ['B', undefined]])
  })

  test('one that hands its records to a worker thread commits by itself, and no task of that ends it', () => {
    const lesson = scenarioOf('../lessons/before-or-after')
    const plans = clientPlans(compile(lesson), lesson, (name) => name).filter(({ kind }) => kind === 'consumer')
    expect(plans.map(({ id, spec }) => [id, spec['threads'], spec['onPoison'], (spec['config'] as Record<string, string>)['enable.auto.commit']])).toEqual([
      ['w1', undefined, undefined, 'false'], ['w2', undefined, undefined, 'false'], ['w3', undefined, undefined, undefined], ['w4', true, 'skip', undefined],
    ])
    expect(obstacles(lesson, ALL_MEANS)).toEqual([])
  })

  test('one that reads and writes commits with its turns', () => {
    const plan = clientPlans(compile(scenarioOf('s39-exactly-once')), scenarioOf('s39-exactly-once'), (name) => name).find(({ id }) => id === 'C')!
    expect(plan).toMatchObject({ kind: 'turns', machine: 'C', spec: { topic: 'dst', reads: { config: { 'enable.auto.commit': 'false', 'max.poll.records': '25' }, processMs: 20 } } })
  })
})

describe('actions', () => {
  test('an admin action is what Kafka is asked', () => {
    expect(adminRequest({ reassign: { partition: 't/0', to: ['b2', 'b3'] } })).toMatchObject({ type: 'reassign', to: [2, 3], cancel: false })
    expect(adminRequest({ createTopic: { name: 'n', replicas: { '1': ['b2'], '0': ['b1'] } } })).toMatchObject({ replicas: [[1], [2]] })
    expect(adminRequest({ deleteRecords: { partition: 't/0', before: 'hw' } })).toMatchObject({ before: -1 })
    expect(adminRequest({ config: { broker: 'b2', set: { a: 1 } } })).toMatchObject({ kind: 'BROKER', name: '2', set: { a: '1' } })
    expect(adminRequest({ abortTransaction: { partition: 't/0', producerId: 7, epoch: 1 } })).toEqual({ type: 'abortTransaction', partition: 't/0', producerId: 7, epoch: 1 })
    expect(adminRequest({ config: { client: 'p', set: { a: 1 } } })).toBeUndefined()
    expect(adminRequest({ crash: 'b1' })).toBeUndefined()
  })

  test('a record says no more than the file does', () => {
    expect(recordOf({})).toEqual({})
    expect(recordOf({ value: null, timestamp: 5 })).toEqual({ value: null, timestamp: 5 })
    const now = Date.now()
    const { timestamp } = recordOf({ timestamp: '-8d' }) as { timestamp: number }
    expect(Math.abs(now - 8 * 86_400_000 - timestamp)).toBeLessThan(5_000)
  })

  test('what is spoiled lies in the active segment, or where the batch is', () => {
    const replica = { bases: [0, 10], batches: [{ base: 3, last: 4, position: 200, bytes: 80 }, { base: 12, last: 12, position: 100, bytes: 70 }] }
    expect(spoiling(replica, 10, undefined)).toEqual({ segment: 10, cut: 10, flip: undefined })
    expect(spoiling(replica, undefined, 4)).toMatchObject({ segment: 0, flip: 279 })
    expect(spoiling(replica, undefined, 99)).toBeUndefined()
  })
})

describe('what cannot be run', () => {
  const all = readdirSync(folder).filter((file) => file.endsWith('.yaml')).map((file) => scenarioOf(file.replace('.yaml', '')))

  test('most experiments can, where the machine lets us', () => {
    const stuck = all.filter((scenario) => obstacles(scenario, ALL_MEANS).length > 0).map(({ id }) => id)
    expect(stuck).toEqual(['s22-reassignment', 's22b-cancelled'])
  })

  test('a toy is not Kafka', () => {
    const beside = { ...all[0]!, toys: [{ id: 'hub', kind: 'pushBroker' as const, senders: [{ id: 'feed', rate: '1/s' }], readers: [{ id: 'r1', inbox: 1 }], whenFull: 'drop' as const }] }
    expect(obstacles(beside, ALL_MEANS)).toEqual(['a toy is not Kafka'])
  })

  test('a side effect happens outside of Kafka', () => {
    const beside = { ...all[0]!, apps: [{ id: 'mail', of: ['c1'], effect: 'email' as const }] }
    expect(obstacles(beside, ALL_MEANS)).toEqual(['a side effect happens outside of Kafka'])
  })

  test('without namespaces links are cut all the same; disks of its own nobody gets there', () => {
    const disks = (scenario: Scenario): boolean => scenario.steps!.some(({ do: items = [] }) => items.some(({ failDisk, fillDisk }) => (failDisk ?? fillDisk) !== undefined))
    expect(all.filter((scenario) => obstacles(scenario, { resets: true, disks: false }).some((reason) => reason.startsWith('disks:')))).toEqual(all.filter(disks))
    expect(all.some(disks)).toBe(true)
    expect(canMount({ ...refusing, isolated: false })).toBe(false)
  })

  test('where routing drops what comes in, there is no reset', () => {
    const refuses = ({ steps = [] }: Scenario): boolean => steps.some(({ do: items = [] }) => items.some(({ cut }) => cut?.reset === true))
    expect(all.filter((scenario) => obstacles(scenario, { resets: false, disks: true }).some((reason) => reason.startsWith('cut:')))).toEqual(all.filter(refuses))
  })

  test('the image of a disk lies where all of the cluster’s files do', () => {
    expect(imageOf('/run/kafka', '/run/kafka/b3/data-0', 2)).toBe('/run/kafka/b3_data-0.2.img')
    expect(imageOf('/tmp/run/x', '/tmp/run/x/b3/data-0', 1)).toBe('/tmp/run/x/b3_data-0.1.img')
  })
})

/** Nothing may be run on it. */
const unasked = (): never => {
  throw new Error('it was asked')
}
const refusing: Host = { isolated: true, base: '/run/kafka', run: unasked, runIn: unasked, start: unasked, processOf: unasked, signal: unasked, outside: unasked, close: unasked }
