/**
 * A share group on the stage (plate 4): on the leader's log what is lent, finished or free again, between its start offset
 * and its end offset; on a member's card what it holds. Loaded with the first run that has one.
 */
import { useRef, type ReactNode } from 'react'
import type { ConsumerView, GroupView, PartitionName, ReplicaView, ShareView } from '../../projection/cluster-view.ts'
import type { Box } from '../../scene/geometry.ts'
import type { StripFrame } from '../../scene/layout-types.ts'
import { bottomOf } from '../../scene/geometry.ts'
import { shareText } from '../../text/share.ts'
import { cardPad, Figure, RecordRow, Rule } from './card-parts.tsx'
import { useLive } from './live.ts'
import { useStage } from './stage-context.ts'

/** One group's; the first has the strip to itself. */
export function ShareMarks({ frame, replica, first }: { readonly frame: StripFrame; readonly replica: ReplicaView; readonly first: number }): ReactNode {
  const share = replica.shares?.[0]
  if (share === undefined) return null
  const inWindow = (offset: number): boolean => offset >= first && offset < first + frame.n
  const shown = share.records.filter(({ offset }) => inWindow(offset))
  // What has been finished has left the window of the group for good.
  const before = replica.tail.filter(({ offset }) => offset >= share.loadedAt && offset < share.startOffset && inWindow(offset))
  return (
    <g aria-hidden="true" pointerEvents="none">
      {before.map(({ offset }) => {
        const x = middle(frame, first, offset)
        return share.archivedBefore.includes(offset) ? <Archived key={offset} frame={frame} x={x} /> : <Finished key={offset} frame={frame} x={x} />
      })}
      {shown.map((record) => (
        <RecordState key={record.offset} frame={frame} x={middle(frame, first, record.offset)} record={record} lock={share.lock} />
      ))}
      <Bounds frame={frame} first={first} share={share} />
    </g>
  )
}

const middle = (frame: StripFrame, first: number, offset: number): number => frame.x0 + (offset - first + 0.5) * frame.cw

type SharedRecord = ShareView['records'][number]

function RecordState({ frame, x, record, lock }: { readonly frame: StripFrame; readonly x: number; readonly record: SharedRecord; readonly lock: number }): ReactNode {
  const { y, h } = frame
  return (
    <>
      {record.state === 'ACQUIRED' && <LeaseRing frame={frame} x={x} record={record} lock={lock} />}
      {record.state === 'ACKNOWLEDGED' && <Finished frame={frame} x={x} />}
      {record.state === 'ARCHIVED' && <Archived frame={frame} x={x} />}
      {record.count > 0 && h / 2 - frame.record >= 9 && <Pips x={x} y={y + h - 4} count={record.count} />}
    </>
  )
}

/** How much of the lease is over. */
function LeaseRing({ frame, x, record, lock }: { readonly frame: StripFrame; readonly x: number; readonly record: SharedRecord; readonly lock: number }): ReactNode {
  const arc = useRef<SVGCircleElement>(null)
  const r = frame.record + 4
  const around = 2 * Math.PI * r
  const { lockedUntil = 0 } = record
  useLive(
    (at) => {
      const gone = Math.max(0, Math.min(1, 1 - (lockedUntil - at) / lock))
      arc.current?.setAttribute('stroke-dasharray', `${Math.round(gone * around * 10) / 10} ${Math.round(around * 10) / 10}`)
    },
    [lockedUntil, around, lock],
  )
  const cy = frame.y + frame.h / 2
  return (
    <>
      <circle className="share-ring" cx={x} cy={cy} r={r} />
      <circle ref={arc} className="share-gone" cx={x} cy={cy} r={r} transform={`rotate(-90 ${x} ${cy})`} />
    </>
  )
}

/** Nobody of the group gets it any more. */
function Archived({ frame: { y, h, cw }, x }: { readonly frame: StripFrame; readonly x: number }): ReactNode {
  return <path className="share-archived" d={`M${x - cw / 2 + 5} ${y + h - 6}L${x + cw / 2 - 5} ${y + 6}`} />
}

function Finished({ frame, x }: { readonly frame: StripFrame; readonly x: number }): ReactNode {
  const cx = x + frame.record * 0.85
  const cy = frame.y + frame.h / 2 + frame.record * 0.85
  return (
    <>
      <circle className="share-done" cx={cx} cy={cy} r={5.5} />
      <path className="share-tick" d={`M${cx - 2.6} ${cy + 0.1}L${cx - 0.7} ${cy + 2.1}L${cx + 2.7} ${cy - 2}`} />
    </>
  )
}

/** Deliveries, one stroke each. */
function Pips({ x, y, count }: { readonly x: number; readonly y: number; readonly count: number }): ReactNode {
  const left = x - (count * 4 - 2) / 2
  return <path className="share-pips" d={Array.from({ length: count }, (_, i) => `M${left + i * 4 + 1} ${y - 5}V${y}`).join('')} />
}

/** SPSO and SPEO: brackets around what is in flight. */
function Bounds({ frame, first, share }: { readonly frame: StripFrame; readonly first: number; readonly share: ShareView }): ReactNode {
  const { x0, y, h, cw, n } = frame
  const at = (offset: number): number => x0 + (offset - first) * cw
  const isIn = (offset: number): boolean => offset >= first && offset <= first + n
  const end = share.records.length === 0 ? share.startOffset : share.endOffset + 1
  const bracket = (x: number, side: 1 | -1): string => `M${x + side * 5} ${y - 4}H${x}V${y + h + 4}H${x + side * 5}`
  return (
    <>
      {isIn(share.startOffset) && <path className="share-bound" d={bracket(at(share.startOffset), 1)} />}
      {isIn(end) && end > share.startOffset && <path className="share-bound" d={bracket(at(end), -1)} />}
    </>
  )
}

/** `holds`, and what: in place of a position, which no member of a share group has. */
export function Held({ box, y, consumer }: { readonly box: Box; readonly y: number; readonly consumer: ConsumerView }): ReactNode {
  const { language, followed } = useStage()
  const words = shareText[language]
  const leases = consumer.leases ?? []
  if (leases.length === 0)
    return (
      <text x={box.x + cardPad} y={y} dy=".35em" className="quiet">
        {words.holdsNothing}
      </text>
    )
  return (
    <>
      <text x={box.x + cardPad} y={y} dy=".35em" className="second">
        {words.holds}
      </text>
      <RecordRow box={{ ...box, x: box.x + 48, w: box.w - 48 }} y={y} records={leases} followed={followed} />
    </>
  )
}

/** A group has no committed offset: it has a start offset, and what is in flight after it. */
export function ShareFoot({ box, group, focus, members }: { readonly box: Box; readonly group: GroupView | undefined; readonly focus: PartitionName | undefined; readonly members: readonly ConsumerView[] }): ReactNode {
  const { language } = useStage()
  const words = shareText[language]
  const own = focus !== undefined && group?.committed[focus] !== undefined ? focus : Object.keys(group?.committed ?? {})[0]
  const y = bottomOf(box) - 62
  return (
    <>
      <Rule box={box} y={y + 4} />
      <Figure box={box} y={y + 22} label={words.start} value={own === undefined ? '–' : String(group?.committed[own])} />
      <Figure box={box} y={y + 46} label={words.lent} value={String(members.reduce((sum, { leases = [] }) => sum + leases.length, 0))} />
    </>
  )
}
