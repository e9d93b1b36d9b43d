/** The line above the stage: where in the cluster we look and how near, what is followed, and how much of a silence is skipped. */
import type { ReactNode } from 'react'
import { formatTime } from '../text/format.ts'
import { Icon } from './parts/desk-icons.tsx'
import parts from './parts/parts.module.css'
import { useMoment, useRun } from './run.tsx'
import styles from './stage-bar.module.css'
import { usePicked } from './stores/picked.ts'
import { useZoom } from './stores/zoom.ts'
import { secondsOf } from './transport/speed.ts'
import { useText } from './desk-words.ts'
import { brokerOf, shownReplica } from './zoom/place.ts'
import { useZoomText } from './zoom/words.ts'
import { useLevel, ZoomControl } from './zoom/zoom-control.tsx'

/** Where we look, and what is followed. */
export function StageBar({ partition }: { readonly partition: string | undefined }): ReactNode {
  const text = useText()
  const level = useLevel()
  const { select, followed, follow } = usePicked()
  return (
    <div className={styles['bar']}>
      <nav className={styles['crumbs']} aria-label={text.stage.cluster}>
        <button
          type="button"
          onClick={() => {
            select(undefined)
            if (level !== 'logs') useZoom.getState().set({ level: 'racks' })
          }}
        >
          {text.stage.cluster}
        </button>
        {level === 'racks' ? <Counts /> : <Crumbs partition={partition} />}
      </nav>
      {followed !== undefined && (
        <span className={styles['follow']}>
          <Icon name="follow" />
          {text.stage.follow(followed)}
          <button type="button" className={parts['icon']} aria-label={text.stage.stopFollowing} onClick={() => follow(undefined)}>
            <Icon name="close" size={13} />
          </button>
        </span>
      )}
      <FoldNotice />
      <ZoomControl />
    </div>
  )
}

function Counts(): ReactNode {
  const { far } = useZoomText()
  const { view } = useMoment()
  const brokers = Object.values(view.brokers)
  const racks = new Set(brokers.flatMap(({ rack }) => rack ?? [])).size
  return <span className={styles['isr']}>{far.counts(brokers.length, racks, Object.values(view.partitions).filter(({ internal }) => !internal).length)}</span>
}

function Crumbs({ partition }: { readonly partition: string | undefined }): ReactNode {
  const text = useText()
  const level = useLevel()
  const { view } = useMoment()
  const { select } = usePicked()
  const shown = partition === undefined ? undefined : view.partitions[partition]
  if (shown === undefined) return null
  return (
    <>
      <span aria-hidden="true">/</span>
      <span>{shown.topic}</span>
      <span aria-hidden="true">/</span>
      <button type="button" className={styles['here']} onClick={() => select({ kind: 'partition', key: shown.name })}>
        {text.stage.partition(shown.index)}
      </button>
      <PartitionPicker partition={shown.name} />
      {level === 'logs' ? (
        <>
          <span className={styles['isr']}>{text.stage.isr(shown.isr.join(', '), shown.replicas.length)}</span>
          {shown.isr.length < shown.minIsr && <span className={styles['under']}>{text.stage.underMin(shown.minIsr)}</span>}
        </>
      ) : (
        <ReplicaPicker partition={shown.name} />
      )}
    </>
  )
}

/** Another partition, where there is more than one. */
function PartitionPicker({ partition }: { readonly partition: string }): ReactNode {
  const text = useZoomText()
  const { view, entered } = useMoment()
  const names = Object.values(view.partitions)
    .filter(({ internal }) => !internal)
    .map(({ name }) => name)
  if (names.length < 2) return null
  return (
    <select
      className={styles['picker']}
      aria-label={text.partition}
      value={partition}
      onChange={(event) => {
        const name = event.currentTarget.value
        usePicked.getState().select({ kind: 'partition', key: name })
        useZoom.getState().set({ partition: { name, step: entered }, replica: undefined, offset: undefined })
      }}
    >
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  )
}

/** Whose copy of it. */
function ReplicaPicker({ partition }: { readonly partition: string }): ReactNode {
  const text = useZoomText()
  const { view } = useMoment()
  const zoom = useZoom()
  const record = view.partitions[partition]
  const replica = shownReplica(zoom, view, partition)
  return (
    <span className={styles['replicas']} role="group" aria-label={text.replica}>
      {record?.replicas.map((broker) => (
        <button
          key={broker}
          type="button"
          aria-pressed={replica !== undefined && brokerOf(replica) === broker}
          onClick={() => {
            zoom.set({ replica: `${partition}@${broker}` })
            usePicked.getState().select({ kind: 'replica', key: `${partition}@${broker}` })
          }}
        >
          {broker}
        </button>
      ))}
    </span>
  )
}

/** While a silence is skipped, how much of it. */
function FoldNotice(): ReactNode {
  const text = useText()
  const { player } = useRun()
  const { at, playing } = useMoment()
  const fold = playing && player.pace.kind === 'smart' ? player.map.foldAt(at) : undefined
  return (
    <output className={styles['fold']} aria-live="off">
      {fold !== undefined && (
        <>
          <Icon name="fold" size={18} />
          {text.transport.foldedMore(secondsOf(fold.to - fold.from))}
          <span className="visually-hidden"> {formatTime(fold.to)}</span>
        </>
      )}
    </output>
  )
}
