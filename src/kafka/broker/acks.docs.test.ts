/** What Kafka's documentation says of acks, held against a cluster that runs. */
import { describe, expect, test } from 'vitest'
import { MILLISECOND as MS } from '../../base/units.ts'
import type { ProduceRequest, ProduceResponse } from '../protocol/produce.ts'
import { orders, someBatch, TestCluster } from '../testing.ts'

const HOP = 5 * MS
const request = (acks: 0 | 1 | -1, more: { readonly timeoutMs?: number; readonly sequence?: number; readonly partition?: string } = {}): ProduceRequest => ({
  type: 'ProduceRequest', clientId: 'probe', acks, timeoutMs: more.timeoutMs ?? 30_000,
  partitions: [{ partition: more.partition ?? 'orders/0', batch: someBatch(1, more.sequence === undefined ? {} : { producerId: 9, producerEpoch: 0, baseSequence: more.sequence }) }],
})
/** The probe is connected to b1, and everything has come to rest. */
function ready(cluster = new TestCluster()): TestCluster {
  return cluster.ask('b1', { type: 'MetadataRequest', clientId: 'probe', topics: [] } as { type: string }).runTo(1)
}
/** Answers to produces: when they came after `since` seconds, in hops, and what they said. */
const produced = (cluster: TestCluster) => cluster.answers.filter(({ message }) => message.type === 'ProduceResponse').map(({ at, message }) => ({ at, ...(message as ProduceResponse).partitions[0]! }))

describe('acks', () => {
  // Kafka docs 4.x, acks: "acks=0: If set to zero then the producer will not wait for any acknowledgment from the server at all."
  test('0: appended, and nobody is answered', () => {
    const cluster = ready().ask('b1', request(0)).ask('b1', request(0)).run(1)
    expect(cluster.replica(1).log.endOffset).toBe(2)
    expect(produced(cluster)).toEqual([])
  })

  // REP-17; KafkaApis#sendNoOpResponseExemptThrottle: with acks=0 an error closes the connection.
  test('0: an error closes the connection, and what was sent behind it is not read', () => {
    const cluster = ready().ask('b1', request(0, { partition: 'orders/7' })).ask('b1', request(0)).run(1)
    expect(cluster.answers.at(-1)).toMatchObject({ from: 'b1', message: { type: 'reset' } })
    expect(cluster.replica(1).log.endOffset).toBe(0)
  })

  // Kafka docs 4.x, acks: "acks=1: This will mean the leader will write the record to its local log but will respond without
  // awaiting full acknowledgement from all followers."
  test('1: answered as soon as the leader has it', () => {
    const cluster = ready()
    const begin = cluster.now
    cluster.ask('b1', request(1)).run(1)
    expect(produced(cluster)).toMatchObject([{ at: begin + 2 * HOP, error: 'NONE', baseOffset: 0 }])
  })

  // Kafka docs 4.x, acks: "acks=all: This means the leader will wait for the full set of in-sync replicas to acknowledge the record."
  test('all: answered when the followers have asked for what comes after it', () => {
    const cluster = ready()
    const begin = cluster.now
    cluster.ask('b1', request(-1)).run(1)
    expect(produced(cluster)).toMatchObject([{ at: begin + 4 * HOP, error: 'NONE', baseOffset: 0 }])
    expect(cluster.facts('request.parked')).toEqual([{ code: 'request.parked', node: 'b1', api: 'Produce', client: 'probe', partition: 'orders/0' }])
  })

  // Would teach something wrong: "min.insync.replicas counts acks". It gates on the size of the ISR; acks=all waits for all of it.
  test('all: waits for every member of the ISR, not for min.insync.replicas of them', () => {
    const cluster = ready().stallFetch('b3').run(1).ask('b1', request(-1)).run(10)
    expect(cluster.replica(2).log.endOffset).toBe(1)
    expect(produced(cluster)).toEqual([])
  })
})

describe('acks=all that cannot be', () => {
  const short = () => ready().act('crash', 'b2', 'b3').run(25)

  // Kafka docs 4.x, min.insync.replicas: "If this minimum cannot be met, then the producer will raise an exception (either
  // NotEnoughReplicas or NotEnoughReplicasAfterAppend)." REP-16
  test('with too small an ISR it is refused before it is written; acks=1 is not', () => {
    const cluster = short().ask('b1', request(-1)).ask('b1', request(1)).run(1)
    expect(produced(cluster)).toMatchObject([{ error: 'NOT_ENOUGH_REPLICAS', baseOffset: -1 }, { error: 'NONE', baseOffset: 0 }])
    expect(cluster.replica(1)).toMatchObject({ highWatermark: 0, log: { endOffset: 1 } })
  })

  // REP-16: "HW freezes and the request ends with REQUEST_TIMED_OUT(7) ...; the data stays in the log and may commit later."
  test('when a follower hangs it times out, and is committed all the same in the end', () => {
    const cluster = ready(new TestCluster({ overrides: { 'replica.lag.time.max.ms': 100_000 } })).stallFetch('b3').run(1)
    const begin = cluster.now
    cluster.ask('b1', request(-1, { sequence: 0 })).run(31)
    expect(produced(cluster)).toMatchObject([{ at: begin + 2 * HOP + 30_000 * MS, error: 'REQUEST_TIMED_OUT', baseOffset: -1 }])
    expect(cluster.replica(1)).toMatchObject({ highWatermark: 0, log: { endOffset: 1 } })
    cluster.tell('b3', { type: 'resumeFetch' }).ask('b1', request(-1, { sequence: 0 })).run(1)
    expect(cluster.replica(1)).toMatchObject({ highWatermark: 1, log: { endOffset: 1 } })
    expect(produced(cluster)[1]).toMatchObject({ error: 'NONE', baseOffset: 0 })
    expect(cluster.facts('duplicate.refused')).toEqual([{ code: 'duplicate.refused', partition: 'orders/0', node: 'b1', producer: 'test', sequence: 0, offset: 0 }])
  })

  // REP-16: "If leadership moves: NOT_LEADER_OR_FOLLOWER(6)." INV-R18. Produce v10 (KIP-951) names the new leader with it.
  test('when leadership moves away it fails with NOT_LEADER_OR_FOLLOWER and the new leader\'s name', () => {
    const cluster = ready().stallFetch('b3').run(1).ask('b1', request(-1)).run(1)
    expect(produced(cluster)).toEqual([])
    cluster.act('stop', 'b1').run(1)
    expect(produced(cluster)).toMatchObject([{ error: 'NOT_LEADER_OR_FOLLOWER', baseOffset: -1, currentLeader: { leaderId: 2, leaderEpoch: 1 } }])
  })

  // NET-1: "their broker-side timeouts start only when they are read".
  test('what is pipelined behind one that waits is read after it: its own time begins then', () => {
    const cluster = ready(new TestCluster({ overrides: { 'replica.lag.time.max.ms': 100_000 } })).stallFetch('b3').run(1)
    const begin = cluster.now
    cluster.ask('b1', request(-1, { timeoutMs: 2_000 })).ask('b1', request(-1, { timeoutMs: 2_000 })).run(1)
    expect(cluster.replica(1).log.endOffset).toBe(1)
    cluster.run(9)
    expect(produced(cluster).map(({ at, error }) => [(at - begin) / MS, error])).toEqual([[2_010, 'REQUEST_TIMED_OUT'], [4_010, 'REQUEST_TIMED_OUT']])
    expect(cluster.replica(1).log.endOffset).toBe(2)
  })
})

describe('who does not lead', () => {
  test('a follower says so, and says who does', () => {
    const cluster = new TestCluster().ask('b2', request(-1)).run(1)
    expect(produced(cluster)).toMatchObject([{ error: 'NOT_LEADER_OR_FOLLOWER', currentLeader: { leaderId: 1, leaderEpoch: 0 } }])
  })
  test('a broker without a replica of it knows the leader too', () => {
    const cluster = new TestCluster({ topics: [orders({}, [[1, 2]])] }).ask('b3', request(-1)).run(1)
    expect(produced(cluster)).toMatchObject([{ error: 'NOT_LEADER_OR_FOLLOWER', currentLeader: { leaderId: 1, leaderEpoch: 0 } }])
  })
  test('a partition that nobody has heard of', () => {
    const cluster = new TestCluster().ask('b1', request(-1, { partition: 'orders/7' })).run(1)
    expect(produced(cluster)).toMatchObject([{ error: 'UNKNOWN_TOPIC_OR_PARTITION' }])
  })
})
