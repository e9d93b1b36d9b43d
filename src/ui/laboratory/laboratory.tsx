/** All experiments by number, each a link to its run. */
import { index } from 'virtual:laboratory'
import { useEffect, useRef, type ReactNode } from 'react'
import { checkedWords } from '../../text/checked.ts'
import { languageOf } from '../../text/language.ts'
import { CheckedBadge } from '../checked/badge.tsx'
import { useLanguage, usePick, useText } from '../desk-words.ts'
import { Header } from '../header/header.tsx'
import styles from './laboratory.module.css'
import { experimentNumber, groupOf, groups, type Group } from './number.ts'

export function Laboratory(): ReactNode {
  const text = useText()
  const language = useLanguage()
  const heading = useRef<HTMLHeadingElement>(null)
  const title = text.home.laboratory
  useEffect(() => {
    document.title = `${title} · ${text.product}`
    return () => void (document.title = text.product)
  }, [title, text])
  // Whoever comes by keyboard begins at the top of the page that took the place of the other.
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className={styles['page']}>
      <Header plain />
      <main className={styles['main']}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p className={styles['lead']}>
          {text.laboratory.lead} <a href="#checked">{checkedWords[language].title}</a>
        </p>
        {groups.map(({ group, letter }) => (
          <Shelf key={group} group={group} letter={letter} />
        ))}
      </main>
    </div>
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
