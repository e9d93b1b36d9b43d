/** The files behind a log: a rail under it for the disk, ticks where segments begin, its start, and gaps. */
import type { ReactNode } from 'react'
import type { Offset } from '../../base/units.ts'
import type { ReplicaView } from '../../projection/cluster-view.ts'
import type { StripFrame } from '../../scene/layout-types.ts'
import { gapsOf, railOf, segmentsIn, wholeGap, type Range } from '../../scene/storage.ts'
import { cellX } from '../../scene/window.ts'
import { widthOf } from './measure.ts'
import { useStage } from './stage-context.ts'

interface StorageProps {
  readonly frame: StripFrame
  readonly replica: ReplicaView
  readonly first: Offset
}

/** What a power cut would take is dotted. */
export function DiskRail({ frame, replica, first, open }: StorageProps & { readonly open: boolean }): ReactNode {
  const segments = segmentsIn(replica, first, frame.n)
  if (segments.length === 0) return null
  const { disk, cache } = railOf(segments, frame, first)
  const { y, h } = frame
  const ticks = segments.filter(({ begins }) => begins).map(({ from }) => `M${cellX(frame, first, from)} ${y}V${y + h + 6}`)
  const hasStart = replica.logStartOffset > 0 && replica.logStartOffset >= first && !(open && replica.logStartOffset === first)
  const start = cellX(frame, first, replica.logStartOffset)
  return (
    <g aria-hidden="true" pointerEvents="none">
      {ticks.length > 0 && <path className="segment" d={ticks.join('')} />}
      {disk !== '' && <path className="rail disk" d={disk} />}
      {cache !== '' && <path className="rail cache" d={cache} />}
      {hasStart && <path className="log-start" d={`M${start + 3} ${y - 3}H${start - 3}V${y + h + 3}H${start + 3}`} />}
    </g>
  )
}

/** Where compaction has taken every record: the log is broken off, and goes on. */
export function Gaps({ frame, replica, first, down }: StorageProps & { readonly down: boolean }): ReactNode {
  const gaps = gapsOf(replica, first, frame.n)
  if (gaps.length === 0) return null
  return (
    <g aria-hidden="true" pointerEvents="none">
      {gaps.map((gap) => (
        <GapMark key={gap.from} frame={frame} first={first} gap={gap} count={countOf(wholeGap(replica, gap))} down={down} />
      ))}
    </g>
  )
}

const countOf = ({ from, to }: Range): number => to - from

interface GapMarkProps {
  readonly frame: StripFrame
  readonly first: Offset
  readonly gap: Range
  readonly count: number
  readonly down: boolean
}

function GapMark({ frame, first, gap, count, down }: GapMarkProps): ReactNode {
  const { text } = useStage()
  const { y, h } = frame
  const left = cellX(frame, first, gap.from),
    right = cellX(frame, first, gap.to)
  const middle = (left + right) / 2,
    level = y + h / 2
  const words = text.gone(count)
  return (
    <>
      <rect className={down ? 'gap down' : 'gap'} x={left + 0.75} y={y - 1.5} width={right - left - 1.5} height={h + 3} />
      <path
        className="gap-line"
        d={`M${left + 0.75} ${y}V${y + h}M${right - 0.75} ${y}V${y + h}M${left + 2} ${level}H${middle - 7}M${middle + 7} ${level}H${right - 2}M${middle - 5} ${level + 5}L${middle - 1} ${level - 5}M${middle + 1} ${level + 5}L${middle + 5} ${level - 5}`}
      />
      {right - left > widthOf(words, 12) + 8 && (
        <text x={middle} y={level - 14} dy=".35em" textAnchor="middle" className="small second">
          {words}
        </text>
      )}
    </>
  )
}
