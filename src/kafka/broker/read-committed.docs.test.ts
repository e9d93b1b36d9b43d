/** What a leader gives to a reader of committed records only. TXN-9, TXN-10. */
import { expect, test } from 'vitest'
import { append } from '../log/log.ts'
import { newMarker } from '../log/marker.ts'
import { newBatch, stamped, TRANSACTIONAL } from '../log/record.ts'
import type { FetchRequest, FetchResponse, ListOffsetsRequest, ListOffsetsResponse } from '../protocol/fetch.ts'
import { orders, someRecords, TestCluster } from '../testing.ts'

// Docs, isolation.level: "As a result, read_committed consumers will not be able to read up to the high watermark when there are in flight transactions. Further, when in
// read_committed the seekToEnd method will return the LSO."
test('up to the last stable offset, with the aborted transactions that it meets on the way', () => {
  const cluster = new TestCluster({ topics: [orders({}, [[1]])] })
  const replica = cluster.replica(1)
  const write = (producerId: number, baseSequence: number): void =>
    void append(replica.log, stamped(newBatch(someRecords(1), 'p', { producerId, producerEpoch: 0, baseSequence }, TRANSACTIONAL), replica.log.endOffset, 0))
  const end = (type: 'COMMIT' | 'ABORT', producerId: number): void =>
    void append(replica.log, stamped(newMarker({ type, coordinatorEpoch: 0 }, { producerId, producerEpoch: 0 }, 0, 'c'), replica.log.endOffset, 0))
  write(1, 0)
  end('ABORT', 1)
  write(2, 0)
  end('COMMIT', 2)
  write(1, 1)
  replica.highWatermark = replica.log.endOffset

  const fetch = (fetchOffset: number, isolationLevel?: 'read_committed') => {
    const request: FetchRequest = {
      type: 'FetchRequest', clientId: 'probe', replicaId: -1, brokerEpoch: -1, maxWaitMs: 0, minBytes: 0, maxBytes: 1e9, ...(isolationLevel === undefined ? {} : { isolationLevel }),
      partitions: [{ partition: 'orders/0', fetchOffset, currentLeaderEpoch: -1, lastFetchedEpoch: -1, partitionMaxBytes: 1e9 }],
    }
    cluster.ask('b1', request).run(0.05)
    return (cluster.answers.at(-1)!.message as FetchResponse).partitions[0]!
  }
  expect(fetch(0).batches).toHaveLength(5)
  expect(fetch(0, 'read_committed')).toMatchObject({ lastStableOffset: 4, highWatermark: 5, abortedTransactions: [{ producerId: 1, firstOffset: 0, lastOffset: 1 }] })
  expect(fetch(0, 'read_committed').batches.map(({ baseOffset }) => baseOffset)).toEqual([0, 1, 2, 3])
  expect(fetch(2, 'read_committed').abortedTransactions).toEqual([])
  expect(fetch(4, 'read_committed').batches).toEqual([])

  const ask: ListOffsetsRequest = { type: 'ListOffsetsRequest', clientId: 'probe', replicaId: -1, isolationLevel: 'read_committed', partitions: [{ partition: 'orders/0', currentLeaderEpoch: -1, timestamp: 'latest' }] }
  cluster.ask('b1', ask).run(0.1)
  expect((cluster.answers.at(-1)!.message as ListOffsetsResponse).partitions[0]!.offset).toBe(4)
})
