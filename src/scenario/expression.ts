/** Statements about a run (`partition(orders/0).leader == b2`): parsed, evaluated, explained. */
import { parseNode, SyntaxProblem, type Binary, type Node, type PathNode } from './expression-syntax.ts'
import { resolve } from './expression-types.ts'

/** `undefined` is `none`. */
export type Value = number | string | boolean | undefined | readonly Value[]
/** Gives the value that a path names; only paths that the type check let pass are asked for. */
export type Read = (path: PathNode) => Value

export interface Expression { readonly text: string; readonly node: Node }

const parsed = new Map<string, Expression>()

/** Parsed once a text: conditions are evaluated many thousand times. Throws a `SyntaxProblem`. */
export function expression(text: string): Expression {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const made = { text, node: parseNode(text) }
  if (parsed.size >= 1_000) parsed.clear()
  parsed.set(text, made)
  return made
}
export { SyntaxProblem }

export const holds = ({ node }: Expression, read: Read): boolean => evaluate(node, read) === true

export function evaluate(node: Node, read: Read): Value {
  switch (node.kind) {
    case 'literal': return node.value
    case 'list': return node.items.map((item) => evaluate(item, read))
    case 'path': return read(node)
    case 'not': return evaluate(node.of, read) !== true
    case 'binary': return evaluateBinary(node, read)
  }
}

function evaluateBinary(node: Binary, read: Read): Value {
  const left = evaluate(node.left, read)
  if (node.operator === 'and') return left === true && evaluate(node.right, read) === true
  if (node.operator === 'or') return left === true || evaluate(node.right, read) === true
  const right = evaluate(node.right, read)
  switch (node.operator) {
    case '==': return isSame(left, right, isSet(node))
    case '!=': return !isSame(left, right, isSet(node))
    case 'in': return contains(right, left)
    case 'contains': return contains(left, right)
    default: return typeof left === 'number' && typeof right === 'number' ? onNumbers(node.operator, left, right) : withNone(node.operator)
  }
}

function onNumbers(operator: Binary['operator'], left: number, right: number): Value {
  switch (operator) {
    case '<': return left < right
    case '<=': return left <= right
    case '>': return left > right
    case '>=': return left >= right
    case '+': return left + right
    case '-': return left - right
    case '*': return left * right
    default: return right === 0 ? undefined : left / right
  }
}

/** Arithmetic with `none` is `none`; every order comparison with it is false. */
const withNone = (operator: Binary['operator']): Value => (/[<>]/.test(operator) ? false : undefined)

const isSet = (node: Binary): boolean => [node.left, node.right].some((side) => side.kind === 'path' && resolve(side)?.type === 'set')

function isSame(left: Value, right: Value, asSets: boolean): boolean {
  if (!Array.isArray(left) || !Array.isArray(right)) return left === right
  const a: readonly Value[] = left, b: readonly Value[] = right
  if (asSets) return a.every((each) => contains(b, each)) && b.every((each) => contains(a, each))
  return a.length === b.length && a.every((each, i) => isSame(each, b[i], false))
}

const contains = (list: Value, member: Value): boolean =>
  Array.isArray(list) && (list as readonly Value[]).some((each) => isSame(each, member, false))

/** A part of a statement and what it is at this moment. */
export interface Explained {
  readonly from: number; readonly to: number; readonly text: string; readonly value: Value; readonly kind: Node['kind']
}

/** Every part but the literals, the whole first: which of them keeps the statement from being true. */
export function explain({ text, node }: Expression, read: Read): readonly Explained[] {
  const found: Explained[] = []
  const visit = (part: Node): void => {
    if (part.kind === 'literal' || part.kind === 'list') return
    found.push({ from: part.from, to: part.to, text: text.slice(part.from, part.to), value: evaluate(part, read), kind: part.kind })
    if (part.kind === 'not') visit(part.of)
    if (part.kind === 'binary') {
      visit(part.left)
      visit(part.right)
    }
  }
  visit(node)
  return found
}

/** `partition(t/0).leader = none, cluster.time = 1200`: the values that a statement rests on, each once. */
export function valuesText(of: Expression, read: Read): string {
  const paths = explain(of, read).filter((part) => part.kind === 'path')
  return [...new Map(paths.map((part) => [part.text, part.value]))].map(([path, value]) => `${path} = ${valueText(value)}`).join(', ')
}

function valueText(value: Value): string {
  if (value === undefined) return 'none'
  if (Array.isArray(value)) return `[${value.map((each: Value) => valueText(each)).join(', ')}]`
  return String(value)
}

/** All paths of a statement, in order of writing. */
export function pathsOf(node: Node): readonly PathNode[] {
  switch (node.kind) {
    case 'path': return [node]
    case 'not': return pathsOf(node.of)
    case 'binary': return [...pathsOf(node.left), ...pathsOf(node.right)]
    default: return []
  }
}
