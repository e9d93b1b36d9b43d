/** The pointer over the stage: what lies under it on the canvas, and what a click there chooses. */
import { useCallback, useMemo, useRef, useState, type MouseEvent, type PointerEvent, type RefObject } from 'react'
import { hitAt, type Hit } from '../../scene/hit.ts'
import type { Point } from '../../scene/geometry.ts'
import type { Tokens } from '../../scene/tokens.ts'
import type { StageActions } from './stage-context.ts'

export interface Hovered {
  readonly hit: Hit
  readonly x: number
  readonly y: number
}

export interface Pointing {
  readonly hovered: Hovered | undefined
  readonly pointer: RefObject<Point | undefined>
  readonly point: (at: Point | undefined) => void
  readonly onHover: (hit: Hit | undefined) => void
}

/** The pointer rests while marks pass under it, so every frame asks anew; state changes only with what is found. */
export function useHover(): Pointing {
  const pointer = useRef<Point | undefined>(undefined)
  const [hovered, setHovered] = useState<Hovered>()
  const onHover = useCallback((hit: Hit | undefined) => {
    const point = pointer.current
    setHovered((was) => (sameHit(was?.hit, hit) ? was : hit === undefined || point === undefined ? undefined : { hit, ...point }))
  }, [])
  const point = useCallback((at: Point | undefined) => {
    pointer.current = at
  }, [])
  return { hovered, pointer, point, onHover }
}

const sameHit = (a: Hit | undefined, b: Hit | undefined): boolean =>
  a === b || (a?.kind === 'span' && b?.kind === 'span' ? a.id === b.id : a?.kind === 'waiting' && b?.kind === 'waiting' && a.key === b.key)

export interface PointerHandlers {
  readonly onClickCapture: (event: MouseEvent<HTMLDivElement>) => void
  readonly onPointerMove: (event: PointerEvent<HTMLDivElement>) => void
  readonly onPointerLeave: () => void
}

export function usePointerHandlers({ point, onHover }: Pointing, tokens: Tokens, actions: StageActions): PointerHandlers {
  return useMemo(
    () => ({
      onClickCapture: (event) => {
        // A click that comes from the keyboard has no place.
        const { x, y } = pointOf(event)
        const hit = event.detail === 0 ? undefined : hitAt(tokens, x, y)
        if (hit === undefined) return
        event.stopPropagation()
        actions.select(hit.kind === 'span' ? { kind: 'span', key: String(hit.id) } : { kind: 'waiting', key: hit.key })
      },
      onPointerMove: (event) => {
        if (event.pointerType === 'touch') return
        const at = pointOf(event)
        point(at)
        onHover(hitAt(tokens, at.x, at.y))
      },
      onPointerLeave: () => {
        point(undefined)
        onHover(undefined)
      },
    }),
    [point, onHover, tokens, actions],
  )
}

function pointOf(event: MouseEvent<HTMLDivElement>): Point {
  const box = event.currentTarget.getBoundingClientRect()
  return { x: event.clientX - box.left, y: event.clientY - box.top + event.currentTarget.scrollTop }
}
