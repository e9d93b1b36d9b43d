/** Wires and ribbons: solid behind the mark, dotted ahead, thin where the round trip is not over. */
import { placeAt, segmentAt, type Place, type Route } from './routes.ts'
import { sans, type Theme } from './theme.ts'
import type { Leg, LegStyle, Tokens } from './tokens.ts'

type Context = CanvasRenderingContext2D

const dashes: Readonly<Record<LegStyle, readonly number[]>> = { behind: [], ahead: [1.5, 4], thin: [] }
const widths: Readonly<Record<LegStyle, number>> = { behind: 1.75, ahead: 1.5, thin: 1 }

export function paintWires(context: Context, tokens: Tokens, theme: Theme): void {
  strokeLegs(context, tokens.legs, 'thin', theme.ink3)
  strokeLegs(context, tokens.legs, 'ahead', theme.ink3)
  strokeLegs(context, tokens.legs, 'behind', theme.ink)
  context.setLineDash([])
  paintDots(context, tokens.legs, theme)
}

function strokeLegs(context: Context, legs: readonly Leg[], style: LegStyle, colour: string): void {
  let any = false
  for (const leg of legs) {
    if (leg.style !== style) continue
    if (!any) context.beginPath()
    any = true
    traceLeg(context, leg.route, leg.from, leg.to)
  }
  if (!any) return
  context.setLineDash(dashes[style] as number[])
  context.lineWidth = widths[style]
  context.strokeStyle = colour
  context.stroke()
}

const spot: Place = { x: 0, y: 0, direction: 'right' }

export function traceLeg(context: Pick<Context, 'moveTo' | 'lineTo'>, route: Route, from: number, to: number): void {
  placeAt(route, from, spot)
  context.moveTo(spot.x, spot.y)
  const last = segmentAt(route, to)
  for (let i = segmentAt(route, from) + 1; i <= last; i++) context.lineTo(route.xs[i]!, route.ys[i]!)
  placeAt(route, to, spot)
  context.lineTo(spot.x, spot.y)
}

/** A client's wires begin in a dot on its card. */
function paintDots(context: Context, legs: readonly Leg[], theme: Theme): void {
  context.beginPath()
  for (const { route, from, to } of legs) {
    const end = route.dot === 'start' ? 0 : route.dot === 'end' ? route.xs.length - 1 : -1
    if (end < 0 || (end === 0 ? from > 0 : to < route.length)) continue
    const x = route.xs[end]!,
      y = route.ys[end]!
    context.moveTo(x + 2.6, y)
    context.arc(x, y, 2.6, 0, 2 * Math.PI)
  }
  context.fillStyle = theme.ink
  context.fill()
}

export function paintRibbons(context: Context, tokens: Tokens, theme: Theme): void {
  if (tokens.ribbons.length === 0) return
  context.lineJoin = 'round'
  context.beginPath()
  for (const { route } of tokens.ribbons) traceLeg(context, route, 0, route.length)
  context.lineWidth = 9
  context.strokeStyle = theme.rule2
  context.stroke()
  context.lineWidth = 6
  context.strokeStyle = theme.panel
  context.stroke()
  context.font = `600 12px ${sans}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const { route, count } of tokens.ribbons) {
    placeAt(route, route.length / 2, spot)
    const text = String(count)
    const half = context.measureText(text).width / 2 + 8
    context.beginPath()
    context.roundRect(spot.x - half, spot.y - 10, half * 2, 20, 10)
    context.fillStyle = theme.ink
    context.fill()
    context.fillStyle = theme.onInk
    context.fillText(text, spot.x, spot.y + 0.5)
  }
}
