/** Two fingers apart, or the wheel with Ctrl held, which is how a touch pad says the same: one level nearer or farther. */
import { useEffect, type RefObject } from 'react'

/** So much of the wheel is a level. */
const WHEEL = 60
const APART = 1.35
/** One gesture is one level: what still comes of it is passed over. */
const REST_MS = 400

export function useZoomGestures(place: RefObject<HTMLElement | null>, zoom: (by: 1 | -1) => void): void {
  useEffect(() => {
    const element = place.current
    if (element === null) return
    let turned = 0, restUntil = 0, begun: number | undefined
    const go = (by: 1 | -1): void => {
      turned = 0
      restUntil = performance.now() + REST_MS
      zoom(by)
    }
    const wheel = (event: WheelEvent): void => {
      if (!event.ctrlKey) return
      event.preventDefault()
      if (performance.now() < restUntil) return
      turned -= event.deltaY
      if (Math.abs(turned) >= WHEEL) go(turned > 0 ? 1 : -1)
    }
    const span = ({ touches }: TouchEvent): number => Math.hypot(touches[0]!.clientX - touches[1]!.clientX, touches[0]!.clientY - touches[1]!.clientY)
    const start = (event: TouchEvent): void => {
      begun = event.touches.length === 2 ? span(event) : undefined
    }
    const move = (event: TouchEvent): void => {
      if (begun === undefined || event.touches.length !== 2) return
      event.preventDefault()
      const ratio = span(event) / begun
      if (ratio < APART && ratio > 1 / APART) return
      begun = undefined
      go(ratio > 1 ? 1 : -1)
    }
    element.addEventListener('wheel', wheel, { passive: false })
    element.addEventListener('touchstart', start, { passive: true })
    element.addEventListener('touchmove', move, { passive: false })
    return () => {
      element.removeEventListener('wheel', wheel)
      element.removeEventListener('touchstart', start)
      element.removeEventListener('touchmove', move)
    }
  }, [place, zoom])
}
