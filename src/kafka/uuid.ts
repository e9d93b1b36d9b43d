import { hashOf } from '../base/hash.ts'

/** A UUID of four random words, as Kafka's ids of members are written. */
export function uuidOf(word: () => number): string {
  const hex = Array.from({ length: 4 }, () => word().toString(16).padStart(8, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Kafka's own form of an id, 22 characters of base64. Made of a name here, so that the same thing has the same id in every run. */
export function idOf(name: string): string {
  const bytes = Array.from({ length: 4 }, (_, i) => hashOf(`${i} ${name}`)).flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255])
  // Version 4, as java.util.UUID marks its random ones.
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  let text = ''
  for (let i = 0; i < 16; i += 3) {
    const three = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    for (const shift of [18, 12, 6, 0]) text += BASE64[(three >>> shift) & 63]
  }
  return text.slice(0, 22)
}
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
