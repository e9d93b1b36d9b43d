/**
 * What can be wrong with a scenario file, or with a run of it: a code and its figures, never a sentence. `text/` says
 * each in every language. Errors keep a file from being played, warnings do not.
 */
import type { Feature } from './features.ts'

/** What an expression or a reference names. */
export type ThingKind =
  | 'node' | 'broker' | 'controller' | 'topic' | 'partition' | 'replica' | 'producer' | 'consumer' | 'client' | 'group' | 'app' | 'step'
  | 'predict' | 'rack' | 'result' | 'shareConsumer' | 'transactional' | 'share' | 'txn' | 'target' | 'toy' | 'toySender' | 'toyReader' | 'sink'

/** What a value in a file, or a part of a statement, is. */
export type ValueKind = 'text' | 'number' | 'integer' | 'boolean' | 'list' | 'mapping' | 'duration' | 'words' | 'name' | 'nothing' | 'none'

/** What a text, a list or a mapping must be beyond its kind. */
export type Rule =
  | 'slug' | 'name' | 'broker' | 'node' | 'topic' | 'partition' | 'statement' | 'notEmpty' | 'unique' | 'partitionNumber' | 'timestamp'
  | 'target'
  | 'api' | 'slow' | 'damage' | 'configTarget' | 'configSet' | 'createTopic' | 'resetOffsets' | 'throttle' | 'reassign' | 'produce' | 'each' | 'rate'
  | 'keys'
  | 'reads' | 'filter' | 'whenFull' | 'writes' | 'app' | 'effect' | 'assertion' | 'withinThat' | 'options' | 'run' | 'max' | 'lesson' | 'experiment' | 'challenge'
  | 'misconception'
  | 'kafka' | 'pace' | 'least' | 'most' | 'positive'

type Problem<C extends string, A> = { readonly code: C; readonly args: Readonly<A> }
type Words = readonly string[]

/** Codes of the file as text and as YAML, of its keys and of their values. */
export type StructureProblem =
  | Problem<'S001', { key: string; nearest: string | undefined; expected: Words }>
  | Problem<'S002', { value: string }>
  | Problem<'S003', { until: string }>
  | Problem<'S004', object>
  | Problem<'S005', { key: string; first: number; second: number }>
  | Problem<'S006', { written: string; read: string }>
  | Problem<'S007', { holds: number; correct: number }>
  | Problem<'S008', { keys: Words }>
  | Problem<'S009', { why: 'challenge' | 'ask' }>
  | Problem<'S010', { count: string }>
  | Problem<'S011', { keys: Words }>
  | Problem<'S012', { why: 'both' | 'withinAlone' }>
  | Problem<'S013', { keys: Words }>
  | Problem<'S014', { event: number }>
  | Problem<'S015', { count: number }>
  | Problem<'S016', { key: string; what: 'forbidden' | 'missing' | 'onlyExperiment' }>
  | Problem<'S017', object>
  | Problem<'S018', { key: string }>
  | Problem<'S019', { value: string; expected: ValueKind; choices: Words; nearest: string | undefined; rule: Rule | undefined }>
  | Problem<'S020', { message: string }>
  | Problem<'S021', { what: 'tag' | 'merge' | 'documents' | 'nesting' | 'complexKey' | 'alias'; written: string }>

/** Codes of what the parts of a file say about each other and about Kafka. */
export type ReferenceProblem =
  | Problem<'R101', { kind: ThingKind; name: string; nearest: string | undefined; known: Words }>
  | Problem<'R102', { topic: string; replicas: number; brokers: number }>
  | Problem<'R103', { min: number; replicas: number }>
  | Problem<'R104', { name: string; why: 'gone' | 'unknown' | 'scope'; nearest: string | undefined; scope: string }>
  | Problem<'R105', { name: string; value: string; min: number | undefined; max: number | undefined; choices: Words; type: string }>
  | Problem<'R106', { first: string; second: string }>
  | Problem<'R107', { topic: string }>
  | Problem<'R108', { action: string; target: string; kind: ThingKind; allowed: readonly ThingKind[] }>
  | Problem<'R109', { name: string; what: 'step' | 'name' | 'topic' | 'group' | 'predict' | 'reserved'; first: number | undefined }>
  | Problem<'R110', { partition: string; topic: string; partitions: number }>
  | Problem<'R111', { topic: string; missing: readonly number[]; extra: readonly number[] }>
  | Problem<'R112', { at: string; question: string; known: Words }>
  | Problem<'R113', object>
  | Problem<'R114', { id: string; experiment: string }>
  | Problem<'R115', { client: string }>
  | Problem<'R116', { key: string }>
  | Problem<'R117', { client: string; key: string }>
  | Problem<'R118', { client: string }>

/** Codes of statements. `caret` is where in the statement, `text` the statement. */
export type ExpressionProblem =
  | Problem<'E201', { text: string; caret: number; found: string; expected: Words }>
  | Problem<'E202', {
    text: string; name: string; nearest: string | undefined; known: Words; what: 'root' | 'property' | 'missing' | 'arguments',
  }>
  | Problem<'E203', { text: string; left: ValueKind; right: ValueKind; operator: string; hint: string | undefined }>
  | Problem<'E204', { name: string; nearest: string | undefined }>
  | Problem<'E205', { text: string; word: string; words: Words }>

export type LanguageProblem =
  | Problem<'L401', { language: 'en' | 'ko'; where: string }>
  | Problem<'L402', { language: 'en' | 'ko'; length: number }>
  | Problem<'L403', { focus: string; step: string | undefined }>

export type VersionProblem =
  | Problem<'V501', { format: string }>
  | Problem<'V502', { bytes: number; expanded: boolean }>
  | Problem<'V503', { what: string; feature: Feature }>

/** Codes of a run. Times are microseconds. */
export type RunProblem =
  | Problem<'T301', { step: string; condition: string; maxMs: number | undefined; values: string; kind: 'until' | 'check' | 'expect' }>
  | Problem<'T302', { goal: number; step: string }>
  | Problem<'T303', { predict: string; holding: readonly number[]; values: string }>
  | Problem<'T304', { item: string; step: string; kind: 'when' | 'at'; ranMs: number }>
  | Problem<'T305', { condition: string; values: string; at: number | undefined; kind: 'goal' | 'forbid' }>
  | Problem<'T306', { recorded: string; found: string }>
  | Problem<'T307', { action: string; selector: string; at: number }>
  | Problem<'T308', { action: string; why: ImpossibleReason; at: number }>

/** Why an action cannot be done at that moment. */
export type ImpossibleReason =
  | 'notCut' | 'alreadyRunning' | 'notRunning' | 'notFrozen' | 'alreadyFrozen' | 'alreadyDown' | 'alreadyStopping' | 'notAssigned' | 'noSuchDisk' | 'alreadyFailed' | 'notFailed' | 'notHeld'

export type AnyProblem = StructureProblem | ReferenceProblem | ExpressionProblem | LanguageProblem | VersionProblem | RunProblem
export type FindingCode = AnyProblem['code']
export type ProblemOf<C extends FindingCode> = Extract<AnyProblem, { code: C }>

export type Path = readonly (string | number)[]

/** Where it stands in the text: lines and columns from 1. */
export interface Place {
  readonly line: number; readonly column: number
  readonly endLine?: number; readonly endColumn?: number
}
export type Finding = AnyProblem & Place & {
  readonly severity: 'error' | 'warning'
  /** `topics[0].config["min.insync.replicas"]` */
  readonly path: string
}

const warnings: ReadonlySet<FindingCode> = new Set<FindingCode>(['R103', 'T302', 'L401', 'L402', 'L403'])
export const severityOf = (code: FindingCode): 'error' | 'warning' => (warnings.has(code) ? 'warning' : 'error')

export function pathText(path: Path): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(part)) text += text === '' ? part : `.${part}`
    else text += `[${JSON.stringify(part)}]`
  }
  return text
}
