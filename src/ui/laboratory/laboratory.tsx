/** All experiments by number, each a link to its run. */
import { index } from 'virtual:laboratory'
import type { ReactNode } from 'react'
import { checkedWords } from '../../text/checked.ts'
import { languageOf } from '../../text/language.ts'
import { CheckedBadge } from '../checked/badge.tsx'
import { useLanguage, usePick, useText } from '../desk-words.ts'
import { PlainPage } from '../plain-page/plain-page.tsx'
import styles from './laboratory.module.css'
import { experimentNumber, groupOf, groups, type Group } from './number.ts'

export function Laboratory(): ReactNode {
  const text = useText()
  const language = useLanguage()
  const lead = (
    <>
      {text.laboratory.lead} <a href="#checked">{checkedWords[language].title}</a>
    </>
  )
  return (
    <PlainPage title={text.home.laboratory} lead={lead}>
      {groups.map(({ group, letter }) => (
        <Shelf key={group} group={group} letter={letter} />
      ))}
    </PlainPage>
  )
}

function Shelf({ group, letter }: { readonly group: Group; readonly letter: string }): ReactNode {
  const text = useText()
  const pick = usePick()
  const language = useLanguage()
  const entries = index.filter(({ id }) => groupOf(id) === group)
  if (entries.length === 0) return null
  return (
    <section className={styles['shelf']} aria-labelledby={`shelf-${group}`}>
      <div className={styles['head']}>
        <h2 id={`shelf-${group}`}>
          <span className={styles['letter']}>{letter}</span> {text.laboratory.groups[group]}
        </h2>
        <p>{text.laboratory.count(entries.length)}</p>
      </div>
      <ul className={styles['list']}>
        {entries.map(({ id, title, summary, minutes }) => (
          <li key={id}>
            <a href={`#s=${id}`}>
              <span className={styles['number']}>{experimentNumber(id)}</span>
              <span className={styles['words']} lang={languageOf(title, language)}>
                <strong>{pick(title)}</strong>
                {summary !== undefined && <span>{pick(summary)}</span>}
                <CheckedBadge id={id} />
              </span>
              {minutes !== undefined && <span className={styles['minutes']}>{text.header.minutes(minutes)}</span>}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
