/** All of a toy that stands still: its outline and its name, the sender, the broker, and each reader with its inbox. */
import { memo, useRef, type ReactNode } from 'react'
import type { Cell, ClusterView, Condition, ToyBrokerView, ToyReaderView, ToySenderView } from '../../projection/cluster-view.ts'
import { bottomOf, rightOf, type Box } from '../../scene/geometry.ts'
import type { ToyFrame, ToyReaderFrame } from '../../scene/toy-layout.ts'
import type { Since } from '../../scene/transition.ts'
import { formatNumber } from '../../text/format.ts'
import type { ToyText } from '../../text/toy.en.ts'
import { Plate } from '../stage/card-parts.tsx'
import { useLive } from '../stage/live.ts'
import { GlyphMark, RecordMark, TickDisc } from '../stage/marks.tsx'
import { clip, firstFitting, widthOf } from '../stage/measure.ts'
import { Bolt } from '../stage/row-buttons.tsx'
import { useStage } from '../stage/stage-context.ts'
import { Ground } from './ground.tsx'
import { useToyText } from './toy-text.ts'

export interface ToyFigureProps {
  readonly frames: readonly ToyFrame[]
  readonly view: ClusterView
  readonly width: number
  readonly height: number
  readonly since: Since
  readonly label: string
  /** What else stands there. */
  readonly children?: ReactNode
}

export function ToyFigure({ frames, view, width, height, label, children }: ToyFigureProps): ReactNode {
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={label}>
      {children}
      {frames.map((frame) => {
        const broker = view.toys[frame.toy]
        return broker?.role === 'broker' ? <Place key={frame.toy} frame={frame} view={view} broker={broker} /> : null
      })}
    </svg>
  )
}

function Place({ frame, view, broker }: { readonly frame: ToyFrame; readonly view: ClusterView; readonly broker: ToyBrokerView }): ReactNode {
  const words = useToyText()
  return (
    <g>
      <Ground box={frame.box} title={frame.title} labels={[words.notKafka(broker.whenFull), words.notKafkaShort]} whats={words.what(broker.whenFull)} />
      {frame.senders.map(({ name, box }) => {
        const sender = view.toys[name]
        return sender?.role === 'sender' ? <SenderCard key={name} box={box} sender={sender} narrow={frame.isNarrow} /> : null
      })}
      <BrokerCard box={frame.broker} broker={broker} narrow={frame.isNarrow} />
      {frame.readers.map((each) => {
        const reader = view.toys[each.name]
        return reader?.role === 'reader' ? (
          <ReaderRow key={each.name} frame={each} reader={reader} missed={broker.missed[each.name] ?? 0} narrow={frame.isNarrow} blocks={broker.blockedBy === each.name} pushed={broker.whenFull !== 'keep'} />
        ) : null
      })}
    </g>
  )
}

const number = (value: number): string => formatNumber('en', value)
const conditionOf = (condition: Condition, words: ToyText, hasBegun: boolean): string | undefined => (condition === 'running' ? undefined : condition === 'down' && !hasBegun ? words.notStarted : words.state[condition])

const SenderCard = memo(function SenderCard({ box, sender, narrow }: { readonly box: Box; readonly sender: ToySenderView; readonly narrow: boolean }): ReactNode {
  const { language, actions, text } = useStage()
  const words = useToyText()
  const { name, condition, sent, waiting, rate } = sender
  const state = conditionOf(condition, words, sent > 0)
  const x = box.x + 10, room = box.w - 20
  const middle = box.y + box.h / 2
  const figure = waiting > 0 ? `${words.atSender} ${number(waiting)}` : `${words.sent} ${number(sent)}`
  return (
    <g lang={language}>
      <Plate selection={{ kind: 'toy', key: name }} label={`${words.aria.sender(name, sent, waiting)}${state === undefined ? '' : `, ${state}`}`} box={box} className={condition === 'down' ? 'toy-machine down' : 'toy-machine'} radius={2} />
      <g aria-hidden="true" pointerEvents="none">
        <text x={x} y={middle - 10} dy=".35em" className="name" fontSize={narrow ? 13 : 14}>
          {clip(name, room - (narrow ? 18 : 40), narrow ? 13 : 14, 600)}
        </text>
        {!narrow && (
          <text x={rightOf(box) - 34} y={middle - 10} dy=".35em" textAnchor="end" className="mono quiet">
            {room > 110 ? rate : ''}
          </text>
        )}
        <text x={x} y={middle + 10} dy=".35em" className={waiting > 0 ? 'fault medium' : 'second'}>
          {clip(state === undefined || waiting > 0 ? figure : `${state}`, room, 12.5, 500)}
        </text>
      </g>
      <Bolt box={{ x: rightOf(box) - 27, y: box.y + 3, w: 24, h: 24 }} label={text.faultsOf(name)} press={(element) => actions.faults(name, element)} />
    </g>
  )
})

const BrokerCard = memo(function BrokerCard({ box, broker, narrow }: { readonly box: Box; readonly broker: ToyBrokerView; readonly narrow: boolean }): ReactNode {
  const { language, actions, text } = useStage()
  const words = useToyText()
  const { name, condition, whenFull, published, blockedBy, inHand } = broker
  const state = conditionOf(condition, words, true)
  const x = box.x + 10, room = box.w - 20
  const lines = narrow && box.h < 62 ? 1 : 2
  return (
    <g lang={language}>
      <Plate selection={{ kind: 'toy', key: name }} label={`${words.aria.broker(name, whenFull, published, inHand.length, blockedBy)}${state === undefined ? '' : `, ${state}`}`} box={box} className={condition === 'down' ? 'toy-machine down' : 'toy-machine broker'} radius={2} />
      <g aria-hidden="true" pointerEvents="none">
        <text x={x} y={box.y + 18} dy=".35em" className="name" fontSize={narrow ? 13 : 16}>
          {clip(name, room - 18, narrow ? 13 : 16, 600)}
        </text>
        {!narrow && (
          <text x={x} y={box.y + 37} dy=".35em" className="small quiet">
            {clip(words.broker(whenFull), room, 12)}
          </text>
        )}
        {whenFull === 'keep' && !narrow && box.h > 96 && inHand.slice(0, Math.floor(room / 18)).map((cell, i) => <RecordMark key={cell.id} cell={cell} x={x + 8 + i * 18} y={(box.y + 37 + bottomOf(box) - 18) / 2} radius={7.5} />)}
        {blockedBy === undefined ? (
          <text x={x} y={narrow ? box.y + 38 : bottomOf(box) - 18} dy=".35em" className={state === undefined ? 'second' : 'fault medium'}>
            {state === undefined ? firstFitting(words.keeps(whenFull, inHand.length), room, 12.5, 500) : clip(state, room, 12.5, 500)}
          </text>
        ) : (
          <Waiting x={x} y={narrow ? box.y + 38 : bottomOf(box) - 18} room={room} reader={blockedBy} cell={lines === 2 && !narrow ? inHand[0] : undefined} top={box.y + 66} fits={box.h > 112} />
        )}
      </g>
      <Bolt box={{ x: rightOf(box) - 27, y: box.y + 5, w: 24, h: 24 }} label={text.faultsOf(name)} press={(element) => actions.faults(name, element)} />
    </g>
  )
})

/** It holds a message in its hand, and an hourglass. */
function Waiting({ x, y, room, reader, cell, top, fits }: { readonly x: number; readonly y: number; readonly room: number; readonly reader: string; readonly cell: Cell | undefined; readonly top: number; readonly fits: boolean }): ReactNode {
  const words = useToyText()
  return (
    <>
      {cell !== undefined && fits && <RecordMark cell={cell} x={x + 11} y={top + 8} radius={10.5} digit={12} />}
      <GlyphMark name="hourglass" x={x + 6} y={y} size={12} className="fault" />
      <text x={x + 17} y={y} dy=".35em" className="fault medium">
        {firstFitting([words.waitsFor(reader), words.waitsShort], room - 17, 12.5, 500)}
      </text>
    </>
  )
}

interface ReaderProps {
  readonly frame: ToyReaderFrame
  readonly reader: ToyReaderView
  /** What it was not pushed while it was away. */
  readonly missed: number
  readonly narrow: boolean
  readonly blocks: boolean
  /** Whether it asks or not: what it loses is counted from the start. */
  readonly pushed: boolean
}

const ReaderRow = memo(function ReaderRow({ frame, reader, missed, narrow, blocks, pushed }: ReaderProps): ReactNode {
  const { language, actions, text } = useStage()
  const words = useToyText()
  const { box, words: place } = frame
  const { name, condition, processed, dropped, forgotten, inbox, places } = reader
  const lost = dropped + forgotten + missed
  const state = conditionOf(condition, words, processed + lost > 0)
  const spoken = `${words.aria.reader(name, inbox.length, places, processed, lost)}${state === undefined ? '' : `, ${state}`}`
  const below = state ?? words.each(reader.processMs)
  return (
    <g lang={language}>
      <Plate selection={{ kind: 'toy', key: name }} label={spoken} box={box} className={condition === 'down' ? 'toy-machine down' : 'toy-machine'} radius={2} />
      <g aria-hidden="true" pointerEvents="none">
        <text x={place.x} y={narrow ? box.y + 13 : box.y + box.h / 2 - 9} dy=".35em" className="name" fontSize={14}>
          {clip(name, narrow ? place.w * 0.45 : place.w, 14, 600)}
        </text>
        {!narrow && (
          <text x={place.x} y={box.y + box.h / 2 + 10} dy=".35em" className={state === undefined ? 'small quiet' : 'small fault'}>
            {clip(below, place.w, 12)}
          </text>
        )}
        <Inbox frame={frame} reader={reader} narrow={narrow} isFull={blocks || inbox.length >= places} />
        <AtWork frame={frame} reader={reader} />
        {narrow ? <Brief box={box} processed={processed} lost={lost} always={pushed} state={state} room={place.w - 28 - widthOf(name, 14, 600)} /> : <Tally frame={frame} reader={reader} lost={lost} always={pushed} />}
      </g>
      <Bolt box={{ x: rightOf(box) - 27, y: box.y + 2, w: 24, h: 24 }} label={text.faultsOf(name)} press={(element) => actions.faults(name, element)} />
    </g>
  )
})

/** Slots that fill from the right: what has waited longest is next. */
function Inbox({ frame: { slots, record, box }, reader: { inbox, places }, narrow, isFull }: { readonly frame: ToyReaderFrame; readonly reader: ToyReaderView; readonly narrow: boolean; readonly isFull: boolean }): ReactNode {
  const { followed } = useStage()
  const words = useToyText()
  const first = slots[0]
  const last = slots[slots.length - 1]
  return (
    <>
      {slots.map((slot, i) => {
        const cell = inbox[places - 1 - i]
        return (
          <g key={i}>
            <rect className={cell === undefined ? 'toy-slot' : 'toy-slot taken'} x={slot.x + 0.5} y={slot.y + 0.5} width={slot.w - 1} height={slot.h - 1} />
            {cell !== undefined && <RecordMark cell={cell} x={slot.x + slot.w / 2} y={slot.y + slot.h / 2} radius={record} digit={record >= 9 ? 12 : undefined} solid={cell.id === followed} />}
          </g>
        )
      })}
      {isFull && first !== undefined && last !== undefined && <path className="toy-full" d={`M${first.x - 2} ${first.y + first.h + 3.5}H${rightOf(last) + 2}`} />}
      {!narrow && first !== undefined && (
        <text x={first.x} y={(box.y + first.y) / 2 + 1} dy=".35em" className={isFull ? 'small fault' : 'small quiet'}>
          {`${words.inbox} ${inbox.length}/${places}`}
        </text>
      )}
    </>
  )
}

/** The ring fills with the share of its time that has passed. */
function AtWork({ frame: { atWork, record }, reader: { atWork: cell, atWorkSince, processMs } }: { readonly frame: ToyReaderFrame; readonly reader: ToyReaderView }): ReactNode {
  const { followed, reducedMotion } = useStage()
  const ring = useRef<SVGCircleElement>(null)
  const { x, y, r } = atWork
  const round = 2 * Math.PI * r
  useLive(
    cell === undefined
      ? undefined
      : (at) => {
          const share = processMs === 0 ? 1 : Math.max(0, Math.min(1, (at - atWorkSince) / (processMs * 1_000)))
          const passed = reducedMotion ? 0.5 : share
          ring.current?.setAttribute('stroke-dasharray', `${Math.round(passed * round * 10) / 10} ${Math.ceil(round)}`)
        },
    [cell, atWorkSince, processMs, round, reducedMotion],
  )
  return (
    <>
      <circle className="toy-work" cx={x} cy={y} r={r} />
      {cell !== undefined && (
        <>
          <circle ref={ring} className="toy-passed" cx={x} cy={y} r={r} transform={`rotate(-90 ${x} ${y})`} strokeDasharray={`0 ${Math.ceil(round)}`} />
          <RecordMark cell={cell} x={x} y={y} radius={record} digit={record >= 9 ? 12 : undefined} solid={cell.id === followed} />
        </>
      )}
    </>
  )
}

interface BriefProps {
  readonly box: Box
  readonly processed: number
  readonly lost: number
  readonly always: boolean
  readonly state: string | undefined
  readonly room: number
}

/** On a phone, beside the name: how many are done, and how many are gone. */
function Brief({ box, processed, lost, always, state, room }: BriefProps): ReactNode {
  const words = useToyText()
  const end = rightOf(box) - 32
  const y = box.y + 13
  const gone = lost === 0 && (state !== undefined || !always) ? (state ?? '') : firstFitting([`${words.dropped} ${number(lost)}`, number(lost)], room - 40, 12.5, 600)
  const done = end - widthOf(gone, 12.5, 600) - 9
  return (
    <>
      <text x={end} y={y} dy=".35em" textAnchor="end" className={lost > 0 ? 'lost strong' : state === undefined ? 'second strong' : 'fault strong'}>
        {gone}
      </text>
      <text x={done} y={y} dy=".35em" textAnchor="end" className="strong">
        {number(processed)}
      </text>
      <TickDisc x={done - widthOf(number(processed), 12.5, 600) - 9} y={y} radius={6} />
    </>
  )
}

function Tally({ frame: { tally, atWork, box }, reader: { processed, gone }, lost, always }: { readonly frame: ToyReaderFrame; readonly reader: ToyReaderView; readonly lost: number; readonly always: boolean }): ReactNode {
  const words = useToyText()
  const { x, w } = tally
  const both = always || lost > 0
  const top = box.y + box.h / 2 - (both ? 10 : 0), low = box.y + box.h / 2 + 10
  const from = atWork.x + atWork.r + 10
  const shown = gone.slice(-Math.max(0, Math.min(4, Math.floor((x - 4 - from) / 20))))
  return (
    <>
      <text x={x} y={top} dy=".35em" className="second">
        {words.processed}
      </text>
      <text x={x + w - 22} y={top} dy=".35em" textAnchor="end" className="strong">
        {number(processed)}
      </text>
      {both && (
        <>
          <text x={x} y={low} dy=".35em" className={lost > 0 ? 'lost strong' : 'second'}>
            {words.dropped}
          </text>
          <text x={x + w - 22} y={low} dy=".35em" textAnchor="end" className={lost > 0 ? 'lost strong' : 'strong'}>
            {number(lost)}
          </text>
        </>
      )}
      {x - 4 - from >= 20 &&
        shown.map((cell, i) => {
          const at = x - 16 - (shown.length - 1 - i) * 20
          return (
            <g key={cell.id}>
              <RecordMark cell={cell} x={at} y={low} radius={7.5} faded />
              <path className="lost-cross" d={`M${at - 6} ${low - 6}L${at + 6} ${low + 6}M${at + 6} ${low - 6}L${at - 6} ${low + 6}`} />
            </g>
          )
        })}
    </>
  )
}
