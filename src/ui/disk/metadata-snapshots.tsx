/** The snapshots of a controller's metadata log, and the records that each is made of. */
import type { ReactNode } from 'react'
import type { SnapshotView } from '../../projection/cluster-view.ts'
import { formatTime } from '../../text/format.ts'
import { useZoomText } from '../zoom/words.ts'
import styles from './metadata-snapshots.module.css'

export function MetadataSnapshots({ snapshots }: { readonly snapshots: readonly SnapshotView[] }): ReactNode {
  const { files } = useZoomText()
  return (
    <section className={styles['snapshots']}>
      <h4>{files.snapshots}</h4>
      {snapshots.toReversed().map(({ file, records, takenAt }) => (
        <details key={file}>
          <summary>
            <code>{file}</code>
            <small>{files.snapshotRecords(records.length, formatTime(takenAt))}</small>
          </summary>
          <ol>
            {records.map(({ type, text }, i) => (
              <li key={i}>
                <b>{type}</b> {text}
              </li>
            ))}
          </ol>
        </details>
      ))}
    </section>
  )
}
