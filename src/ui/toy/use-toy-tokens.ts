/** The messages of toys and sinks on their wires, once a frame, from the film and the playhead alone. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, type RefObject } from 'react'
import type { Micros } from '../../base/units.ts'
import type { Film } from '../../bridge/film.ts'
import type { Size } from '../../scene/geometry.ts'
import { hitAt, type Hit } from '../../scene/hit.ts'
import { crossReach, tokensAt, type MotionOptions } from '../../scene/motion.ts'
import { paint } from '../../scene/paint.ts'
import { themes, type ThemeName } from '../../scene/theme.ts'
import { Tokens } from '../../scene/tokens.ts'
import type { Since } from '../../scene/transition.ts'
import type { Wires } from '../../scene/wires.ts'
import type { Clock } from '../clock.ts'
import type { Selection } from '../selection.ts'
import type { Live } from '../stage/live.ts'

export interface ToyTokensInput {
  readonly film: Film
  readonly clock: Clock
  readonly wires: Wires
  readonly size: Size
  readonly theme: ThemeName
  readonly reducedMotion: boolean
  readonly hop: Micros
  readonly since: Since
  readonly live: Live
  readonly selection: Selection | undefined
  readonly followed: string | undefined
  readonly hovered: Hit | undefined
  readonly pointer: RefObject<{ readonly x: number; readonly y: number } | undefined>
  readonly onHover: (hit: Hit | undefined) => void
}
const maxRatio = 3

export function useToyTokens(input: ToyTokensInput): { readonly canvas: RefObject<HTMLCanvasElement | null>; readonly tokens: Tokens; readonly tokensOf: (at: Micros) => Tokens } {
  const { film, clock, wires, size, theme, reducedMotion, hop, since, live, selection, followed, hovered, pointer, onHover } = input
  const canvas = useRef<HTMLCanvasElement>(null)
  const tokens = useMemo(() => new Tokens(), [])
  const selected = hovered?.kind === 'span' ? hovered.id : selection?.kind === 'span' ? Number(selection.key) : undefined
  const options = useMemo<MotionOptions>(() => ({ beats: false, reduced: reducedMotion, hop, ribbonAbove: 6, since, followed, selected }), [reducedMotion, hop, since, followed, selected])
  const compute = useCallback(
    (at: Micros, into: Tokens): Tokens => {
      const { links, toys, producers, consumers } = film.viewAt(at)
      const frozen = new Set([toys, producers, consumers].flatMap((each): readonly { readonly name: string; readonly condition: string }[] => Object.values(each)).flatMap(({ name, condition }) => (condition === 'frozen' ? [name] : [])))
      return tokensAt(film.spansBetween(at - crossReach, at), wires, at, { links, frozen, replicationWith: undefined, partitions: undefined }, options, into)
    },
    [film, wires, options],
  )
  const draw = useCallback(
    (at: Micros): void => {
      const node = canvas.current
      const context = node?.getContext('2d')
      if (node === null || context === null || context === undefined) return
      const ratio = Math.min(maxRatio, window.devicePixelRatio)
      const w = Math.round(size.width * ratio), h = Math.round(size.height * ratio)
      if (node.width !== w || node.height !== h) {
        node.width = w
        node.height = h
        node.style.width = `${size.width}px`
        node.style.height = `${size.height}px`
      }
      compute(at, tokens)
      paint(context, tokens, themes[theme], size.width, size.height, ratio)
      live.run(at, since)
      const point = pointer.current
      if (point !== undefined) onHover(hitAt(tokens, point.x, point.y))
    },
    [size, compute, tokens, theme, live, since, pointer, onHover],
  )
  useEffect(() => clock.onFrame(draw), [clock, draw])
  useLayoutEffect(() => draw(clock.at))
  const tokensOf = useCallback((at: Micros) => compute(at, new Tokens()), [compute])
  return { canvas, tokens, tokensOf }
}
