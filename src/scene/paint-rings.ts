/** Parked requests as hollow tags in rings, filled by the share of their wait; unread ones as small tags in a stack. */
import { sans, type Theme } from './theme.ts'
import { traceTag } from './tags.ts'
import { noRecords, type Mark, type Ring, type Tokens } from './tokens.ts'

type Context = CanvasRenderingContext2D

const tag: Mark = {
  kind: 'request',
  id: 0,
  x: 0,
  y: 0,
  direction: 'right',
  scale: 1,
  records: noRecords,
  held: false,
  label: undefined,
  accent: false,
}

export function paintRings(context: Context, tokens: Tokens, theme: Theme): void {
  paintStacks(context, tokens, theme)
  const { rings } = tokens
  if (rings.length === 0) return
  context.beginPath()
  for (const { x, y, radius } of rings) circle(context, x, y, radius)
  context.fillStyle = theme.paper
  context.fill()
  context.strokeStyle = theme.rule2
  context.lineWidth = 3
  context.stroke()
  context.beginPath()
  for (const { x, y, radius, share } of rings) {
    if (share === undefined || share <= 0) continue
    context.moveTo(x, y - radius)
    context.arc(x, y, radius, -Math.PI / 2, -Math.PI / 2 + Math.max(0.02, share) * 2 * Math.PI)
  }
  context.strokeStyle = theme.faultFill
  context.stroke()
  paintInside(context, rings, theme)
  paintAccents(context, rings, theme)
}

function circle(context: Context, x: number, y: number, radius: number): void {
  context.moveTo(x + radius, y)
  context.arc(x, y, radius, 0, 2 * Math.PI)
}

/** From three requests on, a number stands in the ring instead of the tag. */
function paintInside(context: Context, rings: readonly Ring[], theme: Theme): void {
  context.beginPath()
  for (const each of rings) {
    if (each.count > 2) continue
    tag.x = each.x
    tag.y = each.y
    tag.direction = each.direction
    tag.scale = each.radius / 18
    traceTag(context, tag)
  }
  context.strokeStyle = theme.ink
  context.lineWidth = 1.4
  context.stroke()
  context.font = `600 12px ${sans}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillStyle = theme.ink
  for (const { x, y, count } of rings) if (count > 2) context.fillText(String(count), x, y + 0.5)
}

function paintAccents(context: Context, rings: readonly Ring[], theme: Theme): void {
  context.beginPath()
  for (const { x, y, radius, accent } of rings) if (accent) circle(context, x, y, radius + 4)
  context.strokeStyle = theme.accent
  context.lineWidth = 2
  context.stroke()
}

/** "waits 123 ms", left of a ring that stands in a line of words. The unit's words are the caller's. */
export function paintWaits(context: Context, tokens: Tokens, theme: Theme, say: (ms: number) => string): void {
  context.font = `400 12.5px ${sans}`
  context.textAlign = 'right'
  context.textBaseline = 'middle'
  context.fillStyle = theme.ink2
  context.strokeStyle = theme.panel
  context.lineWidth = 5
  context.lineJoin = 'round'
  for (const { x, y, radius, waited, labelSide } of tokens.rings) {
    if (labelSide === undefined || waited === undefined) continue
    const words = say(waited)
    context.strokeText(words, x - radius - 7, y + 0.5)
    context.fillText(words, x - radius - 7, y + 0.5)
  }
}

function paintStacks(context: Context, tokens: Tokens, theme: Theme): void {
  if (tokens.stacks.length === 0) return
  context.beginPath()
  for (const { x, y, direction, count } of tokens.stacks) {
    for (let i = Math.min(count, 3) - 1; i >= 0; i--) {
      tag.x = x + (direction === 'right' ? -i * 4 : direction === 'left' ? i * 4 : 0)
      tag.y = y + (direction === 'down' ? -i * 4 : 0)
      tag.direction = direction
      tag.scale = 0.62
      traceTag(context, tag)
    }
  }
  context.fillStyle = theme.paper
  context.fill()
  context.strokeStyle = theme.ink2
  context.lineWidth = 1.25
  context.stroke()
}
