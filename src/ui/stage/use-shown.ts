/** The exposure on the screen, as React state: it changes when the view does, not with every frame. */
import { useEffect, useState } from 'react'
import type { Exposure, Film } from '../../bridge/film.ts'
import type { Clock } from '../clock.ts'

export interface Shown {
  readonly exposure: Exposure
  readonly index: number
  readonly at: number
}

const shownAt = (film: Film, at: number): Shown => {
  const index = film.exposureIndexAt(at)
  return { exposure: film.exposureAt(at), index, at }
}

/** `draw` runs for every frame; the state it returns is renewed only when another exposure is in force. */
export function useShown(film: Film, clock: Clock): Shown {
  const [shown, setShown] = useState(() => shownAt(film, clock.at))
  useEffect(() => {
    const look = (at: number): void => {
      const index = film.exposureIndexAt(at)
      const next = film.exposures[index]
      setShown((was) => (next === undefined || was.exposure === next ? was : shownAt(film, at)))
    }
    look(clock.at)
    return clock.onFrame(look)
  }, [film, clock])
  return shown
}
