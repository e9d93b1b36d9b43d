/** How long a client waits before it tries again. Follows clients/.../common/utils/ExponentialBackoff.java. */
import { below } from '../../base/random.ts'
import { fromMs, type Micros } from '../../base/units.ts'

/**
 * `initial` x 2^attempts, at most `max` milliseconds, times 0.8 .. 1.2 by a random word (multiplier 2, jitter 0.2), cut to
 * whole milliseconds.
 */
export function exponentialBackoff(initialMs: number, maxMs: number, attempts: number, word: number): Micros {
  const jitter = 0.8 + (below(word, 4001) / 4000) * 0.4
  return fromMs(Math.floor(Math.min(backoffTerm(initialMs, maxMs, attempts) * jitter, maxMs)))
}

/** Before jitter, and not yet cut. */
export function backoffTerm(initialMs: number, maxMs: number, attempts: number): number {
  if (initialMs <= 0 || initialMs >= maxMs) return initialMs
  let ms = initialMs
  for (let i = 0; i < attempts; i++) {
    if (ms * 2 > maxMs) return initialMs * power2(logarithm2(maxMs / initialMs))
    ms *= 2
  }
  return ms
}

/*
 * Java computes initial x 2^min(attempts, ln(max / initial) / ln 2) in doubles, and so its largest backoff is 1000 or 999
 * depending on the last bit. Math.log and Math.pow differ between engines in just that bit; whole numbers do not.
 */
const ONE = 1n << 128n
const LN2 = Math.LN2

/** A positive double as a fixed-point number with 128 binary places: exact for what occurs here. */
function fixed(value: number): bigint {
  let scaled = value, places = 0
  while (!Number.isSafeInteger(scaled)) {
    scaled *= 2
    places++
  }
  return (BigInt(scaled) << 128n) >> BigInt(places)
}

/** The nearest double. */
function double(value: bigint): number {
  let shift = 0n
  while (value >> shift >= 1n << 53n) shift++
  let result = Number((value >> shift) + (shift > 0n ? (value >> (shift - 1n)) & 1n : 0n))
  for (let places = 128n - shift; places > 0n; places--) result /= 2
  return result
}

/** ln x / ln 2 of an x >= 1, each of the two rounded to a double, as Java has it. */
function logarithm2(x: number): number {
  const value = fixed(x)
  // ln x = 2 artanh((x - 1) / (x + 1)), of x halved until it is below 2
  let halves = 0n
  while (value >> halves >= 2n * ONE) halves++
  const ln = artanhSeries(value >> halves) + halves * artanhSeries(2n * ONE)
  return double(ln) / LN2
}

function artanhSeries(x: bigint): bigint {
  const step = ((x - ONE) << 128n) / (x + ONE)
  const square = (step * step) >> 128n
  let power = step, sum = 0n
  for (let odd = 1n; power > 0n; odd += 2n) {
    sum += power / odd
    power = (power * square) >> 128n
  }
  return 2n * sum
}

/** 2^exponent, rounded to a double. */
function power2(exponent: number): number {
  const whole = Math.floor(exponent)
  const argument = (fixed(exponent - whole) * artanhSeries(2n * ONE)) >> 128n
  let term = ONE, sum = 0n
  for (let i = 1n; term > 0n; i++) {
    sum += term
    term = ((term * argument) >> 128n) / i
  }
  return double(sum << BigInt(whole))
}
