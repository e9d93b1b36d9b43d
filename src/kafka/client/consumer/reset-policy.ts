/**
 * `auto.offset.reset`: where to read without a committed offset, or with one that the leader does not have (CSM-1, CSM-2).
 * Follows clients/.../consumer/internals/AutoOffsetResetStrategy.java; the duration is what java.time.Duration#parse takes.
 */
const BY_DURATION = 'by_duration:'
const isoDuration = /^P(?:([0-9]+)D)?(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:[.,]([0-9]{0,9}))?S)?)?$/i

/** How far `by_duration:PT1H` goes back, milliseconds; undefined = it is none of these. */
export function durationOfPolicy(policy: string): number | undefined {
  if (!policy.startsWith(BY_DURATION)) return undefined
  const found = isoDuration.exec(policy.slice(BY_DURATION.length))
  if (found === null || found.slice(1).every((part) => part === undefined)) return undefined
  const [days, hours, minutes, seconds] = found.slice(1, 5).map((part) => Number(part ?? 0))
  const nanos = Number((found[5] ?? '').padEnd(9, '0'))
  return ((days! * 24 + hours!) * 60 + minutes!) * 60_000 + seconds! * 1000 + Math.floor(nanos / 1_000_000)
}
export const isDurationPolicy = (policy: string): boolean => durationOfPolicy(policy) !== undefined
