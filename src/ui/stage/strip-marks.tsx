/** What else stands at a log: its next free place, its own high watermark, what was lost, what was cut off. */
import { useRef, type ReactNode } from 'react'
import type { Offset } from '../../base/units.ts'
import type { ReplicaView } from '../../projection/cluster-view.ts'
import type { StripFrame } from '../../scene/layout-types.ts'
import { durations, progress } from '../../scene/transition.ts'
import { isSame } from '../selection.ts'
import { useLive } from './live.ts'
import { RecordMark } from './marks.tsx'
import { tabIndex, useStage } from './stage-context.ts'
import type { StripProps } from './strip-props.ts'

/** The log end is a place, not a line: the dotted cell where the next record will stand. */
export function FreePlace({ frame, replica, first, down, label, cursor, unnamed }: StripProps): ReactNode {
  const { text, actions, selection } = useStage()
  const selected = isSame(selection, { kind: 'replica', key: replica.name })
  const end = replica.logEndOffset
  if (end > first + frame.n) return null
  if (end < first) return <OlderEnd frame={frame} replica={replica} down={down} />
  const pushed = replica.epochs.some(([, start], i) => i > 0 && start === end)
  const { x0, y, h, cw } = frame
  const x = x0 + (end - first) * cw + (pushed ? 11.5 : 3.5)
  const w = cw - (pushed ? 13 : 7)
  const inset = 3
  return (
    <g
      role="option"
      aria-selected={selected}
      data-selected={selected || undefined}
      aria-label={text.aria.free(end)}
      {...tabIndex(cursor === end || cursor === undefined ? 0 : -1)}
      data-offset={end}
      onClick={(event) => {
        event.stopPropagation()
        actions.select({ kind: 'replica', key: replica.name })
      }}
    >
      <rect className="target" x={x} y={y} width={Math.max(w, 20)} height={h} />
      <rect className={down ? 'next-free down' : 'next-free'} x={x} y={y + inset} width={w} height={h - 2 * inset} rx={1.5} />
      <rect className="ring" x={x - 3} y={y} width={w + 6} height={h} rx={3} />
      {label !== undefined ? (
        <text aria-hidden="true" x={x + 3} y={label} dy=".35em" className={down ? 'quiet' : 'second'}>
          {text.logEnd(end)}
        </text>
      ) : (
        !unnamed && (
          <text aria-hidden="true" x={x + w + 8} y={y + h / 2} dy=".35em" className="quiet">
            {text.logEnd(end)}
          </text>
        )
      )}
    </g>
  )
}

/** A log that ends before the window begins: a dead replica while the others went on. */
function OlderEnd({
  frame,
  replica,
  down,
}: {
  readonly frame: StripFrame
  readonly replica: ReplicaView
  readonly down: boolean
}): ReactNode {
  const { text, actions } = useStage()
  const { x0, y, h } = frame
  const words = text.logEnd(replica.logEndOffset)
  return (
    <g
      role="option"
      aria-selected={false}
      aria-label={text.aria.free(replica.logEndOffset)}
      {...tabIndex(0)}
      data-offset={replica.logEndOffset}
      onClick={(event) => {
        event.stopPropagation()
        actions.select({ kind: 'replica', key: replica.name })
      }}
    >
      <rect className="target" x={x0} y={y} width={110} height={h} />
      <path
        aria-hidden="true"
        d={`M${x0 + 14} ${y + h / 2 - 5}L${x0 + 9} ${y + h / 2}L${x0 + 14} ${y + h / 2 + 5}`}
        fill="none"
        stroke="var(--ink-3)"
        strokeWidth={1.5}
      />
      <text aria-hidden="true" x={x0 + 21} y={y + h / 2} dy=".35em" className={down ? 'quiet' : 'second'}>
        {words}
      </text>
      <rect className="ring" x={x0 + 2} y={y + 4} width={106} height={h - 8} rx={4} />
    </g>
  )
}

/** What this replica itself knows of the high watermark, where it differs: a small tick at its own place. */
export function OwnWatermark({
  frame,
  replica,
  first,
  shared,
}: {
  readonly frame: StripFrame
  readonly replica: ReplicaView
  readonly first: Offset
  readonly shared: Offset
}): ReactNode {
  const place = replica.highWatermark - first
  if (place < 0 || place > frame.n || replica.highWatermark === shared) return null
  const x = frame.x0 + place * frame.cw
  const { y, h } = frame
  return (
    <path
      aria-hidden="true"
      d={`M${x} ${y - 3}V${y + 9}M${x} ${y + h - 9}V${y + h + 3}`}
      stroke="var(--ok)"
      strokeWidth={2}
      strokeLinecap="round"
    />
  )
}

/** As far as committed readers get, where an undecided transaction keeps them back: a broken line before that offset. */
export function LastStable({ frame, replica, first, leads, label, down }: StripProps): ReactNode {
  const { text } = useStage()
  const lastStable = replica.transactions?.lastStable
  if (lastStable === undefined || lastStable >= replica.highWatermark || lastStable < first || lastStable > first + frame.n || down) return null
  const x = frame.x0 + (lastStable - first) * frame.cw
  const { y, h } = frame
  return (
    <g aria-hidden="true">
      <path className="last-stable" d={`M${x} ${y - 4}V${y + h + 5}`} />
      {leads && label !== undefined && (
        <text x={x + 4} y={label} dy=".35em" className="small ok over">
          {text.lastStable(lastStable)}
        </text>
      )}
    </g>
  )
}

const crossPath = (x: number, y: number, w: number, h: number): string =>
  `M${x + 5} ${y + 5}L${x + w - 5} ${y + h - 5}M${x + w - 5} ${y + 5}L${x + 5} ${y + h - 5}`

/** Acknowledged, and on no leader: red frames over the crossed-out cells. */
export function LostFrames({ frame, replica, first, lost, leads, uid, label }: StripProps): ReactNode {
  const { text } = useStage()
  if (lost.size === 0 || leads) return null
  const found = replica.tail.filter((cell) => lost.has(cell.id) && cell.offset >= first && cell.offset < first + frame.n)
  return found.map((cell) => {
    const x = frame.x0 + (cell.offset - first) * frame.cw
    return (
      <g key={cell.offset} aria-hidden="true" pointerEvents="none">
        <rect x={x} y={frame.y} width={frame.cw} height={frame.h} fill={`url(#${uid}lost)`} className="under" />
        <path className="lost-cross" d={crossPath(x, frame.y, frame.cw, frame.h)} />
        <RecordMark cell={cell} x={x + frame.cw / 2} y={frame.y + frame.h / 2} radius={frame.record} digit={frame.digit} solid />
        <rect className="lost-frame" x={x} y={frame.y} width={frame.cw} height={frame.h} rx={2} />
        {label === undefined && (
          <text x={x + frame.cw / 2} y={frame.y + frame.h + 11} dy=".35em" textAnchor="middle" className="small strong lost">
            {text.lost}
          </text>
        )}
      </g>
    )
  })
}

/** Truncation wipes from right to left; what is cut off is seen going. */
export function Wiped({
  frame,
  replica,
  first,
  uid,
}: {
  readonly frame: StripFrame
  readonly replica: ReplicaView
  readonly first: Offset
  readonly uid: string
}): ReactNode {
  const group = useRef<SVGGElement>(null)
  const clip = useRef<SVGRectElement>(null)
  const cut = replica.lastTruncation
  const { x0, y, h, cw, n } = frame
  const from = cut === undefined ? 0 : Math.max(cut.from, first)
  const cells = cut?.cells.filter((cell) => cell.offset >= first && cell.offset < first + n) ?? []
  const width = cut === undefined ? 0 : (Math.min(cut.to, first + n) - from) * cw
  const left = x0 + (from - first) * cw
  useLive(
    cut === undefined || cells.length === 0
      ? undefined
      : (_, since) => {
          const done = since(cut.at) < 0 ? 1 : progress(cut.at, durations.truncation, since)
          group.current?.setAttribute('display', done >= 1 ? 'none' : 'inline')
          clip.current?.setAttribute('width', String(Math.max(0, width * (1 - done))))
        },
    [cut, width, left],
  )
  if (cut === undefined || cells.length === 0) return null
  const id = `${uid}wipe-${replica.name}-${cut.at}`
  return (
    <g ref={group} display="none" aria-hidden="true" pointerEvents="none">
      <clipPath id={id}>
        <rect ref={clip} x={left} y={y - 2} width={width} height={h + 4} />
      </clipPath>
      <g clipPath={`url(#${id})`}>
        <rect x={left} y={y} width={width} height={h} fill="var(--lost-soft)" />
        {cells.map((cell) => (
          <RecordMark
            key={cell.offset}
            cell={cell}
            x={x0 + (cell.offset - first + 0.5) * cw}
            y={y + h / 2}
            radius={frame.record}
            digit={frame.digit}
          />
        ))}
        <rect x={left} y={y} width={width} height={h} fill="none" stroke="var(--lost)" strokeWidth={1.5} />
      </g>
    </g>
  )
}
