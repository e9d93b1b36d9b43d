/** A broker that leads everything and coordinates everybody: a consumer alone in its group, and the log as a test wants it. */
import type { Connection, Context, ProcessType, Tagged } from '../../../engine/process.ts'
import type { KafkaError } from '../../errors.ts'
import { newBatch, NO_PRODUCER, stamped, type RecordBatch } from '../../log/record.ts'
import type { Fact } from '../../notes.ts'
import type { FetchRequest, ListOffsetsRequest, OffsetForLeaderEpochRequest } from '../../protocol/fetch.ts'
import type { HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest, OffsetCommitRequest, OffsetFetchRequest,
  SyncGroupRequest } from '../../protocol/group.ts'
import type { FindCoordinatorRequest, MetadataRequest } from '../../protocol/metadata.ts'

export interface ReaderCluster {
  readonly partition: string
  readonly logStart: number
  readonly highWatermark: number
  readonly epoch: number
  /** Where each leader epoch ends. */
  readonly epochEnds: Readonly<Record<number, number>>
  readonly committed: { readonly offset: number; readonly epoch: number } | undefined
}
interface ReaderState extends Record<string, unknown> {
  cluster: ReaderCluster
  /** What the next answers of an API say instead, by its name. */
  errors: Map<string, KafkaError[]>
  joins: number
  seen: Tagged[]
}
type Request =
  | MetadataRequest | FindCoordinatorRequest | JoinGroupRequest | SyncGroupRequest | HeartbeatRequest | LeaveGroupRequest
  | OffsetCommitRequest | OffsetFetchRequest
  | ListOffsetsRequest | OffsetForLeaderEpochRequest | FetchRequest
type ReaderOrder =
  | { readonly type: 'fail'; readonly api: string; readonly errors: readonly KafkaError[] }
  | { readonly type: 'become'; readonly cluster: Partial<ReaderCluster> }

const FETCH_WAIT = 500_000

const answering = <Req extends Request>(make: (state: ReaderState, request: Req, error: KafkaError) => object) =>
  (state: ReaderState, request: Req, on: Connection, ctx: Context<Fact>): void => {
    state.seen.push(request)
    const api = request.type.slice(0, -'Request'.length)
    const error = state.errors.get(api)?.shift() ?? 'NONE'
    ctx.send(on, { type: `${api}Response`, ...make(state, request, error) } as Tagged)
  }

function batches({ logStart, highWatermark, epoch, epochEnds }: ReaderCluster, from: number): RecordBatch[] {
  const made: RecordBatch[] = []
  for (let offset = Math.max(from, logStart); offset < highWatermark; offset++) {
    const written = Object.entries(epochEnds).find(([, end]) => offset < end)
    const record = Object.freeze({ id: `x#${offset}`, key: undefined, value: String(offset), valueBytes: undefined, timestamp: 0 })
    made.push(stamped(newBatch([record], 'x', NO_PRODUCER), offset, written === undefined ? epoch : Number(written[0])))
  }
  return made
}

export const reader: ProcessType<ReaderCluster, ReaderState, Request, { readonly type: 'fetch'; readonly key: string }, ReaderOrder,
  Fact> = {
  kind: 'reader',
  boot: (cluster) => ({ cluster, errors: new Map(), joins: 0, seen: [] }),
  disk: () => ({}),
  messages: {
    MetadataRequest: answering(({ cluster }) => ({
      brokers: [{ id: 1, name: 'b1', rack: undefined }],
      topics: [{ name: 't', error: 'NONE', partitions: [{ partition: cluster.partition, error: 'NONE', leaderId: 1,
        leaderEpoch: cluster.epoch, replicas: [1], isr: [1] }] }],
    })),
    FindCoordinatorRequest: answering((_, __, error) => ({ error, nodeId: 1, node: error === 'NONE' ? 'b1' : '' })),
    JoinGroupRequest: answering((state, { memberId, groupId, clientId }, error) => {
      const given = memberId === '' ? `${clientId}-${++state.joins}` : memberId
      const said = error !== 'NONE' ? error : memberId === '' ? 'MEMBER_ID_REQUIRED' : 'NONE'
      return { groupId, error: said, generationId: 1, protocolName: 'range', leader: given, memberId: given,
        members: [{ memberId: given, topics: ['t'], owned: [] }] }
    }),
    SyncGroupRequest: answering(({ cluster: { partition } }, { groupId }, error) => ({
      groupId, error, assignment: error === 'NONE' ? [partition] : [],
    })),
    HeartbeatRequest: answering((_, { groupId }, error) => ({ groupId, error })),
    LeaveGroupRequest: answering((_, { groupId }, error) => ({ groupId, error })),
    OffsetCommitRequest: answering((_, { groupId, offsets }, error) => ({
      groupId, partitions: offsets.map(({ partition }) => ({ partition, error })),
    })),
    OffsetFetchRequest: answering(({ cluster: { committed } }, { groupId, partitions }, error) => ({
      groupId, error,
      offsets: partitions.map((partition) => ({ partition, offset: committed?.offset ?? -1, leaderEpoch: committed?.epoch ?? -1 })),
    })),
    ListOffsetsRequest: answering(({ cluster }, { partitions }, error) => ({
      partitions: partitions.map(({ partition, timestamp }) => ({
        partition, error, offset: timestamp === 'earliest' ? cluster.logStart : cluster.highWatermark, leaderEpoch: cluster.epoch,
      })),
    })),
    OffsetForLeaderEpochRequest: answering(({ cluster }, { partitions }, error) => ({
      partitions: partitions.map(({ partition, leaderEpoch }) => {
        const known = Object.keys(cluster.epochEnds).map(Number).filter((epoch) => epoch <= leaderEpoch).at(-1)
        const end = known === undefined ? undefined : cluster.epochEnds[known]
        return { partition, error, leaderEpoch: leaderEpoch === cluster.epoch ? leaderEpoch : (known ?? -1),
          endOffset: leaderEpoch === cluster.epoch ? cluster.highWatermark : (end ?? -1) }
      }),
    })),
    FetchRequest(state, request, on, ctx) {
      state.seen.push(request)
      const { partition, fetchOffset, currentLeaderEpoch } = request.partitions[0]!
      const { cluster } = state
      const outside = fetchOffset < cluster.logStart || fetchOffset > cluster.highWatermark
      const refused = currentLeaderEpoch < cluster.epoch ? 'FENCED_LEADER_EPOCH' : outside ? 'OFFSET_OUT_OF_RANGE' : 'NONE'
      const error = state.errors.get('Fetch')?.shift() ?? refused
      const found = error === 'NONE' ? batches(cluster, fetchOffset) : []
      const answer = { partition, error, highWatermark: cluster.highWatermark, logStartOffset: cluster.logStart, batches: found,
        divergingEpoch: undefined, currentLeader: undefined }
      if (error === 'NONE' && found.length === 0) {
        // Parked: what comes behind it on this connection waits.
        ctx.mute(on)
        ctx.setTimer({ type: 'fetch', key: on }, FETCH_WAIT)
      } else ctx.send(on, { type: 'FetchResponse', partitions: [answer] } as Tagged)
    },
  },
  timers: {
    fetch(_, { key }, ctx) {
      ctx.send(key, { type: 'FetchResponse', partitions: [] } as Tagged)
      ctx.unmute(key)
    },
  },
  signals: { Connected: () => undefined, Disconnected: () => undefined, Terminate: (_, __, ctx) => ctx.exit() },
  orders: {
    fail: (state, { api, errors }) => void state.errors.set(api, errors.slice()),
    become: (state, { cluster }) => void (state.cluster = { ...state.cluster, ...cluster }),
  },
}
