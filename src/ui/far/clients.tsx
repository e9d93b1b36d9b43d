/**
 * Writers and readers, gathered, and what flows between them and the racks: as thick as it is much. In a narrow room rows below the
 * racks, with bars as long as it is much.
 */
import { useMemo, type ReactNode } from 'react'
import type { FarClients, FarFrame } from '../../scene/far.ts'
import { between, gathered, perSecond, ribbonsOf, type Flow } from '../../scene/traffic.ts'
import { clip, widthOf } from '../stage/measure.ts'
import { selectable, useStage } from '../stage/stage-context.ts'
import type { ZoomText } from '../../text/zoom.en.ts'
import { useZoomText } from '../zoom/words.ts'
import styles from './far.module.css'
import { rackOfBroker } from './rack-title.tsx'
import type { Rates } from './use-traffic.ts'

/** Of a rack's height, what ribbons may take. */
const thickest = 0.8

interface Side {
  readonly clients: readonly FarClients[]
  /** By client and rack. */
  readonly flows: ReadonlyMap<string, Flow>
}

export function Clients({ frame, rates }: { readonly frame: FarFrame; readonly rates: Rates }): ReactNode {
  const sides = useMemo(() => {
    const racks = rackOfBroker(frame)
    const owner = (clients: readonly FarClients[]): ReadonlyMap<string, string> => new Map(clients.flatMap((each, i) => each.members.map((member) => [member, String(i)] as const)))
    const writers = owner(frame.writers), readers = owner(frame.readers)
    const key = (client: string | undefined, rack: string | undefined) => (client === undefined || rack === undefined ? undefined : between(client, rack))
    return {
      writers: { clients: frame.writers, flows: gathered(rates.written, (from, to) => key(writers.get(from), racks.get(to))) },
      readers: { clients: frame.readers, flows: gathered(rates.read, (from, to) => key(readers.get(to), racks.get(from))) },
    }
  }, [frame, rates])
  const rate = (flow: Flow | undefined): number => (flow === undefined ? 0 : perSecond(flow, rates.over).bytes)
  if (frame.narrow) return <Rows sides={sides} rates={rates} />
  const scale = Math.min(...scalesOf(frame, sides.writers, rate), ...scalesOf(frame, sides.readers, rate))
  return (
    <g>
      <Ribbons frame={frame} side={sides.writers} scale={scale} rate={rate} className="written" left />
      <Ribbons frame={frame} side={sides.readers} scale={scale} rate={rate} className="read" left={false} />
      {frame.writers.map((each, i) => (
        <Client key={`${each.kind} ${each.name}`} client={each} rates={rates} sum={sumOf(sides.writers.flows, i)} left />
      ))}
      {frame.readers.map((each, i) => (
        <Client key={`${each.kind} ${each.name}`} client={each} rates={rates} sum={sumOf(sides.readers.flows, i)} left={false} />
      ))}
    </g>
  )
}

function Rows({ sides: { writers, readers }, rates }: { readonly sides: { readonly writers: Side; readonly readers: Side }; readonly rates: Rates }): ReactNode {
  const text = useZoomText()
  const rows = (side: Side, label: string) => ({ label, rows: side.clients.map((client, i) => ({ client, flow: perSecond(sumOf(side.flows, i), rates.over) })) })
  const both = [rows(writers, text.far.writers), rows(readers, text.far.readers)].filter((side) => side.rows.length > 0)
  const most = Math.max(1, ...both.flatMap((side) => side.rows.map(({ flow }) => flow.bytes)))
  return (
    <g>
      {both.map((side) => (
        <g key={side.label}>
          <text x={side.rows[0]!.client.bar.x} y={side.rows[0]!.client.bar.y - 33} dy=".35em" className="quiet">
            {side.label}
          </text>
          {side.rows.map(({ client, flow }) => (
            <Row key={`${client.kind} ${client.name}`} client={client} flow={flow} share={flow.bytes / most} rates={rates} written={side.label === text.far.writers} />
          ))}
        </g>
      ))}
    </g>
  )
}

function Row({ client, flow, share, rates, written }: { readonly client: FarClients; readonly flow: Flow; readonly share: number; readonly rates: Rates; readonly written: boolean }): ReactNode {
  const text = useZoomText()
  const { bar } = client
  const { title, count, rate } = wordsOf(client, flow, rates, text)
  const y = bar.y - 11
  const rateWidth = widthOf(rate, 12) + 12
  const nameWidth = Math.min(widthOf(title, 13.5, 600), bar.w - rateWidth)
  return (
    <g>
      <g {...usePress(client, [title, count, rate])}>
        <rect className="target" x={bar.x} y={bar.y - 22} width={bar.w} height={32} />
        <rect className="ring" x={bar.x - 3} y={bar.y - 22} width={bar.w + 6} height={32} rx={4} />
        <rect className="hover" x={bar.x - 3} y={bar.y - 22} width={bar.w + 6} height={32} rx={4} />
      </g>
      <g aria-hidden="true" pointerEvents="none">
        <text x={bar.x} y={y} dy=".35em" className="name" fontSize={13.5}>
          {clip(title, bar.w - rateWidth, 13.5, 600)}
        </text>
        <text x={bar.x + nameWidth + 10} y={y} dy=".35em" className="small second">
          {clip(count, Math.max(0, bar.w - rateWidth - nameWidth - 10), 12)}
        </text>
        <text x={bar.x + bar.w} y={y} dy=".35em" textAnchor="end" className="small second">
          {rate}
        </text>
        <rect className={styles['track']} x={bar.x} y={bar.y} width={bar.w} height={bar.h} rx={3} />
        {share > 0 && <rect className={styles[written ? 'written' : 'read']} x={bar.x} y={bar.y} width={Math.max(3, bar.w * share)} height={bar.h} rx={3} style={{ opacity: 0.85 }} />}
      </g>
    </g>
  )
}

/** No ribbons are thicker together than the bar they leave, or the rack they meet. */
function scalesOf(frame: FarFrame, { clients, flows }: Side, rate: (flow: Flow) => number): readonly number[] {
  const room = (height: number, ends: (key: string) => boolean): number =>
    height / Math.max(1, [...flows].reduce((sum, [key, flow]) => sum + (ends(key) ? rate(flow) : 0), 0))
  return [
    ...clients.map(({ bar }, i) => room(bar.h, (key) => key.startsWith(`${i}>`))),
    ...frame.racks.map(({ name, cards }) => room(cards.h * thickest, (key) => key.endsWith(`>${name ?? ''}`))),
  ]
}

function sumOf(flows: Side['flows'], index: number): Flow {
  const sum: Flow = { records: 0, bytes: 0 }
  for (const [key, flow] of flows) {
    if (!key.startsWith(`${index}>`)) continue
    sum.records += flow.records
    sum.bytes += flow.bytes
  }
  return sum
}

function Ribbons({ frame, side, scale, rate, className, left }: {
  readonly frame: FarFrame
  readonly side: Side
  readonly scale: number
  readonly rate: (flow: Flow | undefined) => number
  readonly className: 'written' | 'read'
  readonly left: boolean
}): ReactNode {
  const bars = side.clients.map(({ bar }, i) => ({ key: String(i), y: bar.y, h: bar.h }))
  const racks = frame.racks.map(({ name, cards }) => ({ key: name ?? '', y: cards.y, h: cards.h }))
  const ribbons = ribbonsOf(bars, racks, (bar, rack) => rate(side.flows.get(between(bar, rack))), scale)
  const cards = frame.racks[0]?.cards
  const bar = side.clients[0]?.bar
  if (cards === undefined || bar === undefined) return null
  const [x1, x2] = left ? [bar.x + bar.w, cards.x - 4] : [bar.x, Math.max(...frame.racks.map((rack) => rack.cards.x + rack.cards.w)) + 4]
  const middle = (x1 + x2) / 2
  return (
    <g aria-hidden="true" pointerEvents="none">
      {ribbons.map(({ key, from, to, width }) => {
        const w = Math.max(width, 1) / 2
        return (
          <path
            key={key}
            className={styles[className]}
            d={`M${x1} ${from - w}C${middle} ${from - w} ${middle} ${to - w} ${x2} ${to - w}V${to + w}C${middle} ${to + w} ${middle} ${from + w} ${x1} ${from + w}Z`}
          />
        )
      })}
    </g>
  )
}

const selectionOf = ({ kind, name, members }: FarClients) =>
  kind === 'group' && name !== '' ? ({ kind: 'group', key: name } as const) : members.length === 1 ? ({ kind: kind === 'producers' ? 'producer' : 'consumer', key: members[0]! } as const) : undefined

function countOf({ kind, name, members }: FarClients, text: ZoomText): string {
  if (name === '') return ''
  if (kind === 'group') return text.far.members(members.length)
  return members.length === 1 ? '' : kind === 'producers' ? text.far.producers(members.length) : text.far.consumers(members.length)
}

function wordsOf(client: FarClients, flow: Flow, rates: Rates, text: ZoomText): { readonly title: string; readonly count: string; readonly rate: string } {
  const { name, members, kind } = client
  const title = name === '' ? (kind === 'consumers' ? text.far.consumers(members.length) : text.far.others(members.length)) : name
  const rate = rates.over === 0 || !rates.complete ? text.far.measuring : flow.records === 0 ? text.far.silent : `${text.far.records(flow.records)}, ${text.far.bytes(flow.bytes)}`
  return { title, count: countOf(client, text), rate }
}

function usePress(client: FarClients, words: readonly string[]) {
  const setting = useStage()
  const selection = selectionOf(client)
  const label = words.filter((each) => each !== '').join(', ')
  return selection === undefined ? { role: 'img' as const, 'aria-label': label } : selectable(setting, selection, label)
}

function Client({ client, rates, sum, left }: { readonly client: FarClients; readonly rates: Rates; readonly sum: Flow; readonly left: boolean }): ReactNode {
  const text = useZoomText()
  const { bar } = client
  const { title, count, rate } = wordsOf(client, perSecond(sum, rates.over), rates, text)
  const x = left ? bar.x - 8 : bar.x + bar.w + 8
  const anchor = left ? 'end' : 'start'
  const room = left ? bar.x - 16 : 150
  const middle = bar.y + bar.h / 2
  const top = count === '' ? middle - 9 : middle - 17
  const press = usePress(client, [title, count, rate])
  return (
    <g>
      <g {...press}>
        <rect className={styles['bar']} x={bar.x} y={bar.y} width={bar.w} height={bar.h} />
        <rect className="target" x={left ? x - room : x - 13} y={bar.y} width={room + 13} height={bar.h} />
        <rect className="ring" x={left ? x - room : bar.x - 3} y={bar.y - 3} width={room + 18} height={bar.h + 6} rx={4} />
        <rect className="hover" x={left ? x - room : bar.x - 3} y={bar.y - 3} width={room + 18} height={bar.h + 6} rx={4} />
      </g>
      <g aria-hidden="true" pointerEvents="none">
        <text x={x} y={top} dy=".35em" textAnchor={anchor} className="name" fontSize={13.5}>
          {clip(title, room, 13.5, 600)}
        </text>
        {count !== '' && (
          <text x={x} y={top + 17} dy=".35em" textAnchor={anchor} className="small second">
            {clip(count, room, 12)}
          </text>
        )}
        <text x={x} y={top + (count === '' ? 18 : 34)} dy=".35em" textAnchor={anchor} className="small quiet">
          {clip(rate, room, 12)}
        </text>
      </g>
    </g>
  )
}
