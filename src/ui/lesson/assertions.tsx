/** Rows that say what is to be reached, with the values the run has now. */
import type { ReactNode } from 'react'
import type { Assertion } from '../../scenario/types.ts'
import { Icon } from '../parts/desk-icons.tsx'
import { useMoment, useRun } from '../run.tsx'
import { usePick, useText } from '../desk-words.ts'
import styles from './lesson.module.css'

interface Props {
  readonly title?: string
  readonly rows: readonly Assertion[]
  readonly prefix: string
}

/** What a row may be; undecided is what nobody can know yet. */
const marks = {
  met: { icon: 'tickDisc', tone: 'markOk', word: 'reached' },
  missed: { icon: 'crossDisc', tone: 'markMissed', word: 'failed' },
  open: { icon: 'lamp', tone: 'markOpen', word: 'notYet' },
} as const

const statementOf = (row: Assertion): string => row.eventually ?? row.always ?? row.never ?? row.atEnd ?? row.that ?? ''

export function Assertions({ title, rows, prefix }: Props): ReactNode {
  const text = useText()
  const pick = usePick()
  const { player } = useRun()
  const { view: shown, film, at } = useMoment()
  // The last picture of a step stands half a microsecond before its end; what was checked is known at the end.
  const view = player.waiting === undefined ? shown : film.viewAt(Math.ceil(at))
  return (
    <div className={styles['assertions']}>
      {title !== undefined && <p className={styles['eyebrow']}>{title}</p>}
      <ul>
        {rows.map((row, i) => {
          const state = view.assertions[`${prefix}/${i}`]
          const holds = state?.holds
          const mark = holds === true ? marks.met : holds === false ? marks.missed : marks.open
          return (
            <li key={i}>
              <Icon name={mark.icon} className={styles[mark.tone] ?? ''} title={text.lesson[mark.word]} />
              <span>
                {row.label === undefined ? <code>{statementOf(row)}</code> : pick(row.label)}
                {state !== undefined && state.value !== '' && <span className={styles['value']}>{state.value}</span>}
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
