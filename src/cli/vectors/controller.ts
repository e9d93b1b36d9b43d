/** What a controller decides, and when. */
import { clone } from '../../base/clone.ts'
import { fromMs, MILLISECOND as MS } from '../../base/units.ts'
import { recordingContext } from '../../engine/testing.ts'
import { fenceStaleBrokers } from '../../kafka/controller/brokers.ts'
import { changePartition, type Change } from '../../kafka/controller/partition-change.ts'
import { placeReplicas } from '../../kafka/controller/placement.ts'
import { committedEnd } from '../../kafka/controller/quorum.ts'
import { towards } from '../../kafka/controller/reassignment.ts'
import type { ControllerContext } from '../../kafka/controller/state.ts'
import { emptyImage, replay, type PartitionRegistration } from '../../kafka/metadata/image.ts'
import { TestCluster } from '../../kafka/testing.ts'
import { adapter, type Adapters } from './adapter.ts'

interface PartitionChange {
  before: Omit<PartitionRegistration, 'partition' | 'topic' | 'index'>
  minIsr: number
  elrEnabled: boolean
  acceptableLeaders: number[]
  targetIsr: number[] | null
  election: 'ONLINE' | 'PREFERRED' | 'UNCLEAN'
  uncleanShutdownReplicas?: number[]
  alterPartitionReassignmentsTarget?: number[]
}
interface Fencing {
  'broker.session.timeout.ms': number
  lastHeartbeatHandledAtMs: number
  fenceCheckPeriodMs: number
}

function changed({
  before,
  minIsr,
  elrEnabled,
  acceptableLeaders,
  targetIsr,
  election,
  uncleanShutdownReplicas,
  alterPartitionReassignmentsTarget,
}: PartitionChange) {
  const partition = 'orders/0'
  const registration: PartitionRegistration = { partition, topic: 'orders', index: 0, ...before }
  const moved = alterPartitionReassignmentsTarget === undefined ? undefined : towards(before.replicas, alterPartitionReassignmentsTarget)
  const change: Change = {
    ...(targetIsr === null ? {} : { targetIsr }),
    ...(uncleanShutdownReplicas === undefined ? {} : { uncleanShutdown: uncleanShutdownReplicas }),
    ...(moved === undefined ? {} : { targetReplicas: moved.replicas, targetAdding: moved.adding, targetRemoving: moved.removing }),
    election: election.toLowerCase() as Change['election'],
    isAcceptable: (id) => acceptableLeaders.includes(id),
    minIsr,
    elrEnabled,
  }
  const record = changePartition(registration, change)
  if (record === undefined) return { change: null }
  const image = emptyImage()
  image.partitions.set(partition, registration)
  replay(image, { offset: 0, record })
  return { after: image.partitions.get(partition) }
}

/** At every phase of the check. */
function fencedAt(input: Fencing): number[] {
  const moments: number[] = []
  const fresh = new TestCluster({ overrides: { 'broker.session.timeout.ms': input['broker.session.timeout.ms'] } }).controller()
  if (fresh.config.sessionCheck !== fromMs(input.fenceCheckPeriodMs))
    throw new Error(`sessions are looked at every ${fresh.config.sessionCheck / MS} ms`)
  for (let phase = 1; phase <= input.fenceCheckPeriodMs; phase++) {
    const controller = clone(fresh)
    const ctx = recordingContext('k1')
    for (const id of [2, 3]) controller.sessions.set(id, Number.MAX_SAFE_INTEGER)
    controller.sessions.set(1, fromMs(input.lastHeartbeatHandledAtMs))
    for (
      ctx.now = fromMs(input.lastHeartbeatHandledAtMs + phase);
      !controller.image.brokers.get(1)!.fenced;
      ctx.now += controller.config.sessionCheck
    ) {
      fenceStaleBrokers(controller, ctx as unknown as ControllerContext)
      if (controller.image.brokers.get(1)!.fenced) moments.push(ctx.now / MS)
    }
  }
  return moments
}

interface Placement {
  brokers: { id: number; rack: string | null; fenced: boolean }[]
  numPartitions: number
  replicationFactor: number
  randomTape: [number, number][]
  rackInitOrder: (string | null)[]
}
/** The numbers that Kafka drew; drawing others is a difference. */
function drawFrom(tape: [number, number][]): (bound: number) => number {
  const rest = tape.slice()
  return (bound) => {
    const [expected, drawn] = rest.shift() ?? [NaN, NaN]
    if (expected !== bound) throw new Error(`a number below ${bound} is drawn, Kafka drew one below ${expected}`)
    return drawn
  }
}

export const controllerAdapters: Adapters = {
  'replica-placement': adapter(({ brokers, numPartitions, replicationFactor, randomTape, rackInitOrder }: Placement) => {
    const usable = brokers.map(({ id, rack, fenced }) => ({ id, rack: rack ?? undefined, fenced }))
    const order = rackInitOrder.map((rack) => rack ?? undefined)
    const placed = placeReplicas(usable, numPartitions, replicationFactor, drawFrom(randomTape), order)
    return typeof placed === 'string' ? { error: placed } : { replicas: placed }
  }),
  'controller-partition-change': adapter(changed),
  'reassignment/request': adapter(changed),
  'reassignment/isr-change': adapter(changed),
  'controller-timing/fencing': adapter((input: Fencing) => {
    const moments = fencedAt(input)
    return { earliestFencedAtMs: Math.min(...moments), latestFencedAtMs: Math.max(...moments) }
  }),
  'kraft-high-watermark': adapter(
    ({ voterLogEndOffsets, leaderEpochStartOffset }: { voterLogEndOffsets: number[]; leaderEpochStartOffset: number }) => ({
      highWatermark: committedEnd(voterLogEndOffsets, leaderEpochStartOffset) ?? null,
    }),
  ),
}
