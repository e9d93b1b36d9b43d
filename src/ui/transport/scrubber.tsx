/** The timeline: what happened when, drawn in screen time, so that a silence is a zigzag and a hop has room. */
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { SECOND } from '../../base/units.ts'
import { formatTime } from '../../text/format.ts'
import { useMoment, useRun } from '../run.tsx'
import { useText } from '../desk-words.ts'
import { useAxis, type Axis } from './axis.ts'
import { Bands } from './bands.tsx'
import { Marks } from './marks.tsx'
import { Segments } from './segments.tsx'
import { secondsOf } from './speed.ts'
import styles from './transport.module.css'
import { useWidth } from './use-width.ts'

export function Scrubber({ compact = false }: { readonly compact?: boolean }): ReactNode {
  const text = useText()
  const place = useRef<HTMLDivElement>(null)
  const width = useWidth(place)
  const { player } = useRun()
  const { at, film } = useMoment()
  const axis = useAxis(width)
  const [hover, setHover] = useState<number>()
  const dragging = useDrag(place, axis)
  const hoverAt = hover === undefined ? undefined : axis.runAt(hover)
  const fold = hoverAt === undefined ? undefined : player.map.foldAt(hoverAt)
  return (
    <div
      ref={place}
      className={compact ? styles['scrubberCompact'] : styles['scrubber']}
      role="slider"
      tabIndex={0}
      aria-label={text.transport.scrubber}
      aria-valuemin={0}
      aria-valuemax={Math.round(Math.max(player.seenTo, film.to) / 1_000)}
      aria-valuenow={Math.round(at / 1_000)}
      aria-valuetext={formatTime(at)}
      onKeyDown={(event) => keys(event, player)}
      onPointerDown={dragging.onPointerDown}
      onPointerMove={(event) => setHover(event.clientX - event.currentTarget.getBoundingClientRect().left)}
      onPointerLeave={() => setHover(undefined)}
    >
      <svg width={width} height={compact ? 36 : 84} aria-hidden="true">
        <Segments axis={axis} compact={compact} />
        <Marks axis={axis} compact={compact} />
        {!compact && <Bands axis={axis} />}
        <Playhead axis={axis} compact={compact} />
      </svg>
      {hover !== undefined && hoverAt !== undefined && (
        <output className={styles['hover']} style={{ left: `${hover}px` }} aria-hidden="true">
          {formatTime(hoverAt)}
          {fold === undefined ? '' : ` · ${text.transport.foldedMore(secondsOf(fold.to - fold.from))}`}
          {hoverAt < film.wholeFrom ? ` · ${text.transport.madeAgain}` : ''}
        </output>
      )}
    </div>
  )
}

/** The playhead moves on every frame; React is not asked. */
function Playhead({ axis, compact }: { readonly axis: Axis; readonly compact: boolean }): ReactNode {
  const { player } = useRun()
  const element = useRef<SVGGElement>(null)
  useEffect(
    () => player.onFrame((at) => element.current?.setAttribute('transform', `translate(${axis.xOf(at).toFixed(2)} 0)`)),
    [player, axis],
  )
  return (
    <g ref={element} className={styles['playhead']}>
      <path d={compact ? 'M0 4V32' : 'M0 14V82'} />
      <circle cy={compact ? 22 : 28} r={6.5} />
    </g>
  )
}

/** While a drag goes on, the axis of its start stays under the pointer. */
function useDrag(place: { readonly current: HTMLDivElement | null }, axis: Axis) {
  const { player } = useRun()
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return
      const seek = ({ clientX }: { readonly clientX: number }) =>
        player.seek(axis.runAt(clientX - (place.current?.getBoundingClientRect().left ?? 0)))
      const controller = new AbortController()
      const { signal } = controller
      player.pause()
      seek(event)
      window.addEventListener('pointermove', seek, { signal })
      for (const end of ['pointerup', 'pointercancel']) window.addEventListener(end, () => controller.abort(), { signal })
    },
  }
}

/** A slider's own keys; they do not reach the page's. */
function keys(event: KeyboardEvent, player: ReturnType<typeof useRun>['player']): void {
  const moves: Readonly<Record<string, () => void>> = {
    ArrowRight: () => player.step('event', 1),
    ArrowUp: () => player.step('event', 1),
    ArrowLeft: () => player.step('event', -1),
    ArrowDown: () => player.step('event', -1),
    PageUp: () => player.nudge(SECOND),
    PageDown: () => player.nudge(-SECOND),
    Home: () => player.seek(0),
    End: () => player.seek(player.seenTo),
  }
  const move = moves[event.key]
  if (move === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
  event.preventDefault()
  event.stopPropagation()
  player.pause()
  move()
}
