/** One member of a group: where it reads, what it read, whom it believes to lead. */
import { lazy, Suspense, type ReactNode } from 'react'
import type { ConsumerView, GroupView, PartitionName } from '../../projection/cluster-view.ts'
import type { Box } from '../../scene/geometry.ts'
import { epochBehind, holdingsOf, instanceOf, isMoving, readsOn, seatOf, type Holding } from '../../scene/holdings.ts'
import type { CardSize } from '../../scene/layout-types.ts'
import { BeliefLines, cardPad, Figure, RecordRow, Rule } from './card-parts.tsx'
import { Chips } from './chips.tsx'
import { clip, firstFitting, widthOf } from './measure.ts'
import { Bolt } from './row-buttons.tsx'
import { selectable, useStage } from './stage-context.ts'
import type { StageText } from './stage-text.ts'

const Held = lazy(async () => ({ default: (await import('./share-marks.tsx')).Held }))

interface MemberProps {
  readonly box: Box
  readonly size: CardSize
  readonly consumer: ConsumerView
  readonly group: GroupView | undefined
  readonly ending: 'down' | 'closed' | undefined
  readonly focus: PartitionName | undefined
  readonly isFirst: boolean
  readonly named: boolean
}

export function Member({ box, size, consumer, group, ending, focus, isFirst, named }: MemberProps): ReactNode {
  const setting = useStage()
  const { text, followed, actions } = setting
  const own = consumer.assigned.find((each) => each.partition === focus) ?? consumer.assigned[0]
  const belief = consumer.believes.find((each) => each.partition === own?.partition)
  const gone = consumer.condition === 'down' || consumer.state === 'stopped' || consumer.state === 'left' || consumer.state === 'fatal'
  const word = wordOf(consumer, group, ending, text)
  const holdings = holdingsOf(consumer, group)
  const position = `${own?.position === undefined ? text.noPosition : `${text.position} ${own.position}`}${own?.paused === true ? `, ${text.paused}` : ''}`
  const label = text.aria.machine(
    'consumer',
    consumer.name,
    [word.words[0] ?? '', ...(consumer.state === 'down' ? [] : spokenHoldings(holdings, text)), own === undefined ? text.nothingOwned : `${own.partition} ${position}`].filter((each) => each !== '').join(', '),
  )
  const y = size === 'small' ? box.y + box.h / 2 : box.y + 18
  return (
    <g className={gone ? 'faded' : undefined}>
      <g aria-hidden="true" pointerEvents="none">
        {(!isFirst || size === 'full') && size !== 'small' && <Rule box={box} y={box.y} />}
        <MemberName box={box} y={y} size={size} consumer={consumer} word={word} own={own} />
        {size !== 'small' && consumer.leases !== undefined && (
          <Suspense>
            <Held box={box} y={y + 22} consumer={consumer} />
          </Suspense>
        )}
        {size !== 'small' && consumer.leases === undefined && <Owned box={box} y={y + 22} consumer={consumer} own={own} holdings={holdings} moving={isMoving(group)} />}
        {size === 'full' && <RecordRow box={box} y={y + 46} records={consumer.lastRead} followed={followed} />}
        {size === 'full' && own !== undefined && <BeliefLines box={box} y={y + 70} belief={belief} />}
        {size === 'medium' && belief?.stale === true && (
          <text x={box.x + cardPad} y={y + 40} dy=".35em" className="fault">
            {clip(text.belief(belief.leader, belief.epoch), box.w - 2 * cardPad, 12.5)}
          </text>
        )}
      </g>
      {named && (
        <g {...selectable(setting, { kind: 'consumer', key: consumer.name }, label)}>
          <rect className="target" x={box.x + 6} y={box.y + 3} width={box.w - 40} height={Math.min(30, box.h - 4)} />
          <rect className="ring" x={box.x + 7} y={box.y + 4} width={box.w - 37} height={Math.min(28, box.h - 6)} rx={5} />
        </g>
      )}
      <Bolt
        box={{ x: box.x + box.w - 31, y: y - 13, w: 26, h: 26 }}
        label={text.faultsOf(consumer.name)}
        press={(element) => actions.faults(consumer.name, element)}
      />
    </g>
  )
}

interface MemberNameProps {
  readonly box: Box
  readonly y: number
  readonly size: CardSize
  readonly consumer: ConsumerView
  readonly word: Word
  readonly own: ConsumerView['assigned'][number] | undefined
}

/** What is said of it behind its name. */
interface Word {
  /** The fullest first. */
  readonly words: readonly string[]
  readonly className: string
}

function wordOf(consumer: ConsumerView, group: GroupView | undefined, ending: MemberProps['ending'], text: StageText): Word {
  const { state, name } = consumer
  const instance = instanceOf(consumer)
  const word = (className: string, ...words: string[]): Word => ({ words, className: `small ${className}` })
  if (state === 'down') {
    const ended = text.state[ending ?? 'stopped']
    const isKept = instance !== undefined && seatOf(group, name) !== undefined
    return word(ending === 'down' ? 'fault' : 'quiet', ...(isKept ? [`${ended}, ${text.placeKept}`, text.placeKept] : [ended]))
  }
  const behind = epochBehind(group, name)
  if (readsOn(consumer, group)) return word('ok', ...(behind === undefined || behind <= 0 ? [] : [`${text.readsOn}, ${text.atEpoch(behind)}`]), text.readsOn)
  if (state !== 'stable') return word(troubled.has(state) ? 'fault' : 'quiet', text.state[state])
  if (isMoving(group)) return word('fault', text.awaits)
  const paused = consumer.assigned.filter((each) => each.paused === true)
  if (paused.length > 0) return word('fault', ...(consumer.assigned.length > 1 ? [`${text.paused}: ${paused.map(({ partition }) => partition).join(', ')}`] : []), text.paused)
  const { queued = 0 } = consumer
  if (queued > 0) return word('second', text.queued(queued), text.queuedShort(queued))
  const { passedOver = 0 } = consumer.filter ?? {}
  if (passedOver > 0) return word('quiet', text.passedOver(passedOver), `−${passedOver}`)
  return instance === undefined ? word('quiet') : word('quiet', text.instance(instance), instance)
}

function spokenHoldings(holdings: readonly Holding[], text: StageText): string[] {
  return (['leaves', 'comes'] as const).flatMap((how) => {
    const found = holdings.filter((each) => each.how === how).map(({ partition }) => partition)
    return found.length === 0 ? [] : [text.holding[how](found)]
  })
}

const troubled: ReadonlySet<ConsumerView['state']> = new Set(['joining', 'frozen', 'fatal'])

function MemberName({ box, y, size, consumer, word, own }: MemberNameProps): ReactNode {
  const nameWidth = widthOf(consumer.name, 13, 600)
  return (
    <>
      <text x={box.x + cardPad} y={y} dy=".35em" fontSize={13} className="name">
        {clip(consumer.name, box.w / 2 - cardPad, 13, 600)}
      </text>
      {word.words.length > 0 && (
        <text x={box.x + cardPad + nameWidth + 7} y={y} dy=".35em" className={word.className}>
          {firstFitting(word.words, box.w - 2 * cardPad - nameWidth - 22, 12)}
        </text>
      )}
      {word.words.length === 0 && size === 'small' && (
        <text x={box.x + box.w - cardPad - 18} y={y} dy=".35em" textAnchor="end" className="mono second">
          {consumer.leases === undefined ? (own?.position ?? '–') : clip(consumer.leases.map(({ offset }) => offset).join(' '), box.w / 2 - cardPad - 18, 12.5)}
        </text>
      )}
    </>
  )
}

/** Where it reads next. Of several partitions, the one in focus with its position, and how many more it owns. */
function Owned({
  box,
  y,
  consumer,
  own,
  holdings,
  moving,
}: {
  readonly box: Box
  readonly y: number
  readonly consumer: ConsumerView
  readonly own: ConsumerView['assigned'][number] | undefined
  readonly holdings: readonly Holding[]
  readonly moving: boolean
}): ReactNode {
  const { text } = useStage()
  if (holdings.length > 1 || (holdings.length > 0 && (moving || own === undefined))) return <Chips box={box} y={y} holdings={holdings} own={own} />
  if (own === undefined)
    return (
      <text x={box.x + cardPad} y={y} dy=".35em" className="quiet">
        {text.nothingOwned}
      </text>
    )
  const label = consumer.assigned.length === 1 ? text.position : own.partition
  const more = consumer.assigned.length > 1 ? ` +${consumer.assigned.length - 1}` : ''
  return (
    <Figure
      box={box}
      y={y}
      label={clip(`${label}${more}`, box.w - 2 * cardPad - 40, 12.5)}
      value={own.position === undefined ? '–' : String(own.position)}
    />
  )
}
