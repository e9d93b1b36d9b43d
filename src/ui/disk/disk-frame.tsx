/** The room in which a disk is shown: it scrolls, and says so when there is nothing. */
import { useRef, type ReactNode } from 'react'
import { useStamp } from '../stage-area.tsx'
import { useLanguage } from '../words.ts'
import { useZoomText } from '../zoom/words.ts'
import './disk.css'
import styles from './disk.module.css'

export function DiskFrame({ label, level, state, children, after }: { readonly label: string; readonly level: 'files' | 'bytes'; readonly state: 'there' | 'waiting' | 'gone' | 'none'; readonly children?: ReactNode; readonly after?: ReactNode }): ReactNode {
  const text = useZoomText()
  const place = useRef<HTMLDivElement>(null)
  useStamp(place)
  return (
    <div ref={place} className={`disk ${styles['frame']}`} role="region" aria-label={label} tabIndex={0} data-testid="stage" data-level={level} lang={useLanguage()}>
      {state === 'there' ? children : <p className={styles['nothing']}>{{ waiting: text.wait, gone: text.gone, none: text.noPartition }[state]}</p>}
      {after}
    </div>
  )
}
