/** One batch of the log that is shown, or a log file from elsewhere. */
import type { ReactNode } from 'react'
import type { BatchView } from '../../projection/disk-view.ts'
import { formatBytes, formatNumber } from '../../text/format.ts'
import parts from '../parts/parts.module.css'
import { useMoment } from '../run.tsx'
import { useZoom } from '../stores/zoom.ts'
import { useLanguage } from '../words.ts'
import { useZoomText } from '../zoom/words.ts'
import { BatchFields } from './batch-fields.tsx'
import { DiskFrame } from './disk-frame.tsx'
import styles from './disk.module.css'
import { LogFile } from './log-file.tsx'
import { OpenLogFile } from './open-log-file.tsx'
import { useLogFile } from './opened-log.ts'
import { useLook } from './use-look.ts'
import { useReplica } from './use-replica.ts'

export function BytesStage(): ReactNode {
  const text = useZoomText()
  const file = useLogFile((opened) => opened.file)
  if (file === undefined) return <BytesOfCluster />
  return (
    <DiskFrame label={text.bytes.stage} level="bytes" state="there">
      <LogFile key={`${file.name} ${file.size} ${file.lastModified}`} file={file} />
    </DiskFrame>
  )
}

function BytesOfCluster(): ReactNode {
  const text = useZoomText()
  const replica = useReplica()
  const { view } = useMoment()
  const offset = useZoom((zoom) => zoom.offset)
  const end = replica === undefined ? 0 : (view.replicas[replica]?.logEndOffset ?? 0)
  const { found, answered } = useLook(replica === undefined ? undefined : { what: 'batch', replica, offset: offset ?? Math.max(0, end - 1) })
  const batch = found?.what === 'batch' ? found : undefined
  const state = replica === undefined ? 'none' : batch !== undefined ? 'there' : answered ? 'gone' : 'waiting'
  return (
    <DiskFrame label={text.bytes.stage} level="bytes" state={state} after={<OpenLogFile />}>
      {batch !== undefined && <Batch batch={batch} />}
    </DiskFrame>
  )
}

function Batch({ batch }: { readonly batch: BatchView }): ReactNode {
  const text = useZoomText()
  const language = useLanguage()
  const go = (offset: number | undefined) => offset !== undefined && useZoom.getState().set({ offset })
  return (
    <>
      <div className={styles['head']}>
        <h2 className={styles['title']}>
          {text.bytes.one}
          <small>
            {text.bytes.records(batch.base, batch.last)}. {text.bytes.place(formatBytes(language, batch.sizeInBytes), formatNumber(language, batch.position), batch.file)}
          </small>
        </h2>
        <button type="button" className={parts['button']} disabled={batch.before === undefined} onClick={() => go(batch.before)}>
          {text.bytes.before}
        </button>
        <button type="button" className={parts['button']} disabled={batch.after === undefined} onClick={() => go(batch.after)}>
          {text.bytes.after}
        </button>
      </div>
      {batch.spoiled && <p className={styles['spoiled']}>{text.bytes.spoiled}</p>}
      <BatchFields fields={batch.fields} otherRecords={batch.otherRecords} />
      <Finding batch={batch} />
    </>
  )

}

function Finding({ batch }: { readonly batch: BatchView }): ReactNode {
  const text = useZoomText()
  const language = useLanguage()
  const [offset, position] = batch.entry
  return (
    <section className={styles['finding']} aria-label={text.bytes.finding(batch.base)}>
      <h3>{text.bytes.finding(batch.base)}</h3>
      <ol>
        <li>{text.bytes.steps.segment(batch.segment)}</li>
        <li>{position === 0 ? text.bytes.steps.noEntry : text.bytes.steps.entry(offset, formatNumber(language, position))}</li>
        <li>{text.bytes.steps.read(batch.readOver)}</li>
      </ol>
    </section>
  )
}
