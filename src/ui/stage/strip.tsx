/** One log: its cells by offset, what of it is committed, its epochs, its end. */
import { lazy, memo, Suspense, useRef, type ReactNode } from 'react'
import type { Cell } from '../../projection/cluster-view.ts'
import { CellMark, type CellState } from './cell.tsx'
import { useWindowSlide } from './live.ts'
import { EpochMarks } from './epoch-marks.tsx'
import { StripGround } from './strip-ground.tsx'
import { txnOf } from '../../scene/transactions.ts'
import { useStage } from './stage-context.ts'
import { labelOf } from './stage-text.ts'
import type { StripProps } from './strip-props.ts'
import { DiskRail, Gaps } from './storage-marks.tsx'
import { FreePlace, LastStable, LostFrames, OwnWatermark, Wiped } from './strip-marks.tsx'

/** The first page has no share group. */
const ShareMarks = lazy(async () => ({ default: (await import('./share-marks.tsx')).ShareMarks }))

export const Strip = memo(function Strip(props: StripProps): ReactNode {
  const { frame, replica, first, open, watermark, down, uid, moved } = props
  const { text } = useStage()
  const sliding = useRef<SVGGElement>(null)
  useWindowSlide(sliding, moved, frame.cw)
  const { x0, y, h, cw, n } = frame
  const lastStable = replica.transactions?.lastStable ?? Infinity
  const stableWords = lastStable < replica.highWatermark ? `, ${text.lastStable(lastStable)}` : ''
  const clipId = `${uid}clip-${replica.name}`
  const from = open ? x0 : x0 - 6
  return (
    <g
      role="listbox"
      aria-orientation="horizontal"
      aria-label={text.aria.log(replica.partition, replica.broker, props.role) + stableWords}
      data-strip={replica.name}
    >
      <clipPath id={clipId}>
        <rect x={from} y={y - 60} width={x0 + n * cw + 120 - from} height={h + 120} />
      </clipPath>
      <StripGround {...props} />
      <g clipPath={`url(#${clipId})`}>
        <g ref={sliding}>
          <Gaps frame={frame} replica={replica} first={first} down={down} />
          <Separators {...props} />
          <Cells {...props} />
          <EpochMarks frame={frame} replica={replica} first={first} band={props.band} down={down} />
          {!props.unnamed && <DiskRail frame={frame} replica={replica} first={first} open={open} />}
          <FreePlace {...props} />
          <LastStable {...props} />
          {replica.shares !== undefined && (
            <Suspense>
              <ShareMarks frame={frame} replica={replica} first={first} />
            </Suspense>
          )}
          {(replica.highWatermark !== watermark || down) && (
            <OwnWatermark frame={frame} replica={replica} first={first} shared={watermark} />
          )}
          <LostFrames {...props} />
        </g>
      </g>
      <Wiped frame={frame} replica={replica} first={first} uid={uid} />
    </g>
  )
})

/** Only what is in the window, and what is leaving it. */
function cellsShown({ frame, replica, first, moved }: StripProps): readonly Cell[] {
  const leaving = moved?.reduce((sum, each) => sum + Math.max(0, each.by), 0) ?? 0
  return replica.tail.filter((cell) => cell.offset >= first - Math.min(leaving, 1) && cell.offset < first + frame.n)
}

function Separators(props: StripProps): ReactNode {
  const { frame, replica, first, open } = props
  const { x0, y, h, cw } = frame
  const xs = cellsShown(props)
    .map((cell) => x0 + (cell.offset - first) * cw)
    .filter((x) => x > x0 + 1 || open)
  if (open && replica.logEndOffset > first) xs.push(x0)
  return <path aria-hidden="true" className="divider" fill="none" d={[...new Set(xs)].map((x) => `M${x} ${y + 1}V${y + h - 1}`).join('')} />
}

function Cells(props: StripProps): ReactNode {
  const { frame, first, watermark, down, lost, leads, followed, selectedRecord, cursor, written, plain } = props
  const { text, actions } = useStage()
  const shown = cellsShown(props)
  return shown.map((cell) => {
    const state: CellState = lost.has(cell.id) && !leads ? 'lost' : cell.offset < watermark ? 'committed' : 'uncommitted'
    const txn = txnOf(cell, props.replica.transactions)
    const found = written?.find((each) => cell.offset >= each.from && cell.offset < each.to)
    return (
      <CellMark
        key={cell.offset}
        cell={cell}
        x={frame.x0 + (cell.offset - first) * frame.cw}
        y={frame.y}
        w={frame.cw}
        h={frame.h}
        radius={frame.record}
        digit={plain ? undefined : frame.digit}
        state={state}
        solid={plain || (state === 'uncommitted' && !down)}
        down={down}
        followed={cell.id === followed}
        selected={cell.id === selectedRecord}
        label={text.aria.cell(labelOf(cell), cell.offset, state) + (txn === undefined ? '' : `, ${text.txn[txn]}`)}
        txn={txn}
        tabStop={cursor === cell.offset}
        appearedAt={found?.at}
        actions={actions}
      />
    )
  })
}
