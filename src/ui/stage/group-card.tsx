/** A consumer group: its members, where each reads, what the group has committed. A consumer without a group likewise. */
import { memo, type ReactNode } from 'react'
import type { ConsumerView, GroupView, PartitionName } from '../../projection/cluster-view.ts'
import { bottomOf, type Box } from '../../scene/geometry.ts'
import type { GroupFrame, Variant } from '../../scene/layout-types.ts'
import { BeliefLines, cardPad, Figure, RecordRow, Rule } from './card-parts.tsx'
import { clip, widthOf } from './measure.ts'
import { Bolt } from './row-buttons.tsx'
import { selectable, useStage } from './stage-context.ts'

export interface GroupCardProps {
  readonly frame: GroupFrame
  readonly group: GroupView | undefined
  readonly consumers: Readonly<Record<string, ConsumerView>>
  readonly focus: PartitionName | undefined
  readonly variant: Variant
}

export const GroupCard = memo(function GroupCard({ frame, group, consumers, focus, variant }: GroupCardProps): ReactNode {
  const setting = useStage()
  const { text } = setting
  const { box, size, isGroup } = frame
  const state = group?.state ?? ''
  const kind = isGroup ? 'group' : 'consumer'
  const lines = isGroup ? figuresOf(group, focus) : undefined
  return (
    <g role="group" aria-label={text.aria.machine(kind, frame.name, state)} lang={setting.language}>
      <g {...selectable(setting, { kind, key: frame.name }, text.aria.machine(kind, frame.name, state))}>
        <rect className="client" x={box.x + 0.5} y={box.y + 0.5} width={box.w - 1} height={box.h - 1} rx={10} />
        <rect className="ring" x={box.x - 2} y={box.y - 2} width={box.w + 4} height={box.h + 4} rx={12} />
        <rect className="hover" x={box.x + 0.5} y={box.y + 0.5} width={box.w - 1} height={box.h - 1} rx={10} />
      </g>
      {variant === 'home' ? <HomeLines frame={frame} consumers={consumers} focus={focus} /> : (
        <>
          <Head frame={frame} state={state} />
          {frame.members.length === 0 && <text aria-hidden="true" x={box.x + cardPad} y={box.y + 72} dy=".35em" className="quiet">{text.noMembers}</text>}
          {frame.members.map((member) => {
            const consumer = consumers[member.name]
            return consumer === undefined ? null : <Member key={member.name} box={member.box} size={size} consumer={consumer} focus={focus} isFirst={member === frame.members[0]} named={isGroup} />
          })}
          {lines !== undefined && size === 'full' && <Foot box={box} {...lines} />}
          {lines !== undefined && size === 'medium' && <Figure box={box} y={bottomOf(box) - 15} label={`${text.committed} ${lines.committed ?? '–'}`} value={`${text.lag} ${lines.lag}`} className="second" />}
        </>
      )}
    </g>
  )
})

function figuresOf(group: GroupView | undefined, focus: PartitionName | undefined): { readonly committed: number | undefined; readonly lag: number } {
  const own = focus !== undefined && group?.committed[focus] !== undefined ? focus : Object.keys(group?.committed ?? {})[0]
  const lags = Object.values(group?.lag ?? {})
  return own === undefined ? { committed: undefined, lag: lags.reduce((sum, each) => sum + each, 0) } : { committed: group?.committed[own], lag: group?.lag[own] ?? 0 }
}

function Head({ frame, state }: { readonly frame: GroupFrame; readonly state: string }): ReactNode {
  const { text } = useStage()
  const { box, size } = frame
  const moving = state === 'PreparingRebalance' || state === 'CompletingRebalance' || state === 'Dead'
  const nameY = size === 'small' ? box.y + 18 : box.y + 38
  return (
    <g aria-hidden="true" pointerEvents="none">
      {size !== 'small' && <text x={box.x + cardPad} y={box.y + 18} dy=".35em" className={moving ? 'small medium fault' : 'small quiet'}>{moving ? clip(state, box.w - 2 * cardPad + 8, 12, 500) : frame.isGroup ? text.group : text.consumer}</text>}
      <text x={box.x + cardPad} y={nameY} dy=".35em" fontSize={16} className="name">{clip(frame.name, box.w - 2 * cardPad, 16, 600)}</text>
      {state !== '' && (size === 'small' || !moving) && (
        <text x={box.x + box.w - cardPad} y={nameY + 1} dy=".35em" textAnchor="end" className={`mono ${moving ? 'fault' : 'quiet'}`}>
          {clip(state, box.w - 2 * cardPad - 2 - widthOf(frame.name, 16, 600), 12, 400, 'mono')}
        </text>
      )}
    </g>
  )
}

function Foot({ box, committed, lag }: { readonly box: Box; readonly committed: number | undefined; readonly lag: number }): ReactNode {
  const { text } = useStage()
  const y = bottomOf(box) - 62
  return (
    <g aria-hidden="true" pointerEvents="none">
      <Rule box={box} y={y + 4} />
      <Figure box={box} y={y + 22} label={text.committed} value={committed === undefined ? '–' : String(committed)} />
      <Figure box={box} y={y + 42} label={text.lag} value={String(lag)} />
    </g>
  )
}

interface MemberProps { readonly box: Box; readonly size: GroupFrame['size']; readonly consumer: ConsumerView; readonly focus: PartitionName | undefined; readonly isFirst: boolean; readonly named: boolean }

function Member({ box, size, consumer, focus, isFirst, named }: MemberProps): ReactNode {
  const setting = useStage()
  const { text, followed, actions } = setting
  const own = consumer.assigned.find((each) => each.partition === focus) ?? consumer.assigned[0]
  const belief = consumer.believes.find((each) => each.partition === own?.partition)
  const gone = consumer.condition === 'down' || consumer.state === 'stopped' || consumer.state === 'left' || consumer.state === 'fatal'
  const state = consumer.state === 'stable' ? '' : text.state[consumer.state]
  const position = own?.position === undefined ? text.noPosition : `${text.position} ${own.position}`
  const label = text.aria.machine('consumer', consumer.name, [state, own === undefined ? text.nothingOwned : `${own.partition} ${position}`].filter((each) => each !== '').join(', '))
  const y = size === 'small' ? box.y + box.h / 2 : box.y + 18
  const nameWidth = widthOf(consumer.name, 13, 600)
  return (
    <g className={gone ? 'faded' : undefined}>
      <g aria-hidden="true" pointerEvents="none">
        {(!isFirst || size === 'full') && size !== 'small' && <Rule box={box} y={box.y} />}
        <text x={box.x + cardPad} y={y} dy=".35em" fontSize={13} className="name">{clip(consumer.name, box.w / 2 - cardPad, 13, 600)}</text>
        {state !== '' && <text x={box.x + cardPad + nameWidth + 7} y={y} dy=".35em" className={consumer.state === 'joining' || consumer.state === 'frozen' || consumer.state === 'fatal' ? 'small fault' : 'small quiet'}>{clip(state, box.w - 2 * cardPad - nameWidth - 24, 12)}</text>}
        {state === '' && size === 'small' && <text x={box.x + box.w - cardPad - 18} y={y} dy=".35em" textAnchor="end" className="mono second">{own?.position ?? '–'}</text>}
        {size !== 'small' && <Owned box={box} y={y + 22} consumer={consumer} own={own} />}
        {size === 'full' && <RecordRow box={box} y={y + 46} records={consumer.lastRead} followed={followed} />}
        {size === 'full' && own !== undefined && <BeliefLines box={box} y={y + 70} belief={belief} />}
        {size === 'medium' && belief?.stale === true && <text x={box.x + cardPad} y={y + 40} dy=".35em" className="fault">{clip(`${text.belief(belief.leader, belief.epoch)}`, box.w - 2 * cardPad, 12.5)}</text>}
      </g>
      {named && (
        <g {...selectable(setting, { kind: 'consumer', key: consumer.name }, label)}>
          <rect className="target" x={box.x + 6} y={box.y + 3} width={box.w - 40} height={Math.min(30, box.h - 4)} />
          <rect className="ring" x={box.x + 7} y={box.y + 4} width={box.w - 42} height={Math.min(28, box.h - 6)} rx={5} />
        </g>
      )}
      <Bolt box={{ x: box.x + box.w - 31, y: y - 13, w: 26, h: 26 }} label={text.faultsOf(consumer.name)} press={(element) => actions.faults(consumer.name, element)} />
    </g>
  )
}

/** Where it reads next. Of several partitions, the one in focus with its position, and how many more it owns. */
function Owned({ box, y, consumer, own }: { readonly box: Box; readonly y: number; readonly consumer: ConsumerView; readonly own: ConsumerView['assigned'][number] | undefined }): ReactNode {
  const { text } = useStage()
  if (own === undefined) return <text x={box.x + cardPad} y={y} dy=".35em" className="quiet">{text.nothingOwned}</text>
  const label = consumer.assigned.length === 1 ? text.position : own.partition
  const more = consumer.assigned.length > 1 ? ` +${consumer.assigned.length - 1}` : ''
  return <Figure box={box} y={y} label={clip(`${label}${more}`, box.w - 2 * cardPad - 40, 12.5)} value={own.position === undefined ? '–' : String(own.position)} />
}

function HomeLines({ frame, consumers, focus }: { readonly frame: GroupFrame; readonly consumers: Readonly<Record<string, ConsumerView>>; readonly focus: PartitionName | undefined }): ReactNode {
  const { text } = useStage()
  const { box } = frame
  const member = frame.members[0]
  const consumer = member === undefined ? undefined : consumers[member.name]
  const own = consumer?.assigned.find((each) => each.partition === focus) ?? consumer?.assigned[0]
  const where = own?.position === undefined ? (consumer === undefined ? text.noMembers : text.state[consumer.state]) : text.at(own.position)
  return (
    <g aria-hidden="true" pointerEvents="none">
      <text x={box.x + 18} y={box.y + 27} dy=".35em" fontSize={18} className="name">{frame.name}</text>
      <text x={box.x + 18} y={box.y + 50} dy=".35em" fontSize={13} className="quiet">{frame.isGroup ? text.groupLow : text.consumerLow}</text>
      <text x={box.x + 18} y={box.y + 80} dy=".35em" className="mono second">{consumer === undefined ? where : `${consumer.name} ${where}`}</text>
    </g>
  )
}
