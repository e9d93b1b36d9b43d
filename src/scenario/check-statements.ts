/** The statements of a file: that they can be read, mean something, and speak of what the file has. */
import { errors } from '../kafka/errors.ts'
import { noteCodes } from '../kafka/notes.ts'
import { References } from './check-references.ts'
import { expression } from './expression.ts'
import { parsePath, SyntaxProblem } from './expression-syntax.ts'
import { TypeCheck, type Mention } from './expression-types.ts'
import type { Path } from './findings.ts'
import type { FileData } from './format.ts'
import { featureOfEvent } from './later-events.ts'
import { allActions, namesOfKind, partitionParts, type Names } from './names.ts'
import { nearest } from './nearest.ts'
import type { Tell } from './tell.ts'

const errorNames = Object.keys(errors).filter((name) => name !== 'NONE')
const eventNames: readonly string[] = [...noteCodes, ...errorNames]

export interface Statement { readonly text: string; readonly path: Path; readonly kind: 'statement' | 'focus' }

export function checkStatements(file: FileData, names: Names, tell: Tell): void {
  for (const statement of statementsOf(file)) checkStatement(statement, names, tell)
}

/** Every statement of the file, and every place that a step has in focus. */
function statementsOf(file: FileData): readonly Statement[] {
  const found: Statement[] = []
  const add = (text: string | undefined, path: Path, kind: Statement['kind'] = 'statement'): void => {
    if (text !== undefined) found.push({ text, path, kind })
  }
  const rows = (assertions: FileData['goal'], path: Path): void => assertions?.forEach((row, i) => {
    for (const key of ['eventually', 'always', 'never', 'atEnd', 'that'] as const) add(row[key], [...path, i, key])
  })
  file.steps?.forEach((step, i) => {
    const path = ['steps', i]
    step.focus?.forEach((text, j) => add(text, [...path, 'focus', j], 'focus'))
    step.predict?.options.forEach((option, j) => add(option.holds, [...path, 'predict', 'options', j, 'holds']))
    add(step.run?.until, [...path, 'run', 'until'])
    rows(step.check, [...path, 'check'])
  })
  for (const { action, path } of allActions(file)) {
    add(action.when, [...path, 'when'])
    add(action.ask?.until, [...path, 'ask', 'until'])
  }
  for (const key of ['goal', 'forbid', 'expect'] as const) rows(file[key], [key])
  return found
}

function checkStatement({ text, path, kind }: Statement, names: Names, tell: Tell): void {
  const check = new TypeCheck(text, (problem, from, to) => tell(problem, path, 'value', { from, to }))
  try {
    if (kind === 'focus') check.place(parsePath(text))
    else check.statement(expression(text).node)
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error
    const args = { text, caret: error.at, found: error.found, expected: error.expected }
    return tell({ code: 'E201', args }, path, 'value', { from: error.at, to: Math.min(text.length, error.at + 1) })
  }
  for (const { feature, what, from, to } of check.needs) tell({ code: 'V503', args: { what, feature } }, path, 'value', { from, to })
  const references = new References(names, tell)
  for (const mention of check.mentions) checkMention(mention, path, references)
}

function checkMention({ kind, text, from, to }: Mention, path: Path, references: References): void {
  const stretch = { from, to }
  if (kind === 'event' || kind === 'error') {
    const known = kind === 'event' ? eventNames : errorNames
    const later = featureOfEvent(text)
    if (later !== undefined) references.tell({ code: 'V503', args: { what: text, feature: later } }, path, 'value', stretch)
    else if (!known.includes(text)) references.tell(
      { code: 'E204', args: { name: text, nearest: nearest(text, known) } }, path, 'value', stretch,
    )
    return
  }
  if (kind === 'about') return checkAbout(text, path, references, stretch)
  references.thing(kind, text, path, stretch)
}

/** The second argument of `event`: anything that a note may be about. */
function checkAbout(text: string, path: Path, references: References, stretch: { from: number; to: number }): void {
  const { names } = references
  const { partition } = partitionParts(text)
  if (partition !== undefined) return references.place('partition', text.split('@')[0] ?? text, path, stretch)
  const known = (['target', 'group', 'topic', 'app', 'txn', 'rack'] as const).flatMap((kind) => namesOfKind(names, kind) ?? [])
  if (known.includes(text)) return
  references.tell({ code: 'R101', args: { kind: 'target', name: text, nearest: nearest(text, known), known } }, path, 'value', stretch)
}
