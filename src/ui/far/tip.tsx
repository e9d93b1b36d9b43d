/** Beside the pointer: which replica this square is. */
import type { ReactNode } from 'react'
import { squareOf, type FarFrame } from '../../scene/far.ts'
import { useMoment } from '../run.tsx'
import { useZoomText } from '../zoom/words.ts'
import { wordsOfSquare, type At } from './broker-card.tsx'
import type { Rates } from './use-traffic.ts'

const width = 232

export function Tip({ frame, hovered, rates, scroll }: { readonly frame: FarFrame; readonly hovered: At; readonly rates: Rates; readonly scroll: number }): ReactNode {
  const text = useZoomText()
  const { view, at } = useMoment()
  const broker = frame.racks.flatMap(({ brokers }) => brokers).find(({ name }) => name === hovered.broker)
  if (broker === undefined) return null
  const { title, said } = wordsOfSquare(view, broker, hovered.index, at, text)
  const partition = view.partitions[title]
  const { x, y } = squareOf(frame, broker, hovered.index)
  const left = x + frame.pitch + 10 + width > frame.size.width ? x - width - 10 : x + frame.pitch + 10
  const rate = rates.partitions.get(title)
  return (
    <div className="stage-card" style={{ left: Math.max(4, left), top: Math.max(scroll + 4, y - 12), width }} aria-hidden="true">
      <p>
        <b>{title}</b> {broker.name}
      </p>
      <p>{said.join(', ')}</p>
      {partition !== undefined && (
        <p className="mono">
          ISR {partition.isr.join(' ') || '–'} / {partition.replicas.join(' ')}
        </p>
      )}
      {rate !== undefined && <p>{text.far.rate(text.far.records(rate))}</p>}
    </div>
  )
}
