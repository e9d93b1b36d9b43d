/** A card of history: four labelled figures of what ZooKeeper was to Kafka. Drawings, and no run. */
import type { ReactNode } from 'react'
import type { Language } from '../../text/language.ts'
import { historyEn, type HistoryText } from '../../text/history.en.ts'
import { historyKo } from '../../text/history.ko.ts'
import { Dialog } from '../parts/dialog.tsx'
import { usePage } from '../stores/page.ts'
import { useLanguage } from '../words.ts'
import { Controller, Ephemeral, Move, Watches } from './figures.tsx'
import styles from './history.module.css'

const texts: Readonly<Record<Language, HistoryText>> = { en: historyEn, ko: historyKo }

export function History(): ReactNode {
  const language = useLanguage()
  const text = texts[language]
  const setAbove = usePage((page) => page.setAbove)
  const figures = [
    { ...text.ephemeral, drawing: <Ephemeral words={text.ephemeral} /> },
    { ...text.watches, drawing: <Watches words={text.watches} /> },
    { ...text.controller, drawing: <Controller words={text.controller} /> },
    { ...text.move, drawing: <Move words={text.move} /> },
  ]
  return (
    <Dialog title={text.title} onClose={() => setAbove(undefined)}>
      <p className={styles['note']}>{text.notARun}</p>
      {figures.map(({ title, say, drawn, drawing }, i) => (
        <figure key={title} className={styles['figure']}>
          <div className={styles['scroll']} tabIndex={0} role="group" aria-label={title}>
            <svg viewBox="0 0 560 170" role="img" aria-label={drawn}>
              {drawing}
            </svg>
          </div>
          <figcaption>
            <b>
              {text.figure(i + 1)} {title}.
            </b>{' '}
            {say}
          </figcaption>
        </figure>
      ))}
    </Dialog>
  )
}
