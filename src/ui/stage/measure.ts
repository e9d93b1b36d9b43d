/** How wide words are, measured with the faces the stage uses; known words are not measured twice. */
import { mono, sans } from '../../scene/theme.ts'

export type Face = 'sans' | 'mono'
const families: Readonly<Record<Face, string>> = { sans, mono }

let context: CanvasRenderingContext2D | undefined
const cache = new Map<string, number>()

export function widthOf(text: string, size: number, weight = 400, face: Face = 'sans'): number {
  const key = `${face}${weight}/${size}/${text}`
  const known = cache.get(key)
  if (known !== undefined) return known
  context ??= document.createElement('canvas').getContext('2d') ?? undefined
  if (context === undefined) return text.length * size * 0.56
  context.font = `${weight} ${size}px ${families[face]}`
  const width = context.measureText(text).width
  if (cache.size > 4_000) cache.clear()
  cache.set(key, width)
  return width
}

/** Faces arrive late: what was measured with a stand-in is measured again. */
export const forgetWidths = (): void => cache.clear()

/** The text, or as much of it as fits. */
export function clip(text: string, width: number, size: number, weight = 400, face: Face = 'sans'): string {
  if (widthOf(text, size, weight, face) <= width) return text
  let end = text.length - 1
  while (end > 1 && widthOf(`${text.slice(0, end)}…`, size, weight, face) > width) end--
  return `${text.slice(0, end).trimEnd()}…`
}

/** On as many lines as it takes, broken where a word of a name such as `AlterPartitionReassignments` begins; the last one cut to fit. */
export function brokenName(name: string, width: number, size: number, lines: number, weight = 400): string[] {
  const parts = name.split(/(?=[A-Z])/)
  const made: string[] = ['']
  for (const part of parts) {
    const last = made[made.length - 1]!
    if (last === '' || widthOf(last + part, size, weight) <= width || made.length === lines) made[made.length - 1] = last + part
    else made.push(part)
  }
  return made.map((each) => clip(each, width, size, weight))
}

/** The first that fits; the last one cut to fit. */
export function firstFitting(candidates: readonly string[], width: number, size: number, weight = 400): string {
  const last = candidates[candidates.length - 1] ?? ''
  return candidates.find((each) => widthOf(each, size, weight) <= width) ?? clip(last, width, size, weight)
}
