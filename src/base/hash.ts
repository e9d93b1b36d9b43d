/** A running fingerprint in two 32-bit lanes. Equal fingerprints are necessary for equal runs, not sufficient. */
export type Fingerprint = [high: number, low: number]

export const newFingerprint = (): Fingerprint => [0x811c9dc5 | 0, 0x2c9277b5 | 0]

/** Fold one whole number in; numbers beyond 32 bits are folded as two words. */
export function fold(print: Fingerprint, value: number): void {
  const low = value | 0
  print[0] = Math.imul(print[0] ^ low, 0x01000193)
  print[1] = (Math.imul(print[1] ^ low, 0x85ebca6b) + 0x27d4eb2f) | 0
  if (low !== value) {
    const high = Math.trunc(value / 4294967296) | 0
    print[0] = Math.imul(print[0] ^ high, 0x01000193)
    print[1] = (Math.imul(print[1] ^ high, 0xc2b2ae35) + 0x165667b1) | 0
  }
}

/** FNV-1a of the UTF-16 units; remembered, because types and names repeat for ever. */
export function hashOf(text: string): number {
  const remembered = hashes.get(text)
  if (remembered !== undefined) return remembered
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  if (hashes.size < 65_536) hashes.set(text, hash)
  return hash
}
const hashes = new Map<string, number>()

/** Sixteen hex digits. */
export const printed = (print: Fingerprint): string => word(print[0]) + word(print[1])
const word = (value: number): string => (value >>> 0).toString(16).padStart(8, '0')

/** Fold a tree of plain data in: numbers, strings, booleans, lists, objects in the order of their keys. */
export function foldTree(print: Fingerprint, value: unknown): void {
  switch (typeof value) {
    case 'number': return fold(print, value)
    case 'string': return fold(print, hashOf(value))
    case 'boolean': return fold(print, value ? 1 : 2)
    case 'object':
      if (value === null) return fold(print, 3)
      if (Array.isArray(value)) for (const part of value) foldTree(print, part)
      else {
        for (const key in value) {
          const part = (value as Record<string, unknown>)[key]
          if (typeof part === 'string') fold(print, hashOf(part))
          else if (typeof part === 'number') fold(print, part)
          else foldTree(print, part)
        }
      }
      return
    default: return fold(print, 4)
  }
}
