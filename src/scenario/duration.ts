/** Durations of a scenario file: a number and its unit, `500ms`, `9s`, `1.5m`, `2h`, `8d`. */
import type { Micros } from '../base/units.ts'
import { RUN_BEGAN_MS } from '../kafka/log/record.ts'

const millisecondsIn: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

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

/** A record's time, as milliseconds of the run: since 1970 in a file, or so much after or before the clock of whoever sends it. */
export function timestampMs(given: number | string | undefined, nowMs: number): number | undefined {
  if (typeof given !== 'string') return given === undefined ? undefined : given - RUN_BEGAN_MS
  return Math.floor(nowMs) + (given.startsWith('-') ? -1 : 1) * durationMs(given.slice(1))
}

/** To simulated time, rounded to whole microseconds. */
export const durationMicros = (text: string): Micros => Math.round(durationMs(text) * 1_000)
