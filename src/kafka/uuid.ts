/** A UUID of four random words, as Kafka's ids of members are written. */
export function uuidOf(word: () => number): string {
  const hex = Array.from({ length: 4 }, () => word().toString(16).padStart(8, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
