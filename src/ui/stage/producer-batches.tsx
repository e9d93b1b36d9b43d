/** What a producer holds back: batches that wait in its accumulator, and places kept for those in flight. */
import type { ReactNode } from 'react'
import type { ProducerView } from '../../projection/cluster-view.ts'
import type { Box } from '../../scene/geometry.ts'
import { cardPad, Running } from './card-parts.tsx'
import { Tray, trayHeight, trayWidth } from './marks.tsx'
import { clip } from './measure.ts'
import { useStage } from './stage-context.ts'
import { labelOf } from './stage-text.ts'

const trayRadius = 10
const mostInTray = 3

export function Waiting({ box, y, producer }: { readonly box: Box; readonly y: number; readonly producer: ProducerView }): ReactNode {
  const { text, followed } = useStage()
  const waiting = producer.batches.filter((each) => each.state !== 'inFlight')
  const away = producer.batches.length - waiting.length
  const oldest = waiting[0]
  const heading = waiting.length > 0 ? text.waiting : away > 0 ? text.inFlight : text.nothingWaits
  const room = box.w - 2 * cardPad + 6
  let x = box.x + cardPad - 2
  let left = producer.batches.length
  const trays: ReactNode[] = []
  for (const batch of producer.batches) {
    const w = trayWidth(batch.records.length, trayRadius, mostInTray)
    if (x + w > box.x + cardPad + room - (left > 1 ? 22 : 0)) break
    trays.push(
      <Tray
        key={`${batch.partition}/${batch.createdAt}`}
        records={batch.records}
        x={x}
        y={y + 25}
        radius={trayRadius}
        most={mostInTray}
        away={batch.state === 'inFlight'}
        followed={followed}
      />,
    )
    x += w + 6
    left--
  }
  const single = producer.batches.length === 1 && producer.batches[0]!.records.length === 1 ? producer.batches[0]!.records[0] : undefined
  const middle = y + 25 + trayHeight(trayRadius) / 2
  return (
    <>
      <text x={box.x + cardPad} y={y + 14} dy=".35em" className={producer.batches.length > 0 ? 'second' : 'quiet'}>
        {heading}
      </text>
      {oldest === undefined ? null : <Running x={box.x + box.w - cardPad} y={y + 14} since={oldest.createdAt} />}
      {trays}
      {left > 0 && (
        <text x={x + 2} y={middle} dy=".35em" className="small strong">
          +{left}
        </text>
      )}
      {single !== undefined && (
        <text x={x + 4} y={middle} dy=".35em" className="second">
          {clip(labelOf(single), box.x + box.w - 8 - x, 12.5)}
        </text>
      )}
    </>
  )
}

/** The same in one line: how many batches there are, and the oldest of them. */
export function WaitingLine({ box, y, producer }: { readonly box: Box; readonly y: number; readonly producer: ProducerView }): ReactNode {
  const { text, followed } = useStage()
  const [oldest] = producer.batches
  if (oldest === undefined)
    return (
      <text x={box.x + cardPad} y={y} dy=".35em" className="quiet">
        {text.nothingWaits}
      </text>
    )
  const radius = 6.5,
    most = 3
  const w = trayWidth(oldest.records.length, radius, most)
  const more = producer.batches.length - 1
  const right = box.x + box.w - cardPad + 4 - (more > 0 ? 20 : 0)
  const away = oldest.state === 'inFlight'
  return (
    <>
      <text x={box.x + cardPad} y={y} dy=".35em" className="second">
        {clip(away ? text.inFlight : text.waiting, box.w - 2 * cardPad - w - 18, 12.5)}
      </text>
      <Tray
        records={oldest.records}
        x={right - w}
        y={y - trayHeight(radius) / 2}
        radius={radius}
        most={most}
        away={away}
        followed={followed}
      />
      {more > 0 && (
        <text x={right + 4} y={y} dy=".35em" className="small strong">
          +{more}
        </text>
      )}
    </>
  )
}
