/** The stage at the level chosen. Racks, files and bytes are fetched when they are first looked at. */
import { lazy, Suspense, useCallback, useRef, useSyncExternalStore, type ReactNode } from 'react'
import type { Lane } from '../../scene/layout-types.ts'
import { useMoment, useRun, useScenario } from '../run.tsx'
import { RunStage } from '../stage-area.tsx'
import { sinksIn, toysIn } from '../toy/shown.ts'
import { useZoomGestures } from './gestures.ts'
import { zoomBy } from './place.ts'
import { useLevel } from './zoom-control.tsx'
import styles from './zoom.module.css'

const FarStage = lazy(async () => ({ default: (await import('../far/far-stage.tsx')).FarStage }))
const FilesStage = lazy(async () => ({ default: (await import('../disk/files-stage.tsx')).FilesStage }))
/** Few runs have one. */
const ToyStage = lazy(async () => ({ default: (await import('../toy/toy-stage.tsx')).ToyStage }))
const BytesStage = lazy(async () => ({ default: (await import('../disk/bytes-stage.tsx')).BytesStage }))

const low = typeof matchMedia === 'undefined' ? undefined : matchMedia('(max-height: 820px)')
const useIsLow = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      low?.addEventListener('change', changed)
      return () => low?.removeEventListener('change', changed)
    },
    () => low?.matches ?? false,
  )

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
          {level === 'logs' && <Logs phoneLane={phoneLane} />}
          {level === 'files' && <FilesStage />}
          {level === 'bytes' && <BytesStage />}
        </Suspense>
      </div>
    </div>
  )
}

/** The cluster, and below it, if there is any, what is not Kafka. */
function Logs({ phoneLane }: { readonly phoneLane: Lane | undefined }): ReactNode {
  const { view, entered } = useMoment()
  const step = useScenario()?.steps?.[entered]
  const toys = toysIn(step, view), sinks = sinksIn(step, view)
  const cluster = phoneLane === undefined ? <RunStage /> : <RunStage variant="phone" lane={phoneLane} />
  const snug = useIsLow()
  if (toys.length + sinks.length === 0) return cluster
  return (
    <div className={styles['compared']}>
      <div className={styles['cluster']}>{cluster}</div>
      <Suspense>
        <ToyStage toys={toys} sinks={sinks} snug={snug} />
      </Suspense>
    </div>
  )
}
