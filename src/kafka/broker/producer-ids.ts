/**
 * Producer ids.
 * Simplified: each broker owns the block of 1000 that its node id gives it, and asks no controller for it.
 */
import { assert } from '../../base/assert.ts'
import type { Broker } from './state.ts'

const BLOCK = 1000

export const firstProducerId = (nodeId: number): number => (nodeId - 1) * BLOCK

export function newProducerId({ producerIds, spec }: Broker): number {
  assert(producerIds.next < firstProducerId(spec.id) + BLOCK, `${spec.name} has given out its ${BLOCK} producer ids`)
  return producerIds.next++
}
