/**
 * The painter: tokens onto one canvas. Everything of one colour is one path, since a frame may hold hundreds of marks;
 * so marks of one kind lie in one layer, which a figure can bear.
 */
import { paintWires, paintRibbons } from './paint-wires.ts'
import { paintRings } from './paint-rings.ts'
import { collectShapes, countPlace, halfWidthOf, markerPlace, mostShapes, traceTag, windowOf } from './tags.ts'
import { traceShape } from './shapes.ts'
import { sans, type Theme } from './theme.ts'
import type { Mark, Tokens } from './tokens.ts'

export type Context = CanvasRenderingContext2D

/** Draws into device pixels: the context is scaled by the caller's ratio and cleared first. */
export function paint(context: Context, tokens: Tokens, theme: Theme, width: number, height: number, ratio: number): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  paintWires(context, tokens, theme)
  paintRibbons(context, tokens, theme)
  paintRings(context, tokens, theme)
  paintTags(context, tokens.marks, theme)
  paintRecords(context, tokens.marks, theme)
  paintDiscs(context, tokens.marks, theme)
  paintCrosses(context, tokens.marks, theme)
  paintLabels(context, tokens.marks, theme, width)
}

function paintTags(context: Context, marks: readonly Mark[], theme: Theme): void {
  fillTags(context, marks, 'request', false, theme.paper, theme.ink, 1.5)
  fillTags(context, marks, 'response', false, theme.ink, theme.ink, 1)
  fillTags(context, marks, 'refusal', false, theme.ink, theme.ink, 1)
  fillTags(context, marks, 'request', true, theme.paper, theme.accent, 2)
  fillTags(context, marks, 'response', true, theme.accent, theme.accent, 1)
  fillTags(context, marks, 'refusal', true, theme.accent, theme.accent, 1)
  paintWindows(context, marks, theme)
}

function fillTags(
  context: Context,
  marks: readonly Mark[],
  kind: Mark['kind'],
  accent: boolean,
  fill: string,
  stroke: string,
  lineWidth: number,
): void {
  let any = false
  for (const mark of marks) {
    if (mark.kind !== kind || mark.accent !== accent) continue
    if (!any) context.beginPath()
    any = true
    traceTag(context, mark)
  }
  if (!any) return
  context.fillStyle = fill
  context.strokeStyle = stroke
  context.lineWidth = lineWidth
  context.lineJoin = 'round'
  context.fill()
  context.stroke()
}

/** In a solid tag the records lie in a window of the ground's colour; an error shows a cross there. */
function paintWindows(context: Context, marks: readonly Mark[], theme: Theme): void {
  context.beginPath()
  let refused = false
  for (const mark of marks) {
    if (mark.kind === 'request' || mark.kind === 'bare' || mark.kind === 'ack' || mark.kind === 'cross') continue
    if (mark.records.length === 0 && mark.kind !== 'refusal') continue
    refused ||= mark.kind === 'refusal'
    const { x, y, w, h } = windowOf(mark)
    context.roundRect(x, y, w, h, h / 2)
  }
  context.fillStyle = theme.card
  context.fill()
  if (!refused) return
  context.beginPath()
  for (const mark of marks) {
    if (mark.kind !== 'refusal') continue
    const { x, y, w, h } = windowOf(mark)
    const cx = x + w / 2,
      cy = y + h / 2,
      r = 3.4 * mark.scale
    context.moveTo(cx - r, cy - r)
    context.lineTo(cx + r, cy + r)
    context.moveTo(cx + r, cy - r)
    context.lineTo(cx - r, cy + r)
  }
  context.strokeStyle = theme.fault
  context.lineWidth = 2
  context.stroke()
}

/** Places of the shapes to draw, by colour: x, y, hue, radius, and so on. Refilled with every frame. */
const shapes: readonly number[][] = Array.from({ length: markerPlace + 1 }, () => [])

function paintRecords(context: Context, marks: readonly Mark[], theme: Theme): void {
  for (const each of shapes) each.length = 0
  for (const mark of marks)
    if (mark.records.length > 0 && (mark.kind === 'request' || mark.kind === 'response' || mark.kind === 'bare')) collectShapes(mark, shapes)
  for (const [colour, places] of shapes.entries()) {
    if (places.length === 0) continue
    context.beginPath()
    for (let i = 0; i < places.length; i += 4) traceShape(context, places[i + 2]!, places[i]!, places[i + 1]!, places[i + 3]!)
    context.fillStyle = theme.keys[colour] ?? theme.ink2
    context.fill()
  }
  paintCounts(context, marks, theme)
}

/** A tag holds three shapes; of more it says how many there are. */
function paintCounts(context: Context, marks: readonly Mark[], theme: Theme): void {
  context.font = `600 12px ${sans}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillStyle = theme.ink
  for (const mark of marks) {
    if (mark.records.length <= mostShapes || mark.kind === 'ack' || mark.kind === 'cross') continue
    const { x, y } = countPlace(mark)
    context.fillText(`+${mark.records.length - (mostShapes - 1)}`, x, y + 0.5)
  }
}

const discRadius = 8.5

function paintDiscs(context: Context, marks: readonly Mark[], theme: Theme): void {
  const acks = marks.filter((each) => each.kind === 'ack')
  if (acks.length === 0) return
  context.beginPath()
  for (const { x, y, scale } of acks) {
    context.moveTo(x + discRadius * scale, y)
    context.arc(x, y, discRadius * scale, 0, 2 * Math.PI)
  }
  context.fillStyle = theme.ok
  context.fill()
  context.beginPath()
  for (const { x, y, scale } of acks) {
    context.moveTo(x - 3.9 * scale, y + 0.3)
    context.lineTo(x - 1.1 * scale, y + 3.1 * scale)
    context.lineTo(x + 4.1 * scale, y - 2.8 * scale)
  }
  context.strokeStyle = theme.onOk
  context.lineWidth = 2
  context.lineCap = 'round'
  context.stroke()
  context.lineCap = 'butt'
  context.beginPath()
  for (const { x, y, accent } of acks) if (accent) ring(context, x, y, discRadius + 3)
  context.strokeStyle = theme.accent
  context.stroke()
}

function ring(context: Context, x: number, y: number, radius: number): void {
  context.moveTo(x + radius, y)
  context.arc(x, y, radius, 0, 2 * Math.PI)
}

function paintCrosses(context: Context, marks: readonly Mark[], theme: Theme): void {
  context.beginPath()
  for (const { kind, x, y } of marks) {
    if (kind !== 'cross') continue
    context.moveTo(x - 6, y - 6)
    context.lineTo(x + 6, y + 6)
    context.moveTo(x + 6, y - 6)
    context.lineTo(x - 6, y + 6)
  }
  context.strokeStyle = theme.paper
  context.lineWidth = 5
  context.lineCap = 'round'
  context.stroke()
  context.strokeStyle = theme.fault
  context.lineWidth = 2.25
  context.stroke()
  context.lineCap = 'butt'
}

/** Names of what is neither data nor routine, beside the mark and off the wire. */
function paintLabels(context: Context, marks: readonly Mark[], theme: Theme, width: number): void {
  context.font = `500 12px ${sans}`
  context.lineJoin = 'round'
  context.textBaseline = 'middle'
  for (const mark of marks) {
    const { label, x, y, direction, kind } = mark
    if (label === undefined) continue
    const upright = direction === 'up' || direction === 'down'
    context.textAlign = upright ? 'left' : 'center'
    const half = upright ? 0 : context.measureText(label).width / 2
    const off = halfWidthOf(mark) + 10
    const at = upright ? x + off - 2 : Math.max(half + 4, Math.min(width - half - 4, x))
    const line = upright ? y : y + off
    context.strokeStyle = theme.paper
    context.lineWidth = 4
    context.strokeText(label, at, line)
    context.fillStyle = kind === 'cross' ? theme.fault : theme.ink2
    context.fillText(label, at, line)
  }
}
