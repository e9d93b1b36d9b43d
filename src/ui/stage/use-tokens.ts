/** Draws the tokens: once a frame, from the film, the layout and the playhead alone. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, type RefObject } from 'react'
import { fromMs } from '../../base/units.ts'
import type { Film } from '../../bridge/film.ts'
import type { ClusterView } from '../../projection/cluster-view.ts'
import { hitAt, type Hit } from '../../scene/hit.ts'
import type { StageFrame } from '../../scene/layout-types.ts'
import { crossReach, tokensAt, type MotionOptions, type MotionScene } from '../../scene/motion.ts'
import { paintWaits } from '../../scene/paint-rings.ts'
import { paint } from '../../scene/paint.ts'
import { addWaiting, type RingOptions } from '../../scene/rings.ts'
import { themes, type ThemeName } from '../../scene/theme.ts'
import { Tokens } from '../../scene/tokens.ts'
import type { Since } from '../../scene/transition.ts'
import type { Dock, Wires } from '../../scene/wires.ts'
import type { Clock } from '../clock.ts'
import type { Selection } from '../selection.ts'
import type { Live } from './live.ts'
import type { StageText } from './stage-text.ts'

export interface TokensInput {
  readonly film: Film
  readonly clock: Clock
  readonly frame: StageFrame | undefined
  readonly wires: Wires | undefined
  readonly theme: ThemeName
  readonly text: StageText
  readonly selection: Selection | undefined
  readonly followed: string | undefined
  readonly hovered: Hit | undefined
  readonly showBeats?: boolean
  readonly reducedMotion: boolean
  readonly hop?: number | undefined
  readonly since: Since
  readonly live: Live
  /** Where the pointer is on the stage, and what is said when something else comes to lie under it. */
  readonly pointer: RefObject<{ readonly x: number; readonly y: number } | undefined>
  readonly onHover: (hit: Hit | undefined) => void
}

export interface TokensOutput {
  readonly canvas: RefObject<HTMLCanvasElement | null>
  /** The tokens of the frame on the screen. */
  readonly tokens: Tokens
  /** Tokens of a moment, for those who do not look at the canvas. */
  readonly tokensOf: (at: number) => Tokens
}

const maxRatio = 3

export function useTokens(input: TokensInput): TokensOutput {
  const { film, clock, frame, wires, theme, text, since, live, pointer, onHover } = input
  const canvas = useRef<HTMLCanvasElement>(null)
  const tokens = useMemo(() => new Tokens(), [])
  const options = useMotionOptions(input)
  const rings = useRingOptions(input)

  const compute = useCallback(
    (at: number, into: Tokens): Tokens => {
      if (frame === undefined || wires === undefined) return into
      const view = film.viewAt(at)
      tokensAt(film.spansBetween(at - crossReach, at), wires, at, sceneOf(view, frame), options, into)
      addWaiting(waitingIn(view, frame), wires, at, rings, into)
      return into
    },
    [film, frame, wires, options, rings],
  )

  const draw = useCallback(
    (at: number): void => {
      const node = canvas.current
      const context = node?.getContext('2d')
      if (node === null || frame === undefined || context === null || context === undefined) return
      const ratio = Math.min(maxRatio, window.devicePixelRatio)
      fitCanvas(node, frame.size.width, frame.size.height, ratio)
      compute(at, tokens)
      paint(context, tokens, themes[theme], frame.size.width, frame.size.height, ratio)
      paintWaits(context, tokens, themes[theme], text.waits)
      live.run(at, since)
      const point = pointer.current
      if (point !== undefined) onHover(hitAt(tokens, point.x, point.y))
    },
    [frame, compute, tokens, theme, text, live, since, pointer, onHover],
  )

  useEffect(() => clock.onFrame(draw), [clock, draw])
  useLayoutEffect(() => draw(clock.at))
  const tokensOf = useCallback((at: number) => compute(at, new Tokens()), [compute])
  return { canvas, tokens, tokensOf }
}

function useMotionOptions({ followed, selection, hovered, showBeats, reducedMotion, hop, since }: TokensInput): MotionOptions {
  const selected = hovered?.kind === 'span' ? hovered.id : selection?.kind === 'span' ? Number(selection.key) : undefined
  return useMemo(
    () => ({ beats: showBeats ?? false, reduced: reducedMotion, hop: hop ?? fromMs(5), ribbonAbove: 4, since, followed, selected }),
    [showBeats, reducedMotion, hop, since, followed, selected],
  )
}

function useRingOptions({ frame, followed, selection, hovered }: TokensInput): RingOptions {
  const selected = hovered?.kind === 'waiting' ? hovered.key : selection?.kind === 'waiting' ? selection.key : undefined
  return useMemo(
    () => ({
      radius: ringRadius(frame),
      followed,
      selected,
      // Only beside the line of words over a log is there room for more words.
      hasRoom: (dock: Dock) =>
        frame !== undefined &&
        frame.single &&
        frame.brokers.some(
          (each) =>
            frame.variant === 'full' &&
            each.mode === 'open' &&
            each.style.role !== undefined &&
            Math.abs(each.box.y + each.style.role - dock.y) < 6,
        ),
    }),
    [frame, followed, selected],
  )
}

function ringRadius(frame: StageFrame | undefined): number {
  const style = frame?.brokers[0]?.style.name
  return style === 'large' ? 14 : style === 'roomy' || style === 'snug' ? 12 : style === 'home' ? 11 : 9.5
}

/** With many brokers only the wires of the focus are drawn. */
function sceneOf(view: ClusterView, frame: StageFrame): MotionScene {
  const { structure, single } = frame
  const focus = structure.focus
  const crowded = structure.brokers.length > 3 && single && focus !== undefined
  const frozen = new Set<string>()
  for (const table of [view.brokers, view.controllers, view.producers, view.consumers, view.admins])
    for (const each of Object.values(table)) if (each.condition === 'frozen') frozen.add(each.name)
  return {
    links: view.links,
    frozen,
    replicationWith: single && focus !== undefined ? view.partitions[focus]?.leader : undefined,
    partitions: crowded ? new Set([focus]) : undefined,
  }
}

function waitingIn(view: ClusterView, frame: StageFrame): readonly ClusterView['waiting'][string][] {
  const all = Object.values(view.waiting)
  const { structure, single } = frame
  const focus = structure.focus
  if (!single || focus === undefined) return all
  const leader = view.partitions[focus]?.leader
  const crowded = structure.brokers.length > 3
  return all.filter((each) =>
    view.brokers[each.from] !== undefined
      ? each.broker === leader || each.partition === focus
      : !crowded || each.partition === undefined || each.partition === focus,
  )
}

function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): void {
  const w = Math.round(width * ratio),
    h = Math.round(height * ratio)
  if (canvas.width === w && canvas.height === h) return
  canvas.width = w
  canvas.height = h
  canvas.style.width = `${width}px`
  canvas.style.height = `${height}px`
}
