/** A machine with several logs: a head line with its name, and each log's own name left of it. */
import type { ReactNode } from 'react'
import type { BrokerView } from '../../projection/cluster-view.ts'
import type { BrokerFrame, StripFrame } from '../../scene/layout-types.ts'
import { baseName } from '../about.ts'
import { GlyphMark } from './marks.tsx'
import { clip } from './measure.ts'
import { fittingLine, offlineLines, type RoleLine } from './role-words.ts'
import { RoleText } from './role-text.tsx'
import { selectable, useStage } from './stage-context.ts'

const middle = 18

export interface ManyHeadProps {
  readonly frame: BrokerFrame
  readonly broker: BrokerView
  readonly down: boolean
  readonly lines: readonly RoleLine[]
}

export function ManyHead({ frame, broker, down, lines }: ManyHeadProps): ReactNode {
  const { text } = useStage()
  const { box } = frame
  const y = box.y + middle
  const from = frame.strips[0]?.x0 ?? box.x + 96
  const speaks = broker.condition !== 'running' || broker.fenced
  const said = speaks ? lines : offlineLines(broker, text)
  return (
    <g aria-hidden="true">
      <text x={box.x + 14} y={y} dy=".36em" fontSize={18} className={`name${down ? ' quiet' : ''}`}>
        {frame.name}
      </text>
      {broker.rack !== undefined && (
        <text x={box.x + 46} y={y} dy=".36em" className="small quiet">
          {text.rack(broker.rack)}
        </text>
      )}
      {said !== undefined && <RoleText x={from} y={y} line={fittingLine(said, frame.action.x - from - 8)} />}
    </g>
  )
}

/** The partition's name, crowned where this broker leads it. */
export function StripName({
  strip,
  leads,
  left,
  right,
  down,
  dir,
}: {
  readonly strip: StripFrame
  readonly leads: boolean
  readonly left: number
  readonly right: number
  readonly down: boolean
  /** Of several log directories, the one that it lies in. */
  readonly dir: string | undefined
}): ReactNode {
  const setting = useStage()
  const y = strip.y + strip.h / 2
  const role = leads ? setting.text.leads : setting.text.follower
  return (
    <g
      {...selectable(
        setting,
        { kind: 'partition', key: strip.partition },
        setting.text.aria.quiet(strip.partition, role, 0).split(',')[0] ?? strip.partition,
      )}
    >
      <rect className="target" x={left - 4} y={strip.y} width={right - left + 8} height={strip.h} />
      {leads && <GlyphMark name={down ? 'emptyCrown' : 'crown'} x={left + 7} y={y} size={13} />}
      <text x={left + 20} y={y} dy=".35em" className={leads ? 'medium' : 'second'}>
        {clip(strip.partition, right - left - 20, 12.5, 500)}
      </text>
      {dir !== undefined && strip.h >= 30 && (
        <text x={left + 20} y={y + 14} dy=".35em" className="small quiet">
          {clip(baseName(dir), right - left - 20, 11.5, 400)}
        </text>
      )}
      <rect className="ring" x={left - 4} y={strip.y} width={right - left + 8} height={strip.h} rx={4} />
      <rect className="hover" x={left - 4} y={strip.y} width={right - left + 8} height={strip.h} rx={4} />
    </g>
  )
}
