import { expect, test } from 'vitest'
import { cell } from './fixtures/build.ts'
import { paint, type Context } from './paint.ts'
import { makeRoute } from './routes.ts'
import { themes } from './theme.ts'
import { Tokens, type MarkKind } from './tokens.ts'

/** Counts what it is told, and knows how wide a word is. */
function recorder(): { readonly context: Context; readonly calls: Map<string, number> } {
  const calls = new Map<string, number>()
  const target: Record<string, unknown> = {}
  const context = new Proxy(target, {
    get: (_, name: string) =>
      name in target
        ? target[name]
        : (...given: unknown[]) => {
            calls.set(name, (calls.get(name) ?? 0) + 1)
            return name === 'measureText' ? { width: String(given[0]).length * 7 } : undefined
          },
    set: (_, name: string, value: unknown) => {
      target[name] = value
      return true
    },
  })
  return { context: context as unknown as Context, calls }
}

function crowd(count: number): Tokens {
  const tokens = new Tokens()
  const kinds: readonly MarkKind[] = ['request', 'response', 'ack', 'refusal', 'cross']
  for (let i = 0; i < count; i++)
    Object.assign(tokens.mark(), {
      id: i,
      kind: kinds[i % 5]!,
      x: i,
      y: i,
      direction: 'right',
      scale: 1,
      records: [cell(i, i)],
      held: false,
      label: undefined,
      accent: false,
    })
  const route = makeRoute('a', 'b', [
    { x: 0, y: 0 },
    { x: 50, y: 0 },
    { x: 50, y: 90 },
  ])
  for (const style of ['behind', 'ahead', 'thin'] as const) tokens.leg(route, 0, route.length, style)
  return tokens
}

test('hundreds of marks take as many strokes of the pen as a few: one path a colour', () => {
  const few = recorder(),
    many = recorder()
  paint(few.context, crowd(40), themes.light, 900, 600, 1)
  paint(many.context, crowd(500), themes.light, 900, 600, 1)
  for (const name of ['fill', 'stroke', 'beginPath']) expect(many.calls.get(name), name).toBe(few.calls.get(name))
  expect(many.calls.get('fill')).toBeLessThan(30)
})

test('an empty frame is an empty canvas', () => {
  const { context, calls } = recorder()
  paint(context, new Tokens(), themes.dark, 900, 600, 2)
  expect(calls.get('clearRect')).toBe(1)
  expect(calls.get('fillText')).toBeUndefined()
})

test('tokens are taken from those of the frame before', () => {
  const tokens = crowd(3)
  const first = tokens.marks[0]
  tokens.clear()
  expect(tokens.marks).toEqual([])
  expect(tokens.mark()).toBe(first)
})
