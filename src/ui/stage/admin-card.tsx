/** An admin client: the call it has under way and for how long, and what came of the last one. */
import { memo, type ReactNode } from 'react'
import type { AdminView } from '../../projection/cluster-view.ts'
import type { Box } from '../../scene/geometry.ts'
import type { CardFrame } from '../../scene/layout-types.ts'
import type { Answer } from '../answers.ts'
import { cardPad, Plate, Rule, Running } from './card-parts.tsx'
import { GlyphMark, TickDisc } from './marks.tsx'
import { brokenName, clip } from './measure.ts'
import { Bolt } from './row-buttons.tsx'
import { useStage } from './stage-context.ts'
import type { StageText } from './stage-text.ts'

export interface AdminCardProps {
  readonly frame: CardFrame
  readonly admin: AdminView
  readonly answer: Answer | undefined
}

export const AdminCard = memo(function AdminCard({ frame, admin, answer }: AdminCardProps): ReactNode {
  const { text, language, actions } = useStage()
  const { box, size } = frame
  const down = admin.condition === 'down'
  return (
    <g lang={language}>
      <Plate
        selection={{ kind: 'admin', key: admin.name }}
        label={text.aria.machine('admin', admin.name, spoken(admin, answer, text))}
        box={box}
        className={down ? 'client down' : 'client'}
      />
      <g aria-hidden="true" pointerEvents="none">
        {size === 'small' ? <SmallLines box={box} admin={admin} answer={answer} /> : <FullLines box={box} admin={admin} answer={answer} />}
      </g>
      <Bolt box={{ x: box.x + box.w - 28, y: box.y + 3, w: 24, h: 24 }} label={text.faultsOf(admin.name)} press={(element) => actions.faults(admin.name, element)} />
    </g>
  )
})

type Call = AdminView['calls'][number]
const of = ({ api, about }: Pick<Call, 'api' | 'about'>): string => (about === '' ? api : `${api} ${about}`)

function spoken({ condition, calls }: AdminView, answer: Answer | undefined, text: StageText): string {
  const state = condition === 'running' ? [] : [text.state[condition]]
  const call = calls[0] === undefined ? text.noCall : of(calls[0])
  const told = answer === undefined ? [] : [`${of(answer)}: ${answer.error === 'NONE' ? text.done : answer.error}`]
  return [...state, call, ...told].join(', ')
}

interface LinesProps {
  readonly box: Box
  readonly admin: AdminView
  readonly answer: Answer | undefined
}

function FullLines({ box, admin, answer }: LinesProps): ReactNode {
  const { text } = useStage()
  const x = box.x + cardPad
  const room = box.w - 2 * cardPad
  const [call, ...others] = admin.calls
  return (
    <>
      <text x={x} y={box.y + 17} dy=".35em" className="name" fontSize={13}>
        {clip(admin.condition === 'running' ? text.admin : `${text.admin}, ${text.state[admin.condition]}`, room, 13, 600)}
      </text>
      <Rule box={box} y={box.y + 31} />
      {call === undefined ? (
        <text x={x} y={box.y + 60} dy=".35em" className="quiet">
          {clip(text.noCall, room, 12.5)}
        </text>
      ) : (
        <UnderWay box={box} call={call} more={others.length} />
      )}
      <Rule box={box} y={box.y + 89} />
      {answer === undefined ? (
        <text x={x} y={box.y + 110} dy=".35em" className="quiet">
          {text.noAnswer}
        </text>
      ) : (
        <Told box={box} answer={answer} y={box.y + 102} />
      )}
    </>
  )
}

/** The name of the call, of what, and how long it has taken so far. */
function UnderWay({ box, call, more }: { readonly box: Box; readonly call: Call; readonly more: number }): ReactNode {
  const { text } = useStage()
  const x = box.x + cardPad
  const room = box.w - 2 * cardPad
  const names = brokenName(call.api, room, 12.5, 2, 600)
  const about = call.at === undefined ? text.asksNobody : `${call.about}${more > 0 ? ` +${more}` : ''}`
  // A name of one line stands in the middle of the room for two.
  const from = box.y + (names.length === 1 ? 52 : 44)
  return (
    <>
      {names.map((line, i) => (
        <text key={i} x={x} y={from + i * 15} dy=".35em" className="strong">
          {line}
        </text>
      ))}
      <text x={x} y={box.y + 76} dy=".35em" className={call.at === undefined ? 'small fault' : 'second'}>
        {clip(about, room - 46, 12.5)}
      </text>
      <Running x={box.x + box.w - cardPad} y={box.y + 76} since={call.askedAt} />
    </>
  )
}

function Told({ box, answer, y }: { readonly box: Box; readonly answer: Answer; readonly y: number }): ReactNode {
  const { text } = useStage()
  const x = box.x + cardPad
  const room = box.w - 2 * cardPad
  const fine = answer.error === 'NONE'
  return (
    <>
      <text x={x} y={y} dy=".35em" className="second">
        {clip(answer.api, room, 12.5)}
      </text>
      <Verdict x={x} y={y + 16} fine={fine} />
      <text x={x + 18} y={y + 16} dy=".35em" className={fine ? 'second' : 'small fault'}>
        {fine ? clip(answer.about === '' ? text.done : answer.about, room - 18 - 46, 12.5) : clip(answer.error, room - 18, 12)}
      </text>
      {fine && (
        <text x={box.x + box.w - cardPad} y={y + 16} dy=".35em" textAnchor="end" className="mono second">
          {text.duration(answer.tookMs)}
        </text>
      )}
    </>
  )
}

function Verdict({ x, y, fine }: { readonly x: number; readonly y: number; readonly fine: boolean }): ReactNode {
  return fine ? <TickDisc x={x + 6} y={y} radius={6} /> : <GlyphMark name="cross" x={x + 6} y={y} size={13} className="fault" />
}

/** One thing only: the call under way, else what came of the last one. */
function SmallLines({ box, admin, answer }: LinesProps): ReactNode {
  const { text } = useStage()
  const x = box.x + cardPad
  const room = box.w - 2 * cardPad
  const [call] = admin.calls
  const y = box.y + 42
  return (
    <>
      <text x={x} y={box.y + 19} dy=".35em" className="name" fontSize={13}>
        {clip(text.admin, room, 13, 600)}
      </text>
      {call !== undefined && (
        <>
          <text x={x} y={y} dy=".35em" className="strong">
            {clip(call.api, room - 46, 12.5, 600)}
          </text>
          <Running x={box.x + box.w - cardPad} y={y} since={call.askedAt} />
        </>
      )}
      {call === undefined && answer !== undefined && (
        <>
          <Verdict x={x} y={y} fine={answer.error === 'NONE'} />
          <text x={x + 18} y={y} dy=".35em" className={answer.error === 'NONE' ? 'second' : 'small fault'}>
            {clip(answer.error === 'NONE' ? answer.api : answer.error, room - 18, 12)}
          </text>
        </>
      )}
      {call === undefined && answer === undefined && (
        <text x={x} y={y} dy=".35em" className="quiet">
          {clip(text.noCall, room, 12.5)}
        </text>
      )}
    </>
  )
}
