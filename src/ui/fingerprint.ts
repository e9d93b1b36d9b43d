/** A short hash of plain data, whatever order its keys were written in: equal pictures have equal ones. Pure. */
export function fingerprint(data: unknown): string {
  let a = 0x9e3779b9,
    b = 0x85ebca6b
  const text =
    JSON.stringify(data, (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? sorted(value) : value,
    ) ?? ''
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 0x9e3779b1)
    b = Math.imul(b ^ code, 0x5f356495)
    a ^= b >>> 15
    b ^= a >>> 13
  }
  return [a, b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('')
}
const sorted = (value: object): object => Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
