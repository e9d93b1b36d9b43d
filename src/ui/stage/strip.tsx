/** One log: its cells by offset, what of it is committed, its epochs, its end. */
import { memo, useRef, type ReactNode } from 'react'
import type { Cell, ReplicaView } from '../../projection/cluster-view.ts'
import type { StripFrame } from '../../scene/layout-types.ts'
import { durations, type Changes } from '../../scene/transition.ts'
import { CellMark, type CellState } from './cell.tsx'
import { useFadeIn, useSlide } from './live.ts'
import { EpochMarks } from './epoch-marks.tsx'
import { useStage } from './stage-context.ts'
import { labelOf } from './stage-text.ts'
import { FreePlace, LostFrames, OwnWatermark, Wiped } from './strip-marks.tsx'

export interface StripProps {
  readonly frame: StripFrame
  readonly replica: ReplicaView
  /** First offset in the window, and whether older ones lie before it. */
  readonly first: number
  readonly open: boolean
  /** The partition's high watermark: the leader's. */
  readonly watermark: number
  readonly leads: boolean
  readonly down: boolean
  /** Ids of records that were acknowledged and are on no leader. */
  readonly lost: ReadonlySet<string>
  readonly selectedRecord: string | undefined
  readonly followed: string | undefined
  readonly role: string
  /** Middle of the epoch band and of the line of labels; undefined = this row has none. */
  readonly band: number | undefined
  readonly label: number | undefined
  readonly plain: boolean
  readonly cursor: number | undefined
  readonly uid: string
  readonly written: ReturnType<Changes['written']['get']>
  readonly moved: ReturnType<Changes['window']['get']>
  readonly stood: ReturnType<Changes['standing']['get']>
}

/** What stands beyond the window's left end while it slides, and how much of the older log shows at an open end. */
const peek = 12

export const Strip = memo(function Strip(props: StripProps): ReactNode {
  const { frame, replica, first, open, watermark, leads, down, uid, moved, stood } = props
  const { text } = useStage()
  const sliding = useRef<SVGGElement>(null)
  const outline = useRef<SVGGElement>(null)
  useSlide(sliding, [{ of: moved, unit: -frame.cw, duration: durations.layout }])
  useFadeIn(outline, stood?.at, durations.state, 0.2)
  const { x0, y, h, cw, n } = frame
  const end = x0 + Math.min(Math.max(replica.logEndOffset - first, 0), n) * cw
  const committed = x0 + Math.max(0, Math.min(Math.min(watermark, replica.logEndOffset) - first, n)) * cw
  const clipId = `${uid}clip-${replica.name}`
  const from = open ? x0 - peek : x0
  return (
    <g role="listbox" aria-orientation="horizontal" aria-label={text.aria.log(replica.partition, replica.broker, props.role)} data-strip={replica.name}>
      <clipPath id={clipId}><rect x={from - 4} y={y - 60} width={n * cw + peek + 120} height={h + 120} /></clipPath>
      <g aria-hidden="true">
        {!down && committed > x0 && <rect className="committed" x={x0} y={y} width={committed - x0} height={h} />}
        {!down && open && committed > x0 && <rect x={from} y={y} width={x0 - from} height={h} fill={`url(#${uid}fade)`} />}
        {end > committed && <rect x={committed} y={y} width={end - committed} height={h} fill={`url(#${uid}hatch)`} opacity={down ? 0.6 : undefined} />}
      </g>
      <g clipPath={`url(#${clipId})`}>
        <g ref={sliding}>
          <Separators {...props} />
          <Cells {...props} />
          <EpochMarks frame={frame} replica={replica} first={first} band={props.band} down={down} />
          <FreePlace {...props} />
        </g>
      </g>
      <g ref={outline} aria-hidden="true">
        <path className={outlineClass(replica, leads, down)} d={outlinePath(from, y, end, h, open)} />
      </g>
      {(replica.highWatermark !== watermark || down) && <OwnWatermark frame={frame} replica={replica} first={first} shared={watermark} />}
      <LostFrames {...props} />
      <Wiped frame={frame} replica={replica} first={first} uid={uid} />
    </g>
  )
})

function outlineClass(replica: ReplicaView, leads: boolean, down: boolean): string {
  if (down) return 'strip-outline down'
  if (leads && replica.role === 'leader') return 'strip-outline leader'
  return replica.inSync ? 'strip-outline' : 'strip-outline laggard'
}

function outlinePath(from: number, y: number, end: number, h: number, open: boolean): string {
  if (end <= from) return ''
  if (open) return `M${from} ${y}H${end}V${y + h}H${from}`
  return `M${from} ${y}H${end}V${y + h}H${from}Z`
}

/** Only what is in the window, and what is leaving it. */
function cellsShown({ frame, replica, first, moved }: StripProps): readonly Cell[] {
  const leaving = moved?.reduce((sum, each) => sum + Math.max(0, each.by), 0) ?? 0
  return replica.tail.filter((cell) => cell.offset >= first - leaving - 1 && cell.offset < first + frame.n)
}

function Separators(props: StripProps): ReactNode {
  const { frame, replica, first, open } = props
  const { x0, y, h, cw } = frame
  const xs = cellsShown(props).map((cell) => x0 + (cell.offset - first) * cw).filter((x) => x > x0 + 1 || (open && x > x0 - peek))
  if (open && replica.logEndOffset > first) xs.push(x0)
  return <path aria-hidden="true" className="divider" fill="none" d={[...new Set(xs)].map((x) => `M${x} ${y + 1}V${y + h - 1}`).join('')} />
}

function Cells(props: StripProps): ReactNode {
  const { frame, replica, first, watermark, down, lost, leads, followed, selectedRecord, cursor, written, plain } = props
  const { text, actions } = useStage()
  const shown = cellsShown(props)
  return shown.map((cell) => {
    const state: CellState = lost.has(cell.id) && !leads ? 'lost' : cell.offset < watermark ? 'committed' : 'uncommitted'
    const found = written?.find((each) => cell.offset >= each.from && cell.offset < each.to)
    return (
      <CellMark
        key={cell.offset} cell={cell} x={frame.x0 + (cell.offset - first) * frame.cw} y={frame.y} w={frame.cw} h={frame.h}
        radius={frame.record} digit={plain ? undefined : frame.digit} state={state} solid={plain || (state === 'uncommitted' && !down)} down={down}
        followed={cell.id === followed} selected={cell.id === selectedRecord} label={text.aria.cell(labelOf(cell), cell.offset, state)}
        tabStop={cursor === cell.offset} appearedAt={found?.at} actions={actions}
      />
    )
  })
}
