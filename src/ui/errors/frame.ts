/** The lines around a finding, with where under them the caret stands. Pure. */
export interface FrameLine {
  readonly number: number
  readonly text: string
  readonly here: boolean
}
export interface CodeFrame {
  readonly lines: readonly FrameLine[]
  readonly caretAt: number
  readonly caretLength: number
}

const around = 2

/** Lines and columns count from 1, as editors do. */
export function frameOf(
  text: string,
  place: { readonly line: number; readonly column: number; readonly endLine?: number; readonly endColumn?: number },
): CodeFrame {
  const all = text.split(/\r?\n/)
  const { line, column, endLine = line, endColumn = column + 1 } = place
  const here = all[line - 1] ?? ''
  const end = endLine === line ? endColumn : here.length + 1
  const lines: FrameLine[] = []
  for (let number = Math.max(1, line - around); number <= Math.min(all.length, line + 1); number++) {
    lines.push({ number, text: all[number - 1] ?? '', here: number === line })
  }
  return { lines, caretAt: column - 1, caretLength: Math.max(1, Math.min(end, here.length + 1) - column) }
}

/** The text with the finding's stretch replaced by another word. */
export function replaceAt(text: string, place: { readonly line: number; readonly column: number }, length: number, word: string): string {
  const lines = text.split('\n')
  const line = lines[place.line - 1]
  if (line === undefined) return text
  lines[place.line - 1] = line.slice(0, place.column - 1) + word + line.slice(place.column - 1 + length)
  return lines.join('\n')
}
