/** What the address of the page asks for. Everything about a run is in the fragment, which stays in the browser. */
import type { Micros } from '../base/units.ts'
import { languages, type Language } from '../text/language.ts'
import { levels, type Level } from './stores/zoom.ts'

interface Moment {
  /** The moment to show first. */
  readonly at: Micros | undefined
  /** Another seed than the scenario's own. */
  readonly seed: number | undefined
  readonly language: Language | undefined
  /** What was done to the run, packed as `link.ts` does it. */
  readonly journal?: string | undefined
  readonly zoom?: ZoomRoute | undefined
}
/** How near to look, at which log (`orders/0` or `orders/0@b1`), at which offset. */
export interface ZoomRoute { readonly level: Level; readonly log?: string; readonly offset?: number }
export type Route =
  | { readonly page: 'home' } & Moment
  /** All experiments by number. */
  | { readonly page: 'laboratory' } & Moment
  /** What was compared with a real Apache Kafka. */
  | { readonly page: 'checked' } & Moment
  /** A shipped scenario. */
  | { readonly page: 'shipped'; readonly id: string } & Moment
  /** A scenario inside the link. */
  | { readonly page: 'text'; readonly encoded: string } & Moment
  /** A file beside the page, on the same origin. */
  | { readonly page: 'file'; readonly path: string } & Moment

/** `fragment` without its #, `search` without its ?. */
export function parseRoute(fragment: string, search = ''): Route {
  const asked = new URLSearchParams(fragment)
  const moment: Moment = { at: microsOf(asked.get('t')), seed: seedOf(asked.get('seed')), language: languageOf(asked.get('lang')), ...journalOf(asked.get('j')), ...zoomOf(asked) }
  const id = asked.get('s')
  if (id !== null && id !== '') return { page: 'shipped', id, ...moment }
  const encoded = asked.get('y')
  if (encoded !== null && encoded !== '') return { page: 'text', encoded, ...moment }
  if (asked.has('lab')) return { page: 'laboratory', ...moment }
  if (asked.has('checked')) return { page: 'checked', ...moment }
  const path = new URLSearchParams(search).get('file')
  if (path !== null && path !== '') return { page: 'file', path, ...moment }
  return { page: 'home', ...moment }
}

/** The fragment of a link to this place. */
export function fragmentOf(route: Route): string {
  const parts: string[] = []
  if (route.page === 'shipped') parts.push(`s=${encodeURIComponent(route.id)}`)
  if (route.page === 'laboratory') parts.push('lab')
  if (route.page === 'checked') parts.push('checked')
  if (route.page === 'text') parts.push(`y=${route.encoded}`)
  if (route.at !== undefined) parts.push(`t=${secondsOf(route.at)}`)
  if (route.seed !== undefined) parts.push(`seed=${route.seed}`)
  if (route.language !== undefined) parts.push(`lang=${route.language}`)
  if (route.zoom !== undefined) {
    parts.push(`z=${route.zoom.level}`)
    if (route.zoom.log !== undefined) parts.push(`r=${encodeURIComponent(route.zoom.log)}`)
    if (route.zoom.offset !== undefined) parts.push(`o=${route.zoom.offset}`)
  }
  if (route.journal !== undefined) parts.push(`j=${route.journal}`)
  return parts.join('&')
}

/** Whether a path leads to a file of this very origin; nothing else is ever fetched. */
export function sameOriginUrl(path: string, base: string): URL | undefined {
  try {
    const url = new URL(path, base)
    const { origin, protocol } = new URL(base)
    return url.origin === origin && url.protocol === protocol ? url : undefined
  } catch {
    return undefined
  }
}

/** `16.298277`, seconds with as many digits as it takes. */
function secondsOf(at: Micros): string {
  return (at / 1_000_000).toFixed(6).replace(/\.?0+$/, '')
}
function microsOf(text: string | null): Micros | undefined {
  if (text === null || !/^\d{1,7}(\.\d{1,6})?$/.test(text)) return undefined
  return Math.round(Number(text) * 1_000_000)
}
const journalOf = (text: string | null): { readonly journal?: string } => (text === null || text === '' ? {} : { journal: text })
function seedOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
function zoomOf(asked: URLSearchParams): { readonly zoom?: ZoomRoute } {
  const level = levels.find((each) => each === asked.get('z'))
  if (level === undefined) return {}
  const log = asked.get('r') ?? '', offset = asked.get('o') ?? ''
  return { zoom: { level, ...(/^[\w.-]+\/\d+(@b\d+)?$/.test(log) ? { log } : {}), ...(/^\d{1,15}$/.test(offset) ? { offset: Number(offset) } : {}) } }
}
function languageOf(text: string | null): Language | undefined {
  return languages.find((language) => language === text)
}
