/**
 * What on the stage depends on the playhead itself and not only on the view: slides, fades, running times. Such parts
 * register here and are told of every frame; React is not.
 */
import { createContext, useContext, useLayoutEffect } from 'react'
import type { Micros } from '../../base/units.ts'
import { progress, windowLag, type Since } from '../../scene/transition.ts'

export type LivePart = (at: Micros, since: Since) => void

export class Live {
  #parts = new Set<LivePart>()
  #at: Micros = 0
  #since: Since = () => Infinity

  /** Told at once of the frame that is on the screen, then of each that follows. */
  add(part: LivePart): () => void {
    this.#parts.add(part)
    part(this.#at, this.#since)
    return () => this.#parts.delete(part)
  }
  run(at: Micros, since: Since): void {
    this.#at = at
    this.#since = since
    for (const part of this.#parts) part(at, since)
  }
  /** The frame in force, for parts that are about to mount. */
  set(at: Micros, since: Since): void {
    this.#at = at
    this.#since = since
  }
}

export const LiveContext = createContext(new Live())

/** Runs `part` for every frame for as long as the caller is mounted and its dependencies stay. */
export function useLive(part: LivePart | undefined, dependencies: readonly unknown[]): void {
  const live = useContext(LiveContext)
  // The part is made anew in every render; what it depends on is the caller's to say.
  // eslint-disable-next-line react/exhaustive-deps
  useLayoutEffect(() => (part === undefined ? undefined : live.add(part)), [live, ...dependencies])
}

type Element = { readonly current: SVGElement | null }
type Moves = readonly { readonly at: Micros; readonly by: number }[]

/** Fades an element in, from its event on. Without an event it is simply there. */
export function useFadeIn(element: Element, at: Micros | undefined, duration: number, from = 0, to = 1): void {
  useLive(
    at === undefined
      ? undefined
      : (_, since) =>
          element.current?.setAttribute('opacity', String(Math.round((from + (to - from) * progress(at, duration, since)) * 1000) / 1000)),
    [at, duration, from, to],
  )
}

/** Holds what stands in a window back while the window moves on. */
export function useWindowSlide(element: Element, moves: Moves | undefined, cw: number): void {
  useSlide(element, moves === undefined ? undefined : (since) => -windowLag(moves, since) * cw, [moves, cw])
}

/** Shifts an element sideways by what `shift` says of each frame; without it the element is in its place. */
export function useSlide(element: Element, shift: ((since: Since) => number) | undefined, dependencies: readonly unknown[]): void {
  useLive(
    (_, since) => {
      const x = Math.round((shift?.(since) ?? 0) * 100) / 100
      const transform = x === 0 ? 'translate(0 0)' : `translate(${x} 0)`
      if (element.current !== null && element.current.getAttribute('transform') !== transform)
        element.current.setAttribute('transform', transform)
    },
    [shift === undefined, ...dependencies],
  )
}
