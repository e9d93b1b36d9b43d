import { expect, test } from 'vitest'
import { digitDrop, shapeNames, shapeOf, shapePath, traceShape, type PathSink } from './shapes.ts'

/** What a canvas was told, as numbers. */
class Recorder implements PathSink {
  readonly calls: string[] = []
  readonly xs: number[] = []
  readonly ys: number[] = []
  #at(name: string, x: number, y: number): void {
    this.calls.push(name)
    this.xs.push(x)
    this.ys.push(y)
  }
  moveTo(x: number, y: number): void {
    this.#at('move', x, y)
  }
  lineTo(x: number, y: number): void {
    this.#at('line', x, y)
  }
  arc(x: number, y: number): void {
    this.#at('arc', x, y)
  }
  closePath(): void {
    this.calls.push('close')
  }
}

test('eight shapes, told apart by their outline alone', () => {
  expect(new Set(shapeNames.map((_, hue) => shapePath(hue, 12))).size).toBe(8)
})

test('the ninth key begins anew, and a record without a key has a shape too', () => {
  expect(shapeOf(8)).toBe('circle')
  expect(shapeOf(15)).toBe('hexagon')
  expect(shapeOf(-1)).toBe('hexagon')
})

test('page and canvas draw the same corners', () => {
  for (const [hue, name] of shapeNames.entries()) {
    if (name === 'circle' || name === 'arch') continue
    const sink = new Recorder()
    traceShape(sink, hue, 0, 0, 12)
    const drawn = sink.xs.map((x, i) => `${x} ${sink.ys[i]}`)
    expect(shapePath(hue, 12).replaceAll(/[MZ]/g, '').split('L')).toEqual(drawn)
  }
})

test('a record stays within the circle its cell leaves for it', () => {
  for (const [hue] of shapeNames.entries()) {
    const sink = new Recorder()
    traceShape(sink, hue, 100, 100, 12)
    for (const x of sink.xs) expect(Math.abs(x - 100)).toBeLessThanOrEqual(14.3)
    for (const y of sink.ys) expect(Math.abs(y - 100)).toBeLessThanOrEqual(14.3)
    expect(sink.calls.at(-1)).toBe('close')
  }
})

test('the number stands lower in a triangle that points up, higher in one that points down', () => {
  expect(digitDrop(2, 12)).toBeGreaterThan(0)
  expect(digitDrop(5, 12)).toBeLessThan(0)
})
