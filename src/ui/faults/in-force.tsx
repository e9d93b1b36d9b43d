/** Faults in force, each with what ends it. */
import type { ReactNode } from 'react'
import { formatTime } from '../../text/format.ts'
import { Icon } from '../parts/desk-icons.tsx'
import parts from '../parts/parts.module.css'
import { useMoment, useRun } from '../run.tsx'
import { useText } from '../desk-words.ts'
import styles from './faults.module.css'
import { faultsInForce } from './offers.ts'

export function FaultsInForce({ of }: { readonly of?: string }): ReactNode {
  const text = useText()
  const { view } = useMoment()
  const { player } = useRun()
  const faults = faultsInForce(view, text.faults, of)
  if (faults.length === 0) return null
  return (
    <section className={styles['inForce']} aria-label={text.faults.inForce}>
      <p>{text.faults.inForce}</p>
      <ul>
        {faults.map(({ id, icon, title, since, ends }) => (
          <li key={id}>
            <Icon name={icon} />
            <span>{title}{since > 0 && <span className={styles['since']}>{formatTime(since)}</span>}</span>
            <button type="button" className={parts['link']} onClick={() => player.intervene(ends)}>{text.undo}</button>
          </li>
        ))}
      </ul>
    </section>
  )
}
