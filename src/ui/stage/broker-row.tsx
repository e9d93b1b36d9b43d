/** A broker as a machine: its name and crown, its logs, what can be done to it. */
import { useRef, type ReactNode } from 'react'
import type { BrokerView, ClusterView, NodeName, PartitionView, ReplicaView } from '../../projection/cluster-view.ts'
import type { BrokerFrame, StripFrame } from '../../scene/layout-types.ts'
import { durations } from '../../scene/transition.ts'
import type { Sight } from '../../scene/window.ts'
import { useFadeIn } from './live.ts'
import { GlyphMark } from './marks.tsx'
import { ManyHead, StripName } from './many-head.tsx'
import { QuietBar } from './quiet-bar.tsx'
import { spokenRole } from './role-words.ts'
import { RowButtons } from './row-buttons.tsx'
import type { BrokerRowProps } from './row-props.ts'
import { RowNotes } from './row-notes.tsx'
import { selectable, useStage } from './stage-context.ts'
import { Strip } from './strip.tsx'
import { RoleText } from './role-text.tsx'

export const isDown = (broker: BrokerView): boolean => broker.condition === 'down' || broker.condition === 'starting'

export function BrokerRow(props: BrokerRowProps): ReactNode {
  const { stage, frame, view } = props
  const setting = useStage()
  const broker = view.brokers[frame.name]
  if (broker === undefined) return null
  const down = isDown(broker)
  const own = frame.strips[0]
  const { lines } = props.head
  const { box } = frame
  const bare = stage.variant === 'phone' && frame.mode !== 'plain'
  return (
    <g role="group" aria-label={setting.text.aria.machine('broker', frame.name, spokenRole(lines))} lang={setting.language}>
      <g {...selectable(setting, { kind: 'broker', key: frame.name }, setting.text.aria.machine('broker', frame.name, spokenRole(lines)))}>
        <rect
          className={`machine${down ? ' down' : ''}${bare ? ' bare' : ''}`}
          x={box.x + 0.5}
          y={box.y + 0.5}
          width={box.w - 1}
          height={box.h - 1}
          rx={10}
        />
        <rect className="ring" x={box.x - 2} y={box.y - 2} width={box.w + 4} height={box.h + 4} rx={12} />
        <rect className="hover" x={box.x + 0.5} y={box.y + 0.5} width={box.w - 1} height={box.h - 1} rx={10} />
        {bare && <rect className="target" x={box.x} y={box.y} width={44} height={box.h} />}
      </g>
      {frame.mode === 'many' ? (
        <ManyHead frame={frame} broker={broker} down={down} lines={lines} />
      ) : (
        <NameBlock {...props} broker={broker} down={down} />
      )}
      <RoleOverStrip {...props} />
      {frame.strips.map((strip) => (
        <OwnStrip key={strip.partition} {...props} strip={strip} down={down} role={spokenRole(lines)} />
      ))}
      {frame.quiet.map((quiet) => (
        <QuietBar
          key={quiet.partition}
          frame={quiet}
          partition={view.partitions[quiet.partition]}
          replica={view.replicas[`${quiet.partition}@${frame.name}`]}
          down={down || view.replicas[`${quiet.partition}@${frame.name}`]?.offline === true}
        />
      ))}
      {frame.more !== undefined && (
        <text aria-hidden="true" x={frame.more.x} y={frame.more.y} dy=".35em" textAnchor="end" className="small quiet">
          {setting.text.more(frame.more.count)}
        </text>
      )}
      <RowNotes {...props} broker={broker} />
      <RowButtons
        stage={stage}
        frame={frame}
        broker={broker}
        crowned={own !== undefined && view.partitions[own.partition]?.leader === frame.name}
      />
    </g>
  )
}

const replicaOn = (view: ClusterView, strip: StripFrame | undefined, broker: NodeName): ReplicaView | undefined =>
  strip === undefined ? undefined : view.replicas[`${strip.partition}@${broker}`]

function OwnStrip(props: BrokerRowProps & { readonly strip: StripFrame; readonly down: boolean; readonly role: string }): ReactNode {
  const { stage, frame, view, strip, sights, changes, lost, cursors, uid } = props
  const setting = useStage()
  const replica = replicaOn(view, strip, frame.name)
  const down = props.down || replica?.offline === true
  const sight = sights.get(strip.partition)
  if (replica === undefined || sight === undefined) return null
  const leads = sight.leader === frame.name
  const several = frame.mode === 'many'
  const { style } = frame
  return (
    <>
      {several && <StripName strip={strip} leads={leads} right={strip.x0 - 10} left={frame.box.x + 14} down={down} dir={replica.logDir} />}
      <Strip
        frame={strip}
        replica={replica}
        first={sight.first}
        open={sight.open}
        watermark={sight.highWatermark}
        leads={leads && !down}
        down={down}
        lost={lost}
        selectedRecord={setting.selection?.kind === 'record' ? setting.selection.key : undefined}
        followed={setting.followed}
        role={props.role}
        band={several || style.band === undefined ? undefined : frame.box.y + style.band}
        label={several || style.label === undefined ? undefined : frame.box.y + style.label}
        plain={stage.variant === 'home'}
        unnamed={stage.variant !== 'full'}
        cursor={cursors.get(replica.name)}
        uid={uid}
        written={changes.written.get(replica.name)}
        moved={changes.window.get(strip.partition)}
        risen={changes.watermark.get(strip.partition)}
        stood={changes.standing.get(replica.name)}
      />
      {several && <StripWatermark strip={strip} sight={sight} />}
    </>
  )
}

/** With several logs in one machine each has its own high watermark, without a flag. */
function StripWatermark({ strip, sight }: { readonly strip: StripFrame; readonly sight: Sight }): ReactNode {
  const place = sight.highWatermark - sight.first
  if (place < 0 || place > strip.n || sight.end === 0) return null
  const x = strip.x0 + place * strip.cw
  return <path aria-hidden="true" className="watermark" d={`M${x} ${strip.y - 4}V${strip.y + strip.h + 4}`} />
}

/** Name in the gutter, the crown above it, the rack below. */
function NameBlock({
  stage,
  frame,
  view,
  changes,
  broker,
  down,
}: BrokerRowProps & { readonly broker: BrokerView; readonly down: boolean }): ReactNode {
  const { text } = useStage()
  const { box, style, mode } = frame
  const strip = frame.strips[0]
  const partition: PartitionView | undefined = strip === undefined ? undefined : view.partitions[strip.partition]
  const crowned = partition?.leader === frame.name
  const className = `name${down ? ' quiet' : ''}`
  if (mode === 'closed') {
    return (
      <g aria-hidden="true">
        <text x={box.x + 16} y={box.y + box.h / 2} dy=".36em" fontSize={16} className={className}>
          {frame.name}
        </text>
        {broker.rack !== undefined && (
          <text x={box.x + 46} y={box.y + box.h / 2} dy=".36em" className="small quiet">
            {broker.rack}
          </text>
        )}
      </g>
    )
  }
  if (mode === 'plain') return <PlainName frame={frame} crowned={crownsAny(view, frame.name)} down={down} />
  const phone = stage.variant === 'phone'
  const gutter = (strip?.x0 ?? box.x + 60) - box.x
  const x = phone ? box.x + 18 : box.x + gutter / 2 - 3
  const middle = strip === undefined ? box.y + box.h / 2 : strip.y + strip.h / 2
  const hasRack = broker.rack !== undefined && !phone && stage.variant !== 'home' && style.height >= 70
  const y = crowned ? middle + (hasRack ? 5 : 9) : middle - (hasRack ? 6 : 0)
  return (
    <g aria-hidden="true">
      {crowned && (
        <Crown
          key={partition.leader}
          x={x}
          y={y - style.name21 * 0.86}
          size={style.name21 * 1.04}
          down={down}
          at={changes.crown.get(partition.name)?.at}
        />
      )}
      <text x={x} y={y} dy=".36em" textAnchor="middle" fontSize={style.name21} className={className}>
        {frame.name}
      </text>
      {hasRack && (
        <text x={x} y={y + style.name21 * 0.5 + 11} dy=".3em" textAnchor="middle" className="small quiet">
          {text.rack(broker.rack ?? '')}
        </text>
      )}
    </g>
  )
}

const crownsAny = (view: ClusterView, name: NodeName): boolean =>
  Object.values(view.partitions).some((each) => each.leader === name && !each.internal)

function PlainName({
  frame,
  crowned,
  down,
}: {
  readonly frame: BrokerFrame
  readonly crowned: boolean
  readonly down: boolean
}): ReactNode {
  const { box } = frame
  return (
    <g aria-hidden="true">
      {crowned && <GlyphMark name={down ? 'emptyCrown' : 'crown'} x={box.x + 18} y={box.y + box.h / 2} size={17} />}
      <text x={box.x + 32} y={box.y + box.h / 2} dy=".36em" fontSize={18} className={`name${down ? ' quiet' : ''}`}>
        {frame.name}
      </text>
    </g>
  )
}

/** The crown of who leads by the committed record; a dead leader's is hollow until another one is elected. */
export function Crown({
  x,
  y,
  size,
  down,
  at,
}: {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly down: boolean
  readonly at: number | undefined
}): ReactNode {
  const group = useRef<SVGGElement>(null)
  useFadeIn(group, at, durations.state)
  return (
    <g ref={group}>
      <GlyphMark name={down ? 'emptyCrown' : 'crown'} x={x} y={y} size={size} className={down ? 'fault-fill' : ''} />
    </g>
  )
}

function RoleOverStrip({ frame, view, head }: BrokerRowProps): ReactNode {
  const strip = frame.strips[0]
  if (head.at === undefined) return null
  return (
    <RoleText
      {...head.at}
      name={head.name}
      line={head.line}
      leads={strip !== undefined && view.partitions[strip.partition]?.leader === frame.name}
    />
  )
}
