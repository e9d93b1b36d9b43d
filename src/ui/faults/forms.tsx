/** The two small forms of a client: records to send, settings to change. */
import { useState, type FormEvent, type ReactNode } from 'react'
import { Dialog } from '../parts/dialog.tsx'
import parts from '../parts/parts.module.css'
import { useMoment, useRun } from '../run.tsx'
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

export function ConfigForm({ client, onClose }: Props): ReactNode {
  const text = useText()
  const { player } = useRun()
  const { view } = useMoment()
  const words = text.forms
  const producer = view.producers[client]
  const [acks, setAcks] = useState<string>(producer?.acks ?? 'all')
  const [idempotent, setIdempotent] = useState(producer?.idempotent ?? true)
  const conflict = idempotent && acks !== 'all'
  const apply = (event: FormEvent) => {
    event.preventDefault()
    if (conflict) return
    onClose()
    const set: Record<string, string> = {}
    if (acks !== producer?.acks) set['acks'] = acks
    if (idempotent !== producer?.idempotent) set['enable.idempotence'] = String(idempotent)
    if (Object.keys(set).length > 0) player.intervene([{ do: 'configClient', client, set }])
  }
  return (
    <Dialog title={words.configTitle(client)} onClose={onClose}>
      <form className={styles['form']} onSubmit={apply}>
        <label>
          <code>{words.acks}</code>
          <select value={acks} onChange={(event) => setAcks(event.currentTarget.value)} data-autofocus>
            {['all', '1', '0'].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
          <small>{text.configs['acks']}</small>
        </label>
        <label>
          <code>{words.idempotence}</code>
          <select value={String(idempotent)} onChange={(event) => setIdempotent(event.currentTarget.value === 'true')}>
            <option>true</option>
            <option>false</option>
          </select>
          <small>{text.configs['enable.idempotence']}</small>
        </label>
        {conflict && (
          <p role="alert" className={styles['conflict']}>
            {words.conflict}
          </p>
        )}
        <Buttons onClose={onClose} label={words.apply} disabled={conflict} />
      </form>
    </Dialog>
  )
}

function Buttons({
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
