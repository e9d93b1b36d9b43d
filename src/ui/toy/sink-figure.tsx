/** All of the place outside of Kafka that stands still: its ground, the clients whose handlers write there, and each sink with its last entries. */
import { memo, type ReactNode } from 'react'
import type { ClusterView, Condition, SinkEntry, SinkView } from '../../projection/cluster-view.ts'
import { rightOf, type Box } from '../../scene/geometry.ts'
import type { SinkFrame, SinkRowFrame } from '../../scene/sink-layout.ts'
import { formatNumber } from '../../text/format.ts'
import { Plate } from '../stage/card-parts.tsx'
import { RecordMark } from '../stage/marks.tsx'
import { clip, firstFitting, widthOf } from '../stage/measure.ts'
import { Bolt } from '../stage/row-buttons.tsx'
import { useStage } from '../stage/stage-context.ts'
import { Ground } from './ground.tsx'
import { useSinkText } from './sink-text.ts'
import { useToyText } from './toy-text.ts'

export function SinkFigure({ frame, view }: { readonly frame: SinkFrame; readonly view: ClusterView }): ReactNode {
  const words = useSinkText()
  return (
    <g>
      <Ground box={frame.box} title={frame.title} labels={[words.outside, words.outsideShort]} whats={words.what} />
      {frame.clients.map(({ name, box }) => (
        <Client key={name} name={name} box={box} view={view} />
      ))}
      {frame.rows.map((row) => {
        const sink = view.toys[row.name]
        return sink?.role === 'sink' ? <Row key={row.name} frame={row} sink={sink} narrow={frame.isNarrow} /> : null
      })}
    </g>
  )
}

/** It stands on the stage above: here is the end of it from which its handler reaches out. */
function Client({ name, box, view }: { readonly name: string; readonly box: Box; readonly view: ClusterView }): ReactNode {
  const { language } = useStage()
  const words = useSinkText()
  const { notStarted } = useToyText()
  const client = view.producers[name] ?? view.consumers[name]
  const condition = useCondition(client?.condition ?? 'running')
  // A client's process is there from 00:00, idle: it has not been down.
  const state = condition !== undefined && client !== undefined && ('sent' in client ? client.sent : client.processed) === 0 && client.condition === 'down' ? notStarted : condition
  const kind = view.producers[name] === undefined ? 'consumer' : 'producer'
  const middle = box.y + box.h / 2
  return (
    <g lang={language}>
      <Plate selection={{ kind, key: name }} label={`${words.aria.client(name)}${state === undefined ? '' : `, ${state}`}`} box={box} className={state === undefined ? 'sink-client' : 'sink-client down'} radius={8} />
      <g aria-hidden="true" pointerEvents="none">
        <text x={box.x + box.w / 2} y={state === undefined ? middle : middle - 8} dy=".35em" textAnchor="middle" className="name" fontSize={13.5}>
          {clip(name, box.w - 12, 13.5, 600)}
        </text>
        {state !== undefined && (
          <text x={box.x + box.w / 2} y={middle + 9} dy=".35em" textAnchor="middle" className={state === notStarted ? 'small quiet' : 'small fault'}>
            {clip(state, box.w - 8, 12)}
          </text>
        )}
      </g>
    </g>
  )
}

function useCondition(condition: Condition): string | undefined {
  const { state } = useToyText()
  return condition === 'running' ? undefined : state[condition]
}

const number = (value: number): string => formatNumber('en', value)
const repeatedOf = ({ made, distinct }: SinkView): number => made - distinct

const Row = memo(function Row({ frame, sink, narrow }: { readonly frame: SinkRowFrame; readonly sink: SinkView; readonly narrow: boolean }): ReactNode {
  const { language, actions, text } = useStage()
  const words = useSinkText()
  const { box, title, from } = frame
  const { name, condition, effect, dedupe, identity, made, refused, last } = sink
  const state = useCondition(condition)
  const spoken = words.aria.sink(name, effect, made, repeatedOf(sink), refused, last.slice(-5).toReversed().map((each) => `${each.identity}${each.nth > 1 ? ` ${words.nth(each.nth)}` : ''}`))
  const nameWidth = widthOf(clip(name, 110, 14, 600), 14, 600)
  const room = (narrow ? frame.to - 30 : frame.to - tallyWidth) - (from + nameWidth + 10)
  const about = state ?? `${words.kinds[effect]} · ${dedupe ? words.key(identity) : words.noKey}`
  return (
    <g lang={language}>
      <Plate selection={{ kind: 'toy', key: name }} label={`${spoken}${state === undefined ? '' : `, ${state}`}`} box={box} className={condition === 'down' ? 'toy-machine down' : 'toy-machine broker'} radius={2} />
      <g aria-hidden="true" pointerEvents="none">
        <text x={from} y={title} dy=".35em" className="name" fontSize={14}>
          {clip(name, 110, 14, 600)}
        </text>
        <text x={from + nameWidth + 10} y={title} dy=".35em" className={state === undefined ? 'small second' : 'small fault medium'}>
          {firstFitting(state === undefined ? [about, words.kinds[effect]] : [about], room, 12)}
        </text>
        <Tally frame={frame} sink={sink} narrow={narrow} />
        <Entries frame={frame} sink={sink} narrow={narrow} />
      </g>
      <Bolt box={{ x: rightOf(box) - 27, y: box.y + 3, w: 24, h: 24 }} label={text.faultsOf(name)} press={(element) => actions.faults(name, element)} />
    </g>
  )
})

const tallyWidth = 300

/** How many there are; what should give to think is marked. */
function Tally({ frame: { from, to, figures }, sink, narrow }: { readonly frame: SinkRowFrame; readonly sink: SinkView; readonly narrow: boolean }): ReactNode {
  const words = useSinkText()
  const repeated = repeatedOf(sink)
  const parts = [
    { label: words.total[sink.effect], value: sink.made, tone: '' },
    { label: words.repeated, value: repeated, tone: repeated > 0 ? ' lost' : '' },
    { label: words.refused, value: sink.refused, tone: sink.refused > 0 ? ' fault' : '' },
  ]
  const widths = parts.map(({ label, value }) => widthOf(label, 12.5) + 6 + widthOf(number(value), 12.5, 600))
  const gap = narrow ? 12 : 18
  const all = widths.reduce((sum, each) => sum + each + gap, -gap)
  let x = narrow ? from : to - 30 - all
  return (
    <>
      {parts.map(({ label, value, tone }, i) => {
        const at = x
        x += widths[i]! + gap
        return (
          <g key={label}>
            <text x={at} y={figures} dy=".35em" className={tone === '' ? 'second' : tone.trim()}>
              {label}
            </text>
            <text x={at + widths[i]!} y={figures} dy=".35em" textAnchor="end" className={`strong${tone}`}>
              {number(value)}
            </text>
          </g>
        )
      })}
    </>
  )
}

const chipHeight = 26
interface Chip { readonly entry: SinkEntry; readonly words: string; readonly mark: string; readonly w: number }

/** The newest that fit, the newest on the right. */
function Entries({ frame: { from, to, entries: y }, sink: { last, effect }, narrow }: { readonly frame: SinkRowFrame; readonly sink: SinkView; readonly narrow: boolean }): ReactNode {
  const { followed } = useStage()
  const words = useSinkText()
  if (last.length === 0) {
    return (
      <text x={from} y={y} dy=".35em" className="small quiet">
        {words.empty[effect]}
      </text>
    )
  }
  const shown: Chip[] = []
  let room = to - from
  for (const entry of last.toReversed()) {
    const name = clip(entry.identity, 110, 12.5)
    const mark = entry.nth > 1 ? (narrow ? `×${entry.nth}` : words.nth(entry.nth)) : entry.refused > 0 ? (narrow ? `+${entry.refused}` : words.more(entry.refused)) : ''
    const w = 27 + widthOf(name, 12.5) + (mark === '' ? 0 : 7 + widthOf(mark, 12, 600)) + 9
    if (w > room) break
    shown.unshift({ entry, words: name, mark, w })
    room -= w + 6
  }
  let x = from
  return (
    <>
      {shown.map(({ entry, words: name, mark, w }) => {
        const at = x
        x += w + 6
        const tone = entry.nth > 1 ? 'again' : entry.refused > 0 ? 'kept' : ''
        return (
          <g key={`${entry.identity} ${entry.nth}`}>
            <rect className={`sink-entry ${tone}`} x={at + 0.5} y={y - chipHeight / 2 + 0.5} width={w - 1} height={chipHeight - 1} rx={2} />
            <RecordMark cell={entry.cell} x={at + 14} y={y} radius={8} solid={entry.cell.id === followed} />
            <text x={at + 27} y={y} dy=".35em" fontSize={12.5}>
              {name}
            </text>
            {mark !== '' && (
              <text x={at + w - 9} y={y} dy=".35em" textAnchor="end" fontSize={12} className={entry.nth > 1 ? 'lost strong' : 'fault strong'}>
                {mark}
              </text>
            )}
          </g>
        )
      })}
    </>
  )
}
