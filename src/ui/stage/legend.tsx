/** What the marks mean, for the margin of a figure. */
import { lazy, Suspense, type ReactNode } from 'react'
import type { Language } from '../../text/language.ts'
import { Icon, type IconName } from '../parts/desk-icons.tsx'
import { stageText } from './stage-text.ts'
import './stage.css'

const ShareLegend = lazy(async () => ({ default: (await import('./share-legend.tsx')).ShareLegend }))

/** `transactions`, `shares`: there are some, so their marks are named too. */
export function StageLegend({ language, transactions = false, shares = false }: { readonly language: Language; readonly transactions?: boolean; readonly shares?: boolean }): ReactNode {
  const { legend } = stageText(language)
  const rows: readonly (readonly [IconName, string])[] = [
    ['request', legend.request],
    ['response', legend.response],
    ['parked', legend.parked],
    ['nextFree', legend.nextFree],
    ['disk', legend.disk],
    ['cache', legend.cache],
    ...(transactions
      ? ([
          ['commitMarker', legend.commit],
          ['abortMarker', legend.abort],
          ['undecided', legend.undecided],
          ['passedOver', legend.passedOver],
          ['lastStable', legend.lastStable],
        ] as const)
      : []),
  ]
  return (
    <ul className="stage-legend" lang={language}>
      {rows.map(([icon, words]) => (
        <li key={icon}>
          <Icon name={icon} size={18} />
          {words}
        </li>
      ))}
      <Suspense>{shares && <ShareLegend language={language} />}</Suspense>
    </ul>
  )
}
