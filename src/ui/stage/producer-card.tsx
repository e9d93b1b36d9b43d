/** A producer: what it was told is stored, what waits in its accumulator, and whom it believes to lead. */
import { memo, type ReactNode } from 'react'
import type { Belief, Override, ProducerView } from '../../projection/cluster-view.ts'
import type { Box } from '../../scene/geometry.ts'
import type { CardFrame, Variant } from '../../scene/layout-types.ts'
import { BeliefLines, cardPad, Figure, RecordRow, Rule, Running } from './card-parts.tsx'
import { Badge, RecordMark, TickDisc, Tray, trayHeight, trayWidth } from './marks.tsx'
import { clip, widthOf } from './measure.ts'
import { Bolt } from './row-buttons.tsx'
import { selectable, useStage } from './stage-context.ts'
import { labelOf } from './stage-text.ts'

export interface ProducerCardProps { readonly frame: CardFrame; readonly producer: ProducerView; readonly focus: string | undefined; readonly variant: Variant }

const isGone = (condition: string): boolean => condition === 'down'

export const ProducerCard = memo(function ProducerCard({ frame, producer, focus, variant }: ProducerCardProps): ReactNode {
  const setting = useStage()
  const { text, followed } = setting
  const { box, size } = frame
  const belief = beliefOn(producer, focus)
  const gone = isGone(producer.condition)
  const state = gone ? (producer.sent === 0 ? text.state.stopped : text.state.down) : producer.condition === 'running' ? '' : text.state[producer.condition]
  const label = text.aria.machine('producer', producer.name, [state, `${text.acknowledged} ${producer.acked}`, belief === undefined ? '' : `${text.believes} ${text.belief(belief.leader, belief.epoch)}${belief.stale ? `, ${text.outOfDate}` : ''}`].filter((each) => each !== '').join(', '))
  return (
    <g lang={setting.language}>
      <g {...selectable(setting, { kind: 'producer', key: producer.name }, label)}>
        <rect className={gone ? 'client down' : 'client'} x={box.x + 0.5} y={box.y + 0.5} width={box.w - 1} height={box.h - 1} rx={10} />
        <rect className="ring" x={box.x - 2} y={box.y - 2} width={box.w + 4} height={box.h + 4} rx={12} />
        <rect className="hover" x={box.x + 0.5} y={box.y + 0.5} width={box.w - 1} height={box.h - 1} rx={10} />
      </g>
      <g aria-hidden="true" pointerEvents="none">
        {variant === 'home' ? <HomeLines box={box} producer={producer} /> : size === 'small' ? <SmallLines box={box} producer={producer} belief={belief} /> : (
          <>
            <Head box={box} producer={producer} state={state} />
            <Rule box={box} y={box.y + 58} />
            <Figure box={box} y={box.y + 76} label={text.acknowledged} value={String(producer.acked)} />
            <RecordRow box={box} y={box.y + 96} records={producer.lastAcked} followed={followed} />
            {size === 'full' ? <FullRest box={box} producer={producer} belief={belief} /> : (
              <>
                <WaitingLine box={box} y={box.y + 120} producer={producer} />
                <BeliefLines box={box} y={box.y + 145} belief={belief} />
              </>
            )}
          </>
        )}
      </g>
      {variant !== 'home' && size !== 'small' && <Bolt box={{ x: box.x + box.w - 31, y: box.y + box.h - 31, w: 26, h: 26 }} label={text.faultsOf(producer.name)} press={(element) => setting.actions.faults(producer.name, element)} />}
      {size === 'small' && variant !== 'home' && <Bolt box={{ x: box.x + box.w - 29, y: box.y + 4, w: 24, h: 24 }} label={text.faultsOf(producer.name)} press={(element) => setting.actions.faults(producer.name, element)} />}
    </g>
  )
})

/** Of the partition in focus, if it writes there; else of the first it knows. */
const beliefOn = (producer: ProducerView, focus: string | undefined): Belief | undefined => producer.believes.find((each) => each.partition === focus) ?? producer.believes[0]
const acksOverride = (producer: ProducerView): Override | undefined => producer.overrides.find((each) => each.name === 'acks')

function Head({ box, producer, state }: { readonly box: Box; readonly producer: ProducerView; readonly state: string }): ReactNode {
  const { text } = useStage()
  const override = acksOverride(producer)
  const right = box.x + box.w - cardPad
  const others = producer.overrides.filter((each) => each.name !== 'acks').length
  return (
    <>
      <text x={box.x + cardPad} y={box.y + 18} dy=".35em" className={state === '' || producer.sent === 0 ? 'small quiet' : 'small medium fault'}>{clip(state === '' ? text.producer : state, box.w - 2 * cardPad - (override === undefined ? 0 : widthOf(`acks=${producer.acks}`, 12, 500, 'mono') + 8), 12)}</text>
      <text x={box.x + cardPad} y={box.y + 37} dy=".35em" fontSize={16} className="name">{clip(producer.name, box.w - 2 * cardPad - (override === undefined ? widthOf(`acks=${producer.acks}`, 12, 400, 'mono') : widthOf(text.defaultIs(override.default), 12)) - 4, 16, 600)}</text>
      {override === undefined
        ? <text x={right} y={box.y + 38} dy=".35em" textAnchor="end" className="mono second">acks={producer.acks}</text>
        : (
          <>
            <Badge text={`acks=${producer.acks}`} right={right + 4} y={box.y + 20} />
            <text x={right + 4} y={box.y + 42} dy=".35em" textAnchor="end" className="small quiet">{text.defaultIs(override.default)}</text>
          </>
        )}
      {others > 0 && override === undefined && <circle cx={right - 2} cy={box.y + 18} r={3} fill="var(--fault-fill)" />}
    </>
  )
}

/** Below the acknowledged ones: the one that is followed, what waits, and what is believed. */
function FullRest({ box, producer, belief }: { readonly box: Box; readonly producer: ProducerView; readonly belief: Belief | undefined }): ReactNode {
  const { text, followed } = useStage()
  const kept = producer.lastAcked.find((each) => each.id === followed)
  const stretch = Math.max(0, box.h - 260) / 2
  const waitsAt = box.y + 129 + stretch
  const believesAt = box.y + 210 + stretch * 2
  return (
    <>
      {kept !== undefined && (
        <>
          <RecordMark cell={kept} x={box.x + cardPad + 8} y={box.y + 117} radius={9} digit={12} solid />
          <text x={box.x + cardPad + 24} y={box.y + 117} dy=".35em" className="strong">{clip(labelOf(kept), box.w - 2 * cardPad - 46, 12.5, 600)}</text>
          <TickDisc x={box.x + box.w - cardPad - 8} y={box.y + 117} />
        </>
      )}
      <Rule box={box} y={waitsAt} />
      <Waiting box={box} y={waitsAt} producer={producer} />
      <Rule box={box} y={believesAt - 16} />
      <text x={box.x + cardPad} y={believesAt} dy=".35em" className="quiet">{text.believes}</text>
      <BeliefLines box={box} y={believesAt + 18} belief={belief} />
    </>
  )
}

const trayRadius = 10
const mostInTray = 3

function Waiting({ box, y, producer }: { readonly box: Box; readonly y: number; readonly producer: ProducerView }): ReactNode {
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
    trays.push(<Tray key={`${batch.partition}/${batch.createdAt}`} records={batch.records} x={x} y={y + 25} radius={trayRadius} most={mostInTray} away={batch.state === 'inFlight'} followed={followed} />)
    x += w + 6
    left--
  }
  const single = producer.batches.length === 1 && producer.batches[0]!.records.length === 1 ? producer.batches[0]!.records[0] : undefined
  const middle = y + 25 + trayHeight(trayRadius) / 2
  return (
    <>
      <text x={box.x + cardPad} y={y + 14} dy=".35em" className={producer.batches.length > 0 ? 'second' : 'quiet'}>{heading}</text>
      {oldest === undefined ? null : <Running x={box.x + box.w - cardPad} y={y + 14} since={oldest.createdAt} />}
      {trays}
      {left > 0 && <text x={x + 2} y={middle} dy=".35em" className="small strong">+{left}</text>}
      {single !== undefined && <text x={x + 4} y={middle} dy=".35em" className="second">{clip(labelOf(single), box.x + box.w - 8 - x, 12.5)}</text>}
    </>
  )
}

/** The same in one line: how many batches there are, and the oldest of them. */
function WaitingLine({ box, y, producer }: { readonly box: Box; readonly y: number; readonly producer: ProducerView }): ReactNode {
  const { text, followed } = useStage()
  const [oldest] = producer.batches
  if (oldest === undefined) return <text x={box.x + cardPad} y={y} dy=".35em" className="quiet">{text.nothingWaits}</text>
  const radius = 6.5, most = 3
  const w = trayWidth(oldest.records.length, radius, most)
  const more = producer.batches.length - 1
  const right = box.x + box.w - cardPad + 4 - (more > 0 ? 20 : 0)
  const away = oldest.state === 'inFlight'
  return (
    <>
      <text x={box.x + cardPad} y={y} dy=".35em" className="second">{clip(away ? text.inFlight : text.waiting, box.w - 2 * cardPad - w - 18, 12.5)}</text>
      <Tray records={oldest.records} x={right - w} y={y - trayHeight(radius) / 2} radius={radius} most={most} away={away} followed={followed} />
      {more > 0 && <text x={right + 4} y={y} dy=".35em" className="small strong">+{more}</text>}
    </>
  )
}

function SmallLines({ box, producer, belief }: { readonly box: Box; readonly producer: ProducerView; readonly belief: Belief | undefined }): ReactNode {
  const { text } = useStage()
  return (
    <>
      <text x={box.x + cardPad} y={box.y + 18} dy=".35em" fontSize={15} className="name">{clip(producer.name, box.w - 2 * cardPad - 20, 15, 600)}</text>
      <Figure box={box} y={box.y + 39} label={text.acknowledged} value={String(producer.acked)} />
      <text x={box.x + cardPad} y={box.y + 58} dy=".35em" className={belief?.stale === true ? 'fault' : 'second'}>
        {clip(belief === undefined ? text.noBelief : text.belief(belief.leader, belief.epoch), box.w - 2 * cardPad + 4, 12.5)}
      </text>
    </>
  )
}

function HomeLines({ box, producer }: { readonly box: Box; readonly producer: ProducerView }): ReactNode {
  const { text } = useStage()
  const override = acksOverride(producer)
  const words = `acks=${producer.acks}`
  return (
    <>
      <text x={box.x + 18} y={box.y + 27} dy=".35em" fontSize={18} className="name">{producer.name}</text>
      <text x={box.x + 18} y={box.y + 50} dy=".35em" fontSize={13} className="quiet">{text.producerLow}</text>
      {override === undefined
        ? <text x={box.x + 18} y={box.y + 80} dy=".35em" className="mono second">{words}</text>
        : <Badge text={words} right={box.x + 18 + widthOf(words, 12, 500, 'mono') + 14} y={box.y + 80} />}
    </>
  )
}
