/** CRC-32C (Castagnoli), by which a batch on disk is known to be whole. Follows clients/.../common/utils/Crc32C.java. */

const POLYNOMIAL = 0x82f63b78
const table: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = (rest & 1) === 0 ? rest >>> 1 : (rest >>> 1) ^ POLYNOMIAL
  return rest
})

/** Unsigned. */
export function crc32c(bytes: Iterable<number>): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff]!
  return (crc ^ 0xffffffff) >>> 0
}
