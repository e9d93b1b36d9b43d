/** The speed slider's scale: ten stops a power of ten, at round numbers. Pure. */
import { SECOND, type Micros } from '../../base/units.ts'

const perDecade = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8]

/** From a slider's stop, 0 being real time, to a factor: 10 is ten times, -10 a tenth. */
export function toFactor(stop: number): number {
  const decade = Math.floor(stop / perDecade.length)
  return Number((perDecade[stop - decade * perDecade.length]! * 10 ** decade).toPrecision(3))
}
/** The stop nearest to a factor. */
export function toSlider(factor: number): number {
  const decade = Math.floor(Math.log10(factor) + 1e-9)
  const rest = factor / 10 ** decade
  let best = 0
  perDecade.forEach((stop, i) => {
    if (Math.abs(stop - rest) < Math.abs(perDecade[best]! - rest)) best = i
  })
  return decade * perDecade.length + best
}
/** `0.005`, `1.25`, `1000`; slow factors as a fraction of one. */
export function factorText(factor: number): string {
  return String(factor)
}
/** A fold's length, as its label says it. */
export const secondsOf = (micros: Micros): string => (micros / SECOND).toFixed(1)
export const speedLimits = { smart: [-10, 10], true: [-30, 30] } as const
