/** Over the brokers: the offsets' ruler, and the high watermark with its flag and its line through all logs. */
import { useRef, type ReactNode } from 'react'
import { bottomOf, rightOf, type Box } from '../../scene/geometry.ts'
import type { ClusterView } from '../../projection/cluster-view.ts'
import type { BrokerFrame, StageFrame, StripFrame } from '../../scene/layout-types.ts'
import { durations, lag, windowLag, type Changes } from '../../scene/transition.ts'
import type { Sight } from '../../scene/window.ts'
import type { RowHead } from './row-head.ts'
import { useSlide, useWindowSlide } from './live.ts'
import { widthOf } from './measure.ts'
import { selectable, useStage } from './stage-context.ts'

export interface HeaderProps {
  readonly stage: StageFrame
  readonly sight: Sight | undefined
  readonly sharedFirst: number | undefined
  readonly changes: Changes
  readonly uid: string
}

const stripOf = (stage: StageFrame): StripFrame | undefined => stage.brokers.find((each) => each.strips.length > 0)?.strips[0]

export function Header({ stage, sight, sharedFirst, changes, uid }: HeaderProps): ReactNode {
  const { text } = useStage()
  const strip = stripOf(stage)
  if (stage.lane !== 'brokers') return null
  const { header, column } = stage
  const first = stage.single ? sight?.first : sharedFirst
  return (
    <g aria-hidden="true">
      {stage.variant === 'full' && (
        <text x={column.x} y={header.flag} dy=".35em" className="medium second">
          {text.brokers}
        </text>
      )}
      {strip !== undefined && first !== undefined && (
        <Ruler stage={stage} strip={strip} first={first} sight={sight} changes={changes} uid={uid} />
      )}
    </g>
  )
}

function Ruler({
  stage,
  strip,
  first,
  sight,
  changes,
  uid,
}: {
  readonly stage: StageFrame
  readonly strip: StripFrame
  readonly first: number
  readonly sight: Sight | undefined
  readonly changes: Changes
  readonly uid: string
}): ReactNode {
  const { text } = useStage()
  const group = useRef<SVGGElement>(null)
  const moved = sight === undefined ? undefined : changes.window.get(sight.partition)
  useWindowSlide(group, moved, strip.cw)
  const last = stage.single ? Math.min(first + strip.n - 1, Math.max(sight?.end ?? 0, first)) : first + strip.n - 1
  const leaving = moved?.reduce((sum, each) => sum + Math.max(0, each.by), 0) ?? 0
  const from = Math.max(0, first - leaving)
  const offsets = Array.from({ length: last - from + 1 }, (_, i) => from + i)
  const y = stage.header.ruler
  const hasWord = stage.variant === 'full'
  return (
    <>
      {hasWord && (
        <text x={strip.x0 - 8} y={y} dy=".35em" textAnchor="end" className="small quiet">
          {text.offset}
        </text>
      )}
      <clipPath id={`${uid}ruler`}>
        <rect x={strip.x0} y={y - 14} width={strip.n * strip.cw + 20} height={28} />
      </clipPath>
      <g clipPath={`url(#${uid}ruler)`}>
        <g ref={group}>
          {offsets.map((offset) => (
            <text
              key={offset}
              x={strip.x0 + (offset - first + 0.5) * strip.cw}
              y={y}
              dy=".35em"
              textAnchor="middle"
              className={`mono ${stage.single && offset === sight?.highWatermark ? 'strong' : 'quiet'}`}
            >
              {offset}
            </text>
          ))}
        </g>
      </g>
    </>
  )
}

export interface WatermarkProps {
  readonly stage: StageFrame
  readonly view: ClusterView
  readonly heads: ReadonlyMap<string, RowHead>
  readonly sight: Sight
  readonly changes: Changes
}

/** The high watermark: what is before the line is committed. */
export function Watermark({ stage, view, heads, sight, changes }: WatermarkProps): ReactNode {
  const setting = useStage()
  const group = useRef<SVGGElement>(null)
  const strip = stripOf(stage)
  const unit = strip?.cw ?? 0
  const risen = changes.watermark.get(sight.partition),
    moved = changes.window.get(sight.partition)
  useSlide(
    group,
    risen === undefined && moved === undefined
      ? undefined
      : (since) => (lag(risen, durations.watermark, since) - windowLag(moved, since)) * unit,
    [risen, moved, unit],
  )
  const place = sight.highWatermark - sight.first
  if (strip === undefined || place < 0 || place > strip.n) return null
  const x = strip.x0 + place * strip.cw
  const open = stage.brokers.filter((each) => each.strips.length > 0)
  const lastStrip = open[open.length - 1]!.strips[0]!
  const bottom = lastStrip.y + lastStrip.h + 8
  const { flag, flagHeight } = stage.header
  return (
    <g ref={group}>
      <path
        aria-hidden="true"
        className="watermark"
        d={linePath(stage, view, heads, x, flag, bottom, setting.text.epoch(0))}
        pointerEvents="none"
      />
      <Flag stage={stage} sight={sight} x={x} y={flag} h={flagHeight} setting={setting} />
    </g>
  )
}

/** It is interrupted by closed machines, by words and by buttons, which stand before it. */
function linePath(
  stage: StageFrame,
  view: ClusterView,
  heads: ReadonlyMap<string, RowHead>,
  x: number,
  top: number,
  bottom: number,
  epoch: string,
): string {
  const epochWidth = widthOf(epoch, 12.5)
  const closed = stage.brokers.flatMap((each) => {
    if (each.mode === 'closed') return each.box.y < bottom ? [each.box] : []
    return [...wordsIn(each, view, heads.get(each.name), x), ...epochName(each, x, epochWidth)]
  })
  let y = top
  let path = ''
  for (const box of closed) {
    path += `M${x} ${y}V${box.y}`
    y = bottomOf(box)
  }
  return `${path}M${x} ${y}V${bottom}`
}

function wordsIn(row: BrokerFrame, view: ClusterView, head: RowHead | undefined, x: number): Box[] {
  const { action } = row
  if (view.brokers[row.name]?.condition === 'down' && x > action.x - 4 && x < rightOf(action) + 4) return [action]
  const covers = head?.at !== undefined && x > head.at.x - 3 && x < head.at.x + head.width + 3
  return covers ? [{ x, y: head.at.y - 9, w: 0, h: 18 }] : []
}

/** The name of a log's first epoch stands near its start, where the line of a young log passes. */
function epochName({ strips, style, box, mode }: BrokerFrame, x: number, width: number): Box[] {
  const from = (strips[0]?.x0 ?? 0) + 19
  const covers = mode === 'open' && style.band !== undefined && x > from - 3 && x < from + width + 3
  return covers ? [{ x, y: box.y + style.band - 8, w: 0, h: 16 }] : []
}

interface FlagProps {
  readonly stage: StageFrame
  readonly sight: Sight
  readonly x: number
  readonly y: number
  readonly h: number
  readonly setting: ReturnType<typeof useStage>
}

/** Left of its line where there is room, else right of it; the words "not committed" stand on the other side. */
function Flag({ stage, sight, x, y, h, setting }: FlagProps): ReactNode {
  const { text } = setting
  const size = stage.variant === 'home' ? 14 : 12.5
  const leftEnd = stage.variant === 'full' ? stage.column.x + widthOf(text.brokers, 12.5, 500) + 14 : stage.column.x
  const long = text.highWatermark(sight.highWatermark)
  const w = widthOf(long, size, 600) + 28
  const onLeft = x - w >= leftEnd
  const words = long
  const tip = 8
  const top = y - h / 2
  const d = onLeft
    ? `M${x + 1} ${top}H${x - w + tip}L${x - w} ${y}L${x - w + tip} ${top + h}H${x + 1}Z`
    : `M${x - 1} ${top}H${x + w - tip}L${x + w} ${y}L${x + w - tip} ${top + h}H${x - 1}Z`
  const rest = x + 12
  const restRoom = stage.column.x + stage.column.w + 40 - rest
  const others = stage.variant === 'home' ? text.notCommittedYet : text.notCommitted
  return (
    <>
      <g {...selectable(setting, { kind: 'partition', key: sight.partition }, words)}>
        <path d={d} fill="var(--ok)" />
        <text x={onLeft ? x - 10 : x + 12} y={y} dy=".36em" textAnchor={onLeft ? 'end' : 'start'} fontSize={size} className="strong on-ok">
          {words}
        </text>
        <rect className="ring" x={onLeft ? x - w - 2 : x - 3} y={top - 2} width={w + 5} height={h + 4} rx={3} />
      </g>
      {onLeft && sight.end > sight.highWatermark - 1 && restRoom > widthOf(others, size) && stage.variant !== 'phone' && (
        <text aria-hidden="true" x={rest} y={y} dy=".36em" fontSize={size} className="quiet">
          {others}
        </text>
      )}
    </>
  )
}
