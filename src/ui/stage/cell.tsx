/** One record in a log: a place of its own that can be pointed at, followed and walked to with the arrows. */
import { memo, useRef, type ReactNode } from 'react'
import type { Micros } from '../../base/units.ts'
import type { Cell } from '../../projection/cluster-view.ts'
import type { Txn } from '../../scene/transactions.ts'
import { shapePath } from '../../scene/shapes.ts'
import { durations } from '../../scene/transition.ts'
import { useFadeIn } from './live.ts'
import { RecordMark } from './marks.tsx'
import { tabIndex, type StageActions } from './stage-context.ts'

export type CellState = 'committed' | 'uncommitted' | 'lost'

export interface CellMarkProps {
  readonly cell: Cell
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly radius: number
  readonly digit: number | undefined
  readonly state: CellState
  readonly solid: boolean
  readonly down: boolean
  readonly followed: boolean
  readonly selected: boolean
  readonly label: string
  readonly tabStop: boolean
  readonly appearedAt: Micros | undefined
  readonly txn?: Txn | undefined
  readonly actions: StageActions
}

const crossOf = (x: number, y: number, r: number): string => `M${x - r} ${y - r}L${x + r} ${y + r}M${x + r} ${y - r}L${x - r} ${y + r}`

export const CellMark = memo(function CellMark(props: CellMarkProps): ReactNode {
  const { cell, x, y, w, h, radius, digit, state, solid, down, followed, selected, label, tabStop, appearedAt, txn, actions } = props
  const group = useRef<SVGGElement>(null)
  useFadeIn(group, appearedAt, durations.state)
  const middle = y + h / 2
  const lost = state === 'lost'
  return (
    <g
      ref={group}
      role="option"
      aria-selected={selected}
      aria-label={label}
      {...tabIndex(tabStop ? 0 : -1)}
      data-offset={cell.offset}
      data-record={cell.id}
      data-selected={selected || undefined}
      onClick={(event) => {
        event.stopPropagation()
        actions.select({ kind: 'record', key: cell.id })
      }}
    >
      <rect className="target" x={x} y={y} width={w} height={h} />
      {lost && (
        <path className="lost-cross" d={`M${x + 6} ${y + 6}L${x + w - 6} ${y + h - 6}M${x + w - 6} ${y + 6}L${x + 6} ${y + h - 6}`} />
      )}
      <RecordMark
        cell={cell}
        x={x + w / 2}
        y={middle}
        radius={radius}
        digit={digit}
        solid={solid || lost || followed}
        faded={(down || txn === 'aborted') && !lost && !followed}
      />
      {txn === 'aborted' && <path className="passed-over" d={crossOf(x + w / 2, middle, radius * 0.62)} />}
      {txn === 'open' && <path className="undecided" d={`M${x + 2} ${y + h - 3}H${x + w - 2}`} />}
      {followed && (
        <path
          className="thread"
          transform={`translate(${x + w / 2} ${middle})`}
          d={shapePath(cell.hue, radius + 4)}
          strokeLinejoin="round"
        />
      )}
      <path className="ring" transform={`translate(${x + w / 2} ${middle})`} d={shapePath(cell.hue, radius + 4)} strokeLinejoin="round" />
      <rect className="hover" x={x + 0.5} y={y + 0.5} width={w - 1} height={h - 1} rx={2} />
    </g>
  )
})
