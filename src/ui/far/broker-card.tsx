/** A broker from far: its replicas as squares, its name, and how many it leads. */
import { memo, useEffect, useRef, type ReactNode } from 'react'
import type { Micros } from '../../base/units.ts'
import type { BrokerView, ClusterView, NodeName } from '../../projection/cluster-view.ts'
import { squareOf, type FarBroker, type FarFrame } from '../../scene/far.ts'
import { drawCard, squareStateOf, type CardDrawing, type HeatInput } from '../../scene/heat.ts'
import { useMoment } from '../run.tsx'
import { GlyphMark } from '../stage/marks.tsx'
import { widthOf } from '../stage/measure.ts'
import { selectable, tabIndex, useStage } from '../stage/stage-context.ts'
import type { ZoomText } from '../../text/zoom.en.ts'
import { useZoomText } from '../zoom/words.ts'
import styles from './far.module.css'

/** A square: the n-th replica of a broker. */
export interface At {
  readonly broker: NodeName
  readonly index: number
}

export function BrokerCard({ frame, broker, heat, at }: { readonly frame: FarFrame; readonly broker: FarBroker; readonly heat: HeatInput; readonly at: Micros }): ReactNode {
  const view = heat.view.brokers[broker.name]
  const drawing = drawCard(frame, broker, { ...heat, at })
  if (view === undefined) return null
  return (
    <g>
      <Plate broker={broker} view={view} leads={drawing.leads} />
      <Squares key={`${frame.pitch}`} drawing={drawing} />
    </g>
  )
}

export function conditionOf({ condition, fenced }: BrokerView, text: ZoomText): string {
  const is = text.far.condition[condition]
  return fenced ? `${is}, ${text.far.fenced}` : is
}

function Plate({ broker, view, leads }: { readonly broker: FarBroker; readonly view: BrokerView; readonly leads: number }): ReactNode {
  const text = useZoomText()
  const setting = useStage()
  const { box, name, hosts } = broker
  const down = view.condition === 'down'
  const troubled = view.condition !== 'running' || view.fenced
  const y = box.y + box.h - 11
  const named = 9 + widthOf(name, 12.5, 600)
  const roomy = box.w - named - 8 > widthOf(String(leads), 12) + (troubled ? 15 : 0)
  return (
    <g>
      <g {...selectable(setting, { kind: 'broker', key: name }, text.far.broker(name, conditionOf(view, text), leads, hosts.length))} data-broker={name}>
        <rect className={down ? 'machine down' : 'machine'} x={box.x + 0.5} y={box.y + 0.5} width={box.w - 1} height={box.h - 1} rx={6} />
        <rect className="ring" x={box.x - 1.5} y={box.y - 1.5} width={box.w + 3} height={box.h + 3} rx={8} />
        <rect className="hover" x={box.x + 0.5} y={box.y + 0.5} width={box.w - 1} height={box.h - 1} rx={6} />
      </g>
      <g aria-hidden="true" pointerEvents="none">
        <text x={box.x + 6} y={y} dy=".35em" className={down ? 'quiet' : 'strong'}>
          {name}
        </text>
        {troubled && <GlyphMark name={view.condition === 'frozen' ? 'hourglass' : 'bolt'} x={box.x + named + 6} y={y} size={11} className="fault-fill" />}
        {!down && roomy && (
          <text x={box.x + box.w - 6} y={y} dy=".35em" textAnchor="end" className="small quiet">
            {leads}
          </text>
        )}
      </g>
    </g>
  )
}

/** Nothing is drawn anew where every path is as it was. */
const Squares = memo(
  function Squares({ drawing }: { readonly drawing: CardDrawing }): ReactNode {
    return (
      <g aria-hidden="true" pointerEvents="none">
        {drawing.paths.map(([layer, d]) => (
          <path key={layer} className={styles[layer]} d={d} />
        ))}
      </g>
    )
  },
  ({ drawing: a }, { drawing: b }) => a.paths.length === b.paths.length && a.paths.every(([layer, d], i) => b.paths[i]![0] === layer && b.paths[i]![1] === d),
)

export function wordsOfSquare(view: Pick<ClusterView, 'brokers' | 'partitions'>, broker: FarBroker, index: number, at: Micros, text: ZoomText): { readonly title: string; readonly said: readonly string[]; readonly spoken: string } {
  const partition = view.partitions[broker.hosts[index] ?? '']
  if (partition === undefined) return { title: '', said: [], spoken: '' }
  const { state, short, elected } = squareStateOf(partition, broker.name, view.brokers[broker.name]?.condition === 'down', at)
  const said = [text.far.states[state], ...(short ? [text.far.short] : []), ...(elected ? [text.far.elected(partition.leaderSince)] : [])]
  return { title: partition.name, said, spoken: text.far.square(partition.name, broker.name, said.join(', '), partition.isr, partition.replicas.length) }
}

/** The one square that has the focus, as an option of its broker's list. */
export function Cursor({ frame, cursor, onPick, onLeave }: {
  readonly frame: FarFrame
  readonly cursor: At
  readonly onPick: (at: At) => void
  readonly onLeave: () => void
}): ReactNode {
  const text = useZoomText()
  const { view, at } = useMoment()
  const { selection } = useStage()
  const element = useRef<SVGGElement>(null)
  useEffect(() => element.current?.focus(), [cursor])
  const broker = frame.racks.flatMap(({ brokers }) => brokers).find(({ name }) => name === cursor.broker)
  if (broker === undefined || cursor.index >= broker.hosts.length) return null
  const { x, y } = squareOf(frame, broker, cursor.index)
  const s = frame.pitch + 1.5
  const selected = selection?.kind === 'replica' && selection.key === `${broker.hosts[cursor.index]}@${broker.name}`
  return (
    <g role="listbox" aria-label={text.far.replicas(broker.name)} aria-orientation="horizontal">
      <g
        ref={element}
        role="option"
        aria-selected={selected}
        aria-label={wordsOfSquare(view, broker, cursor.index, at, text).spoken}
        aria-posinset={cursor.index + 1}
        aria-setsize={broker.hosts.length}
        {...tabIndex(0)}
        data-square={broker.hosts[cursor.index]}
        onBlur={onLeave}
        onClick={(event) => {
          event.stopPropagation()
          onPick(cursor)
        }}
      >
        <rect className="target" x={x} y={y} width={frame.pitch} height={frame.pitch} />
        <rect className="ring" x={x - 1.5} y={y - 1.5} width={s} height={s} rx={1.5} />
      </g>
    </g>
  )
}
