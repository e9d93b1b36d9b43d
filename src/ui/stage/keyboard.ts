/** Walking the logs: left and right along a log, up and down between replicas, F to follow a record. */
import type { KeyboardEvent } from 'react'
import type { StageActions } from './stage-context.ts'

const steps: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

const offsetOf = (element: Element): number => Number(element.getAttribute('data-offset'))
const placesIn = (strip: Element): SVGElement[] => [...strip.querySelectorAll<SVGElement>('[data-offset]')]
const stripsIn = (root: Element): Element[] => [...root.querySelectorAll('[data-strip]')]

export function handleKey(
  event: KeyboardEvent<HTMLElement>,
  actions: StageActions,
  focusOn: (strip: string, offset: number) => void,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return
  const place = event.target.closest('[data-offset]')
  if (place === null) return
  const record = place.getAttribute('data-record')
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault()
    place.dispatchEvent(new MouseEvent('click', { bubbles: true }))
  } else if ((event.key === 'f' || event.key === 'F') && record !== null) {
    event.preventDefault()
    event.stopPropagation()
    actions.follow(record)
  } else {
    const step = steps[event.key]
    const strip = place.closest('[data-strip]')
    if (step === undefined || strip === null) return
    event.preventDefault()
    event.stopPropagation()
    const next = step[1] === 0 ? along(strip, place, step[0]) : across(event.currentTarget, strip, place, step[1])
    const name = next?.closest('[data-strip]')?.getAttribute('data-strip')
    if (next === undefined || name === undefined || name === null) return
    focusOn(name, offsetOf(next))
    next.focus()
  }
}

function along(strip: Element, place: Element, dx: number): SVGElement | undefined {
  const places = placesIn(strip).toSorted((a, b) => offsetOf(a) - offsetOf(b))
  return places[places.findIndex((each) => each === place) + dx]
}

/** The same offset on the next replica, or its nearest place. */
function across(root: Element, strip: Element, place: Element, dy: number): SVGElement | undefined {
  const strips = stripsIn(root)
  const next = strips[strips.indexOf(strip) + dy]
  if (next === undefined) return undefined
  const wanted = offsetOf(place)
  return placesIn(next).toSorted((a, b) => Math.abs(offsetOf(a) - wanted) - Math.abs(offsetOf(b) - wanted))[0]
}
