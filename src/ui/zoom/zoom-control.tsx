/** Four levels by their names. */
import type { ReactNode } from 'react'
import { useMoment, useRun } from '../run.tsx'
import { levels, useZoom, type Level } from '../stores/zoom.ts'
import { levelOf, zoomTo } from './place.ts'
import { useZoomText } from './words.ts'
import styles from './zoom.module.css'

export function useLevel(): Level {
  const zoom = useZoom()
  const { view } = useMoment()
  return levelOf(zoom, view)
}

export function ZoomControl(): ReactNode {
  const text = useZoomText()
  const run = useRun()
  const level = useLevel()
  return (
    <div className={styles['control']} role="group" aria-label={text.label}>
      {levels.map((each) => (
        <button key={each} type="button" aria-pressed={each === level} onClick={() => zoomTo(run, each)}>
          {text.levels[each]}
        </button>
      ))}
    </div>
  )
}

/** The same where there is little room. */
export function ZoomSelect(): ReactNode {
  const text = useZoomText()
  const run = useRun()
  const level = useLevel()
  return (
    <select className={styles['select']} aria-label={text.label} value={level} onChange={(event) => zoomTo(run, event.currentTarget.value as Level)}>
      {levels.map((each) => (
        <option key={each} value={each}>
          {text.levels[each]}
        </option>
      ))}
    </select>
  )
}
