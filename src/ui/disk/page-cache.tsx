/** The active segment as pages: which are on the device, which only in the page cache; and what an end now would cost. */
import type { ReactNode } from 'react'
import type { FilesView } from '../../projection/disk-view.ts'
import { pagesOf, type FilesFrame } from '../../scene/files-layout.ts'
import { formatBytes } from '../../text/format.ts'
import { widthOf } from '../stage/measure.ts'
import { useLanguage } from '../words.ts'
import { useZoomText } from '../zoom/words.ts'
import styles from './disk.module.css'

const height = 30

export function PageCache({ files, frame, narrow }: { readonly files: FilesView; readonly frame: FilesFrame; readonly narrow: boolean }): ReactNode {
  const text = useZoomText()
  const language = useLanguage()
  const active = files.segments.at(-1)!
  const pages = pagesOf(active, files.writtenTo)
  const x0 = narrow ? 0 : frame.x0
  const pitch = pages.boxes === 0 ? 0 : Math.min(16, (frame.width - x0) / pages.boxes)
  const edge = x0 + pages.written * pitch
  const cached = files.writtenTo < files.logEnd
  const words = cached ? text.files.cacheOnly(files.writtenTo, files.logEnd) : text.files.allWritten
  const right = edge + 8 + widthOf(words, 12.5) < frame.width
  return (
    <section aria-label={text.files.pages}>
      <h3 className={styles['subtitle']}>
        {text.files.pages}
        <small>
          {text.files.activeSegment}, {text.files.pagesOf(formatBytes(language, active.sizeInBytes), pages.pages)}
          {pages.each > 1 && `, ${text.files.eachBox(pages.each)}`}
        </small>
      </h3>
      <svg width={frame.width} height={height + 24} viewBox={`0 0 ${frame.width} ${height + 24}`} role="img" aria-label={words}>
        {Array.from({ length: pages.boxes }, (_, i) => (
          <rect key={i} className={i < pages.written ? styles['device'] : styles['cache']} x={x0 + i * pitch + 1} y={2} width={Math.max(1.5, pitch - 3)} height={height - 4} rx={1.5} />
        ))}
        {cached && <path d={`M${edge - 0.5} 0V${height + 2}`} stroke="var(--ink)" strokeWidth={1.5} />}
        <text x={right ? edge + (cached ? 4 : 0) : edge - 4} y={height + 13} dy=".35em" textAnchor={right ? 'start' : 'end'} className={cached ? 'medium' : 'quiet'}>
          {words}
        </text>
      </svg>
      <dl className={styles['facts']}>
        <div>
          <dt>{text.files.recoveryPoint(files.recoveryPoint)}</dt>
          <dd>{text.files.recoveryWords}</dd>
        </div>
        <div>
          <dt>{text.files.kill}</dt>
          <dd>{text.files.nothingLost}</dd>
        </div>
        <div>
          <dt>{text.files.power}</dt>
          <dd>{cached ? text.files.wouldLose(files.writtenTo, files.logEnd) : text.files.nothingLost}</dd>
        </div>
      </dl>
    </section>
  )
}
