/** Where one press of a stepping key leads: the next thing of a kind, forwards or back. Pure. */
import type { Micros } from '../base/units.ts'
import type { Film } from '../bridge/film.ts'
import { isHeadline } from '../projection/story.ts'

export type StepBy = 'event' | 'message' | 'line'
export type Direction = 1 | -1

/** The moment to go to; undefined = the film holds none in that direction. */
export function moveFrom(film: Film, at: Micros, by: StepBy, direction: Direction): Micros | undefined {
  if (by === 'event') return direction === 1 ? film.momentAfter(at) : film.momentBefore(at)
  if (by === 'message') return direction === 1 ? arrivalAfter(film, at) : arrivalBefore(film, at)
  return direction === 1 ? lineAfter(film, at) : lineBefore(film, at)
}

const windows: readonly Micros[] = [50_000, 1_000_000, 20_000_000, Infinity]

/** Widening windows: the next arrival is nearly always close, and a long film holds very many. */
function arrivalAfter(film: Film, at: Micros): Micros | undefined {
  for (const reach of windows) {
    let best: Micros | undefined
    for (const span of film.spansBetween(at, Math.min(film.to, at + reach))) {
      if (!matters(span.detail.weight) || span.arrivesAt <= at || span.arrivesAt > film.to) continue
      if (best === undefined || span.arrivesAt < best) best = span.arrivesAt
    }
    // What arrives beyond the window may be beaten by something sent after its end.
    if (best !== undefined && best <= at + reach) return best
  }
  return undefined
}
function arrivalBefore(film: Film, at: Micros): Micros | undefined {
  for (const reach of windows) {
    let best: Micros | undefined
    for (const span of film.spansBetween(Math.max(film.from, at - reach), at)) {
      if (!matters(span.detail.weight) || span.arrivesAt >= at || span.arrivesAt < film.from) continue
      if (best === undefined || span.arrivesAt > best) best = span.arrivesAt
    }
    if (best !== undefined) return best
  }
  return undefined
}
const matters = (weight: string): boolean => weight === 'data' || weight === 'control'

function lineAfter(film: Film, at: Micros): Micros | undefined {
  for (let i = film.storyLengthAt(at); i < film.story.length; i++) if (isHeadline(film.story[i]!)) return film.story[i]!.at
  return undefined
}
function lineBefore(film: Film, at: Micros): Micros | undefined {
  for (let i = film.storyLengthAt(at) - 1; i >= 0; i--) {
    const line = film.story[i]!
    if (line.at < at && isHeadline(line)) return line.at
  }
  return undefined
}
