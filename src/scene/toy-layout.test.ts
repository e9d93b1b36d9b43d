import { describe, expect, test } from 'vitest'
import { bottomOf, rightOf, type Box } from './geometry.ts'
import { layoutToy, toyHeight, toyWires, type ToyStructure } from './toy-layout.ts'

const structures: readonly ToyStructure[] = [
  { toy: 'hub', senders: ['feed'], readers: [{ name: 'fast', places: 5 }, { name: 'slow', places: 5 }] },
  { toy: 'hub', senders: ['a', 'b'], readers: [{ name: 'only', places: 20 }] },
  { toy: 'hub', senders: ['a', 'b', 'c'], readers: [1, 2, 3].map((n) => ({ name: `r${n}`, places: n * 3 })) },
]
const widths = [320, 390, 619, 620, 760, 904, 1280]
const isInside = (inner: Box, outer: Box): boolean => inner.x >= outer.x - 0.5 && inner.y >= outer.y - 0.5 && rightOf(inner) <= rightOf(outer) + 0.5 && bottomOf(inner) <= bottomOf(outer) + 0.5
const overlap = (a: Box, b: Box): boolean => a.x < rightOf(b) && b.x < rightOf(a) && a.y < bottomOf(b) && b.y < bottomOf(a)

describe.each(structures)('the place of a toy', (structure) => {
  test.each(widths)('at %s px nothing leaves it, and nothing lies on anything else', (width) => {
    for (const snug of [false, true]) {
      const frame = layoutToy(structure, width, 0, snug)
      const machines = [frame.broker, ...frame.senders.map(({ box }) => box), ...frame.readers.map(({ box }) => box)]
      expect(bottomOf(frame.box)).toBeLessThanOrEqual(toyHeight(structure, width, snug))
      expect(rightOf(frame.box)).toBeLessThanOrEqual(width)
      for (const [i, one] of machines.entries()) {
        expect(isInside(one, frame.box), JSON.stringify(one)).toBe(true)
        for (const other of machines.slice(i + 1)) expect(overlap(one, other), `${JSON.stringify(one)} ${JSON.stringify(other)}`).toBe(false)
      }
      for (const { box, slots, atWork } of frame.readers) {
        for (const slot of slots) expect(isInside(slot, box)).toBe(true)
        expect(atWork.x - atWork.r).toBeGreaterThan(rightOf(slots[slots.length - 1]!))
        expect(atWork.x + atWork.r).toBeLessThanOrEqual(rightOf(box))
      }
    }
  })

  test('there is a way from every sender to the broker and from it to every reader, and back', () => {
    const frame = layoutToy(structure, 904, 0, false)
    const wires = toyWires(frame)
    for (const name of [...structure.senders, ...structure.readers.map((each) => each.name)]) {
      expect(wires.route(name, 'hub')?.length).toBeGreaterThan(10)
      expect(wires.route('hub', name)?.length).toBeGreaterThan(10)
    }
    expect(wires.route('hub', 'b1')).toBeUndefined()
  })
})
