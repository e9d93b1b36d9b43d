/**
 * Compression as machines know it that are always there: which codec a batch has. What it makes of a batch is a part of the
 * model that is loaded late (`late.ts`). REC-2. Follows clients/.../common/record/internal/CompressionType.java.
 */
import type { RecordBatch } from './record.ts'

/** By the id that stands in the lowest three bits of a batch's attributes. */
export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
/** Its id; 0 = not compressed. */
export type Codec = number

export const codecOf = ({ attributes }: Pick<RecordBatch, 'attributes'>): Codec => attributes & 7
/** A topic that is to have no compression says `uncompressed`. */
export const codecNamed = (name: string): Codec => Math.max(0, CODECS.indexOf(name as (typeof CODECS)[number]))
