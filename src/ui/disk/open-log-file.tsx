/** Lets a learner open a segment of a real broker: with the button here, or dropped anywhere on the page. */
import { useRef, type ReactNode } from 'react'
import { Icon } from '../parts/desk-icons.tsx'
import parts from '../parts/parts.module.css'
import { useZoomText } from '../zoom/words.ts'
import styles from './disk.module.css'
import { openLogFile } from './opened-log.ts'

export function OpenLogFile(): ReactNode {
  const text = useZoomText()
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className={styles['opener']}>
      <button type="button" className={parts['button']} onClick={() => input.current?.click()}>
        <Icon name="file" />
        {text.file.open}
      </button>
      <span>{text.file.openWords}</span>
      <input
        ref={input}
        type="file"
        hidden
        accept=".log,application/octet-stream"
        aria-label={text.file.open}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = ''
          if (file !== undefined) openLogFile(file)
        }}
      />
    </div>
  )
}
