/** A consumer group: its members, where each reads, what the group has committed. A consumer without a group likewise. */
import { lazy, memo, Suspense, type ReactNode } from 'react'
import type { ConsumerView, GroupView, PartitionName } from '../../projection/cluster-view.ts'
import { bottomOf, type Box } from '../../scene/geometry.ts'
import { isMoving } from '../../scene/holdings.ts'
import type { GroupFrame, Variant } from '../../scene/layout-types.ts'
import { cardPad, Figure, Plate, Rule } from './card-parts.tsx'
import { clip, firstFitting, widthOf } from './measure.ts'
import { Member } from './member.tsx'
import { useStage } from './stage-context.ts'

const ShareFoot = lazy(async () => ({ default: (await import('./share-marks.tsx')).ShareFoot }))

export interface GroupCardProps {
  readonly frame: GroupFrame
  readonly group: GroupView | undefined
  readonly consumers: Readonly<Record<string, ConsumerView>>
  /** Of members that are down. */
  readonly endings: ReadonlyMap<string, 'down' | 'closed' | undefined>
  readonly focus: PartitionName | undefined
  readonly variant: Variant
}

/** Clients that read and write stand with the producers: here are their names. */
const membersOf = (group: GroupView | undefined): string => [...new Set(group?.members.map(({ client }) => client))].join(', ')

export const GroupCard = memo(function GroupCard({ frame, group, consumers, endings, focus, variant }: GroupCardProps): ReactNode {
  const { text, language } = useStage()
  const { box, size, isGroup } = frame
  const state = group?.state ?? ''
  const kind = isGroup ? 'group' : 'consumer'
  const shared = group?.protocol === 'share'
  const lines = isGroup && !shared ? figuresOf(group, focus) : undefined
  return (
    <g role="group" aria-label={text.aria.machine(kind, frame.name, state)} lang={language}>
      <Plate selection={{ kind, key: frame.name }} label={text.aria.machine(kind, frame.name, state)} box={box} className="client" />
      {variant === 'home' ? (
        <HomeLines frame={frame} consumers={consumers} focus={focus} />
      ) : (
        <>
          <Head frame={frame} state={state} group={group} lag={lines?.lag} />
          {frame.members.length === 0 && (
            <text aria-hidden="true" x={box.x + cardPad} y={Math.min(box.y + 86, bottomOf(box) - 20)} dy=".35em" className="quiet">
              {clip(membersOf(group) || text.noMembers, box.w - 2 * cardPad, 13)}
            </text>
          )}
          {frame.members.map((member) => {
            const consumer = consumers[member.name]
            return consumer === undefined ? null : (
              <Member
                key={member.name}
                box={member.box}
                size={size}
                consumer={consumer}
                group={group}
                ending={endings.get(member.name)}
                focus={focus}
                isFirst={member === frame.members[0]}
                named={isGroup}
              />
            )
          })}
          {shared && size === 'full' && (
            <Suspense>
              <ShareFoot box={box} group={group} focus={focus} members={frame.members.flatMap(({ name }) => consumers[name] ?? [])} />
            </Suspense>
          )}
          {lines !== undefined && size === 'full' && <Foot box={box} {...lines} />}
          {lines !== undefined && size === 'medium' && (
            <Figure
              box={box}
              y={bottomOf(box) - 15}
              label={`${text.committed} ${lines.committed}`}
              value={`${text.lag} ${lines.lag}`}
              className="second"
            />
          )}
        </>
      )}
    </g>
  )
})

/** As `kafka-consumer-groups.sh` has it: without a committed offset there is no lag either. */
function figuresOf(group: GroupView | undefined, focus: PartitionName | undefined): { readonly committed: string; readonly lag: string } {
  const own = focus !== undefined && group?.committed[focus] !== undefined ? focus : Object.keys(group?.committed ?? {})[0]
  const figure = (value: number | undefined): string => (value === undefined ? '–' : String(value))
  return own === undefined ? { committed: '–', lag: '–' } : { committed: figure(group?.committed[own]), lag: figure(group?.lag[own]) }
}

interface HeadProps {
  readonly frame: GroupFrame
  readonly state: string
  readonly group: GroupView | undefined
  readonly lag: string | undefined
}

function Head({ frame, state, group, lag = '–' }: HeadProps): ReactNode {
  const { text } = useStage()
  const { box, size } = frame
  const moving = isMoving(group) || state === 'Dead'
  const behind = group?.targetEpoch !== undefined && group.targetEpoch !== group.generation
  const nameY = size === 'small' ? box.y + 18 : box.y + 38
  const room = box.w - 2 * cardPad - 2 - widthOf(frame.name, 16, 600)
  // Where there is no line for it, the lag says more than that all is well.
  const said = size === 'small' && !moving && lag !== '–' ? `${text.lag} ${lag}` : state
  // A calm state is worth no half word beside a long name.
  const beside = moving ? size === 'small' : said !== '' && widthOf(said, 12, 400, 'mono') <= room - (said === state ? 0 : 6)
  return (
    <g aria-hidden="true" pointerEvents="none">
      {size !== 'small' && (
        <text x={box.x + cardPad} y={box.y + 18} dy=".35em" className={moving ? 'small medium fault' : 'small quiet'}>
          {moving ? clip(state, box.w - 2 * cardPad + 8, 12, 500) : frame.isGroup ? (group?.protocol === 'share' ? text.shareGroup : text.group) : text.consumer}
        </text>
      )}
      <text x={box.x + cardPad} y={nameY} dy=".35em" fontSize={16} className="name">
        {clip(frame.name, box.w - 2 * cardPad, 16, 600)}
      </text>
      {size !== 'small' && group !== undefined && group.generation > 0 && (
        <text x={box.x + cardPad} y={box.y + 58} dy=".35em" className={behind ? 'small fault' : 'small second'}>
          {firstFitting(text.progress(group.protocol, group.generation, group.targetEpoch), box.w - 2 * cardPad + 4, 12)}
        </text>
      )}
      {beside && (
        <text x={box.x + box.w - cardPad} y={nameY + 1} dy=".35em" textAnchor="end" className={`mono ${moving ? 'fault' : 'quiet'}`}>
          {clip(said, room, 12, 400, 'mono')}
        </text>
      )}
    </g>
  )
}

function Foot({ box, committed, lag }: { readonly box: Box; readonly committed: string; readonly lag: string }): ReactNode {
  const { text } = useStage()
  const y = bottomOf(box) - 62
  return (
    <g aria-hidden="true" pointerEvents="none">
      <Rule box={box} y={y + 4} />
      <Figure box={box} y={y + 22} label={text.committed} value={committed} />
      <Figure box={box} y={y + 42} label={text.lag} value={lag} />
    </g>
  )
}

function HomeLines({
  frame,
  consumers,
  focus,
}: {
  readonly frame: GroupFrame
  readonly consumers: Readonly<Record<string, ConsumerView>>
  readonly focus: PartitionName | undefined
}): ReactNode {
  const { text } = useStage()
  const { box } = frame
  const member = frame.members[0]
  const consumer = member === undefined ? undefined : consumers[member.name]
  const own = consumer?.assigned.find((each) => each.partition === focus) ?? consumer?.assigned[0]
  const where = own?.position === undefined ? (consumer === undefined ? text.noMembers : text.state[consumer.state]) : text.at(own.position)
  return (
    <g aria-hidden="true" pointerEvents="none">
      <text x={box.x + 18} y={box.y + 27} dy=".35em" fontSize={18} className="name">
        {frame.name}
      </text>
      <text x={box.x + 18} y={box.y + 50} dy=".35em" fontSize={13} className="quiet">
        {frame.isGroup ? text.groupLow : text.consumerLow}
      </text>
      <text x={box.x + 18} y={box.y + 80} dy=".35em" className="mono second">
        {consumer === undefined ? where : `${consumer.name} ${where}`}
      </text>
    </g>
  )
}
