/** Settings of a client to change: any that Kafka has for it and the model acts on, several at once, since each change restarts it. */
import { useEffect, useState, type FormEvent, type ReactNode } from 'react'
import { Dialog } from '../parts/dialog.tsx'
import parts from '../parts/parts.module.css'
import { useMoment, useRun } from '../run.tsx'
import { useText } from '../desk-words.ts'
import { changedIn, problemOf, settingsOf, type Change, type Setting, type Table } from './config-changes.ts'
import { Buttons } from './forms.tsx'
import styles from './faults.module.css'

export function ConfigForm({ client, onClose }: { readonly client: string; readonly onClose: () => void }): ReactNode {
  const text = useText()
  const [table, setTable] = useState<Table>()
  useEffect(() => {
    void import('../../kafka/config.ts').then(setTable)
  }, [])
  return (
    <Dialog title={text.forms.configTitle(client)} onClose={onClose}>
      {table !== undefined && <Changes table={table} client={client} onClose={onClose} />}
    </Dialog>
  )
}

function Changes({ table, client, onClose }: { readonly table: Table; readonly client: string; readonly onClose: () => void }): ReactNode {
  const text = useText()
  const { player } = useRun()
  const { view } = useMoment()
  const words = text.forms
  const settings = settingsOf(table, view, client)
  const [changes, setChanges] = useState<readonly Change[]>(() => [{ name: settings[0]!.name, value: settings[0]!.value }])
  const { set, unset } = changedIn(settings, changes)
  const isSame = Object.keys(set).length + unset.length === 0
  const hasProblem = changes.some((change) => problemOf(table, settings, change) !== undefined)
  const apply = (event: FormEvent) => {
    event.preventDefault()
    if (hasProblem || isSame) return
    onClose()
    player.intervene([{ do: 'configClient', client, set, ...(unset.length === 0 ? {} : { unset }) }])
  }
  const change = (at: number, to: Change) => setChanges(changes.map((each, i) => (i === at ? to : each)))
  const free = settings.find(({ name }) => changes.every((each) => each.name !== name))
  return (
    <form className={styles['form']} onSubmit={apply}>
      {changes.map((each, i) => (
        <Row
          key={i}
          table={table}
          settings={settings.filter(({ name }) => name === each.name || changes.every((other) => other.name !== name))}
          change={each}
          isFirst={i === 0}
          onChange={(to) => change(i, to)}
        />
      ))}
      {free !== undefined && (
        <button type="button" className={parts['button']} onClick={() => setChanges([...changes, { name: free.name, value: free.value }])}>
          {words.another}
        </button>
      )}
      <Buttons onClose={onClose} label={words.apply} disabled={hasProblem || isSame} />
    </form>
  )
}

interface RowProps {
  readonly table: Table
  readonly settings: readonly Setting[]
  readonly change: Change
  readonly isFirst: boolean
  readonly onChange: (to: Change) => void
}
function Row({ table, settings, change, isFirst, onChange }: RowProps): ReactNode {
  const text = useText()
  const words = text.forms
  const setting = settings.find(({ name }) => name === change.name)!
  const problem = problemOf(table, settings, change)
  const put = (value: string) => onChange({ name: change.name, value })
  return (
    <fieldset className={styles['setting']}>
      <label>
        {words.setting}
        <select
          value={change.name}
          data-autofocus={isFirst || undefined}
          onChange={({ currentTarget }) => onChange({ name: currentTarget.value, value: settings.find(({ name }) => name === currentTarget.value)?.value ?? '' })}
        >
          {settings.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        {text.configs[change.name] !== undefined && <small>{text.configs[change.name]}</small>}
      </label>
      <label>
        {words.settingValue}
        {setting.choices === undefined ? (
          <input value={change.value} maxLength={200} spellCheck={false} aria-invalid={problem !== undefined || undefined} onChange={({ currentTarget }) => put(currentTarget.value)} />
        ) : (
          <select value={change.value} onChange={({ currentTarget }) => put(currentTarget.value)}>
            {[...new Set([setting.value, ...setting.choices])].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        )}
        <small>{words.settingNow(setting.value, setting.default)}</small>
      </label>
      {problem !== undefined && (
        <p role="alert" className={styles['conflict']}>
          {words.settingProblem(problem)}
        </p>
      )}
    </fieldset>
  )
}
