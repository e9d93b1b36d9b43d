/** Durations of a scenario file: a number and its unit, `500ms`, `9s`, `1.5m`, `2h`, `8d`. */
import type { Micros } from '../base/units.ts'

const millisecondsIn: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export const durationUnits = ['ms', 's', 'm', 'h', 'd'] as const
export const durationPattern = /^[0-9]+(\.[0-9]+)?(ms|s|m|h|d)$/
export const signedDurationPattern = /^-?[0-9]+(\.[0-9]+)?(ms|s|m|h|d)$/

/** A statement's duration is its number of milliseconds. */
export function durationMs(text: string): number {
  const unit = /[a-z]+$/.exec(text)?.[0] ?? ''
  const scale = millisecondsIn[unit]
  const amount = Number(text.slice(0, text.length - unit.length))
  if (scale === undefined || !Number.isFinite(amount)) throw new RangeError(`not a duration: ${text}`)
  return amount * scale
}

/** To simulated time, rounded to whole microseconds. */
export const durationMicros = (text: string): Micros => Math.round(durationMs(text) * 1_000)

/** `5/s` as the time between two records, in microseconds (may have a fraction: multiply before rounding). */
export function rateInterval(rate: string): number {
  const [count, unit] = rate.split('/')
  return (millisecondsIn[unit ?? ''] ?? NaN) * 1_000 / Number(count)
}

/** `smart`, or `true x0.005`: real time, 200 times slower. */
export function paceOf(text: string | undefined): 'smart' | number {
  return text === undefined || text === 'smart' ? 'smart' : Number(text.slice('true x'.length))
}
