/** Lets a learner open a segment of a real broker: with the button here, or dropped anywhere on the page. */
import type { ReactNode } from 'react'
import { FileButton } from '../parts/file-button.tsx'
import { useZoomText } from '../zoom/words.ts'
import styles from './disk.module.css'
import { openLogFile } from './opened-log.ts'

export function OpenLogFile(): ReactNode {
  const text = useZoomText()
  return (
    <div className={styles['opener']}>
      <FileButton label={text.file.open} accept=".log,application/octet-stream" onFile={openLogFile} />
      <span>{text.file.openWords}</span>
    </div>
  )
}
