/** Above a rack's cards: its name, how many lead there, what is down, and what it copies from other racks. */
import type { ReactNode } from 'react'
import type { FarFrame, FarRack } from '../../scene/far.ts'
import { gathered, perSecond } from '../../scene/traffic.ts'
import { useMoment } from '../run.tsx'
import { GlyphMark } from '../stage/marks.tsx'
import { firstFitting, widthOf } from '../stage/measure.ts'
import { pressable, useStage } from '../stage/stage-context.ts'
import { usePicked } from '../stores/picked.ts'
import { useZoomText } from '../zoom/words.ts'
import type { Rates } from './use-traffic.ts'

export const rackOfBroker = (frame: FarFrame): ReadonlyMap<string, string> =>
  new Map(frame.racks.flatMap(({ name, brokers }) => brokers.map((broker) => [broker.name, name ?? ''] as const)))

export function RackTitle({ rack, frame, rates }: { readonly rack: FarRack; readonly frame: FarFrame; readonly rates: Rates }): ReactNode {
  const text = useZoomText()
  const { view } = useMoment()
  const { text: stage } = useStage()
  const { box, title: y, brokers } = rack
  const own = new Set(brokers.map(({ name }) => name))
  const leaders = Object.values(view.partitions).filter(({ leader, internal }) => !internal && leader !== undefined && own.has(leader)).length
  const down = brokers.filter(({ name }) => view.brokers[name]?.condition === 'down').length
  const name = rack.name === undefined ? (frame.racks.length > 1 ? text.far.noRack : '') : text.far.rack(rack.name)
  const nameWidth = name === '' ? 0 : widthOf(name, 14, 600) + 14
  const leads = text.far.leads(leaders)
  const leadsWidth = widthOf(leads, 12.5) + 14
  const downWords = down === 0 ? '' : text.far.down(down)
  const bolt = rack.name === undefined ? 0 : 26
  const used = nameWidth + leadsWidth + (down === 0 ? 0 : widthOf(downWords, 12.5, 500) + 22) + bolt
  return (
    <g>
      {name !== '' && (
        <text x={box.x} y={y} dy=".35em" fontSize={14} className="name">
          {name}
        </text>
      )}
      <text x={box.x + nameWidth} y={y} dy=".35em" className="quiet">
        {leads}
      </text>
      {down > 0 && (
        <g>
          <GlyphMark name="bolt" x={box.x + nameWidth + leadsWidth + 4} y={y} size={12} className="fault-fill" />
          <text x={box.x + nameWidth + leadsWidth + 13} y={y} dy=".35em" className="medium fault">
            {downWords}
          </text>
        </g>
      )}
      {rack.name !== undefined && (
        <RackBolt name={rack.name} x={box.x + used - bolt} y={y} />
      )}
      <text x={box.x + box.w} y={y} dy=".35em" textAnchor="end" className="small second">
        {firstFitting([copied(), ''], box.w - used - 16, 12)}
      </text>
      <title>{stage.rack(rack.name ?? '')}</title>
    </g>
  )

  /** What this rack's followers fetched from leaders in other racks. */
  function copied(): string {
    const racks = rackOfBroker(frame)
    const flows = gathered(rates.copied, (from, to) => (racks.get(to) === (rack.name ?? '') && racks.get(from) !== racks.get(to) ? racks.get(from) : undefined))
    const parts = [...flows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([from, flow]) => text.far.from(text.far.bytes(perSecond(flow, rates.over).bytes), from))
    return parts.length === 0 ? '' : text.far.fetches(parts)
  }
}

/** The whole rack can be broken at once. */
function RackBolt({ name, x, y }: { readonly name: string; readonly x: number; readonly y: number }): ReactNode {
  const text = useZoomText()
  const { selection } = useStage()
  const openMenu = usePicked((picked) => picked.openMenu)
  return (
    <g
      className="bolt"
      data-selected={(selection?.kind === 'rack' && selection.key === name) || undefined}
      {...pressable(text.far.rackFaults(name), (element) => openMenu({ kind: 'rack', key: name }, element.getBoundingClientRect()))}
    >
      <rect className="plate" x={x} y={y - 12} width={24} height={24} rx={6} />
      <GlyphMark name="bolt" x={x + 12} y={y} size={13} />
      <rect className="ring" x={x - 1} y={y - 13} width={26} height={26} rx={7} />
    </g>
  )
}
