/** A native dialog that is open as long as it is rendered. Escape and its cross close it; focus goes back by itself. */
import { useEffect, useRef, type ReactNode } from 'react'
import { useText } from '../words.ts'
import { Icon } from './icons.tsx'
import styles from './parts.module.css'

interface Props {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}

export function Dialog({ title, onClose, children }: Props): ReactNode {
  const text = useText()
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = element.current
    if (dialog === null || dialog.open) return
    dialog.showModal()
    dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus()
  }, [])
  return (
    <dialog
      ref={element}
      className={styles['dialog']}
      aria-labelledby="dialog-title"
      onClose={onClose}
      onClick={(event) => event.target === element.current && onClose()}
    >
      <div className={styles['dialogHead']}>
        <h2 id="dialog-title">{title}</h2>
        <button type="button" className={styles['icon']} aria-label={text.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {children}
    </dialog>
  )
}
