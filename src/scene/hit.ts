/** What on the canvas lies under a finger. */
import { reachOf } from './tags.ts'
import type { Tokens } from './tokens.ts'

export type Hit = { readonly kind: 'span'; readonly id: number } | { readonly kind: 'waiting'; readonly key: string }

/** The nearest mark or ring whose drawing, or the target of `slack` pixels round it, holds the point. */
export function hitAt(tokens: Tokens, x: number, y: number, slack = 4): Hit | undefined {
  let best: Hit | undefined
  let nearest = Infinity
  const offer = (distance: number, reach: number, hit: () => Hit): void => {
    if (distance > Math.max(12, reach + slack) || distance >= nearest) return
    nearest = distance
    best = hit()
  }
  for (const mark of tokens.marks) offer(distanceTo(mark.x, mark.y, x, y), reachOf(mark), () => ({ kind: 'span', id: mark.id }))
  for (const ring of tokens.rings) offer(distanceTo(ring.x, ring.y, x, y), ring.radius, () => ({ kind: 'waiting', key: ring.key }))
  for (const stack of tokens.stacks) offer(distanceTo(stack.x, stack.y, x, y), 8, () => ({ kind: 'waiting', key: stack.key }))
  return best
}

const distanceTo = (ax: number, ay: number, bx: number, by: number): number => Math.sqrt((ax - bx) ** 2 + (ay - by) ** 2)
