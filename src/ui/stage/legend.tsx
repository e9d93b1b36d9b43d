/** What the marks mean, for the margin of a figure. */
import type { ReactNode } from 'react'
import type { Language } from '../../text/language.ts'
import { Icon, type IconName } from '../parts/desk-icons.tsx'
import { stageText } from './stage-text.ts'
import './stage.css'

export function StageLegend({ language }: { readonly language: Language }): ReactNode {
  const { legend } = stageText(language)
  const rows: readonly (readonly [IconName, string])[] = [
    ['request', legend.request],
    ['response', legend.response],
    ['parked', legend.parked],
    ['nextFree', legend.nextFree],
    ['disk', legend.disk],
    ['cache', legend.cache],
  ]
  return (
    <ul className="stage-legend" lang={language}>
      {rows.map(([icon, words]) => (
        <li key={icon}>
          <Icon name={icon} size={18} />
          {words}
        </li>
      ))}
    </ul>
  )
}
