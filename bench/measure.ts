/** Small tools of the benchmarks. Ratios within one run are what counts; absolute numbers are for orientation. */
import { derive, next } from '../src/base/random.ts'

export const median = (values: readonly number[]): number => percentile(values, 0.5)
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.slice().sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}
export const timed = (work: () => void): number => {
  const start = performance.now()
  work()
  return performance.now() - start
}
/** Seeded moments of [0, end]. */
export function moments(count: number, end: number): number[] {
  const stream = derive(7, 'bench', 'moments')
  return Array.from({ length: count }, () => Math.floor((next(stream) / 4294967296) * end))
}
export const collect = (): void => (globalThis as { gc?: () => void }).gc?.()
export const per = (value: number, digits = 1): string => `${(value * 100).toFixed(digits)} %`
