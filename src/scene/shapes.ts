/**
 * The eight key shapes. One definition serves the page (path data) and the painter (calls), so that a record keeps its
 * outline from the producer's tray over the wire into the log.
 *
 * Coordinates are for a record of radius 12; the shapes are drawn to look equally large, not to measure the same.
 */
export const shapeNames = ['circle', 'square', 'triangle', 'diamond', 'pentagon', 'wedge', 'arch', 'hexagon'] as const
export type ShapeName = (typeof shapeNames)[number]

/** Key k uses row k mod 8: beyond eight keys the label tells repeats apart. */
export const shapeIndex = (hue: number): number => ((Math.trunc(hue) % 8) + 8) % 8
export const shapeOf = (hue: number): ShapeName => shapeNames[shapeIndex(hue)]!

const polygon = (sides: number, radius: number, turn: number): readonly number[] =>
  Array.from({ length: sides * 2 }, (_, i) => {
    const angle = ((i >> 1) / sides) * 2 * Math.PI + turn
    return Math.round((i % 2 === 0 ? Math.cos(angle) : Math.sin(angle)) * radius * 100) / 100
  })

/** x, y, x, y ...; the two that are not polygons are drawn by hand below. */
const corners: Readonly<Record<Exclude<ShapeName, 'circle' | 'arch'>, readonly number[]>> = {
  square: [-10.7, -10.7, 10.7, -10.7, 10.7, 10.7, -10.7, 10.7],
  triangle: [0, -13.4, 13.4, 10.2, -13.4, 10.2],
  diamond: [0, -14.2, 14.2, 0, 0, 14.2, -14.2, 0],
  pentagon: polygon(5, 13.2, -Math.PI / 2),
  wedge: [-13.4, -10.2, 13.4, -10.2, 0, 13.4],
  hexagon: polygon(6, 13.4, 0),
}
const archHalf = 10.6
const archTop = -0.6
const archFoot = 10.6

/** How far below the centre the number stands, so that it looks centred in its shape. */
const lowered: Readonly<Record<ShapeName, number>> = {
  circle: 0,
  square: 0,
  triangle: 3.4,
  diamond: 0,
  pentagon: 0.6,
  wedge: -2.8,
  arch: 0.8,
  hexagon: 0,
}
export const digitDrop = (hue: number, radius: number): number => (lowered[shapeOf(hue)] * radius) / 12

const round = (value: number): number => Math.round(value * 100) / 100
const cache = new Map<string, string>()

/** Path data of a record round the origin. */
export function shapePath(hue: number, radius: number): string {
  const key = `${shapeIndex(hue)}/${radius}`
  const known = cache.get(key)
  if (known !== undefined) return known
  const made = makePath(shapeOf(hue), radius / 12)
  cache.set(key, made)
  return made
}

function makePath(shape: ShapeName, k: number): string {
  if (shape === 'circle') {
    const r = round(12 * k)
    return `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`
  }
  if (shape === 'arch') {
    const r = round(archHalf * k),
      top = round(archTop * k),
      foot = round(archFoot * k)
    return `M${-r} ${foot}V${top}A${r} ${r} 0 1 1 ${r} ${top}V${foot}Z`
  }
  const points = corners[shape]
  let data = ''
  for (let i = 0; i < points.length; i += 2) data += `${i === 0 ? 'M' : 'L'}${round(points[i]! * k)} ${round(points[i + 1]! * k)}`
  return data + 'Z'
}

/** The calls a painter needs of its path; a CanvasRenderingContext2D has them, and so has a recorder in a test. */
export interface PathSink {
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  arc(x: number, y: number, radius: number, start: number, end: number, anticlockwise?: boolean): void
  closePath(): void
}

/** Add a record's outline to the path under way. */
export function traceShape(sink: PathSink, hue: number, x: number, y: number, radius: number): void {
  const k = radius / 12
  const shape = shapeOf(hue)
  if (shape === 'circle') {
    sink.moveTo(x + radius, y)
    sink.arc(x, y, radius, 0, 2 * Math.PI)
  } else if (shape === 'arch') {
    sink.moveTo(x - archHalf * k, y + archFoot * k)
    sink.arc(x, y + archTop * k, archHalf * k, Math.PI, 2 * Math.PI)
    sink.lineTo(x + archHalf * k, y + archFoot * k)
  } else {
    const points = corners[shape]
    sink.moveTo(x + points[0]! * k, y + points[1]! * k)
    for (let i = 2; i < points.length; i += 2) sink.lineTo(x + points[i]! * k, y + points[i + 1]! * k)
  }
  sink.closePath()
}
