import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noteCodes, type Fact } from '../kafka/notes.ts'
import { say } from './say.ts'

/** One telling example of every code. */
const examples: readonly Fact[] = [
  { code: 'node.crashed', node: 'b1' }, { code: 'power.lost', node: 'b1', records: 12 }, { code: 'power.lost', node: 'b2', records: 0 }, { code: 'node.stopping', node: 'b1' }, { code: 'node.stopped', node: 'b1', tookMs: 120 }, { code: 'node.started', node: 'b1', clean: false },
  { code: 'node.paused', node: 'b1' }, { code: 'node.resumed', node: 'b1', pausedMs: 15_000 },
  { code: 'link.cut', from: 'b2', to: 'b1', direction: 'both', traffic: 'replication' }, { code: 'link.cut', from: 'b2', to: 'b1', direction: 'oneway', traffic: 'all', reset: true }, { code: 'link.healed', from: 'b2', to: 'b1' },
  { code: 'fault.made', what: 'clock', target: 'b1', ms: 691_200_000 }, { code: 'fault.made', what: 'clock', target: 'shop', ms: -30_000 },
  { code: 'fault.made', what: 'dropNext', target: 'ProduceResponse b1>shop', ms: 0 }, { code: 'fault.made', what: 'delayNext', target: 'ProduceRequest shop>b1', ms: 2000 },
  { code: 'fault.made', what: 'duplicateNext', target: 'ProduceRequest shop>b1', ms: 0 },
  { code: 'message.tampered', from: 'b1', to: 'shop', message: 'ProduceResponse', how: 'drop', ms: 0, closes: true },
  { code: 'message.tampered', from: 'b1', to: 'shop', message: 'ProduceResponse', how: 'drop', ms: 0, closes: false },
  { code: 'message.tampered', from: 'shop', to: 'b1', message: 'ProduceRequest', how: 'delay', ms: 2000, closes: false },
  { code: 'message.tampered', from: 'shop', to: 'b1', message: 'ProduceRequest', how: 'duplicate', ms: 0, closes: false },
  { code: 'fault.made', what: 'slow', target: 'b2>b1', ms: 200 }, { code: 'fault.made', what: 'damage', target: 'orders/0@b1', ms: 0 }, { code: 'connection.lost', node: 'shop', peer: 'b1', how: 'reset' },
  { code: 'toy.subscribed', toy: 'hub', reader: 'slow', inbox: 5, before: 0 }, { code: 'toy.subscribed', toy: 'hub', reader: 'late', inbox: 5, before: 12 },
  { code: 'toy.pushed', toy: 'hub', message: 'feed#7', readers: ['fast', 'slow'], whenFull: 'drop' }, { code: 'toy.pushed', toy: 'hub', message: 'feed#7', readers: ['fast', 'slow'], whenFull: 'block' }, { code: 'toy.pushed', toy: 'hub', message: 'feed#7', readers: [], whenFull: 'drop' },
  { code: 'toy.queued', toy: 'hub', reader: 'slow', message: 'feed#7', waiting: 3, inbox: 5 }, { code: 'toy.dropped', toy: 'hub', reader: 'slow', message: 'feed#9', inbox: 5, dropped: 2 },
  { code: 'toy.processed', toy: 'hub', reader: 'slow', message: 'feed#2', processMs: 400, waiting: 4 }, { code: 'toy.processed', toy: 'hub', reader: 'slow', message: 'feed#2', processMs: 400, waiting: 0 },
  { code: 'toy.missed', toy: 'hub', reader: 'slow', count: 5, why: 'memory' }, { code: 'toy.missed', toy: 'hub', reader: 'slow', count: 1, why: 'away' },
  { code: 'toy.handed', toy: 'line', reader: 'w1', message: 'desk#3', waiting: 2 }, { code: 'toy.handed', toy: 'line', reader: 'w1', message: 'desk#5', waiting: 1 }, { code: 'toy.handed', toy: 'line', reader: 'w2', message: 'desk#4', waiting: 0 },
  { code: 'toy.subscribed', toy: 'line', reader: 'w2', inbox: 1, before: 4, taken: true },
  { code: 'toy.blocked', toy: 'hub', reader: 'slow', message: 'feed#9', inbox: 5 }, { code: 'toy.unblocked', toy: 'hub', reader: 'slow', blockedMs: 380 }, { code: 'toy.heldBack', toy: 'hub', sender: 'feed', message: 'feed#9' },
  { code: 'share.started', group: 'jobs', partition: 'q/0', offset: 3, policy: 'latest' }, { code: 'share.started', group: 'jobs', partition: 'q/0', offset: 3, policy: undefined },
  { code: 'share.acquired', group: 'jobs', member: 's1', partition: 'q/0', offset: 0, last: 0, count: 2, limit: 5, lockMs: 30_000 }, { code: 'share.acquired', group: 'jobs', member: 's3', partition: 'q/0', offset: 4, last: 8, count: 1, limit: 5, lockMs: 30_000 },
  { code: 'share.released', group: 'jobs', member: 's1', partition: 'q/0', offset: 0, last: 0, count: 2, why: 'asked', lockMs: 30_000 }, { code: 'share.released', group: 'jobs', member: 's2', partition: 'q/0', offset: 6, last: 6, count: 1, why: 'lock', lockMs: 30_000 },
  { code: 'share.released', group: 'jobs', member: 's2', partition: 'q/0', offset: 6, last: 7, count: 1, why: 'left', lockMs: 30_000 },
  { code: 'share.archived', group: 'jobs', member: 's1', partition: 'q/0', offset: 0, last: 0, count: 5, why: 'limit', limit: 5 }, { code: 'share.archived', group: 'jobs', member: 's1', partition: 'q/0', offset: 9, last: 9, count: 1, why: 'asked', limit: 5 },
  { code: 'share.refused', group: 'jobs', member: 's1', partition: 'q/0', offset: 1, last: 1, error: 'INVALID_RECORD_STATE' }, { code: 'share.refused', group: 'jobs', member: 's1', partition: 'q/0', offset: 1, last: 1, error: 'NOT_LEADER_OR_FOLLOWER' },
  { code: 'batch.appended', partition: 'orders/0', node: 'b1', base: 4, last: 6, epoch: 0, producer: 'shop', packed: { codec: 'zstd', bytes: 812, was: 3077, micros: 10 } },
  { code: 'batch.appended', partition: 'orders/0', node: 'b1', base: 4, last: 6, epoch: 0, producer: 'shop', packed: { codec: 'none', bytes: 3077, was: 3077, micros: 0 } },
  { code: 'batch.recompressed', partition: 'orders/0', node: 'b1', producer: 'shop', base: 4, from: 'gzip', to: 'lz4', was: 840, bytes: 1402, micros: 34 },
  { code: 'records.filtered', consumer: 'c1', count: 9, of: 10, keys: 'vip-*' }, { code: 'records.filtered', consumer: 'c1', count: 1, of: 1, keys: 'vip-*' },
  { code: 'handler.failed', consumer: 'c1', partition: 'jobs/0', offset: 12, how: 'ends' }, { code: 'handler.failed', consumer: 'c1', partition: 'jobs/0', offset: 12, how: 'skipped' }, { code: 'handler.failed', consumer: 'c1', partition: 'jobs/0', offset: 12, how: 'again', afterMs: 1000 },
  { code: 'handler.failed', consumer: 'c1', partition: 'jobs/0', offset: 12, how: 'moved', to: 'jobs-retry-10s' }, { code: 'handler.failed', consumer: 'c1', partition: 'jobs-retry-10s/0', offset: 0, how: 'dead', to: 'jobs-dlt' },
  { code: 'handler.failed', consumer: 's1', partition: 'jobs/0', offset: 12, how: 'released' }, { code: 'handler.failed', consumer: 's1', partition: 'jobs/0', offset: 12, how: 'rejected' },
  { code: 'records.delayed', consumer: 'c1', partition: 'jobs-retry-10s/0', offset: 0, waitMs: 9985, afterMs: 10_000 },
  { code: 'batch.split', producer: 'shop', partition: 'orders/0', records: 40, bytes: 21_400, into: 3 }, { code: 'batch.split', producer: 'shop', partition: 'orders/0', records: 40, bytes: 9_400, into: 1 },
  { code: 'batch.recompressed', partition: 'orders/0', node: 'b1', producer: 'shop', base: 4, from: 'gzip', to: 'none', was: 840, bytes: 1402, micros: 34 },
  { code: 'batch.appended', partition: 'orders/0', node: 'b1', base: 4, last: 6, epoch: 0, producer: 'shop' },
  { code: 'segment.rolled', partition: 'orders/0', node: 'b1', base: 8, was: 0, why: 'size', limit: 1_048_576 },
  { code: 'segment.rolled', partition: 'orders/0', node: 'b1', base: 8, was: 0, why: 'time', limit: 604_800_000 },
  { code: 'segment.rolled', partition: 'orders/0', node: 'b1', base: 8, was: 0, why: 'lag', limit: 3_600_000 },
  { code: 'segment.rolled', partition: 'orders/0', node: 'b1', base: 8, was: 0, why: 'index', limit: 10_485_760 },
  { code: 'segment.deleted', partition: 'orders/0', node: 'b1', base: 0, last: 7, bytes: 1_048_576, why: 'size', figure: 2_228_224, limit: 2_097_152 },
  { code: 'segment.deleted', partition: 'orders/0', node: 'b1', base: 0, last: 7, bytes: 1_048_576, why: 'time', figure: 691_200_000, limit: 604_800_000 },
  { code: 'segment.deleted', partition: 'orders/0', node: 'b1', base: 0, last: 7, bytes: 1_048_576, why: 'logStart', figure: 8, limit: 9 },
  { code: 'logStart.moved', partition: 'orders/0', node: 'b1', from: 0, to: 8, why: 'retention' },
  { code: 'logStart.moved', partition: 'orders/0', node: 'b1', from: 0, to: 5, why: 'deleteRecords' },
  { code: 'logStart.moved', partition: 'orders/0', node: 'b2', from: 0, to: 5, why: 'leader' },
  { code: 'log.cleaned', partition: 'orders/0', node: 'b1', removed: 3, upTo: 40, bytes: 210, dirtyPercent: 62, why: 'dirty', limit: 50 },
  { code: 'log.cleaned', partition: 'orders/0', node: 'b1', removed: 1, upTo: 40, bytes: 70, dirtyPercent: 20, why: 'lag', limit: 3_600_000 },
  { code: 'fault.made', what: 'failDisk', target: '/var/lib/kafka/data-1@b3', ms: 0 }, { code: 'fault.made', what: 'fillDisk', target: '/var/lib/kafka/data@b1', ms: 0 },
  { code: 'fault.made', what: 'freeDisk', target: '/var/lib/kafka/data@b1', ms: 0 }, { code: 'fault.made', what: 'slowDisk', target: 'b2', ms: 200 }, { code: 'fault.made', what: 'slowDisk', target: 'b2', ms: 0 }, { code: 'fault.made', what: 'slowHandler', target: 'c1', ms: 2000 }, { code: 'fault.made', what: 'slowHandler', target: 'c1', ms: 0 },
  { code: 'log.placed', partition: 'orders/0', node: 'b3', dir: '/var/lib/kafka/data-1' },
  { code: 'logDir.failed', node: 'b3', dir: '/var/lib/kafka/data-1', partitions: 2, why: 'failed' }, { code: 'logDir.failed', node: 'b1', dir: '/var/lib/kafka/data', partitions: 0, why: 'full' },
  { code: 'logDir.untold', node: 'b3', dir: '/var/lib/kafka/data-1', timeoutMs: 30_000 },
  { code: 'node.halted', node: 'b1', why: 'logDirs', dir: '/var/lib/kafka/data' }, { code: 'node.halted', node: 'b3', why: 'metadataDir', dir: '/var/lib/kafka/data-0' },
  { code: 'isr.changed', partition: 'orders/0', isr: ['b1', 'b2'], was: ['b1', 'b2', 'b3'], why: 'logDir' },
  { code: 'log.recovered', partition: 'orders/0', node: 'b1', from: 40, to: 32 },
  { code: 'log.truncated', partition: 'orders/0', node: 'b1', from: 8, to: 7, epoch: 1 },
  { code: 'highWatermark.advanced', partition: 'orders/0', node: 'b1', from: 6, to: 7 },
  { code: 'highWatermark.held', partition: 'orders/0', isr: ['b1'], min: 2 },
  { code: 'isr.changed', partition: 'orders/0', isr: ['b2', 'b3'], was: ['b1', 'b2', 'b3'], why: 'fenced' },
  { code: 'isr.changed', partition: 'orders/0', isr: [], was: ['b1'], why: 'fenced' },
  { code: 'isr.changed', partition: 'orders/0', isr: ['b2'], was: [], why: 'elected' },
  { code: 'elr.changed', partition: 'orders/0', elr: ['b1', 'b2'], lastKnown: [] },
  { code: 'elr.changed', partition: 'orders/0', elr: ['b1'], lastKnown: ['b1'] }, { code: 'elr.changed', partition: 'orders/0', elr: [], lastKnown: [] },
  { code: 'isr.asked', partition: 'orders/0', node: 'b1', isr: ['b1', 'b2'], why: 'lag', lagMs: 31_200 },
  { code: 'request.parked', node: 'b1', api: 'Produce', client: 'shop', partition: 'orders/0' },
  { code: 'replica.fetched', partition: 'orders/0', node: 'b2', leader: 'b1', offset: 7 },
  { code: 'replication.throttled', partition: 'orders/0', node: 'b1', peer: 'b3', side: 'leader', limit: 1048576 }, { code: 'replication.throttled', partition: 'orders/0', node: 'b3', peer: 'b1', side: 'follower', limit: 524288 },
  { code: 'leader.elected', partition: 'orders/0', leader: 'b2', epoch: 1, how: 'clean' },
  { code: 'leader.elected', partition: 'orders/0', leader: 'b2', epoch: 3, how: 'eligible' },
  { code: 'leader.elected', partition: 'orders/0', leader: 'b1', epoch: 3, how: 'lastKnown' },
  { code: 'leader.elected', partition: 'orders/0', leader: 'b2', epoch: 3, how: 'unclean' },
  { code: 'leader.lost', partition: 'orders/0', epoch: 2, was: 'b2' },
  { code: 'leader.started', partition: 'orders/0', node: 'b2', epoch: 1, offset: 7 },
  { code: 'broker.registered', node: 'b1', epoch: 42 }, { code: 'broker.fenced', node: 'b1', silentMs: 9_400 }, { code: 'broker.unfenced', node: 'b1' },
  { code: 'election.started', node: 'k2', epoch: 1, why: 'fetchTimeout', leader: 'k1', timeoutMs: 2000 },
  { code: 'election.started', node: 'k2', epoch: 1, why: 'leaderResigned', leader: 'k1', timeoutMs: 1000 },
  { code: 'election.started', node: 'k1', epoch: 2, why: 'electionTimeout', leader: undefined, timeoutMs: 1000 },
  { code: 'vote.granted', node: 'k3', candidate: 'k2', epoch: 1, preVote: true }, { code: 'vote.granted', node: 'k3', candidate: 'k2', epoch: 2, preVote: false },
  { code: 'vote.refused', node: 'k3', candidate: 'k2', epoch: 1, preVote: true, why: 'leader', leader: 'k1' },
  { code: 'vote.refused', node: 'k1', candidate: 'k2', epoch: 1, preVote: true, why: 'leader', leader: 'k1' },
  { code: 'vote.refused', node: 'k3', candidate: 'k2', epoch: 2, preVote: false, why: 'voted', leader: undefined },
  { code: 'vote.refused', node: 'k3', candidate: 'k2', epoch: 2, preVote: false, why: 'log', leader: undefined },
  { code: 'vote.refused', node: 'k3', candidate: 'k2', epoch: 1, preVote: true, why: 'epoch', leader: 'k3' },
  { code: 'controller.elected', node: 'k2', epoch: 2, votes: ['k2', 'k3'], voters: 3 }, { code: 'controller.activated', node: 'k2', epoch: 2, offset: 11 },
  { code: 'controller.resigned', node: 'k1', epoch: 1, why: 'quorum', timeoutMs: 3000, undone: 2 },
  { code: 'controller.resigned', node: 'k1', epoch: 1, why: 'stop', timeoutMs: 3000, undone: 0 },
  { code: 'controller.resigned', node: 'k1', epoch: 1, why: 'higherEpoch', timeoutMs: 3000, undone: 1 },
  { code: 'quorum.lost', alive: 1, voters: 3 }, { code: 'quorum.lost', alive: 0, voters: 1 }, { code: 'quorum.regained', alive: 2, voters: 3 },
  { code: 'metadata.truncated', node: 'k1', from: 10, to: 11, epoch: 2 },
  { code: 'metadata.snapshotTaken', node: 'k1', offset: 42, epoch: 3, records: 12, why: 'time', figure: 31_000, limit: 30_000 }, { code: 'metadata.snapshotTaken', node: 'k1', offset: 42, epoch: 3, records: 12, why: 'bytes', figure: 1_200, limit: 1_000 },
  { code: 'metadata.cleaned', node: 'k1', from: 0, to: 42, why: 'time', figure: 61_000, limit: 60_000 }, { code: 'metadata.cleaned', node: 'k1', from: 0, to: 42, why: 'size', figure: 1_200, limit: 1_000 },
  { code: 'metadata.snapshotFetched', node: 'k3', from: 'k1', offset: 42, epoch: 3, records: 12 },
  { code: 'metadata.refreshed', client: 'shop', partition: 'orders/0', leader: 'b2', epoch: 1, from: 'b3' },
  { code: 'producerIds.allocated', node: 'b2', first: 1000, last: 1999 },
  { code: 'partition.switched', producer: 'shop', topic: 'orders', to: 2 }, { code: 'producer.started', producer: 'shop', producerId: 1000, epoch: 0 },
  { code: 'producer.retried', producer: 'shop', partition: 'orders/0', error: 'NETWORK_EXCEPTION', attempt: 1 },
  { code: 'producer.failed', producer: 'shop', error: 'TIMED_OUT', records: 3, partition: 'orders/0' },
  { code: 'producer.blocked', producer: 'shop', buffered: 33_554_432 },
  { code: 'duplicate.refused', partition: 'orders/0', node: 'b2', producer: 'shop', sequence: 7, offset: 7 },
  { code: 'record.acked', producer: 'shop', partition: 'orders/0', offset: 7, records: 1, acks: '1' },
  { code: 'record.lost', producer: 'shop', partition: 'orders/0', offset: 7, ackedBy: 'b1', why: 'truncated' },
  { code: 'member.joined', group: 'reader', member: 'c1' }, { code: 'member.left', group: 'reader', member: 'c1', why: 'session' },
  { code: 'member.returned', group: 'reader', member: 'c1', instance: 'desk-1', stable: true },
  { code: 'member.fenced', group: 'reader', member: 'c1', instance: 'desk-1' },
  { code: 'rebalance.started', group: 'reader', why: 'left' }, { code: 'rebalance.started', group: 'reader', why: 'revoked' }, { code: 'rebalance.finished', group: 'reader', epoch: 2, tookMs: 3_010 },
  { code: 'rebalance.finished', group: 'reader', epoch: 3, tookMs: 5_010, protocol: 'consumer' }, { code: 'group.advanced', group: 'reader', epoch: 3, why: 'joined' },
  { code: 'target.computed', group: 'reader', epoch: 3, assignor: 'uniform', members: 2 },
  { code: 'partitions.assigned', group: 'reader', member: 'c1', partitions: ['orders/0', 'orders/1'] },
  { code: 'partitions.assigned', group: 'reader', member: 'c1', partitions: ['orders/0', 'orders/1'], pausedMs: 3_100 },
  { code: 'partitions.assigned', group: 'reader', member: 'c1', partitions: ['orders/2'], kept: ['orders/0', 'orders/1'] },
  { code: 'partitions.assigned', group: 'reader', member: 'c1', partitions: [], kept: ['orders/0'] },
  { code: 'partitions.revoked', group: 'reader', member: 'c1', partitions: ['orders/1'] },
  { code: 'partitions.lost', group: 'reader', member: 'c1', partitions: ['orders/0'] },
  { code: 'partitions.revoked', group: 'reader', member: 'c1', partitions: ['orders/1', 'orders/2'], paused: ['orders/2'] },
  { code: 'partitions.lost', group: 'reader', member: 'c1', partitions: ['orders/0', 'orders/1'], paused: ['orders/0', 'orders/1'] },
  { code: 'partitions.paused', consumer: 'c1', partitions: ['orders/0'] }, { code: 'partitions.paused', consumer: 'c1', partitions: ['orders/0', 'orders/1'] },
  { code: 'partitions.resumed', consumer: 'c1', partitions: ['orders/0'] },
  { code: 'offsets.committed', group: 'reader', partition: 'orders/0', offset: 7 },
  { code: 'offsets.expired', group: 'reader', partition: 'orders/0', offset: 7, since: 'empty', ageMs: 604_900_000, retentionMs: 604_800_000 },
  { code: 'offsets.expired', group: 'reader', partition: 'orders/0', offset: 7, since: 'committed', ageMs: 60_400, retentionMs: 60_000 },
  { code: 'group.expired', group: 'reader' },
  { code: 'fetch.redirected', consumer: 'c1', partition: 'orders/0', from: 'b1', to: 'b3', rack: 'r3' },
  { code: 'position.sought', consumer: 'c1', partition: 'orders/0', from: 3, to: 140, how: 'offset' },
  { code: 'position.sought', consumer: 'c1', partition: 'orders/0', from: undefined, to: 140, how: 'withEpoch' },
  { code: 'position.sought', consumer: 'c1', partition: 'orders/0', from: 3, to: 0, how: 'earliest' },
  { code: 'consumer.failed', consumer: 'c1', partition: 'orders/0', offset: undefined, error: 'NO_OFFSET', policy: 'none' },
  { code: 'consumer.failed', consumer: 'c1', partition: 'orders/0', offset: 2, error: 'OFFSET_OUT_OF_RANGE', policy: 'none' },
  { code: 'consumer.failed', consumer: 'c1', partition: 'orders/0', offset: 140, error: 'LOG_TRUNCATION', policy: 'none' },
  { code: 'consumer.failed', consumer: 'c1', partition: 'orders/0', offset: 5, error: 'CORRUPT_MESSAGE', policy: 'latest' },
  { code: 'commit.failed', consumer: 'c1', group: 'billing', error: 'COMMIT_FAILED' }, { code: 'commit.failed', consumer: 'c1', group: 'billing', error: 'REBALANCE_IN_PROGRESS' },
  { code: 'commit.failed', consumer: 'c1', group: 'billing', error: 'RETRIABLE_COMMIT_FAILED', async: true }, { code: 'commit.failed', consumer: 'c1', group: 'billing', error: 'COMMIT_FAILED', async: true },
  { code: 'commit.failed', consumer: 'c1', group: 'billing', error: 'STALE_MEMBER_EPOCH', async: true },
  { code: 'offset.reset', consumer: 'c1', partition: 'orders/0', from: undefined, to: 0, policy: 'earliest' },
  { code: 'records.read', consumer: 'c1', partition: 'orders/0', base: 0, last: 6 },
  { code: 'coordinator.moved', group: 'reader', from: 'b1', to: 'b3' },
  { code: 'txn.began', txn: 't1', epoch: 0, timeoutMs: 60_000 },
  { code: 'txn.decided', txn: 't1', outcome: 'commit', why: 'asked', epoch: 1, partitions: ['orders/0', 'orders/1'], timeoutMs: 60_000 },
  { code: 'txn.decided', txn: 't1', outcome: 'abort', why: 'timeout', epoch: 1, partitions: ['orders/0'], timeoutMs: 15_000 },
  { code: 'txn.decided', txn: 't1', outcome: 'abort', why: 'fenced', epoch: 1, partitions: ['orders/0'], timeoutMs: 60_000 },
  { code: 'txn.decided', txn: 't1', outcome: 'abort', why: 'asked', epoch: 2, partitions: [], timeoutMs: 60_000 },
  { code: 'marker.written', partition: 'orders/0', node: 'b1', txn: 't1', offset: 3, outcome: 'commit' }, { code: 'marker.written', partition: 'orders/0', node: 'b1', txn: '', offset: 5, outcome: 'abort' },
  { code: 'txn.finished', txn: 't1', outcome: 'abort', why: 'asked' }, { code: 'txn.moved', txn: 't1', to: 'b2', state: 'PrepareCommit' },
  { code: 'producer.fenced', producer: 'A', error: 'PRODUCER_FENCED', txn: 't1' }, { code: 'producer.fenced', producer: 'A', error: 'ILLEGAL_GENERATION', txn: 't1' }, { code: 'producer.fenced', producer: 'A', error: 'INVALID_TXN_STATE', txn: 't1' },
  { code: 'client.misused', client: 'A', how: 'commitTransaction', state: 'ready' },
  { code: 'client.misused', client: 'c1', how: 'pause', state: '', message: 'No current assignment for partition orders/1' },
  { code: 'topic.created', topic: 'audit', partitions: 3, replicationFactor: 2 }, { code: 'topic.deleted', topic: 'audit' },
  { code: 'partitions.added', topic: 'orders', from: 3, to: 4 },
  { code: 'reassignment.started', partition: 'orders/0', adding: ['b3'], removing: ['b1'] },
  { code: 'reassignment.finished', partition: 'orders/0', replicas: ['b2', 'b3'], how: 'done' },
  { code: 'reassignment.finished', partition: 'orders/0', replicas: ['b1', 'b2'], how: 'cancelled' },
  { code: 'admin.asked', api: 'Produce', about: 'orders/0' }, { code: 'admin.asked', api: 'CreateTopics', about: 'audit' }, { code: 'admin.answered', api: 'ElectLeaders', about: 'orders/0', error: 'ELECTION_NOT_NEEDED', tookMs: 45 }, { code: 'admin.answered', api: 'CreateTopics', about: 'a_b', error: 'INVALID_TOPIC_EXCEPTION', tookMs: 75, message: "Topic 'a_b' collides with existing topic: a.b" },
  { code: 'admin.answered', api: 'CreateTopics', about: 'audit', error: 'NONE', tookMs: 60 },
  { code: 'isr.changed', partition: 'orders/0', isr: ['b2', 'b3'], was: ['b1', 'b2', 'b3'], why: 'reassignment' },
  { code: 'config.changed', kind: 'topic', name: 'orders', key: 'min.insync.replicas', value: '1', was: '2' },
  { code: 'effect.made', sink: 'mail', effect: 'email', client: 'A', partition: 'orders/0', offset: 3, identity: 'order-3' }, { code: 'effect.made', sink: 'sent', effect: 'row', client: 'A', partition: 'orders/0', offset: 3, identity: 'order-3' },
  ...(['auto', 'before', 'after', 'manual', 'transaction', 'turn', 'acknowledge', 'off', 'none'] as const).map((marks): Fact =>
    ({ code: 'effect.repeated', sink: 'mail', effect: 'email', client: 'A', partition: 'orders/0', offset: 3, identity: 'order-3', times: 2, why: 'restarted', before: 'A', was: 'orders/0@3', marks, intervalMs: marks === 'auto' ? 5000 : undefined, txn: marks === 'transaction' ? 'billing' : undefined })),
  ...(['noAnswer', 'copied', 'readAgain', 'otherMember', 'otherGroup', 'sameIdentity'] as const).map((why): Fact =>
    ({ code: 'effect.refused', sink: 'sent', effect: 'row', client: 'B', partition: 'orders/0', offset: 3, identity: 'order-3', why, before: 'A', was: 'orders/0@1', marks: 'after', intervalMs: undefined, txn: undefined })),
  { code: 'effect.repeated', sink: 'sent', effect: 'row', client: 'B', partition: 'orders/0', offset: 3, identity: 'order-3', times: 3, why: 'noAnswer', before: 'A', was: 'orders/0@1', marks: 'after', intervalMs: undefined, txn: undefined },
  { code: 'effect.refused', sink: 'mail', effect: 'email', client: 'B', partition: 'orders/0', offset: 3, identity: 'order-3', why: 'otherMember', before: 'A', was: 'orders/0@3', marks: 'after', intervalMs: undefined, txn: undefined },
  { code: 'config.changed', kind: 'client', name: 'shop', key: 'acks', value: 'all', was: '1' }, { code: 'step.began', step: 'order-8', index: 2 },
]

describe('the story', () => {
  test('has an example of every code', () => {
    expect([...new Set(examples.map(({ code }) => code))].sort()).toEqual([...noteCodes].sort())
  })

  test.each(['en', 'ko'] as const)('is told in %s', (language) => {
    expect(examples.map((fact) => say(language, fact, 'k1')).join('\n')).toMatchSnapshot()
  })

  test('names the controller that acted, where it is known', () => {
    const fenced = examples.find(({ code }) => code === 'broker.fenced')!
    expect(say('en', fenced, 'k1')).toBe('k1 fenced b1: no heartbeat for 9.4 s.')
    expect(say('en', fenced)).toBe('The controller fenced b1: no heartbeat for 9.4 s.')
    expect(say('ko', fenced, 'k1')).toBe('k1이 b1을 펜싱했다. 9.4초 동안 하트비트가 없었다.')
    expect(say('ko', fenced)).toBe('컨트롤러가 b1을 펜싱했다. 9.4초 동안 하트비트가 없었다.')
  })

  test('every sentence is whole, whatever its figures are', () => {
    const strings = fc.constantFrom('b1', 'b2', 'b10', 'shop', 'orders/0', 'orders/12', 'c1', 'reader', 'k3')
    fc.assert(fc.property(fc.constantFrom(...examples), fc.array(strings, { minLength: 12, maxLength: 12 }), fc.nat(100_000), (example, words, number) => {
      let next = 0
      const closed = new Set(['code', 'whenFull', 'why', 'protocol', 'how', 'what', 'acks', 'policy', 'direction', 'traffic', 'kind', 'outcome', 'error', 'marks', 'effect'])
      const fact = Object.fromEntries(Object.entries(example).map(([key, value]) => {
        if (closed.has(key)) return [key, value]
        if (typeof value === 'string') return [key, words[next++ % words.length]]
        return typeof value === 'number' ? [key, number] : [key, value]
      })) as Fact
      for (const language of ['en', 'ko'] as const) {
        const sentence = say(language, fact, 'k1')
        expect(sentence).toMatch(/[.]$/)
        expect(sentence).not.toMatch(/undefined|NaN|\[object| {2}|\.\./)
      }
    }), { seed: 1, numRuns: 500 })
  })
})
