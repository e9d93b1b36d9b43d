/** Records to send from a client; and the buttons that end a form. */
import { useState, type FormEvent, type ReactNode } from 'react'
import { Dialog } from '../parts/dialog.tsx'
import parts from '../parts/parts.module.css'
import { useRun } from '../run.tsx'
import { useText } from '../desk-words.ts'
import styles from './faults.module.css'
import { mostRecords, recordsOf } from './records.ts'

interface Props {
  readonly client: string
  readonly onClose: () => void
}

export function ProduceForm({ client, onClose }: Props): ReactNode {
  const text = useText()
  const { player } = useRun()
  const words = text.forms
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const [count, setCount] = useState(1)
  const send = (event: FormEvent) => {
    event.preventDefault()
    onClose()
    player.intervene([{ do: 'produce', by: client, records: recordsOf(key, value, count) }])
  }
  return (
    <Dialog title={words.produceTitle(client)} onClose={onClose}>
      <form className={styles['form']} onSubmit={send}>
        <label>
          {words.key}
          <input value={key} maxLength={200} onChange={(event) => setKey(event.currentTarget.value)} data-autofocus />
          <small>{words.keyHelp}</small>
        </label>
        <label>
          {words.value}
          <input value={value} maxLength={1000} onChange={(event) => setValue(event.currentTarget.value)} />
          <small>{words.valueHelp}</small>
        </label>
        <label>
          {words.count}
          <input
            type="number"
            min={1}
            max={mostRecords}
            required
            value={count}
            onChange={(event) => setCount(event.currentTarget.valueAsNumber || 1)}
          />
        </label>
        <Buttons onClose={onClose} label={words.send} />
      </form>
    </Dialog>
  )
}

export function Buttons({
  onClose,
  label,
  disabled = false,
}: {
  readonly onClose: () => void
  readonly label: string
  readonly disabled?: boolean
}): ReactNode {
  const text = useText()
  return (
    <div className={styles['formButtons']}>
      <button type="submit" className={parts['primary']} disabled={disabled}>
        {label}
      </button>
      <button type="button" className={parts['button']} onClick={onClose}>
        {text.cancel}
      </button>
    </div>
  )
}
