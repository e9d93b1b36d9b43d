/** The ground of a place that is not Kafka: what says so before anything else, and in a few words what it is. */
import type { ReactNode } from 'react'
import { rightOf, type Box } from '../../scene/geometry.ts'
import { firstFitting, widthOf } from '../stage/measure.ts'

interface Props {
  readonly box: Box
  readonly title: { readonly x: number; readonly y: number }
  /** The longest that fits is said. */
  readonly labels: readonly string[]
  readonly whats: readonly string[]
}
export function Ground({ box, title, labels, whats }: Props): ReactNode {
  const label = firstFitting(labels, box.w - 40, 13, 600)
  const w = widthOf(label, 13, 600) + 20
  const room = rightOf(box) - 14 - (title.x + w + 10)
  const what = whats.find((each) => widthOf(each, 12.5) <= room)
  return (
    <g aria-hidden="true" pointerEvents="none">
      <rect className="toy-ground" x={box.x + 0.5} y={box.y + 0.5} width={box.w - 1} height={box.h - 1} />
      <rect className="toy-label" x={title.x} y={title.y - 10.5} width={w} height={21} />
      <text className="toy-label-text" x={title.x + w / 2} y={title.y} dy=".36em" textAnchor="middle" fontSize={13}>
        {label}
      </text>
      {what !== undefined && (
        <text x={title.x + w + 10} y={title.y} dy=".36em" className="second">
          {what}
        </text>
      )}
    </g>
  )
}
