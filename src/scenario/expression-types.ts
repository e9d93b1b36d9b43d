/** What the words of a statement mean, and whether they fit together: the checks that need no run. */
import type { ExpressionProblem, ValueKind } from './findings.ts'
import { nearest } from './nearest.ts'
import type { Binary, List, Literal, Node, Part, PathNode } from './expression-syntax.ts'
import { isRootName, rootNames } from './root-names.ts'
import { fits, rootForm, type ArgumentKind, type Form, type Property } from './vocabulary.ts'
import type { Feature } from './features.ts'

export type Report = (problem: ExpressionProblem, from: number, to: number) => void

/** Where an argument, or a word compared with a name, stands for a thing. */
export interface Mention { readonly kind: ArgumentKind; readonly text: string; readonly from: number; readonly to: number }
/** Where a statement asks for what not every version plays. */
export interface Need { readonly feature: Feature; readonly what: string; readonly from: number; readonly to: number }

/** The property that a path ends in; undefined where a word on the way is wrong, or it ends too early. */
export function resolve(path: PathNode): Property | undefined {
  let properties = rootForm(path.root.name, path.root.args.length)?.properties
  let found: Property | undefined
  for (const part of path.parts) {
    found = properties !== undefined && Object.hasOwn(properties, part.name) ? properties[part.name] : undefined
    if (found === undefined) return undefined
    properties = found.properties
  }
  return found
}

export class TypeCheck {
  readonly mentions: Mention[] = []
  readonly needs: Need[] = []
  readonly #text: string
  readonly #report: Report
  constructor(text: string, report: Report) {
    this.#text = text
    this.#report = report
  }

  /** The whole must be true or false. */
  statement(node: Node): void {
    const kind = this.#kind(node)
    if (kind !== 'boolean' && kind !== undefined) {
      this.#report(
        { code: 'E203', args: { text: this.#source(node), left: kind, right: 'boolean', operator: '', hint: undefined } }, node.from,
        node.to,
      )
    }
  }

  /** What `focus` names: a root alone will do. */
  place(path: PathNode): void {
    if (path.parts.length > 0) this.#path(path)
    else this.#root(path)
  }

  #kind(node: Node): ValueKind | undefined {
    switch (node.kind) {
      case 'literal': return node.is === 'word' || node.is === 'string' ? 'text' : node.is
      case 'list': return 'list'
      case 'path': return this.#path(node)
      case 'not': return this.#booleans('not', node.of)
      case 'binary': return this.#binary(node)
    }
  }

  #binary(node: Binary): ValueKind | undefined {
    const { operator, left, right } = node
    switch (operator) {
      case 'and': case 'or': return this.#booleans(operator, left, right)
      case '+': case '-': case '*': case '/': return this.#numbers(node, 'number')
      case '<': case '<=': case '>': case '>=': return this.#numbers(node, 'boolean')
      case 'in': return this.#membership(node, left, right)
      case 'contains': return this.#membership(node, right, left)
      case '==': case '!=': return this.#equality(node)
    }
  }

  #booleans(operator: string, ...operands: Node[]): 'boolean' {
    for (const operand of operands) {
      const kind = this.#kind(operand)
      if (kind !== undefined && kind !== 'boolean') this.#mismatch(operand, kind, 'boolean', operator)
    }
    return 'boolean'
  }

  #numbers(node: Binary, gives: ValueKind): ValueKind {
    for (const operand of [node.left, node.right]) {
      const kind = this.#kind(operand)
      if (kind === undefined || kind === 'number' || kind === 'duration' || kind === 'none') continue
      this.#mismatch(operand, kind, 'number', node.operator)
    }
    return gives
  }

  #membership(node: Binary, member: Node, list: Node): 'boolean' {
    const listKind = this.#kind(list)
    const memberKind = this.#kind(member)
    if (listKind !== undefined && listKind !== 'list') this.#mismatch(list, listKind, 'list', node.operator)
    else if (memberKind !== undefined) this.#words(list, member)
    return 'boolean'
  }

  #equality(node: Binary): 'boolean' {
    const left = this.#kind(node.left)
    const right = this.#kind(node.right)
    if (left === undefined || right === undefined) return 'boolean'
    if (!comparable(left, right)) {
      const args = { text: this.#source(node), left, right, operator: node.operator, hint: this.#hint(node, left, right) }
      this.#report({ code: 'E203', args }, node.from, node.to)
    } else {
      this.#words(node.left, node.right)
      this.#words(node.right, node.left)
    }
    return 'boolean'
  }

  /** `isr == b1` was meant as `isr contains b1`. */
  #hint({ left, right, operator }: Binary, leftKind: ValueKind, rightKind: ValueKind): string | undefined {
    const negate = (text: string): string => (operator === '!=' ? `not (${text})` : text)
    if (leftKind === 'list' && rightKind === 'text') return negate(`${this.#source(left)} contains ${this.#source(right)}`)
    if (rightKind === 'list' && leftKind === 'text') return negate(`${this.#source(left)} in ${this.#source(right)}`)
    if (leftKind === 'boolean' && right.kind === 'literal' && left.kind === 'path') return this.#source(left)
    return undefined
  }

  /** A literal beside a property of closed words, or of names, must be one of them. */
  #words(side: Node, other: Node): void {
    const property = side.kind === 'path' ? resolve(side) : undefined
    if (property === undefined) return
    for (const literal of literals(other)) {
      if (literal.is !== 'word' && literal.is !== 'string') continue
      const word = String(literal.value)
      if (property.words !== undefined && !property.words.includes(word)) {
        const args = { text: this.#source(side), word, words: property.words }
        this.#report({ code: 'E205', args }, literal.from, literal.to)
      } else if (property.names !== undefined) {
        this.mentions.push({ kind: property.names, text: word, from: literal.from, to: literal.to })
      }
    }
  }

  #root(path: PathNode): boolean {
    const { root } = path
    if (!isRootName(root.name)) {
      this.#unknown(root, root.name, 'root', rootNames)
      return false
    }
    const form = rootForm(root.name, root.args.length)!
    if (form.needs !== undefined) this.needs.push({ feature: form.needs, what: this.#source(root), from: root.from, to: root.to })
    return this.#arguments(root, form)
  }

  #path(path: PathNode): ValueKind | undefined {
    if (!this.#root(path)) return undefined
    let properties = rootForm(path.root.name, path.root.args.length)!.properties
    let property: Property | undefined
    for (const part of path.parts) {
      const known = Object.keys(properties)
      property = Object.hasOwn(properties, part.name) ? properties[part.name] : undefined
      if (property === undefined) return this.#unknown(part, this.#text.slice(path.from, part.from - 1), 'property', known)
      if (!this.#arguments(part, property)) return undefined
      if (property.needs !== undefined) this.needs.push({ feature: property.needs, what: this.#source(path), from: part.from, to: part.to })
      properties = property.properties ?? {}
    }
    if (property === undefined || property.type === 'object') return this.#unfinished(path, Object.keys(properties))
    return property.type === 'set' || property.type === 'sequence' ? 'list' : property.type
  }

  #arguments(part: Part, form: Form): boolean {
    if (!fits(form, part.args.length) || (part.called && form.args.length === 0)) {
      const args = { text: this.#source(part), name: part.name, nearest: undefined, known: form.args, what: 'arguments' } as const
      this.#report({ code: 'E202', args }, part.from, part.to)
      return false
    }
    part.args.forEach((argument, i) => {
      const kind = form.args[i]!
      if (kind === 'number' && argument.is !== 'number') this.#mismatch(argument, 'name', 'number', part.name)
      else if (kind !== 'number') this.mentions.push({ kind, text: argument.text, from: argument.from, to: argument.to })
    })
    return true
  }

  #unknown(part: Part, text: string, what: 'root' | 'property', known: readonly string[]): undefined {
    const args = { text, name: part.name, nearest: nearest(part.name, known), known, what }
    this.#report({ code: 'E202', args }, part.from, part.from + part.name.length)
    return undefined
  }

  #unfinished(path: PathNode, known: readonly string[]): undefined {
    const args = { text: this.#source(path), name: '', nearest: undefined, known, what: 'missing' } as const
    this.#report({ code: 'E202', args }, path.from, path.to)
    return undefined
  }

  #mismatch(at: { from: number; to: number }, left: ValueKind, right: ValueKind, operator: string): void {
    this.#report({ code: 'E203', args: { text: this.#source(at), left, right, operator, hint: undefined } }, at.from, at.to)
  }
  #source(at: { from: number; to: number }): string {
    return this.#text.slice(at.from, at.to)
  }
}

/** `none` may stand beside anything; a duration is a number. */
function comparable(left: ValueKind, right: ValueKind): boolean {
  const plain = (kind: ValueKind): ValueKind => (kind === 'duration' ? 'number' : kind)
  return left === 'none' || right === 'none' || plain(left) === plain(right)
}

function literals(node: Node): readonly Literal[] {
  if (node.kind === 'literal') return [node]
  return node.kind === 'list' ? node.items.flatMap((item: Literal | List) => literals(item)) : []
}

