/** What the marks of a share group mean, behind the others of the legend: they come with the first run that has one. */
import type { ReactNode } from 'react'
import type { Language } from '../../text/language.ts'
import { shareText } from '../../text/share.ts'

export function ShareLegend({ language }: { readonly language: Language }): ReactNode {
  const { legend } = shareText[language]
  return (
    <>
      <Row words={legend.lent}>
        <circle className="share-ring" cx={9} cy={9} r={6.5} />
        <circle className="share-gone" cx={9} cy={9} r={6.5} strokeDasharray="14 41" transform="rotate(-90 9 9)" />
      </Row>
      <Row words={legend.done}>
        <circle className="share-done" cx={9} cy={9} r={6} />
        <path className="share-tick" d="M6.2 9.1L8.2 11.4L12 6.8" />
      </Row>
      <Row words={legend.archived}>
        <path className="share-archived" d="M3 15L15 3" />
      </Row>
      <Row words={legend.deliveries}>
        <path className="share-pips" d="M5 5V13M9 5V13M13 5V13" />
      </Row>
      <Row words={legend.bounds}>
        <path className="share-bound" d="M7 3H3V15H7M11 3H15V15H11" />
      </Row>
    </>
  )
}

function Row({ words, children }: { readonly words: string; readonly children: ReactNode }): ReactNode {
  return (
    <li>
      <svg aria-hidden="true" width={18} height={18} viewBox="0 0 18 18">
        {children}
      </svg>
      {words}
    </li>
  )
}
