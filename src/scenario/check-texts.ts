/** The words of a file: there in every language it promises, short enough to project, about something that is there. */
import { parsePath, SyntaxProblem, type PathNode } from './expression-syntax.ts'
import type { Path } from './findings.ts'
import { actionOf } from './format-actions.ts'
import type { FileData } from './format.ts'
import { allActions } from './names.ts'
import type { Tell } from './tell.ts'

/** What a projected sentence may have at most. */
const LONGEST_SAY = 140

type Words = NonNullable<FileData['summary']>

export function checkTexts(file: FileData, tell: Tell): void {
  textsOf(file, (words, path) => {
    if (typeof words === 'string') return
    for (const language of file.languages) {
      if (words[language] === undefined) tell({ code: 'L401', args: { language, where: whereOf(file, path) } }, path)
    }
  })
  file.steps?.forEach(({ say }, i) => checkLength(say, ['steps', i, 'say'], file, tell))
  for (const { action, path } of allActions(file)) checkLength(action.ask?.say, [...path, 'ask', 'say'], file, tell)
  checkFocus(file, tell)
}

function checkLength(words: Words | undefined, path: Path, { languages }: FileData, tell: Tell): void {
  if (words === undefined) return
  for (const language of languages) {
    const text = typeof words === 'string' ? words : words[language]
    const length = text === undefined ? 0 : lengthOf(text)
    if (length > LONGEST_SAY) tell({ code: 'L402', args: { language, length } }, typeof words === 'string' ? path : [...path, language])
    if (typeof words === 'string') break
  }
}

/** In characters as a reader counts them: what lies outside the basic plane is two units of a string. */
const lengthOf = (text: string): number => text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0)

/** Every text of the file. */
function textsOf(file: FileData, visit: (words: Words, path: Path) => void): void {
  const see = (words: Words | undefined, path: Path): void => {
    if (words !== undefined) visit(words, path)
  }
  const rows = (assertions: FileData['goal'], path: Path): void => assertions?.forEach(({ label }, i) => see(label, [...path, i, 'label']))
  for (const key of ['title', 'summary', 'watch'] as const) see(file[key], [key])
  file.steps?.forEach((step, i) => {
    const path = ['steps', i]
    see(step.say, [...path, 'say'])
    see(step.notes, [...path, 'notes'])
    see(step.predict?.ask, [...path, 'predict', 'ask'])
    step.predict?.options.forEach((option, j) => {
      see(option.text, [...path, 'predict', 'options', j, 'text'])
      see(option.explain, [...path, 'predict', 'options', j, 'explain'])
    })
    rows(step.check, [...path, 'check'])
  })
  for (const { action, path } of allActions(file)) see(action.ask?.say, [...path, 'ask', 'say'])
  for (const key of ['goal', 'forbid', 'expect'] as const) rows(file[key], [key])
  file.hints?.forEach((hint, i) => see(hint, ['hints', i]))
}

/** A step by its id, all else by its key. */
const whereOf = (file: FileData, path: Path): string => {
  const step = path[0] === 'steps' && typeof path[1] === 'number' ? file.steps?.[path[1]]?.id : undefined
  return step === undefined ? String(path[0]) : step
}

/** L403: what a step looks at must be there: a client or a group not before its start. */
function checkFocus(file: FileData, tell: Tell): void {
  const starts = startsOf(file)
  file.steps?.forEach(({ focus = [] }, i) => focus.forEach((text, j) => {
    const start = startOf(text, starts)
    if (start === undefined || start <= i) return
    tell({ code: 'L403', args: { focus: text, step: file.steps?.[start]?.id } }, ['steps', i, 'focus', j])
  }))
}

function startOf(text: string, starts: ReadonlyMap<string, number>): number | undefined {
  let path: PathNode
  try {
    path = parsePath(text)
  } catch (error) {
    if (error instanceof SyntaxProblem) return undefined
    throw error
  }
  const kind = path.root.name === 'producer' || path.root.name === 'consumer' ? 'client' : path.root.name
  return starts.get(`${kind}(${path.root.args[0]?.text ?? ''})`)
}

/** In which step a client starts, and with its first member its group; Infinity: never. */
function startsOf(file: FileData): ReadonlyMap<string, number> {
  const starts = new Map<string, number>()
  const earlier = (key: string, step: number): void => void starts.set(key, Math.min(starts.get(key) ?? Infinity, step))
  const { producers = [], consumers = [], shareConsumers = [], transactional = [] } = file.clients ?? {}
  for (const { id } of [...producers, ...consumers, ...shareConsumers, ...transactional]) earlier(`client(${id})`, Infinity)
  for (const { action, step } of allActions(file)) {
    const name = actionOf(action)
    const started = name === 'start' || name === 'restart' ? action[name] : action.produce?.by
    for (const id of started === undefined ? [] : [started].flat()) if (starts.has(`client(${id})`)) earlier(`client(${id})`, step)
  }
  for (const { id, group } of [...consumers, ...shareConsumers, ...transactional]) {
    if (group !== undefined) earlier(`group(${group})`, starts.get(`client(${id})`) ?? Infinity)
  }
  return starts
}
