/** The track itself: steps with their numbers, folds as zigzags, and what is hidden. */
import { useId, type ReactNode } from 'react'
import { useMoment, usePlan, useRun } from '../run.tsx'
import { useText } from '../desk-words.ts'
import type { Axis } from './axis.ts'
import { secondsOf } from './speed.ts'
import styles from './transport.module.css'

const top = 24
const height = 8

export function Segments({ axis, compact }: { readonly axis: Axis; readonly compact: boolean }): ReactNode {
  const text = useText()
  const plan = usePlan()
  const { player } = useRun()
  const { entered, film } = useMoment()
  const hatch = useId()
  const y = compact ? 18 : top
  const seenTo = axis.xOf(player.seenTo)
  const steps = plan.count === 0 ? [] : plan.marks.filter((mark) => !plan.isHidden(mark.index))
  const folds = player.map.foldsIn(0, player.seenTo)
  const firstHidden = axis.toCome.find((step) => step.isHidden)
  return (
    <g>
      <defs>
        <pattern id={hatch} width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="8" height="8" className={styles['veilGround']} />
          <path d="M2 0V8" className={styles['veilLine']} />
        </pattern>
      </defs>
      <rect x={0} y={y} width={axis.knownTo} height={height} rx={2} className={styles['trackAhead']} />
      <rect x={0} y={y} width={seenTo} height={height} rx={2} className={styles['trackSeen']} />
      {film.wholeFrom > 0 && <rect x={0} y={y} width={axis.xOf(film.wholeFrom)} height={height} rx={2} className={styles['trackOld']} />}
      {axis.toCome.map(({ index, from, to }) => (
        <rect
          key={index}
          x={from + 3}
          y={y}
          width={Math.max(0, to - from - 3)}
          height={height}
          rx={2}
          fill={`url(#${hatch})`}
          className={styles['veil']}
        />
      ))}
      {steps.map(
        ({ index, startAt }) =>
          index > 0 && (
            <rect key={index} x={axis.xOf(startAt) - 1.5} y={y - 1} width={3} height={height + 2} className={styles['gapInTrack']} />
          ),
      )}
      {folds.map((fold) => {
        const x = (axis.xOf(fold.from) + axis.xOf(fold.to)) / 2
        return (
          <g key={fold.from} transform={`translate(${x} ${y + height / 2})`}>
            <rect x={-11} y={-6} width={22} height={12} className={styles['gapInTrack']} />
            <path d="M-11 0H-8L-5 -5.5 0 5.5 5 -5.5 8 0H11" className={styles['zigzag']} />
          </g>
        )
      })}
      {!compact && <Numbers axis={axis} steps={steps} entered={entered} folds={folds} until={film.to} />}
      {!compact && firstHidden !== undefined && (
        <text x={(firstHidden.from + axis.width) / 2} y={13} textAnchor="middle" className={styles['caption']}>
          {text.transport.hidden}
        </text>
      )}
    </g>
  )
}

interface NumbersProps {
  readonly axis: Axis
  readonly entered: number
  readonly until: number
  readonly steps: readonly { readonly index: number; readonly startAt: number; readonly endAt: number | undefined }[]
  readonly folds: readonly { readonly from: number; readonly to: number }[]
}
/** Numbers of steps first, lengths of folds where they leave room. */
function Numbers({ axis, steps, entered, folds, until }: NumbersProps): ReactNode {
  const text = useText()
  const taken: number[] = []
  const baseline = top + height + 15
  const labels: ReactNode[] = []
  const put = (key: string, x: number, half: number, node: ReactNode) => {
    if (taken.some((other, i) => i % 2 === 0 && x + half > other && x - half < taken[i + 1]!)) return
    taken.push(x - half, x + half)
    labels.push(<g key={key}>{node}</g>)
  }
  for (const { index, startAt, endAt } of steps) {
    const from = axis.xOf(startAt)
    const to = axis.xOf(endAt ?? until)
    if (to - from < 10 && index !== entered) continue
    const x = (from + to) / 2
    put(
      `s${index}`,
      x,
      8,
      <text x={x} y={baseline} textAnchor="middle" className={index === entered ? styles['stepHere'] : styles['caption']}>
        {index + 1}
      </text>,
    )
  }
  for (const { index, from, to } of axis.toCome)
    put(
      `c${index}`,
      (from + to) / 2,
      8,
      <text x={(from + to) / 2} y={baseline} textAnchor="middle" className={styles['caption']}>
        {index + 1}
      </text>,
    )
  for (const fold of folds) {
    const x = (axis.xOf(fold.from) + axis.xOf(fold.to)) / 2
    put(
      `f${fold.from}`,
      x,
      20,
      <text x={x} y={baseline} textAnchor="middle" className={styles['caption']}>
        {text.transport.folded(secondsOf(fold.to - fold.from))}
      </text>,
    )
  }
  return <>{labels}</>
}
