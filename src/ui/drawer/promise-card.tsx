/** What the lamp of the promises shows when it is opened: each that is broken, when first and where; then the others, and those that nobody looks at. */
import { useState, type ReactNode } from 'react'
import { formatTime } from '../../text/format.ts'
import { notPromised, promises } from '../../text/promises.ts'
import { useText } from '../desk-words.ts'
import { useLanguage } from '../words.ts'
import parts from '../parts/parts.module.css'
import { useMoment, useRun } from '../run.tsx'

import styles from './drawer.module.css'
import { brokenAt } from './lamp-model.ts'

export function PromiseCard(): ReactNode {
  const words = useText().lamps
  const language = useLanguage()
  const { film, at } = useMoment()
  const { player } = useRun()
  const [all, setAll] = useState(false)
  const broken = brokenAt(film, at)
  const kept = Object.entries(promises).filter(([id]) => !broken.some((one) => one.id === id))
  return (
    <>
      <p>{words.promisesMeaning(Object.keys(promises).length)}</p>
      {broken.length > 0 && (
        <ul className={styles['promises']}>
          {broken.map(({ id, at: when, partition, what }) => (
            <li key={id}>
              <span>
                {promises[id][language]} {partition !== undefined && <code>{partition}</code>}
                <small lang="en" className={styles['witness']}>
                  {id}: {what}
                </small>
              </span>
              <button
                type="button"
                className={parts['button']}
                onClick={() => {
                  player.pause()
                  player.seek(when)
                }}
              >
                {words.goTo(formatTime(when))}
              </button>
            </li>
          ))}
        </ul>
      )}
      <button type="button" className={parts['button']} aria-expanded={all} onClick={() => setAll(!all)}>
        {words.promisesAll(kept.length)}
      </button>
      {all && (
        <>
          <ol className={styles['kept']}>
            {kept.map(([id, says]) => (
              <li key={id}>{says[language]}</li>
            ))}
          </ol>
          <p>{words.promisesNone}</p>
          <ul className={styles['kept']}>
            {Object.entries(notPromised).map(([id, says]) => (
              <li key={id}>{says[language]}</li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
