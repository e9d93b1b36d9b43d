/** Leader epochs of a log: a band above it with the epoch's number, a double barline where a new one starts. */
import type { ReactNode } from 'react'
import type { Offset } from '../../base/units.ts'
import type { ReplicaView } from '../../projection/cluster-view.ts'
import type { StripFrame } from '../../scene/layout-types.ts'
import { widthOf } from './measure.ts'
import { useStage } from './stage-context.ts'

export interface EpochMarksProps {
  readonly frame: StripFrame
  readonly replica: ReplicaView
  readonly first: Offset
  readonly band: number | undefined
  readonly down: boolean
}

interface Stretch {
  readonly epoch: number
  readonly from: number
  readonly to: number
  readonly starts: boolean
  readonly newest: boolean
}

/** Epochs as they lie in the window; the newest may be empty yet: it leads from the log's end on. */
function stretchesOf({ frame, replica, first }: EpochMarksProps): Stretch[] {
  const { x0, cw, n } = frame
  const at = (offset: Offset): number => x0 + Math.max(0, Math.min(offset - first, n)) * cw
  return replica.epochs.flatMap(([epoch, start], i) => {
    const next = replica.epochs[i + 1]?.[1]
    const end = next ?? replica.logEndOffset
    if (end < first || (end === first && next !== undefined)) return []
    return [{ epoch, from: at(start), to: at(end), starts: i > 0 && start >= first, newest: next === undefined }]
  })
}

export function EpochMarks(props: EpochMarksProps): ReactNode {
  const { frame, band } = props
  const stretches = stretchesOf(props)
  return (
    <g aria-hidden="true">
      {stretches.map((each) => each.starts && <Barline key={each.epoch} x={each.from} frame={frame} above={band === undefined ? 4 : 12} />)}
      {band !== undefined && stretches.map((each) => <Band key={each.epoch} stretch={each} y={band} down={props.down} />)}
    </g>
  )
}

function Barline({ x, frame, above }: { readonly x: number; readonly frame: StripFrame; readonly above: number }): ReactNode {
  const top = frame.y - above,
    bottom = frame.y + frame.h + 6
  return (
    <g className="barline">
      <path d={`M${x + 2.8} ${top}V${bottom}`} strokeWidth={1.25} />
      <path d={`M${x + 6.9} ${top}V${bottom}`} strokeWidth={3.25} />
    </g>
  )
}

const dash = 12
const size = 12.5

/** A line with the epoch's number in a gap near its start; a new epoch without a record yet has only the number. */
function Band({ stretch, y, down }: { readonly stretch: Stretch; readonly y: number; readonly down: boolean }): ReactNode {
  const { text } = useStage()
  const { from, to, starts, newest } = stretch
  const words = text.epoch(stretch.epoch)
  const begin = from + (starts ? 13 : 1)
  const textAt = begin + dash + 6
  const textEnd = textAt + widthOf(words, size, newest && starts ? 600 : 400) + 6
  const room = to - begin
  if (!newest && room < 10) return null
  const named = newest || textEnd < to - 6
  return (
    <g className={down ? 'faded' : undefined}>
      {named ? (
        <path className="band" d={`M${begin} ${y}h${dash}${to > textEnd + 4 ? `M${textEnd} ${y}H${to - 1}` : ''}`} />
      ) : (
        <path className="band" d={`M${begin} ${y}H${to - 1}`} />
      )}
      {named && (
        <text x={textAt} y={y} dy=".35em" className={newest && starts ? 'strong' : 'second'}>
          {words}
        </text>
      )}
    </g>
  )
}
