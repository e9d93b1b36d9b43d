/** The bytes of a batch in lines. Pure. */
import type { Field } from '../../projection/disk-view.ts'

interface Place {
  readonly at: number
  readonly byte: number
  readonly field: Field
}

/** Lines of sixteen; what is left out breaks a line. */
export function linesOf(fields: readonly Field[]): readonly (readonly Place[])[] {
  const lines: Place[][] = []
  let next = -1
  for (const field of fields) {
    const bytes = [...field.bytes.map((byte, i) => [field.at + i, byte] as const), ...field.tail.map((byte, i) => [field.at + field.length - field.tail.length + i, byte] as const)]
    for (const [at, byte] of bytes) {
      const line = lines[lines.length - 1]
      if (line === undefined || at !== next || at % 16 === 0) lines.push([{ at, byte, field }])
      else line.push({ at, byte, field })
      next = at + 1
    }
  }
  return lines
}
