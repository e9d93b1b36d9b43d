/** The hash that spreads keys over partitions in librdkafka (`consistent_random`): CRC-32 as zlib has it, unsigned. */
const TABLE: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = (rest & 1) === 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  return rest >>> 0
})

export function crc32(bytes: readonly number[]): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 255]!
  return (crc ^ 0xffffffff) >>> 0
}
