/** Zig-zag varints: small numbers of either sign take few bytes. Follows clients/.../common/utils/ByteUtils.java. REC-3. */

/** Of a signed 32-bit number. */
export const varint = (value: number): number[] => groups(BigInt.asUintN(32, BigInt((value << 1) ^ (value >> 31))))
/** Of a signed 64-bit number. */
export const varlong = (value: bigint): number[] => groups(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)))

/** Seven bits a byte, the lowest first; the high bit says that more follow. */
function groups(value: bigint): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn)
    if (rest < 0x80n) return [...bytes, low]
    bytes.push(low | 0x80)
  }
}
