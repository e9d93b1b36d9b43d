/** Faults, elections, ISR changes and losses above the track. */
import { useMemo, type ReactNode } from 'react'
import { placeOfRecord } from '../about.ts'
import { headlinesUntil } from '../headlines.ts'
import { Icon } from '../parts/desk-icons.tsx'
import { useMoment, useRun } from '../run.tsx'
import { useText } from '../desk-words.ts'
import type { Axis } from './axis.ts'
import { distinct, markOf, placeMarks } from './track.ts'
import { textWidth } from './text-width.ts'
import styles from './transport.module.css'

export function Marks({ axis, compact }: { readonly axis: Axis; readonly compact: boolean }): ReactNode {
  const text = useText()
  const { player } = useRun()
  const { film, revision, view } = useMoment()
  const { seenTo } = player
  const marks = useMemo(() => {
    const nameOf = (partition: string, offset: number) => {
      const lost = view.ledger.all.lost.find((each) => each.partition === partition && each.offset === offset)
      if (lost === undefined) return `${partition} ${offset}`
      return placeOfRecord(view, lost.id)?.cell.value ?? lost.id
    }
    return distinct(headlinesUntil(film.story, seenTo).flatMap((line) => markOf(line, text.transport.marks, nameOf) ?? []))
    // The film is one object that grows; its revision says when.
    // eslint-disable-next-line react/exhaustive-deps
  }, [film, revision, seenTo, text, view.ledger])
  const placed = placeMarks(marks, axis.xOf, axis.toCome.length > 0 ? axis.knownTo : axis.width, compact ? () => Infinity : textWidth)
  return (
    <g>
      {placed.map(({ at, icon, tone, label, x, showLabel, anchor }, i) => (
        <g key={i} className={styles[tone]} data-mark={label} data-at={at}>
          <path d={compact ? `M${x} 14V18` : `M${x} 17V24`} className={styles['stem']} />
          <svg x={x - 7} y={compact ? 0 : 2} width={14} height={14} viewBox="0 0 14 14">
            <Icon name={icon} size={14} />
          </svg>
          {showLabel && (
            <text x={anchor === 'start' ? x + 10 : x - 10} y={13} textAnchor={anchor} className={styles['markText']}>
              {label}
            </text>
          )}
        </g>
      ))}
    </g>
  )
}
