/** From what the schema refuses to findings: which rule of writing was broken, and what stands there instead. */
import type { BaseIssue } from 'valibot'
import { actionNames } from './format-actions.ts'
import { experimentProblem, lacksSolution, missingKey, type FileData } from './format.ts'
import { pathText, type Path, type Rule, type StructureProblem, type ValueKind } from './findings.ts'
import { nearest } from './nearest.ts'
import { misread, type At, type YamlText } from './parse-yaml.ts'

type Issue = BaseIssue<unknown>
export interface Placed { readonly problem: StructureProblem; readonly path: Path; readonly at: At }

export function problemsOf(issues: readonly Issue[], yaml: YamlText, data: unknown): readonly Placed[] {
  return withoutEchoes(issues.flatMap((issue) => expand(issue)).map((issue) => placed(issue, yaml, data)))
}

/** A key that is missing because it is misspelt is one mistake. */
function withoutEchoes(all: readonly Placed[]): readonly Placed[] {
  const misspelt = new Set(
    all.flatMap(({ problem, path }) => (problem.code === 'S001' ? [`${pathText(path.slice(0, -1))}.${problem.args.nearest ?? ''}`] : [])),
  )
  return all.filter(({ problem, path }) => problem.code !== 'S018' || !misspelt.has(`${pathText(path)}.${problem.args.key}`))
}

/** Of a choice between forms, the one that the value comes nearest to speaks for itself. */
function expand(issue: Issue): readonly Issue[] {
  const inside = (issue.issues ?? []) as readonly Issue[]
  const deeper = inside.filter((each) => each.path !== undefined || each.kind === 'validation')
  return deeper.length === 0 ? [issue] : deeper.flatMap((each) => expand(withPath(each, issue)))
}
const withPath = (issue: Issue, above: Issue): Issue =>
  ({ ...issue, path: [...(above.path ?? []), ...(issue.path ?? [])] as unknown as Issue['path'] }) as Issue

function placed(issue: Issue, yaml: YamlText, data: unknown): Placed {
  const path = (issue.path ?? []).map((part) => part.key as string | number)
  const { message } = issue
  if (/^S\d{3}$/.test(message) || message === 'missingKey') return byCode(message, issue, path, data as FileData)
  if (message.startsWith('keys:') && issue.expected === 'never') {
    const expected = message.slice('keys:'.length).split(' ')
    const key = String(path[path.length - 1])
    return { problem: { code: 'S001', args: { key, nearest: nearest(key, expected), expected } }, path, at: 'key' }
  }
  if (issue.input === undefined && path.length > 0) {
    return { problem: { code: 'S018', args: { key: String(path[path.length - 1]) } }, path: path.slice(0, -1), at: 'value' }
  }
  return { problem: wrongValue(issue, yaml, path), path, at: 'value' }
}

function wrongValue(issue: Issue, yaml: YamlText, path: Path): StructureProblem {
  const expected = kindOf(issue)
  const confused = misread(yaml.scalar(path))
  if (confused !== undefined && expected === 'text' && confused.read !== 'null') return { code: 'S006', args: confused }
  const choices = choicesOf(issue)
  const value = shown(issue.input)
  const rule = issue.message.startsWith('rule:') ? (issue.message.slice('rule:'.length) as Rule) : ruleOf(issue)
  return { code: 'S019', args: { value, expected, choices, nearest: nearest(value, choices), rule } }
}

/** A value that is no text, where only text will do, shows as what was written. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

const kinds: Readonly<Record<string, ValueKind>> = {
  string: 'text', number: 'number', boolean: 'boolean', array: 'list', strict_object: 'mapping', record: 'mapping', picklist: 'words',
  literal: 'words',
}
function kindOf(issue: Issue): ValueKind {
  if (issue.type === 'union') {
    const inside = (issue.issues ?? []) as readonly Issue[]
    return inside.map(kindOf).find((kind) => kind === 'text') ?? (inside[0] === undefined ? 'text' : kindOf(inside[0]))
  }
  if (issue.type === 'integer') return 'integer'
  return kinds[issue.type] ?? (typeof issue.input === 'number' ? 'number' : Array.isArray(issue.input) ? 'list' : 'text')
}

function ruleOf(issue: Issue): Rule | undefined {
  switch (issue.type) {
    case 'min_value': return 'least'
    case 'max_value': return 'most'
    case 'gt_value': return 'positive'
    case 'max_length': return 'most'
    default: return undefined
  }
}
function choicesOf(issue: Issue): readonly string[] {
  if (issue.type === 'picklist' || issue.type === 'literal') {
    return [...(issue.expected ?? '').matchAll(/"([^"]*)"|(\d+|true)/g)].map((each) => each[1] ?? each[2] ?? '')
  }
  if (ruleOf(issue) !== undefined) return [shown((issue as { requirement?: unknown }).requirement ?? 0)]
  if (issue.type === 'union') return ((issue.issues ?? []) as readonly Issue[]).flatMap(choicesOf)
  return []
}

const keysOf = (issue: Issue): readonly string[] => Object.keys(issue.input as object)

function byCode(code: string, issue: Issue, path: Path, file: FileData): Placed {
  const at = (problem: StructureProblem, where: Path = path, side: At = 'value'): Placed => ({ problem, path: where, at: side })
  const keys = typeof issue.input === 'object' && issue.input !== null ? keysOf(issue) : []
  switch (code) {
    case 'S002': return at({ code, args: { value: shown(issue.input) } })
    case 'S003': return at({ code, args: { until: String((issue.input as { until?: unknown }).until) } })
    case 'S007': return at(mixed(issue.input as readonly object[]))
    case 'S008': return at({ code, args: { keys: keys.filter((key) => key !== 'label' && key !== 'that') } })
    case 'S010': return at({ code, args: { count: shown(issue.input) } })
    case 'S011': return at({ code, args: { keys: keys.filter((key) => (actionNames as readonly string[]).includes(key)) } })
    case 'S012': return at({ code, args: { why: keys.includes('at') && keys.includes('when') ? 'both' : 'withinAlone' } })
    case 'S013': return at({ code, args: { keys: keys.filter((key) => key !== 'max') } })
    case 'S014': return at({ code, args: { event: (issue.input as { run: { event: number } }).run.event } }, [...path, 'run'])
    case 'S015': return at({ code, args: { count: (issue.input as readonly unknown[]).length } })
    case 'S017': return at({ code, args: {} }, [...path, 'replicationFactor'], 'key')
    default: return ofFile(code, file)
  }
}

function ofFile(code: string, file: FileData): Placed {
  if (code === 'missingKey') return { problem: { code: 'S018', args: { key: missingKey(file) ?? '' } }, path: [], at: 'value' }
  if (code === 'S009') {
    const why = lacksSolution(file) ?? 'ask'
    const step = file.steps?.findIndex((each) => each.do?.some((item) => 'ask' in item)) ?? 0
    return { problem: { code: 'S009', args: { why } }, path: why === 'ask' ? ['steps', step, 'do'] : ['kind'], at: 'value' }
  }
  const args = experimentProblem(file) ?? { key: '', what: 'missing' }
  const path = args.key.split('.').flatMap((part) => {
    const indexed = /^(\w+)\[(\d+)\]$/.exec(part)
    return indexed === null ? [part] : [indexed[1]!, Number(indexed[2])]
  })
  return { problem: { code: 'S016', args }, path: args.what === 'missing' ? ['kind'] : path, at: args.what === 'missing' ? 'value' : 'key' }
}

/** The first option of each sort. */
function mixed(options: readonly object[]): StructureProblem {
  const first = (key: string): number => options.findIndex((option) => key in option) + 1
  return { code: 'S007', args: { holds: first('holds'), correct: first('correct') } }
}
