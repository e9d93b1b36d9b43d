/** The partitions of a member as chips: whole what it reads and keeps, dashed what it is to give up, dotted what it is to get. */
import type { ReactNode } from 'react'
import type { ConsumerView } from '../../projection/cluster-view.ts'
import type { Box } from '../../scene/geometry.ts'
import { indexOf, type Holding } from '../../scene/holdings.ts'
import { cardPad } from './card-parts.tsx'
import { widthOf } from './measure.ts'

const chipHeight = 18
const pitchGap = 4

export interface ChipsProps {
  readonly box: Box
  readonly y: number
  readonly holdings: readonly Holding[]
  /** The one whose position stands beside them. */
  readonly own: ConsumerView['assigned'][number] | undefined
}

export function Chips({ box, y, holdings, own }: ChipsProps): ReactNode {
  const position = own?.position === undefined ? '' : String(own.position)
  const right = box.x + box.w - cardPad
  const room = right - box.x - cardPad - (position === '' ? 0 : widthOf(position, 12.5, 600) + 8)
  const widest = Math.max(...holdings.map(({ partition }) => widthOf(indexOf(partition), 12, 500)))
  const w = Math.max(20, widest + 10)
  const fits = Math.floor((room + pitchGap) / (w + pitchGap))
  const shown = holdings.length <= fits ? holdings : holdings.slice(0, Math.max(1, fits - 1))
  const x = (i: number): number => box.x + cardPad + i * (w + pitchGap)
  return (
    <g aria-hidden="true">
      {shown.map(({ partition, how }, i) => (
        <g key={partition}>
          <rect className={`chip ${how}${partition === own?.partition ? ' own' : ''}`} x={x(i) + 0.75} y={y - chipHeight / 2} width={w - 1.5} height={chipHeight} rx={3} />
          <text x={x(i) + w / 2} y={y} dy=".36em" textAnchor="middle" className={how === 'reads' ? 'small medium' : 'small quiet'}>
            {indexOf(partition)}
          </text>
        </g>
      ))}
      {shown.length < holdings.length && (
        <text x={x(shown.length) + 2} y={y} dy=".35em" className="small quiet">
          +{holdings.length - shown.length}
        </text>
      )}
      {position !== '' && (
        <text x={right} y={y} dy=".35em" textAnchor="end" className="strong">
          {position}
        </text>
      )}
    </g>
  )
}
