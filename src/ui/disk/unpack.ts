/** Opens what is compressed in a batch, where the browser knows how: gzip. Kafka's other codecs it does not know. */
import { decodeRecords, type CodecName, type DecodedBatch } from '../../kafka/log/decode.ts'
import { BATCH_HEADER_BYTES } from '../../projection/batch-fields.ts'

export const canUnpack = (codec: CodecName): boolean => codec === 'gzip' && typeof DecompressionStream === 'function'

/** The batch as it would be if it were not compressed; undefined if it cannot be opened. */
export async function unpacked({ header }: DecodedBatch, bytes: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    const packed = new Blob([bytes.slice(BATCH_HEADER_BYTES)])
    const records = new Uint8Array(await new Response(packed.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer())
    if ('damage' in decodeRecords(header, records)) return undefined
    const whole = new Uint8Array(BATCH_HEADER_BYTES + records.length)
    whole.set(bytes.subarray(0, BATCH_HEADER_BYTES))
    whole.set(records, BATCH_HEADER_BYTES)
    return whole
  } catch {
    return undefined
  }
}
