/** A producer: what it was told is stored, what waits in its accumulator, and whom it believes to lead. */
import { memo, type ReactNode } from 'react'
import type { Belief, Override, ProducerView } from '../../projection/cluster-view.ts'
import type { Box } from '../../scene/geometry.ts'
import type { CardFrame, Variant } from '../../scene/layout-types.ts'
import { BeliefLines, cardPad, Figure, Plate, RecordRow, Rule } from './card-parts.tsx'
import { Badge, RecordMark, TickDisc } from './marks.tsx'
import { clip, firstFitting, widthOf } from './measure.ts'
import { Waiting, WaitingLine } from './producer-batches.tsx'
import { Bolt } from './row-buttons.tsx'
import { useStage } from './stage-context.ts'
import { labelOf, type StageText } from './stage-text.ts'

export interface ProducerCardProps {
  readonly frame: CardFrame
  readonly producer: ProducerView
  /** If it is down: how it came to be; undefined = it has not begun. */
  readonly ending: 'down' | 'closed' | undefined
  readonly focus: string | undefined
  readonly variant: Variant
}

export const ProducerCard = memo(function ProducerCard({ frame, producer, ending, focus, variant }: ProducerCardProps): ReactNode {
  const { text, followed, language, actions } = useStage()
  const { box, size } = frame
  const belief = beliefOn(producer, focus)
  const state = stateOf(producer, ending, text)
  const words = { box, producer, belief }
  const small = size === 'small'
  return (
    <g lang={language}>
      <Plate
        selection={{ kind: 'producer', key: producer.name }}
        label={spoken(producer, belief, state, text)}
        box={box}
        className={producer.condition === 'down' ? 'client down' : 'client'}
      />
      <g aria-hidden="true" pointerEvents="none">
        {variant === 'home' && <HomeLines box={box} producer={producer} />}
        {variant !== 'home' && small && <SmallLines {...words} />}
        {variant !== 'home' && !small && (
          <>
            <Head box={box} producer={producer} state={state} troubled={state !== '' && (producer.condition !== 'down' || ending === 'down')} />
            <Rule box={box} y={box.y + 58} />
            <Figure box={box} y={box.y + 76} label={[text.acknowledged, text.acked]} value={String(producer.acked)} />
            <RecordRow box={box} y={box.y + 96} records={producer.lastAcked} followed={followed} />
            {size === 'full' ? <FullRest {...words} /> : <MediumRest {...words} />}
          </>
        )}
      </g>
      {variant !== 'home' && (
        <Bolt
          box={
            small ? { x: box.x + box.w - 29, y: box.y + 4, w: 24, h: 24 } : { x: box.x + box.w - 31, y: box.y + box.h - 31, w: 26, h: 26 }
          }
          label={text.faultsOf(producer.name)}
          press={(element) => actions.faults(producer.name, element)}
        />
      )}
    </g>
  )
})

/** Empty while it runs. Who has not begun, or ended in order, was not killed. */
function stateOf({ condition }: ProducerView, ending: ProducerCardProps['ending'], text: StageText): string {
  if (condition === 'running') return ''
  return text.state[condition === 'down' ? (ending ?? 'stopped') : condition]
}

function spoken(producer: ProducerView, belief: Belief | undefined, state: string, text: StageText): string {
  const told = `${text.acknowledged} ${producer.acked}`
  const believed = belief === undefined ? '' : `${text.believes} ${text.belief(belief.leader, belief.epoch)}`
  const stale = belief?.stale === true ? text.outOfDate : ''
  const { transaction } = producer
  const inTransaction = transaction === undefined ? '' : [transaction.id, transaction.error ?? transaction.state, ...text.txnEpoch(producer.producerEpoch, transaction.coordinator).slice(0, 1)].join(', ')
  return text.aria.machine('producer', producer.name, [state, inTransaction, told, believed, stale].filter((each) => each !== '').join(', '))
}

function MediumRest({ box, producer, belief }: RestProps): ReactNode {
  return (
    <>
      <WaitingLine box={box} y={box.y + 120} producer={producer} />
      <BeliefLines box={box} y={box.y + 145} belief={belief} />
    </>
  )
}

interface RestProps {
  readonly box: Box
  readonly producer: ProducerView
  readonly belief: Belief | undefined
}

/** Of the partition in focus, if it writes there; else of the first it knows. */
const beliefOn = (producer: ProducerView, focus: string | undefined): Belief | undefined =>
  producer.believes.find((each) => each.partition === focus) ?? producer.believes[0]
const acksOverride = (producer: ProducerView): Override | undefined => producer.overrides.find((each) => each.name === 'acks')

interface HeadProps {
  readonly box: Box
  readonly producer: ProducerView
  readonly state: string
  readonly troubled: boolean
}

function Head({ box, producer, state, troubled }: HeadProps): ReactNode {
  const { text } = useStage()
  const override = acksOverride(producer)
  const { transaction } = producer
  const right = box.x + box.w - cardPad
  const others = producer.overrides.filter((each) => each.name !== 'acks').length
  return (
    <>
      <text
        x={box.x + cardPad}
        y={box.y + 18}
        dy=".35em"
        className={troubled || transaction?.error !== undefined ? 'small medium fault' : transaction === undefined ? 'small quiet' : 'small second'}
      >
        {firstFitting(
          [...headWords(producer, state, text)],
          box.w - 2 * cardPad - (override === undefined ? 0 : widthOf(`acks=${producer.acks}`, 12, 500, 'mono') + 8),
          12,
        )}
      </text>
      <text x={box.x + cardPad} y={box.y + 37} dy=".35em" fontSize={16} className="name">
        {clip(
          producer.name,
          box.w -
            2 * cardPad -
            (override === undefined ? widthOf(`acks=${producer.acks}`, 12, 400, 'mono') : widthOf(text.defaultIs(override.default), 12)) -
            4,
          16,
          600,
        )}
      </text>
      {override === undefined ? (
        <text x={right} y={box.y + 38} dy=".35em" textAnchor="end" className="mono second">
          acks={producer.acks}
        </text>
      ) : (
        <>
          <Badge text={`acks=${producer.acks}`} right={right + 4} y={box.y + 20} />
          <text x={right + 4} y={box.y + 42} dy=".35em" textAnchor="end" className="small quiet">
            {text.defaultIs(override.default)}
          </text>
        </>
      )}
      {others > 0 && override === undefined && <circle cx={right - 2} cy={box.y + 18} r={3} fill="var(--fault-fill)" />}
    </>
  )
}

/** What it is; of one with a transactional id the state of its transaction and its epoch, or why there is no going on. */
function headWords({ transaction, producerEpoch }: ProducerView, state: string, text: StageText): readonly string[] {
  if (state !== '') return [state]
  if (transaction === undefined) return [text.producer]
  const is = transaction.error ?? transaction.state
  return [`${is}, ${text.txnEpoch(producerEpoch, undefined)[0]}`, is]
}

/** Below the acknowledged ones: the one that is followed, what waits, and what is believed. */
function FullRest({ box, producer, belief }: RestProps): ReactNode {
  const { text, followed } = useStage()
  const kept = producer.lastAcked.find((each) => each.id === followed)
  const { transaction } = producer
  const stretch = Math.max(0, box.h - 260) / 2
  const waitsAt = box.y + 129 + stretch
  const believesAt = box.y + 210 + stretch * 2
  return (
    <>
      {kept !== undefined && (
        <>
          <RecordMark cell={kept} x={box.x + cardPad + 8} y={box.y + 117} radius={9} digit={12} solid />
          <text x={box.x + cardPad + 24} y={box.y + 117} dy=".35em" className="strong">
            {clip(labelOf(kept), box.w - 2 * cardPad - 46, 12.5, 600)}
          </text>
          <TickDisc x={box.x + box.w - cardPad - 8} y={box.y + 117} />
        </>
      )}
      {kept === undefined && transaction !== undefined && (
        <text x={box.x + cardPad} y={box.y + 117} dy=".35em" className="second">
          {firstFitting(text.txnEpoch(producer.producerEpoch, transaction.coordinator), box.w - 2 * cardPad, 12.5)}
        </text>
      )}
      <Rule box={box} y={waitsAt} />
      <Waiting box={box} y={waitsAt} producer={producer} />
      <Rule box={box} y={believesAt - 16} />
      <text x={box.x + cardPad} y={believesAt} dy=".35em" className="quiet">
        {text.believes}
      </text>
      <BeliefLines box={box} y={believesAt + 18} belief={belief} />
    </>
  )
}

function SmallLines({ box, producer, belief }: RestProps): ReactNode {
  const { text } = useStage()
  return (
    <>
      <text x={box.x + cardPad} y={box.y + 18} dy=".35em" fontSize={15} className="name">
        {clip(producer.name, box.w - 2 * cardPad - 20, 15, 600)}
      </text>
      <Figure box={box} y={box.y + 39} label={[text.acknowledged, text.acked]} value={String(producer.acked)} />
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
      <text x={box.x + 18} y={box.y + 27} dy=".35em" fontSize={18} className="name">
        {producer.name}
      </text>
      <text x={box.x + 18} y={box.y + 50} dy=".35em" fontSize={13} className="quiet">
        {text.producerLow}
      </text>
      {override === undefined ? (
        <text x={box.x + 18} y={box.y + 80} dy=".35em" className="mono second">
          {words}
        </text>
      ) : (
        <Badge text={words} right={box.x + 18 + widthOf(words, 12, 500, 'mono') + 14} y={box.y + 80} />
      )}
    </>
  )
}
