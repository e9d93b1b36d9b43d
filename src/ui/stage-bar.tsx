/** The line above the stage: where in the cluster we look, what is followed, and how much of a silence is skipped. */
import type { ReactNode } from 'react'
import { formatTime } from '../text/format.ts'
import { Icon } from './parts/desk-icons.tsx'
import parts from './parts/parts.module.css'
import { useMoment, useRun } from './run.tsx'
import styles from './stage-bar.module.css'
import { usePicked } from './stores/picked.ts'
import { secondsOf } from './transport/speed.ts'
import { useText } from './desk-words.ts'

/** Where we look, and what is followed. */
export function StageBar({ partition }: { readonly partition: string | undefined }): ReactNode {
  const text = useText()
  const { view } = useMoment()
  const { select, followed, follow } = usePicked()
  const shown = partition === undefined ? undefined : view.partitions[partition]
  return (
    <div className={styles['bar']}>
      <nav className={styles['crumbs']} aria-label={text.stage.cluster}>
        <button type="button" onClick={() => select(undefined)}>
          {text.stage.cluster}
        </button>
        {shown !== undefined && (
          <>
            <span aria-hidden="true">/</span>
            <span>{shown.topic}</span>
            <span aria-hidden="true">/</span>
            <button type="button" className={styles['here']} onClick={() => select({ kind: 'partition', key: shown.name })}>
              {text.stage.partition(shown.index)}
            </button>
            <span className={styles['isr']}>{text.stage.isr(shown.isr.join(', '), shown.replicas.length)}</span>
            {shown.isr.length < shown.minIsr && <span className={styles['under']}>{text.stage.underMin(shown.minIsr)}</span>}
          </>
        )}
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
    </div>
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
