/** Times, durations and numbers in words: the one place that asks the host's Intl. */
import type { Micros } from '../base/units.ts'
import type { Language } from './language.ts'

const two = (part: number): string => String(part).padStart(2, '0')

/** A moment of the run: `00:14.200`, `1:02:03.400`. */
export function formatTime(at: Micros): string {
  const milliseconds = Math.floor(Math.ceil(at) / 1_000)
  const seconds = Math.floor(milliseconds / 1_000)
  const minutes = Math.floor(seconds / 60)
  const rest = `${two(seconds % 60)}.${String(milliseconds % 1_000).padStart(3, '0')}`
  return minutes < 60 ? `${two(minutes)}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`
}

const units = {
  en: { ms: ' ms', s: ' s', min: ' min', h: ' h', d: ' d' },
  ko: { ms: ' ms', s: '초', min: '분', h: '시간', d: '일' },
} as const

/** How long: `350 ms`, `9.4 s`, `2 min 5 s`, `1 h 20 min`, `3 d`; in Korean `9.4초`, `2분 5초`. */
export function formatDuration(language: Language, ms: number): string {
  const unit = units[language]
  if (ms < 1_000) return `${formatNumber(language, Math.round(ms * 10) / 10)}${unit.ms}`
  const seconds = Math.round(ms / 100) / 10
  if (seconds < 60) return `${formatNumber(language, seconds)}${unit.s}`
  const whole = Math.round(ms / 1_000)
  const parts = [
    [Math.floor(whole / 86_400), unit.d], [Math.floor(whole / 3_600) % 24, unit.h], [Math.floor(whole / 60) % 60, unit.min], [whole % 60, unit.s],
  ] as const
  const first = parts.findIndex(([amount]) => amount > 0)
  return parts.slice(first, first + 2).filter(([amount]) => amount > 0).map(([amount, name]) => `${amount}${name}`).join(' ')
}

/** How wrong a clock is: `+8 d`, `−30 min`. */
export const formatSkew = (language: Language, micros: Micros): string => `${micros < 0 ? '−' : '+'}${formatDuration(language, Math.abs(micros) / 1_000)}`

const numbers = { en: new Intl.NumberFormat('en'), ko: new Intl.NumberFormat('ko') }
export const formatNumber = (language: Language, value: number): string => numbers[language].format(value)

/** `7.3 MB`; powers of 1024, as Kafka counts. */
export function formatBytes(language: Language, bytes: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB']
  let size = bytes
  let name = 0
  while (size >= 1_024 && name < names.length - 1) {
    size /= 1_024
    name++
  }
  return `${formatNumber(language, Math.round(size * 10) / 10)} ${names[name]}`
}

/** English plurals: `1 record`, `7 records`. Korean has none. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${formatNumber('en', count)} ${count === 1 ? one : many}`

/** `offset 4`, `offsets 4 to 6`. */
export const offsets = (base: number, last: number): string => (base >= last ? `offset ${base}` : `offsets ${base} to ${last}`)

const ordinary: Readonly<Record<Language, string>> = { en: 'none', ko: '없음' }
/** Names in the order given; a word where there are none. */
export const names = (language: Language, items: readonly string[]): string => (items.length === 0 ? ordinary[language] : items.join(', '))
