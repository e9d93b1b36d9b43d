/** The ground of a log: what of it is committed, what is not yet, and its outline by role. It slides with its window. */
import { useRef, type ReactNode } from 'react'
import type { ReplicaView } from '../../projection/cluster-view.ts'
import type { StripFrame } from '../../scene/layout-types.ts'
import { durations, lag, windowLag, type Changes } from '../../scene/transition.ts'
import { useFadeIn, useLive } from './live.ts'

export interface StripGroundProps {
  readonly frame: StripFrame
  readonly replica: ReplicaView
  readonly first: number
  readonly open: boolean
  readonly watermark: number
  readonly leads: boolean
  readonly down: boolean
  readonly uid: string
  readonly moved: ReturnType<Changes['window']['get']>
  readonly risen: ReturnType<Changes['watermark']['get']>
  readonly stood: ReturnType<Changes['standing']['get']>
}

/** How much of the older log shows at an open end. */
export const peek = 10

interface Edges {
  readonly from: number
  readonly committed: number
  readonly end: number
  readonly before: boolean
}

/** Right edges of the committed part and of the log; `shift` and `rise` in offsets, while something slides. */
function edgesOf({ frame, replica, first, open, watermark }: StripGroundProps, shift: number, rise: number): Edges {
  const { x0, cw, n } = frame
  const at = (offset: number): number => x0 + Math.max(0, Math.min(offset - first + shift, n + shift)) * cw
  const end = at(replica.logEndOffset)
  // Of two replicas one may have deleted more than the other: its log begins within the window.
  const start = at(replica.logStartOffset)
  return {
    from: open && replica.logStartOffset <= first ? x0 - peek : start,
    committed: Math.min(end, at(Math.min(watermark, replica.logEndOffset) + rise)),
    end,
    before: open && replica.logEndOffset < first,
  }
}

export function StripGround(props: StripGroundProps): ReactNode {
  const { frame, down, uid, moved, risen } = props
  const { x0, y, h } = frame
  const tint = useRef<SVGRectElement>(null)
  const hatch = useRef<SVGRectElement>(null)
  const outline = useRef<SVGPathElement>(null)
  const group = useRef<SVGGElement>(null)
  useFadeIn(group, props.stood?.at, durations.state, 0.2)
  const slides = moved !== undefined || risen !== undefined
  useLive(
    !slides
      ? undefined
      : (_, since) => {
          const edges = edgesOf(props, -windowLag(moved, since), lag(risen, durations.watermark, since))
          const left = Math.max(x0, edges.from)
          tint.current?.setAttribute('x', String(left))
          tint.current?.setAttribute('width', String(Math.max(0, edges.committed - left)))
          const free = Math.max(edges.committed, edges.from)
          hatch.current?.setAttribute('x', String(free))
          hatch.current?.setAttribute('width', String(Math.max(0, edges.end - free)))
          outline.current?.setAttribute('d', outlinePath(edges, frame))
        },
    [props.replica, props.watermark, props.first, frame, moved, risen],
  )
  const edges = edgesOf(props, 0, 0)
  const left = Math.max(x0, edges.from)
  const free = Math.max(edges.committed, edges.from)
  return (
    <g aria-hidden="true" pointerEvents="none">
      {!down && <rect ref={tint} className="committed" x={left} y={y} width={Math.max(0, edges.committed - left)} height={h} />}
      {!down && edges.from < x0 && <rect x={edges.from} y={y} width={x0 - edges.from} height={h} fill={`url(#${uid}fade)`} />}
      <rect
        ref={hatch}
        x={free}
        y={y}
        width={Math.max(0, edges.end - free)}
        height={h}
        fill={`url(#${uid}hatch)`}
        opacity={down ? 0.6 : undefined}
      />
      <g ref={group}>
        <path ref={outline} className={outlineClass(props)} d={outlinePath(edges, frame)} />
      </g>
    </g>
  )
}

function outlineClass({ replica, leads, down }: StripGroundProps): string {
  if (down) return 'strip-outline down'
  if (leads && replica.role === 'leader') return 'strip-outline leader'
  return replica.inSync ? 'strip-outline' : 'strip-outline laggard'
}

function outlinePath({ from, end, before }: Edges, { x0, y, h }: StripFrame): string {
  if (end <= from) return ''
  // All of it lies before the window: nothing ends here.
  if (before) return `M${from} ${y}H${end}M${from} ${y + h}H${end}`
  const right = Math.round(end * 10) / 10
  return `M${from} ${y}H${right}V${y + h}H${from}${from < x0 ? '' : 'Z'}`
}
