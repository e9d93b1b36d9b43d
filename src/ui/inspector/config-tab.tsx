/** Config: Kafka's names, the value in force, its default, and what it decides. */
import type { ReactNode } from 'react'
import parts from '../parts/parts.module.css'
import { useMoment } from '../run.tsx'
import type { Selection } from '../selection.ts'
import { useText } from '../desk-words.ts'
import { configsOf } from './configs.ts'
import styles from './inspector.module.css'

export function ConfigTab({ selection }: { readonly selection: Selection }): ReactNode {
  const text = useText()
  const { view } = useMoment()
  const sheets = configsOf(view, selection)
  if (sheets.length === 0) return <p className={styles['nothing']}>{text.inspector.configNone}</p>
  return (
    <>
      {sheets.map((sheet) => (
        <section key={`${sheet.of} ${sheet.name}`} className={styles['configs']}>
          <h3>
            {sheet.name} <span>{text.inspector.configFor[sheet.of]}</span>
          </h3>
          <dl>
            {sheet.rows.map((row) => (
              <div key={row.name}>
                <dt>{row.name}</dt>
                <dd>
                  {row.isDefault ? (
                    <span className={styles['standard']}>{row.value}</span>
                  ) : (
                    <>
                      <span className={parts['badge']}>{row.value}</span>{' '}
                      <span className={styles['default']}>{text.inspector.default(row.default)}</span>
                    </>
                  )}
                </dd>
                {text.configs[row.name] !== undefined && <dd className={styles['doc']}>{text.configs[row.name]}</dd>}
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  )
}
