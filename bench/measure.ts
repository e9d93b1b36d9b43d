/** Small tools of the benchmarks. Ratios within one run are what counts; absolute numbers are for orientation. */
import { derive, next } from '../src/base/random.ts'

/** What is compared is measured alternately, so often. */
export const ROUNDS = 5

export const median = (values: readonly number[]): number => percentile(values, 0.5)
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.slice().sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}

/** Milliseconds. */
export function timed(work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

/** Seeded moments of [0, end). */
export function moments(count: number, end: number): number[] {
  const stream = derive(7, 'bench', 'moments')
  return Array.from({ length: count }, () => Math.floor((next(stream) / 4294967296) * end))
}

/** Programs of this folder are started with a collector that can be called. Twice: what the first time is only found to be garbage goes with the second. */
export function collect(): void {
  const { gc } = globalThis as { gc?: () => void }
  gc?.()
  gc?.()
}

export const per = (value: number, digits = 1): string => `${(value * 100).toFixed(digits)} %`
