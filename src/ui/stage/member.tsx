/** One member of a group: where it reads, what it read, whom it believes to lead. */
import type { ReactNode } from 'react'
import type { ConsumerView, PartitionName } from '../../projection/cluster-view.ts'
import type { Box } from '../../scene/geometry.ts'
import type { CardSize } from '../../scene/layout-types.ts'
import { BeliefLines, cardPad, Figure, RecordRow, Rule } from './card-parts.tsx'
import { clip, widthOf } from './measure.ts'
import { Bolt } from './row-buttons.tsx'
import { selectable, useStage } from './stage-context.ts'

interface MemberProps {
  readonly box: Box
  readonly size: CardSize
  readonly consumer: ConsumerView
  readonly focus: PartitionName | undefined
  readonly isFirst: boolean
  readonly named: boolean
}

export function Member({ box, size, consumer, focus, isFirst, named }: MemberProps): ReactNode {
  const setting = useStage()
  const { text, followed, actions } = setting
  const own = consumer.assigned.find((each) => each.partition === focus) ?? consumer.assigned[0]
  const belief = consumer.believes.find((each) => each.partition === own?.partition)
  const gone = consumer.condition === 'down' || consumer.state === 'stopped' || consumer.state === 'left' || consumer.state === 'fatal'
  const state = consumer.state === 'stable' ? '' : text.state[consumer.state]
  const position = own?.position === undefined ? text.noPosition : `${text.position} ${own.position}`
  const label = text.aria.machine(
    'consumer',
    consumer.name,
    [state, own === undefined ? text.nothingOwned : `${own.partition} ${position}`].filter((each) => each !== '').join(', '),
  )
  const y = size === 'small' ? box.y + box.h / 2 : box.y + 18
  return (
    <g className={gone ? 'faded' : undefined}>
      <g aria-hidden="true" pointerEvents="none">
        {(!isFirst || size === 'full') && size !== 'small' && <Rule box={box} y={box.y} />}
        <MemberName box={box} y={y} size={size} consumer={consumer} state={state} own={own} />
        {size !== 'small' && <Owned box={box} y={y + 22} consumer={consumer} own={own} />}
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
          <rect className="ring" x={box.x + 7} y={box.y + 4} width={box.w - 42} height={Math.min(28, box.h - 6)} rx={5} />
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
  readonly state: string
  readonly own: ConsumerView['assigned'][number] | undefined
}

const troubled: ReadonlySet<ConsumerView['state']> = new Set(['joining', 'frozen', 'fatal'])

function MemberName({ box, y, size, consumer, state, own }: MemberNameProps): ReactNode {
  const nameWidth = widthOf(consumer.name, 13, 600)
  return (
    <>
      <text x={box.x + cardPad} y={y} dy=".35em" fontSize={13} className="name">
        {clip(consumer.name, box.w / 2 - cardPad, 13, 600)}
      </text>
      {state !== '' && (
        <text x={box.x + cardPad + nameWidth + 7} y={y} dy=".35em" className={troubled.has(consumer.state) ? 'small fault' : 'small quiet'}>
          {clip(state, box.w - 2 * cardPad - nameWidth - 24, 12)}
        </text>
      )}
      {state === '' && size === 'small' && (
        <text x={box.x + box.w - cardPad - 18} y={y} dy=".35em" textAnchor="end" className="mono second">
          {own?.position ?? '–'}
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
}: {
  readonly box: Box
  readonly y: number
  readonly consumer: ConsumerView
  readonly own: ConsumerView['assigned'][number] | undefined
}): ReactNode {
  const { text } = useStage()
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
