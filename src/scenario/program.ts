/**
 * A scenario made ready to be played: its statements read, each with what can change its truth, so that a step of the
 * kernel asks only those that it may have touched. Never changes; what does is in `Play`.
 */
import type { Fact } from '../kafka/notes.ts'
import { DEFAULT_CONTROLLERS } from './compile.ts'
import { expression, pathsOf, type Expression } from './expression.ts'
import { parsePath, type PathNode } from './expression-syntax.ts'
import type { Assertion, Scenario, Step } from './types.ts'

export interface Statement extends Expression {
  /** Machines whose state it reads; undefined: all of them. */
  readonly machines: ReadonlySet<string> | undefined
  /** It asks what has been told, or where the scenario stands. */
  readonly tells: boolean
  /** It compares the clock: its truth may change while nothing happens. */
  readonly timed: boolean
}
export type RowKind = 'eventually' | 'always' | 'never' | 'atEnd' | 'within'
export interface Row {
  /** `goal/0`, `check/leader-dies/1` */
  readonly key: string
  readonly kind: RowKind
  readonly statement: Statement
  readonly within: string | undefined
}
export interface PlannedStep {
  readonly step: Step
  readonly until: Statement | undefined
  /** By index of the step's own `do`. */
  readonly whens: readonly (Statement | undefined)[]
  readonly ask: Statement | undefined
  readonly checks: readonly Row[]
  /** What the step is about: for `run: {event: n}`. */
  readonly focus: readonly string[]
}
export interface Question {
  readonly id: string
  /** Index of the step at whose end it is judged. */
  readonly judgedAt: number
  readonly options: readonly (Statement | undefined)[]
  readonly correct: readonly (boolean | undefined)[]
}
export interface Program {
  readonly scenario: Scenario
  readonly steps: readonly PlannedStep[]
  readonly goal: readonly Row[]; readonly forbid: readonly Row[]; readonly expect: readonly Row[]
  readonly questions: readonly Question[]
  /** Events that some statement asks about: by code, and about what. */
  readonly events: ReadonlyMap<string, readonly (string | undefined)[]>
}

export function programOf(scenario: Scenario): Program {
  const steps = (scenario.steps ?? []).map((step) => planned(step, scenario))
  const rows = (key: 'goal' | 'forbid' | 'expect'): readonly Row[] =>
    (scenario[key] ?? []).map((assertion, i) => rowOf(`${key}/${i}`, assertion, scenario))
  const program = { goal: rows('goal'), forbid: rows('forbid'), expect: rows('expect'), questions: questionsOf(scenario) }
  return { scenario, steps, ...program, events: eventsOf({ steps, ...program }) }
}

function planned(step: Step, scenario: Scenario): PlannedStep {
  const { run, do: items = [], check = [] } = step
  const ask = items.find((item) => item.ask !== undefined)?.ask
  return {
    step,
    until: run !== undefined && 'until' in run ? statementOf(run.until, scenario) : undefined,
    whens: items.map(({ when }) => (when === undefined ? undefined : statementOf(when, scenario))),
    ask: ask === undefined ? undefined : statementOf(ask.until, scenario),
    checks: check.map((assertion, i) => rowOf(`check/${step.id}/${i}`, assertion, scenario)),
    focus: (step.focus ?? []).flatMap((text) => parsePath(text).root.args.map((argument) => argument.text)),
  }
}

function rowOf(key: string, assertion: Assertion, scenario: Scenario): Row {
  const kind = (['eventually', 'always', 'never', 'atEnd'] as const).find((each) => assertion[each] !== undefined) ?? 'within'
  const text = (kind === 'within' ? assertion.that : assertion[kind]) ?? 'true'
  return { key, kind, statement: statementOf(text, scenario), within: assertion.within }
}

function questionsOf(scenario: Scenario): readonly Question[] {
  const steps = scenario.steps ?? []
  return steps.flatMap(({ predict }, i) => {
    if (predict === undefined) return []
    const named = steps.findIndex(({ id }) => id === predict.judge.at)
    return [{
      id: predict.id, judgedAt: predict.judge.at === 'step-end' || named < 0 ? i : named,
      options: predict.options.map(({ holds }) => (holds === undefined ? undefined : statementOf(holds, scenario))),
      correct: predict.options.map(({ correct }) => correct),
    }]
  })
}

export function statementOf(text: string, scenario: Scenario): Statement {
  const parsed = expression(text)
  const paths = pathsOf(parsed.node)
  const machines = new Set<string>()
  let all = false
  for (const path of paths) {
    const read = machinesOf(path, scenario)
    if (read === undefined) all = true
    else for (const name of read) machines.add(name)
  }
  const isTime = ({ root, parts }: PathNode): boolean =>
    (root.name === 'cluster' && parts[0]?.name === 'time') || parts[0]?.name === 'lagMs' || parts[0]?.name === 'blockedMs'
  return {
    ...parsed, machines: all ? undefined : machines,
    tells: paths.some((path) => ['event', 'step', 'learner'].includes(path.root.name) || asksTheLedger(path)), timed: paths.some(isTime),
  }
}

const none: readonly string[] = []
/** What the controllers have committed: nobody else's step changes it. */
const committed: ReadonlySet<string> = new Set(['leader', 'leaderEpoch', 'partitionEpoch', 'isr', 'elr', 'lastKnownElr', 'recovery', 'replicas', 'online', 'fenced'])

/** Whose state a path is read from; undefined: anybody's. */
function machinesOf({ root, parts }: PathNode, scenario: Scenario): readonly string[] | undefined {
  const name = root.args[0]?.text ?? ''
  const property = parts[0]?.name ?? ''
  const { brokers, controllers, producers, consumers } = machinesOfFile(scenario)
  switch (root.name) {
    case 'event': case 'step': case 'learner': return none
    case 'cluster': return property === 'time' ? none : [...brokers, ...controllers]
    case 'controller': return controllers
    case 'topic': return brokers
    case 'partition': return committed.has(property)
      ? [...controllers, ...(property === 'online' ? brokers : none)] : [...brokers, ...controllers]
    case 'broker': return committed.has(property) ? controllers : [name, ...controllers]
    case 'replica': return property === 'lagMs' || property === 'inSync'
      ? [...brokers, ...controllers] : [name.slice(name.lastIndexOf('@') + 1)]
    case 'producer': return property === 'lost' || property === 'duplicated' ? producers : [name]
    case 'consumer': return [name]
    case 'txn': case 'group': return [...brokers, ...controllers]
    case 'app': return property === 'missed' ? undefined : [...consumers, name]
    // An acknowledged record is lost, found twice or out of reach by what is told: a leader, a cut, a crash.
    case 'ledger': return property === 'ackedInvisible' ? undefined : producers
    case 'toy': return (scenario.toys ?? []).filter(({ id }) => id === name).flatMap(({ id, senders, readers }) => [id, ...[...senders, ...readers].map((each) => each.id)])
    default: return undefined
  }
}
const asksTheLedger = ({ root, parts }: PathNode): boolean =>
  root.name === 'ledger' || parts[0]?.name === 'lost' || parts[0]?.name === 'duplicated'

function machinesOfFile(
  { cluster, clients = {} }: Scenario,
): { readonly [K in 'brokers' | 'controllers' | 'producers' | 'consumers']: readonly string[] } {
  const { brokers, controllers = DEFAULT_CONTROLLERS } = cluster
  return {
    brokers: typeof brokers === 'number' ? Array.from({ length: brokers }, (_, i) => `b${i + 1}`) : brokers.map(({ id }) => id),
    controllers: Array.from({ length: controllers }, (_, i) => `k${i + 1}`),
    producers: [...(clients.producers ?? []), ...(clients.transactional ?? [])].map(({ id }) => id),
    consumers: [...(clients.consumers ?? []), ...(clients.shareConsumers ?? []), ...(clients.transactional ?? [])].map(({ id }) => id),
  }
}

function eventsOf(
  { steps, goal, forbid, expect, questions }: Pick<Program, 'steps' | 'goal' | 'forbid' | 'expect' | 'questions'>,
): Program['events'] {
  const events = new Map<string, (string | undefined)[]>()
  const see = (statement: Statement | undefined): void => {
    for (const { root } of statement === undefined ? [] : pathsOf(statement.node)) {
      if (root.name !== 'event') continue
      const [code, about] = root.args
      const list = events.get(code?.text ?? '') ?? []
      if (!list.includes(about?.text)) events.set(code?.text ?? '', [...list, about?.text])
    }
  }
  for (const { until, whens, ask, checks } of steps) [until, ...whens, ask, ...checks.map(({ statement }) => statement)].forEach(see)
  for (const { statement } of [...goal, ...forbid, ...expect]) see(statement)
  for (const { options } of questions) options.forEach(see)
  return events
}

/** Whether a fact is about this machine, client, group, topic or partition. */
export function isAbout(fact: Fact, about: string, by: string): boolean {
  if (by === about) return true
  if (fact.code === 'isr.changed') return fact.partition === about || topicOf(fact.partition) === about
    || fact.isr.includes(about) !== fact.was.includes(about)
  return Object.entries(fact).some(([key, value]: [string, unknown]) => {
    if (key === 'code' || key === 'isr' || key === 'lastKnown') return false
    if (Array.isArray(value)) return value.includes(about)
    return value === about || (key === 'partition' && topicOf(String(value)) === about)
  })
}
const topicOf = (partition: string): string => partition.slice(0, partition.lastIndexOf('/'))
