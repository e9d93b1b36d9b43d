/** A button that lets somebody choose a file of his machine. */
import { useRef, type ReactNode } from 'react'
import { Icon } from './desk-icons.tsx'
import parts from './parts.module.css'

interface Props {
  readonly label: string
  /** Names and types of files, as an `input` has them. */
  readonly accept: string
  readonly look?: 'button' | 'primary'
  readonly onFile: (file: File) => void
}

export function FileButton({ label, accept, look = 'button', onFile }: Props): ReactNode {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" className={parts[look]} onClick={() => input.current?.click()}>
        <Icon name="file" />
        {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = ''
          if (file !== undefined) onFile(file)
        }}
      />
    </>
  )
}
