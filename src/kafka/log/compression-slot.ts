/** What compression makes of a batch; that is loaded late (`late.ts`). */
import { slot } from '../late.ts'
import type * as Compression from './compression.ts'

export const compressionSlot = slot<Pick<typeof Compression, 'packed' | 'repacked' | 'packedSize' | 'factsOf'>>('compression')
