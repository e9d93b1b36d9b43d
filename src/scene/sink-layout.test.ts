import { describe, expect, test } from 'vitest'
import { bottomOf, rightOf, type Box } from './geometry.ts'
import { layoutSinks, sinkHeight, sinkWires, type SinkStructure } from './sink-layout.ts'

const structures: readonly SinkStructure[] = [
  { sinks: [{ name: 'mail', of: ['A'] }] },
  { sinks: [{ name: 'mail', of: ['A', 'B'] }, { name: 'sent', of: ['B', 'A'] }] },
  { sinks: [{ name: 'mail', of: ['A', 'B', 'C', 'D', 'E'] }] },
  { sinks: ['w', 'x', 'y'].map((name) => ({ name, of: ['A'] })) },
]
const widths = [320, 390, 619, 620, 760, 904, 1280]
const isInside = (inner: Box, outer: Box): boolean => inner.x >= outer.x - 0.5 && inner.y >= outer.y - 0.5 && rightOf(inner) <= rightOf(outer) + 0.5 && bottomOf(inner) <= bottomOf(outer) + 0.5
const overlap = (a: Box, b: Box): boolean => a.x < rightOf(b) && b.x < rightOf(a) && a.y < bottomOf(b) && b.y < bottomOf(a)

describe.each(structures)('the place of sinks', (structure) => {
  test.each(widths)('at %s px nothing leaves it, and nothing lies on anything else', (width) => {
    for (const snug of [false, true]) {
      const frame = layoutSinks(structure, width, 100, snug)!
      const machines = [...frame.clients, ...frame.rows].map(({ box }) => box)
      expect(bottomOf(frame.box)).toBeLessThanOrEqual(100 + sinkHeight(structure, width, snug))
      expect(rightOf(frame.box)).toBeLessThanOrEqual(width)
      for (const [i, one] of machines.entries()) {
        expect(isInside(one, frame.box), JSON.stringify(one)).toBe(true)
        for (const other of machines.slice(i + 1)) expect(overlap(one, other), `${JSON.stringify(one)} ${JSON.stringify(other)}`).toBe(false)
      }
      for (const { box, title, figures, entries, from, to } of frame.rows) {
        expect(title).toBeLessThanOrEqual(figures)
        expect(figures + 19).toBeLessThanOrEqual(entries)
        expect(entries + 13).toBeLessThanOrEqual(bottomOf(box))
        expect([from > box.x, to < rightOf(box)]).toEqual([true, true])
      }
    }
  })

  test('there is a way between a client and each of its sinks, and none to others', () => {
    const frame = layoutSinks(structure, 904, 0, false)!
    const wires = sinkWires(frame, structure)
    for (const { name, of } of structure.sinks) {
      for (const client of of) for (const route of [wires.route(client, name), wires.route(name, client)]) expect(route?.length).toBeGreaterThan(10)
      expect(wires.route(name, 'b1')).toBeUndefined()
    }
  })
})

test('without sinks there is no such place', () => {
  expect([layoutSinks({ sinks: [] }, 904, 0, false), sinkHeight({ sinks: [] }, 904, false)]).toEqual([undefined, 0])
})
