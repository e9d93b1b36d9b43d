/** An action as one would write it in a file, in one line: for findings. */
import type { Action } from './types.ts'

const besides: ReadonlySet<string> = new Set(['at', 'when', 'within', 'as'])

export function actionText(action: Action): string {
  const [name = '', value] = Object.entries(action).find(([key]) => !besides.has(key)) ?? []
  return `${name}: ${flow(value)}`
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  return `{${Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`).join(', ')}}`
}
