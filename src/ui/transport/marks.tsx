/** Faults, elections, ISR changes and losses above the track. */
import { useMemo, type ReactNode } from 'react'
import { placeOfRecord } from '../about.ts'
import { Icon } from '../parts/icons.tsx'
import { useMoment, useRun } from '../run.tsx'
import { useText } from '../desk-words.ts'
import type { Axis } from './axis.ts'
import { distinct, markOf, placeMarks } from './track.ts'
import styles from './transport.module.css'

/** Half-width of a letter at 12.5 px, near enough to keep words apart; a Hangul syllable is twice as wide. */
const textWidth = (label: string): number => [...label].reduce((sum, letter) => sum + (letter > '\u1100' ? 12.5 : 6.6), 0)

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
    const told = film.story.slice(0, film.storyLengthAt(seenTo))
    return distinct(told.flatMap((line) => markOf(line, text.transport.marks, nameOf) ?? []))
    // The film is one object that grows; its revision says when.
    // eslint-disable-next-line react/exhaustive-deps
  }, [film, revision, seenTo, text, view.ledger])
  const placed = placeMarks(marks, axis.xOf, axis.toCome.length > 0 ? axis.knownTo : axis.width, compact ? () => Infinity : textWidth)
  return (
    <g>
      {placed.map(({ at, icon, tone, label, x, showLabel, anchor }, i) => (
        <g key={i} className={styles[tone]} data-mark={label} data-at={at}>
          <path d={compact ? `M${x} 14V18` : `M${x} 17V24`} className={styles['stem']} />
          <svg x={x - 7} y={compact ? 0 : 2} width={14} height={14} viewBox="0 0 14 14"><Icon name={icon} size={14} /></svg>
          {showLabel && <text x={anchor === 'start' ? x + 10 : x - 10} y={13} textAnchor={anchor} className={styles['markText']}>{label}</text>}
        </g>
      ))}
    </g>
  )
}
