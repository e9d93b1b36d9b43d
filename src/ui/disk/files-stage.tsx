/** One replica's log as its files: segments and indexes to one scale, what the checks would do, the page cache, the checkpoints. */
import { useRef, useState, type ReactNode } from 'react'
import type { FilesView } from '../../projection/disk-view.ts'
import { layoutFiles } from '../../scene/files-layout.ts'
import { formatBytes } from '../../text/format.ts'
import { useMoment } from '../run.tsx'
import { useFaces, useSize } from '../stage/use-size.ts'
import { useLanguage } from '../words.ts'
import { useZoomText } from '../zoom/words.ts'
import { Checkpoints, Directory } from './checkpoints.tsx'
import { Compaction } from './compaction.tsx'
import { DiskFrame } from './disk-frame.tsx'
import styles from './disk.module.css'
import { LogRows } from './log-rows.tsx'
import { PageCache } from './page-cache.tsx'
import { useLook } from './use-look.ts'
import { useReplica } from './use-replica.ts'

export function FilesStage(): ReactNode {
  const text = useZoomText()
  const replica = useReplica()
  const { found, answered } = useLook(replica === undefined ? undefined : { what: 'files', replica })
  const files = found?.what === 'files' ? found : undefined
  const state = replica === undefined ? 'none' : files !== undefined ? 'there' : answered ? 'gone' : 'waiting'
  return (
    <DiskFrame label={text.files.stage} level="files" state={state}>
      {files !== undefined && <Files files={files} />}
    </DiskFrame>
  )
}

function Files({ files }: { readonly files: FilesView }): ReactNode {
  const text = useZoomText()
  const language = useLanguage()
  const { view } = useMoment()
  useFaces()
  const room = useRef<HTMLDivElement>(null)
  const size = useSize(room)
  const [cursor, setCursor] = useState<number>()
  const partition = view.partitions[files.partition]
  const replica = view.replicas[files.replica]
  const count = (files.folded?.segments ?? 0) + files.segments.length
  const narrow = size !== undefined && size.width < 560
  const frame = size === undefined || size.width === 0 ? undefined : layoutFiles(files, size.width, narrow ? 0 : 104)
  return (
    <>
      <h2 className={styles['title']}>
        {text.files.log(files.partition)}
        <small>{text.files.counts(files.logEnd - files.logStart, count, formatBytes(language, files.bytes))}</small>
      </h2>
      <p className={styles['badges']}>
        {replica !== undefined && (
          <span>
            {files.broker}, {text.files.roles[replica.role]}
          </span>
        )}
        {partition?.overrides.map(({ name, value }) => (
          <code key={name} className={styles['badge']}>
            {name}={value}
          </code>
        ))}
      </p>
      <div ref={room} className={styles['drawing']}>
        {frame !== undefined && <LogRows files={files} frame={frame} narrow={narrow} cursor={cursor} onCursor={setCursor} />}
      </div>
      {frame !== undefined && files.segments.length > 0 && <PageCache files={files} frame={frame} narrow={narrow} />}
      {files.cleaning !== undefined && <Compaction files={files} cleaning={files.cleaning} width={size?.width ?? 0} />}
      <Checkpoints files={files} />
      <Directory files={files} />
    </>
  )
}
