/**
 * The painter: tokens onto one canvas. Everything of one colour is one path, since a frame may hold hundreds of marks;
 * so marks of one kind lie in one layer, which a figure can bear.
 */
import { glyphs, type Glyph } from './glyphs.ts'
import { paintWires, paintRibbons } from './paint-wires.ts'
import { paintRings } from './paint-rings.ts'
import { traceTag, windowOf, windowShapes } from './tags.ts'
import { shapeIndex, traceShape } from './shapes.ts'
import { mono, sans, type Theme } from './theme.ts'
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

function fillTags(context: Context, marks: readonly Mark[], kind: Mark['kind'], accent: boolean, fill: string, stroke: string, lineWidth: number): void {
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
    if (mark.kind === 'request' || mark.kind === 'ack' || mark.kind === 'cross') continue
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
    const cx = x + w / 2, cy = y + h / 2, r = 3.4 * mark.scale
    context.moveTo(cx - r, cy - r)
    context.lineTo(cx + r, cy + r)
    context.moveTo(cx + r, cy - r)
    context.lineTo(cx - r, cy + r)
  }
  context.strokeStyle = theme.fault
  context.lineWidth = 2
  context.stroke()
}

function paintRecords(context: Context, marks: readonly Mark[], theme: Theme): void {
  for (let colour = 0; colour < 8; colour++) {
    let any = false
    for (const mark of marks) {
      if (mark.kind === 'ack' || mark.kind === 'cross' || mark.kind === 'refusal') continue
      const { count, radius, at } = windowShapes(mark)
      for (let i = 0; i < count; i++) {
        const hue = mark.records[i]!.hue
        if (shapeIndex(hue) !== colour) continue
        if (!any) context.beginPath()
        any = true
        const { x, y } = at(i)
        traceShape(context, hue, x, y, radius)
      }
    }
    if (!any) continue
    context.fillStyle = theme.keys[colour]!
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
    if (mark.kind === 'ack' || mark.kind === 'cross') continue
    const { more, moreAt } = windowShapes(mark)
    if (more > 0) context.fillText(`+${more}`, moreAt.x, moreAt.y + 0.5)
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
  for (const { label, x, y, direction, kind } of marks) {
    if (label === undefined) continue
    const upright = direction === 'up' || direction === 'down'
    context.textAlign = upright ? 'left' : 'center'
    const half = upright ? 0 : context.measureText(label).width / 2
    const at = upright ? x + 16 : Math.max(half + 4, Math.min(width - half - 4, x))
    const line = upright ? y : y + 18
    context.strokeStyle = theme.paper
    context.lineWidth = 4
    context.strokeText(label, at, line)
    context.fillStyle = kind === 'cross' ? theme.fault : theme.ink2
    context.fillText(label, at, line)
  }
}

/** A glyph of the page on the canvas, its centre at (x, y). */
export function paintGlyph(context: Context, glyph: Glyph, x: number, y: number, size: number, colour: string): void {
  const scale = size / Math.max(glyph.width, glyph.height)
  context.save()
  context.translate(x - (glyph.width * scale) / 2, y - (glyph.height * scale) / 2)
  context.scale(scale, scale)
  context.fillStyle = colour
  context.strokeStyle = colour
  if (glyph.fill !== undefined) context.fill(new Path2D(glyph.fill))
  if (glyph.stroke !== undefined) {
    context.lineWidth = glyph.lineWidth ?? 1.5
    context.stroke(new Path2D(glyph.stroke))
  }
  context.restore()
}
export const faces = { sans, mono, glyphs } as const
