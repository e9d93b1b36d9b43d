/** The controllers below the brokers: what each is in the quorum, and the newest records of the metadata log. */
import type { ReactNode } from 'react'
import type { ClusterView, ControllerView, MetadataCell } from '../../projection/cluster-view.ts'
import { rightOf } from '../../scene/geometry.ts'
import type { ControllerFrame, StageFrame } from '../../scene/layout-types.ts'
import { activeControllerOf } from '../../scene/structure.ts'
import { TickDisc } from './marks.tsx'
import { clip, firstFitting, widthOf } from './measure.ts'
import { Bolt } from './row-buttons.tsx'
import { selectable, useStage } from './stage-context.ts'
import type { StageText } from './stage-text.ts'

export function ControllerLane({
  stage,
  view,
  uid,
}: {
  readonly stage: StageFrame
  readonly view: ClusterView
  readonly uid: string
}): ReactNode {
  const { text } = useStage()
  const { controllerLabel: label } = stage
  if (label === undefined) return null
  const kraft = Object.values(view.controllers).some(({ host }) => host !== undefined) ? text.combined : 'KRaft'
  return (
    <>
      <g aria-hidden="true">
        <text x={label.x} y={label.above ? label.y - 14 : label.y + 15} dy=".35em" className="medium second">
          {text.controllers}
          {label.above ? ' ' : ''}
          {label.above && (
            <tspan className="quiet" dx={4}>
              {kraft}
            </tspan>
          )}
        </text>
        {!label.above && (
          <text x={label.x} y={label.y + 33} dy=".35em" className="quiet">
            {kraft}
          </text>
        )}
      </g>
      {stage.controllers.map((each) => (
        <Controller key={each.name} frame={each} view={view} />
      ))}
      <MetadataLog stage={stage} view={view} uid={uid} />
    </>
  )
}

function Controller({ frame, view }: { readonly frame: ControllerFrame; readonly view: ClusterView }): ReactNode {
  const setting = useStage()
  const { text, actions } = setting
  const { box, active, name } = frame
  const controller = view.controllers[name]
  const down = controller?.condition === 'down' || controller?.condition === 'starting'
  const lines = controller === undefined ? NOTHING : linesOf(controller, active, text)
  const wide = box.w > 80
  const inside = controller?.host === undefined ? [] : [text.inside(controller.host)]
  const epochs = controller === undefined ? [] : [text.epoch(controller.epoch), String(controller.epoch)]
  const epoch = firstFitting(down ? [...inside, ''] : [...inside.flatMap((host) => [`${host} · ${epochs[0]}`, host]), ...epochs, ''], box.w - 62, 12)
  return (
    <g role="group" aria-label={text.aria.machine('controller', name, [...inside, lines.all].join(', '))} lang={setting.language}>
      <g {...selectable(setting, { kind: 'controller', key: name }, text.aria.machine('controller', name, [...inside, lines.all].join(', ')))}>
        <rect
          className={`controller${active ? ' active' : ''}${down ? ' down' : ''}`}
          x={box.x + 0.75}
          y={box.y + 0.75}
          width={box.w - 1.5}
          height={box.h - 1.5}
          rx={8}
        />
        <rect className="ring" x={box.x - 3} y={box.y - 3} width={box.w + 6} height={box.h + 6} rx={11} />
        <rect className="hover" x={box.x + 0.5} y={box.y + 0.5} width={box.w - 1} height={box.h - 1} rx={8} />
      </g>
      <g aria-hidden="true" pointerEvents="none">
        <text x={box.x + 11} y={box.y + 16} dy=".36em" fontSize={15} className={active ? 'strong' : 'second'}>
          {name}
        </text>
        {wide && (
          <text x={box.x + 34} y={box.y + 16} dy=".36em" fontSize={12} className="quiet">
            {epoch}
          </text>
        )}
        <text x={box.x + 11} y={box.y + 34} dy=".36em" fontSize={12} className={lines.className}>
          {firstFitting(wide ? lines.words : lines.ends, box.w - 18, 12)}
        </text>
      </g>
      <Bolt
        box={{ x: rightOf(box) - 26, y: box.y + 3, w: 24, h: 24 }}
        label={text.faultsOf(name)}
        press={(element) => actions.faults(name, element)}
      />
    </g>
  )
}

interface Lines {
  /** From the fullest to the shortest. */
  readonly words: readonly string[]
  readonly ends: readonly string[]
  readonly className: string
  /** For who cannot see it. */
  readonly all: string
}
const NOTHING: Lines = { words: [''], ends: [''], className: 'quiet', all: '' }

/** What it is, how many votes it has, and how much of its log is committed: one number where all of it is. */
function linesOf(controller: ControllerView, active: boolean, text: StageText): Lines {
  const { condition, role, votes, highWatermark, logEndOffset, epoch } = controller
  const ends = [text.metadataEnd(highWatermark, logEndOffset), ...(highWatermark < logEndOffset ? [`${highWatermark}/${logEndOffset}`] : []), String(logEndOffset)]
  const trouble = condition === 'down' || condition === 'starting' ? text.down : condition === 'frozen' ? text.state.frozen : undefined
  const told = [text.epoch(epoch), text.metadataEnds(highWatermark, logEndOffset)]
  if (trouble !== undefined) return { words: [trouble], ends, className: 'fault', all: [trouble, ...told].join(', ') }
  // It leads by its own belief, and another one by everybody else's.
  const word = active ? text.active : controller.active ? `“${text.active}”` : text.voter[role]
  const counted = votes === undefined ? undefined : text.votes(votes.granted.length, votes.of)
  const all = [word, counted, ...told].filter((each) => each !== undefined && each !== '').join(', ')
  if (counted !== undefined) return { words: [`${word}, ${counted}`, `${word} ${votes?.granted.length}`, word], ends, className: 'strong', all }
  return { words: [...ends.map((end) => `${word}, ${end}`), word], ends, className: controller.active && !active ? 'fault' : active ? 'second' : 'quiet', all }
}

function MetadataLog({ stage, view, uid }: { readonly stage: StageFrame; readonly view: ClusterView; readonly uid: string }): ReactNode {
  const { text, language } = useStage()
  const { metadata } = stage
  const leads = activeControllerOf(view)
  const shownOf = leads ?? Object.values(view.controllers).reduce<ControllerView | undefined>(fullest, undefined)
  if (metadata === undefined || shownOf === undefined) return null
  const { box, cells } = metadata
  const shown = foldInternal(shownOf.tail).slice(-cells)
  const newest = shown.findLast((each) => each.committed)
  const w = Math.min(box.w / Math.max(1, shown.length), 270)
  const head = box.y - 15
  const committed = newest?.committedAt === undefined || newest.committedAt === 0 ? undefined : text.committedAt(newest.committedAt)
  const when = leads === undefined ? text.noController : committed
  const hasRoom = when !== undefined && box.w > widthOf(when, 12.5) + widthOf(text.metadataLog, 12.5) + 40
  return (
    <g lang={language}>
      <g aria-hidden="true">
        <text x={box.x} y={head} dy=".35em" className="quiet">
          {text.metadataLog}
        </text>
        {hasRoom && (
          <text x={rightOf(box) - (leads === undefined ? 0 : 20)} y={head} dy=".35em" textAnchor="end" className={leads === undefined ? 'fault' : 'ok'}>
            {when}
          </text>
        )}
        {hasRoom && leads !== undefined && <TickDisc x={rightOf(box) - 7} y={head} radius={6.5} />}
      </g>
      {shown.map((each, i) => (
        <MetadataMark key={each.offset} cell={each} x={box.x + i * w} y={box.y} w={w} h={box.h} uid={uid} controller={shownOf.name} />
      ))}
    </g>
  )
}

/** Where nobody leads, the log of who knows the most is shown. */
const fullest = (best: ControllerView | undefined, each: ControllerView): ControllerView =>
  best === undefined || each.highWatermark > best.highWatermark ? each : best

/** A topic of Kafka's own has fifty partitions: a run of records about them is one cell, or it would push out all others. */
export function foldInternal(tail: readonly MetadataCell[]): readonly MetadataCell[] {
  const folded: MetadataCell[] = []
  for (const cell of tail) {
    const last = folded[folded.length - 1]
    const topic = /^__\w+/.exec(cell.text)?.[0]
    const joins = topic !== undefined && last?.type === cell.type && last.committed === cell.committed && last.text.includes(topic)
    if (joins) folded[folded.length - 1] = { ...cell, text: `${/^\S+/.exec(last.text)?.[0]} … ${/\/\d+|\S+$/.exec(cell.text)?.[0]}` }
    else folded.push(cell)
  }
  return folded
}

interface MetadataMarkProps {
  readonly cell: MetadataCell
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly uid: string
  readonly controller: string
}

/** The record's type in words in place of a key shape. */
function MetadataMark({ cell, x, y, w, h, uid, controller }: MetadataMarkProps): ReactNode {
  const setting = useStage()
  const type = cell.type.replace(/Record$/, '')
  return (
    <>
      <g
        {...selectable(setting, { kind: 'controller', key: controller }, setting.text.aria.metadata(cell.type, cell.text, cell.committed))}
      >
        <rect
          x={x}
          y={y}
          width={w}
          height={h}
          rx={2}
          fill={cell.committed ? 'var(--ok-soft)' : 'var(--card)'}
          stroke="var(--ink-2)"
          strokeWidth={1.25}
        />
        {!cell.committed && <rect aria-hidden="true" x={x} y={y} width={w} height={h} rx={2} fill={`url(#${uid}hatch)`} opacity={0.45} />}
        <rect className="ring" x={x - 2} y={y - 2} width={w + 4} height={h + 4} rx={4} />
        <rect className="hover" x={x} y={y} width={w} height={h} rx={2} />
      </g>
      <g aria-hidden="true" pointerEvents="none">
        <text x={x + 11} y={y + 16} dy=".35em" className="mono strong">
          {clip(type, w - 15, 12, 600, 'mono')}
        </text>
        <text x={x + 11} y={y + 32} dy=".35em" className="second">
          {clip(cell.text, w - 16, 12.5)}
        </text>
      </g>
    </>
  )
}
