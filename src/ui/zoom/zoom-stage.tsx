/** The stage at the level chosen. Racks, files and bytes are fetched when they are first looked at. */
import { lazy, Suspense, useCallback, useRef, type ReactNode } from 'react'
import type { Lane } from '../../scene/layout-types.ts'
import { useRun } from '../run.tsx'
import { RunStage } from '../stage-area.tsx'
import { useZoomGestures } from './gestures.ts'
import { zoomBy } from './place.ts'
import { useLevel } from './zoom-control.tsx'
import styles from './zoom.module.css'

const FarStage = lazy(async () => ({ default: (await import('../far/far-stage.tsx')).FarStage }))
const FilesStage = lazy(async () => ({ default: (await import('../disk/files-stage.tsx')).FilesStage }))
const BytesStage = lazy(async () => ({ default: (await import('../disk/bytes-stage.tsx')).BytesStage }))

export function ZoomedStage({ phoneLane }: { readonly phoneLane?: Lane }): ReactNode {
  const run = useRun()
  const level = useLevel()
  const place = useRef<HTMLDivElement>(null)
  const zoom = useCallback((by: 1 | -1) => zoomBy(run, by), [run])
  useZoomGestures(place, zoom)
  return (
    <div ref={place} className={styles['place']}>
      <div key={level} className={styles['level']}>
        <Suspense>
          {level === 'racks' && <FarStage />}
          {level === 'logs' && (phoneLane === undefined ? <RunStage /> : <RunStage variant="phone" lane={phoneLane} />)}
          {level === 'files' && <FilesStage />}
          {level === 'bytes' && <BytesStage />}
        </Suspense>
      </div>
    </div>
  )
}
