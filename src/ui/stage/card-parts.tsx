/** Pieces of the clients' cards: heads, lines of a name and a figure, rows of small records, beliefs. */
import { useRef, type ReactNode } from 'react'
import type { Micros } from '../../base/units.ts'
import type { Belief, Cell } from '../../projection/cluster-view.ts'
import type { Box } from '../../scene/geometry.ts'
import { useLive } from './live.ts'
import { GlyphMark, RecordMark } from './marks.tsx'
import { firstFitting, widthOf } from './measure.ts'
import type { Selection } from '../selection.ts'
import { selectable, useStage } from './stage-context.ts'

export const cardPad = 14

export interface PlateProps {
  readonly selection: Selection
  readonly label: string
  readonly box: Box
  readonly className: string
  readonly radius?: number
}

/** The ground of a machine or card, which is the button that selects it. */
export function Plate({ selection, label, box, className, radius = 10 }: PlateProps): ReactNode {
  const setting = useStage()
  const { x, y, w, h } = box
  return (
    <g {...selectable(setting, selection, label)}>
      <rect className={className} x={x + 0.5} y={y + 0.5} width={w - 1} height={h - 1} rx={radius} />
      <rect className="ring" x={x - 2} y={y - 2} width={w + 4} height={h + 4} rx={radius + 2} />
      <rect className="hover" x={x + 0.5} y={y + 0.5} width={w - 1} height={h - 1} rx={radius} />
    </g>
  )
}

export function Rule({ box, y }: { readonly box: Box; readonly y: number }): ReactNode {
  return <path aria-hidden="true" className="hairline" d={`M${box.x + cardPad} ${y}H${box.x + box.w - cardPad}`} />
}

export interface FigureProps {
  readonly box: Box
  readonly y: number
  /** Or shorter words for where the value is long. */
  readonly label: string | readonly string[]
  readonly value: string
  readonly className?: string
  readonly mono?: boolean
}

/** `position        7` */
export function Figure({ box, y, label, value, className = 'strong', mono = false }: FigureProps): ReactNode {
  return (
    <g aria-hidden="true">
      <text x={box.x + cardPad} y={y} dy=".35em" className="second">
        {typeof label === 'string' ? label : firstFitting(label, box.w - 2 * cardPad - widthOf(value, 12.5, 600) - 8, 12.5)}
      </text>
      <text x={box.x + box.w - cardPad} y={y} dy=".35em" textAnchor="end" className={`${mono ? 'mono ' : ''}${className}`}>
        {value}
      </text>
    </g>
  )
}

export interface RecordRowProps {
  readonly box: Box
  readonly y: number
  readonly records: readonly Cell[]
  readonly followed: string | undefined
}

/** The newest records as small shapes, oldest left, as many as fit. */
export function RecordRow({ box, y, records, followed }: RecordRowProps): ReactNode {
  const pitch = 16.2
  const room = Math.max(1, Math.floor((box.w - 2 * cardPad + 4) / pitch))
  return (
    <g aria-hidden="true">
      {records.slice(-room).map((cell, i) => (
        // One record may have come more than once.
        <g key={`${cell.id} ${i}`}>
          <RecordMark cell={cell} x={box.x + cardPad + 6 + i * pitch} y={y} radius={5.8} solid={cell.id === followed} faded={cell.unwanted === true} />
          {cell.id === followed && <circle className="thread" cx={box.x + cardPad + 6 + i * pitch} cy={y} r={9} />}
        </g>
      ))}
    </g>
  )
}

/** What a client believes, in quotation marks; if the truth is another one, an hourglass and the word for it. */
export function BeliefLines({ box, y, belief }: { readonly box: Box; readonly y: number; readonly belief: Belief | undefined }): ReactNode {
  const { text } = useStage()
  const words =
    belief === undefined ? [text.noBelief] : [text.belief(belief.leader, belief.epoch), text.beliefShort(belief.leader, belief.epoch)]
  return (
    <g aria-hidden="true">
      <text x={box.x + cardPad} y={y} dy=".35em" className={belief === undefined ? 'second' : 'medium'}>
        {firstFitting(words, box.w - 2 * cardPad + 9, 12.5, 500)}
      </text>
      {belief?.stale === true && (
        <>
          <GlyphMark name="hourglass" x={box.x + cardPad + 6} y={y + 20} size={13} className="fault" />
          <text x={box.x + cardPad + 19} y={y + 20} dy=".35em" className="fault">
            {text.outOfDate}
          </text>
        </>
      )}
    </g>
  )
}

/** How long something has waited: it runs with the playhead. */
export function Running({ x, y, since }: { readonly x: number; readonly y: number; readonly since: Micros }): ReactNode {
  const { text } = useStage()
  const element = useRef<SVGTextElement>(null)
  useLive(
    (at) => {
      const words = text.duration(Math.max(0, at - since) / 1_000)
      const node = element.current
      if (node !== null && node.textContent !== words) node.textContent = words
    },
    [since, text],
  )
  return <text ref={element} x={x} y={y} dy=".35em" textAnchor="end" className="mono second" />
}
