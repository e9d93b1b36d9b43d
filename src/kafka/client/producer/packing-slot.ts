/** Producers that compress; what they do beside others is loaded late (`late.ts`). */
import { slot } from '../../late.ts'
import type * as Packing from './packing.ts'
import type { ProducerBatch } from './state.ts'

export const packingSlot = slot<typeof Packing>('compression at the producer')

/** What it takes on the wire, as far as the accumulator can tell: exact without compression. */
export const sizeOf = (batch: ProducerBatch): number => (batch.ratio === undefined ? batch.bytes : packingSlot().estimatedBytes(batch))
