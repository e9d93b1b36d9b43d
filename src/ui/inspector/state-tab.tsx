/** State: every field, those that changed since the step before marked. */
import { lazy, Suspense, useMemo, type ReactNode } from 'react'
import { useMoment, usePlan } from '../run.tsx'
import type { Selection } from '../selection.ts'
import { markOf } from '../steps.ts'
import { useLanguage, useText } from '../desk-words.ts'
import { sheetOf, type Sheet } from './facts.ts'
import styles from './inspector.module.css'

const MetadataSnapshots = lazy(async () => ({ default: (await import('../disk/metadata-snapshots.tsx')).MetadataSnapshots }))
const ExportSegment = lazy(async () => ({ default: (await import('../disk/export-segment.tsx')).ExportSegment }))

export function StateTab({ selection, sheet }: { readonly selection: Selection; readonly sheet: Sheet }): ReactNode {
  const text = useText()
  const language = useLanguage()
  const plan = usePlan()
  const { film, entered, view } = useMoment()
  const since = Math.max(film.from, (markOf(plan, entered)?.startAt ?? 0) - 1)
  const before = useMemo(
    () => sheetOf(selection, { view: film.viewAt(since), text, language, film, at: since }),
    [selection, film, since, text, language],
  )
  const snapshots = selection.kind === 'controller' ? view.controllers[selection.key]?.snapshots : undefined
  const was = new Map(before?.rows.map((row, i) => [`${row.key} ${i}`, row.value]))
  const hasChanges = sheet.rows.some((row, i) => was.get(`${row.key} ${i}`) !== row.value)
  return (
    <>
      <dl className={styles['rows']}>
        {sheet.rows.map((row, i) => {
          const old = was.get(`${row.key} ${i}`)
          const changed = before !== undefined && old !== row.value
          return (
            <div key={`${row.key} ${i}`} data-changed={changed || undefined}>
              <dt>{row.name}</dt>
              <dd className={row.tone === undefined ? undefined : styles[row.tone]}>
                {row.value}
                {changed && (
                  <span className={styles['was']}>
                    {old ?? '–'} →<span className="visually-hidden"> {text.inspector.changed}</span>
                  </span>
                )}
              </dd>
            </div>
          )
        })}
      </dl>
      {selection.kind === 'replica' && (
        <Suspense>
          <ExportSegment replica={selection.key} />
        </Suspense>
      )}
      {snapshots !== undefined && (
        <Suspense>
          <MetadataSnapshots snapshots={snapshots} />
        </Suspense>
      )}
      {before !== undefined && hasChanges && <p className={styles['legend']}>{text.inspector.changed}</p>}
    </>
  )
}
