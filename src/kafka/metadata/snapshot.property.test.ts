/** A snapshot says all that the log before it said. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kinds, play } from '../swarm.testing.ts'
import type { Controller } from '../controller/state.ts'
import type { MetadataImage } from './image.ts'
import { imageOf, recordsOf, snapshotFile } from './snapshot.ts'

/** When a broker was registered is the one thing that is not in it. */
const known = (image: MetadataImage) => ({ ...image, brokers: new Map([...image.brokers].map(([id, broker]) => [id, { ...broker, registeredAt: 0 }])) })

test('of whatever a cluster has gone through, it makes the same image', () => {
  fc.assert(fc.property(kinds.disks, (plan) => {
    const { nodes } = play({ ...plan, faults: plan.faults.slice(0, 4) }).world
    const { committed } = nodes.get('k1')!.state as Controller
    const { endOffset } = committed
    expect(known(imageOf({ endOffset, epoch: 1, takenAt: 0, records: recordsOf(committed) }))).toEqual(known(committed))
  }), { numRuns: 8, seed: 3 })
})

test('its file is named by its end and the epoch of its last record', () => {
  expect(snapshotFile({ endOffset: 42, epoch: 3 })).toBe('00000000000000000042-0000000003.checkpoint')
})
