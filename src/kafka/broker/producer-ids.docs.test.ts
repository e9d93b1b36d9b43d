/** What KIP-730 says of producer ids, held against a cluster that runs. */
import { describe, expect, test } from 'vitest'
import '../whole.ts'
import type { InitProducerIdRequest, InitProducerIdResponse } from '../protocol/produce.ts'
import { imageOf, recordsOf } from '../metadata/snapshot.ts'
import { TestCluster } from '../testing.ts'

const request: InitProducerIdRequest = { type: 'InitProducerIdRequest', clientId: 'probe' }
const ask = (cluster: TestCluster, broker: string, times = 1): TestCluster => {
  for (let i = 0; i < times; i++) cluster.ask(broker, request)
  return cluster.run(1)
}
const answers = (cluster: TestCluster) => cluster.answers.flatMap(({ message }) => (message.type === 'InitProducerIdResponse' ? [message as InitProducerIdResponse] : []))
const ids = (cluster: TestCluster): readonly number[] => answers(cluster).flatMap(({ error, producerId }) => (error === 'NONE' ? [producerId] : []))

describe('producer ids', () => {
  // RPCProducerIdManager#generateProducerId: "Return COORDINATOR_LOAD_IN_PROGRESS rather than REQUEST_TIMED_OUT since older clients treat the error as fatal".
  test('a broker that has none asks the controller, and whoever asked comes again', () => {
    const cluster = ask(ask(new TestCluster(), 'b1'), 'b1')
    expect(answers(cluster).map(({ error, producerId }) => [error, producerId])).toEqual([['COORDINATOR_LOAD_IN_PROGRESS', -1], ['NONE', 0]])
  })

  // KIP-730: "the controller allocates ... a block of 1000 IDs"; no two brokers have one in common.
  test('each broker has a block of 1000 of its own, in the order of asking', () => {
    const cluster = new TestCluster()
    for (const broker of ['b3', 'b1', 'b3', 'b1', 'b2', 'b2']) ask(cluster, broker)
    expect(ids(cluster)).toEqual([0, 1000, 2000])
    expect(cluster.facts('producerIds.allocated')).toEqual([
      expect.objectContaining({ node: 'b3', first: 0, last: 999 }), expect.objectContaining({ node: 'b1', first: 1000, last: 1999 }), expect.objectContaining({ node: 'b2', first: 2000, last: 2999 }),
    ])
  })

  // PID_PREFETCH_THRESHOLD = 0.90
  test('the next block is there before the last id is gone: nobody is refused', () => {
    const cluster = ask(ask(ask(new TestCluster(), 'b1'), 'b1', 950), 'b1', 60)
    expect(ids(cluster)).toEqual(Array.from({ length: 1010 }, (_, i) => i))
    expect(cluster.facts('producerIds.allocated')).toHaveLength(2)
  })

  // KIP-730: "any unused producer IDs ... are discarded" when a broker restarts.
  test('what is left of a block is gone with the process', () => {
    const cluster = ask(ask(new TestCluster(), 'b1'), 'b1').act('crash', 'b1').run(1).act('restart', 'b1').run(30)
    expect(ids(ask(ask(cluster, 'b1'), 'b1'))).toEqual([0, 1000])
  })

  test('without an active controller nobody is given any; with one again the broker has asked', () => {
    const cluster = new TestCluster().act('crash', 'k1', 'k2').run(1)
    expect(ids(ask(ask(cluster, 'b1'), 'b1'))).toEqual([])
    expect(ids(ask(cluster.act('restart', 'k1').run(10), 'b1'))).toEqual([0])
  })

  test('the metadata log remembers where the next block begins, and so does a snapshot of it', () => {
    const cluster = ask(ask(new TestCluster(), 'b1'), 'b2')
    const { image } = cluster.controller()
    expect(image.nextProducerId).toBe(2000)
    const again = imageOf({ endOffset: image.endOffset, epoch: 1, takenAt: 0, records: recordsOf(image) })
    expect(again.nextProducerId).toBe(2000)
  })
})
