/** A replica out of focus: its name and a bar, the last 32 offsets of its partition, with the log end as a number. */
import { memo, type ReactNode } from 'react'
import type { PartitionView, ReplicaView } from '../../projection/cluster-view.ts'
import type { QuietFrame } from '../../scene/layout-types.ts'
import { GlyphMark } from './marks.tsx'
import { clip, widthOf } from './measure.ts'
import { selectable, useStage } from './stage-context.ts'

const barWidth = 58
const barHeight = 10
const offsets = 32

export interface QuietBarProps {
  readonly frame: QuietFrame
  readonly partition: PartitionView | undefined
  readonly replica: ReplicaView | undefined
  readonly down: boolean
}

export const QuietBar = memo(function QuietBar({ frame, partition, replica, down }: QuietBarProps): ReactNode {
  const setting = useStage()
  if (partition === undefined || replica === undefined) return null
  const leads = partition.leader === replica.broker
  const number = String(replica.logEndOffset)
  const nameRoom = frame.w - barWidth - widthOf(number, 12, 400, 'mono') - 9
  const nameX = frame.x + (leads ? 15 : 0)
  const barX = frame.x + Math.max(0, nameRoom)
  const role = leads ? setting.text.leads : replica.inSync ? setting.text.follower : setting.text.laggard
  const share = Math.min(1, replica.logEndOffset / offsets)
  const top = frame.y - barHeight / 2
  const missing = !replica.inSync && !down
  return (
    <>
      <g
        {...selectable(
          setting,
          { kind: 'partition', key: partition.name },
          setting.text.aria.quiet(partition.name, role, replica.logEndOffset),
        )}
      >
        <rect className="target" x={frame.x - 4} y={frame.y - 12} width={frame.w + 8} height={24} />
        <rect className="ring" x={frame.x - 4} y={frame.y - 12} width={frame.w + 8} height={24} rx={4} />
        <rect className="hover" x={frame.x - 4} y={frame.y - 12} width={frame.w + 8} height={24} rx={4} />
      </g>
      <g aria-hidden="true" pointerEvents="none">
        {leads && <GlyphMark name={down ? 'emptyCrown' : 'crown'} x={frame.x + 6} y={frame.y} size={13} />}
        <text x={nameX} y={frame.y} dy=".35em" className={down ? 'quiet' : leads ? 'strong' : 'second'}>
          {clip(partition.name, nameRoom - (leads ? 15 : 0) - 3, 12.5, leads ? 600 : 400)}
        </text>
        <rect x={barX} y={top} width={barWidth} height={barHeight} rx={1.5} fill="none" stroke="var(--rule-2)" strokeDasharray="1 3" />
        <rect
          x={barX}
          y={top}
          width={Math.max(3, barWidth * share)}
          height={barHeight}
          rx={1.5}
          fill={down || missing ? 'none' : 'var(--ok-soft)'}
          stroke={leads ? 'var(--ink)' : 'var(--ink-2)'}
          strokeWidth={leads ? 2 : 1.25}
          strokeDasharray={missing || down ? '4 3' : undefined}
        />
        <text x={barX + barWidth + 5} y={frame.y} dy=".35em" className={`mono ${missing ? 'fault' : 'quiet'}`}>
          {number}
        </text>
      </g>
    </>
  )
})
