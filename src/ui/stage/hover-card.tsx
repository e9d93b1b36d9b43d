/** What the message under the pointer is, and how far it has come. */
import { useSyncExternalStore, type ReactNode } from 'react'
import { toMs } from '../../base/units.ts'
import type { ClusterView } from '../../projection/cluster-view.ts'
import type { Span } from '../../projection/span-detail.ts'
import { formatTime } from '../../text/format.ts'
import type { Size } from '../../scene/geometry.ts'
import type { Hit } from '../../scene/hit.ts'
import type { Clock } from '../clock.ts'
import { useStage } from './stage-context.ts'

export interface HoverCardProps {
  readonly hit: Hit
  readonly x: number
  readonly y: number
  readonly room: Size
  readonly clock: Clock
  readonly span: (id: number) => Span | undefined
  readonly view: ClusterView
}

export function HoverCard({ hit, x, y, room, clock, span, view }: HoverCardProps): ReactNode {
  const at = useSyncExternalStore(
    (changed) => clock.subscribe(changed),
    () => clock.at,
  )
  const { language } = useStage()
  const right = x > room.width - 310
  const low = y > room.height - 130
  const place = {
    ...(right ? { right: room.width - x + 16 } : { left: x + 18 }),
    ...(low ? { bottom: room.height - y + 14 } : { top: y + 16 }),
  }
  return (
    <div className="stage-card" style={place} lang={language}>
      {hit.kind === 'span' ? <SpanLines span={span(hit.id)} at={at} /> : <WaitingLines waiting={view.waiting[hit.key]} at={at} />}
    </div>
  )
}

function SpanLines({ span, at }: { readonly span: Span | undefined; readonly at: number }): ReactNode {
  const { text } = useStage()
  if (span === undefined) return null
  const { detail } = span
  const part = detail.ack ? text.card.ack : detail.part === 'request' ? text.card.request : text.card.response
  const state =
    span.fate === 'lost' && at >= span.arrivesAt
      ? text.card.lost
      : span.arrivesAt === Infinity
        ? text.card.held
        : text.card.underWay(text.duration(toMs(Math.max(0, at - span.sentAt))), text.duration(toMs(span.arrivesAt - span.sentAt)))
  const carries = [
    ...(detail.partition === undefined ? [] : [detail.partitions > 1 ? `${detail.partition} +${detail.partitions - 1}` : detail.partition]),
    ...((detail.records.length > 0 && detail.toy !== true) || detail.api === 'Fetch' || detail.api === 'Produce'
      ? [text.card.records(detail.records.length, detail.offset)]
      : []),
    ...(detail.highWatermark === undefined ? [] : [text.card.highWatermark(detail.highWatermark)]),
    ...(detail.leaderEpoch === undefined ? [] : [text.epoch(detail.leaderEpoch)]),
  ]
  return (
    <>
      <p>
        <b>{detail.api}</b> {detail.toy === true && detail.records[0] !== undefined ? `#${detail.records[0].number}` : part}, {span.from} → {span.to}
      </p>
      {carries.length > 0 && <p>{carries.join(', ')}</p>}
      {detail.error !== undefined && <p className="bad">{detail.error}</p>}
      <p className="mono">
        {text.card.sent(span.sentAt)}, {state}
      </p>
    </>
  )
}

function WaitingLines({ waiting, at }: { readonly waiting: ClusterView['waiting'][string] | undefined; readonly at: number }): ReactNode {
  const { text } = useStage()
  if (waiting === undefined) return null
  const passed = text.duration(toMs(Math.max(0, at - waiting.since)))
  return (
    <>
      <p>
        <b>{waiting.api}</b> {text.card.request}, {waiting.from} → {waiting.broker}
      </p>
      <p>{waiting.kind === 'socket' ? text.card.unread : text.card.needs[waiting.needs.what](waiting.needs.value)}</p>
      <p className="mono">
        {formatTime(waiting.since)},{' '}
        {waiting.until === undefined
          ? text.waits(toMs(at - waiting.since))
          : text.card.parkedFor(passed, text.duration(toMs(waiting.until - waiting.since)))}
      </p>
    </>
  )
}
