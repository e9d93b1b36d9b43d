/** What Kafka's own classes answered (public conformance vectors), asked of these. */
import { describe, expect, test } from 'vitest'
import changes from './vectors/controller-partition-change.json'
import timings from './vectors/controller-timing.json'
import watermarks from './vectors/kraft-high-watermark.json'
import { clone } from '../../base/clone.ts'
import { fromMs, MILLISECOND as MS } from '../../base/units.ts'
import { recordingContext } from '../../engine/testing.ts'
import { emptyImage, replay, type PartitionRegistration } from '../metadata/image.ts'
import { TestCluster } from '../testing.ts'
import { fenceStaleBrokers } from './brokers.ts'
import { changePartition } from './partition-change.ts'
import { committedEnd } from './quorum.ts'
import type { ControllerContext } from './state.ts'

describe('one change of a partition (CTL-2, CTL-3, CTL-5)', () => {
  test.each(changes)('$id: $title', ({ input, expected }) => {
    const { before, acceptableLeaders, targetIsr, election, minIsr, elrEnabled } = input
    const image = emptyImage()
    const partition = 'orders/0'
    image.partitions.set(partition, { partition, topic: 'orders', index: 0, ...before } as PartitionRegistration)
    const change = changePartition(image.partitions.get(partition)!, {
      ...(targetIsr === null ? {} : { targetIsr }), election: election === 'PREFERRED' ? 'preferred' : 'online', isAcceptable: (id) => (acceptableLeaders as number[]).includes(id), minIsr, elrEnabled,
    })
    if (change === undefined) return expect({ change: null }).toEqual(expected)
    replay(image, { offset: 0, record: change })
    const { partition: _, topic: __, index: ___, ...after } = image.partitions.get(partition)!
    expect({ after }).toEqual(expected)
  })
})

describe('when a silent broker is fenced (CTL-10)', () => {
  test.each(timings)('$id: $title', ({ input, expected }) => {
    const fencedAt: number[] = []
    const fresh = new TestCluster({ overrides: { 'broker.session.timeout.ms': input['broker.session.timeout.ms'] } }).controller()
    expect(fresh.config.sessionCheck).toBe(fromMs(input.fenceCheckPeriodMs))
    for (let phaseMs = 1; phaseMs <= input.fenceCheckPeriodMs; phaseMs++) {
      const controller = clone(fresh)
      const ctx = recordingContext('k1')
      for (const id of [2, 3]) controller.sessions.set(id, Number.MAX_SAFE_INTEGER)
      controller.sessions.set(1, fromMs(input.lastHeartbeatHandledAtMs))
      for (ctx.now = phaseMs * MS; !controller.image.brokers.get(1)!.fenced; ctx.now += controller.config.sessionCheck) {
        fenceStaleBrokers(controller, ctx as unknown as ControllerContext)
        if (controller.image.brokers.get(1)!.fenced) fencedAt.push(ctx.now / MS)
      }
    }
    expect({ earliestFencedAtMs: Math.min(...fencedAt), latestFencedAtMs: Math.max(...fencedAt) }).toEqual(expected)
  })
})

describe('how far the metadata log is committed (KRF-5, KRF-6)', () => {
  test.each(watermarks)('$id: $title', ({ input, expected }) => {
    expect({ highWatermark: committedEnd(input.voterLogEndOffsets, input.leaderEpochStartOffset) ?? null }).toEqual(expected)
  })
})
