/** Words under a log: what was lost from it, what was just cut off, which groups its broker coordinates. */
import type { ReactNode } from 'react'
import type { BrokerView } from '../../projection/cluster-view.ts'
import { cellX } from '../../scene/window.ts'
import type { BrokerRowProps } from './row-props.ts'
import { clip, firstFitting, widthOf } from './measure.ts'
import { useStage } from './stage-context.ts'
import { labelOf } from './stage-text.ts'

export function RowNotes(props: BrokerRowProps & { readonly broker: BrokerView }): ReactNode {
  const { stage, frame, view, lost, coordinated, sights } = props
  const { text } = useStage()
  const { style, box, mode } = frame
  const strip = frame.strips[0]
  if (mode === 'many')
    return coordinated === '' ? null : (
      <text aria-hidden="true" x={frame.action.x + frame.action.w - 34} y={box.y + 18} dy=".35em" textAnchor="end" className="small quiet">
        {text.coordinates(coordinated.split(' '))}
      </text>
    )
  if (strip === undefined || style.label === undefined || stage.variant !== 'full' || mode !== 'open') return null
  const replica = view.replicas[`${strip.partition}@${frame.name}`]
  const sight = sights.get(strip.partition)
  if (replica === undefined || sight === undefined) return null
  const y = box.y + style.label
  // The log end's own label stands to the right of what is said here.
  const room = Math.min(cellX(strip, sight.first, replica.logEndOffset), strip.x0 + strip.n * strip.cw) - strip.x0 - 10
  const gone = sight.leader === frame.name ? undefined : replica.tail.findLast((cell) => lost.has(cell.id))
  if (gone !== undefined) {
    const name = labelOf(gone)
    const acked = firstFitting(props.lostAcked(gone.offset), Math.max(40, room - widthOf(`${name} ${text.lost}`, 12.5, 600) - 14), 12.5)
    return (
      <text aria-hidden="true" x={strip.x0} y={y} dy=".35em">
        <tspan className="strong">{name}</tspan>
        <tspan className="strong lost" dx={6}>
          {text.lost}
        </tspan>
        <tspan className="second" dx={8}>
          {acked}
        </tspan>
      </text>
    )
  }
  const cut = replica.lastTruncation
  if (cut !== undefined && replica.logEndOffset === cut.from && room >= widthOf(text.cutLog(cut.from, cut.to), 12.5))
    return (
      <text aria-hidden="true" x={strip.x0} y={y} dy=".35em" className="second">
        {text.cutLog(cut.from, cut.to)}
      </text>
    )
  if (replica.logStartOffset > 0 && sight.first <= replica.logStartOffset && !sight.open) {
    const words = text.logStart(replica.logStartOffset).find((each) => widthOf(each, 12.5) <= room)
    if (words !== undefined)
      return (
        <text aria-hidden="true" x={cellX(strip, sight.first, replica.logStartOffset)} y={y} dy=".35em" className="second">
          {words}
        </text>
      )
  }
  if (coordinated === '') return null
  const end = cellX(strip, sight.first, replica.logEndOffset) + 6 + widthOf(text.logEnd(replica.logEndOffset), 12.5)
  return <Coordinates words={text.coordinates(coordinated.split(' '))} y={y} x={strip.x0} room={room} beyond={end + 16} end={box.x + box.w - 12} />
}

interface CoordinatesProps {
  readonly words: string
  readonly y: number
  readonly x: number
  readonly room: number
  /** Behind the words of the log's end, and where the row ends. */
  readonly beyond: number
  readonly end: number
}

/** Left of the words of the log's end, behind them, or cut to fit: as there is room. */
function Coordinates({ words, y, x, room, beyond, end }: CoordinatesProps): ReactNode {
  const width = widthOf(words, 12.5)
  const isBehind = width > room && beyond + width <= end
  if (room < 60 && !isBehind) return null
  return (
    <text aria-hidden="true" x={isBehind ? beyond : x} y={y} dy=".35em" className="quiet">
      {isBehind ? words : clip(words, room, 12.5)}
    </text>
  )
}
