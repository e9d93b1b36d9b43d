/** The syntax of statements: text to a tree with places. What the words mean is `expression-types.ts`'s business. */
import { durationMs } from './duration.ts'
import { isRootName } from './root-names.ts'

interface At { readonly from: number; readonly to: number }
export type Operator = 'or' | 'and' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'contains' | '+' | '-' | '*' | '/'

export interface Literal extends At {
  readonly kind: 'literal'
  readonly is: 'number' | 'duration' | 'string' | 'word' | 'boolean' | 'none'
  readonly value: number | string | boolean | undefined
}
export interface List extends At { readonly kind: 'list'; readonly items: readonly (Literal | List)[] }
/** What stands in parentheses after a root or a property; `place` is `orders/0@b2` and the like, quotes taken off. */
export interface Argument extends At { readonly is: 'number' | 'string' | 'place'; readonly text: string }
export interface Part extends At { readonly name: string; readonly args: readonly Argument[]; readonly called: boolean }
export interface PathNode extends At { readonly kind: 'path'; readonly root: Part; readonly parts: readonly Part[] }
export interface Not extends At { readonly kind: 'not'; readonly of: Node }
export interface Binary extends At { readonly kind: 'binary'; readonly operator: Operator; readonly left: Node; readonly right: Node }
export type Node = Literal | List | PathNode | Not | Binary

export class SyntaxProblem extends Error {
  readonly at: number
  readonly found: string
  readonly expected: readonly string[]
  constructor(at: number, found: string, expected: readonly string[]) {
    super(`${found} at ${at}`)
    this.at = at
    this.found = found
    this.expected = expected
  }
}

const word = /[A-Za-z_][A-Za-z0-9_]*/y
const name = /[A-Za-z_][A-Za-z0-9_.-]*/y
const numeral = /[0-9]+(?:\.[0-9]+)?/y
const unit = /(?:ms|s|m|h|d)(?![A-Za-z0-9_])/y
const keywords = new Set(['and', 'or', 'not', 'in', 'contains'])
const maximalDepth = 60

/** A whole statement. */
export function parseNode(text: string): Node {
  const reader = new Reader(text)
  const node = reader.or()
  reader.end()
  return node
}

/** A path alone, as `focus` has it: `partition(orders/0).isr`, or a root without a property. */
export function parsePath(text: string): PathNode {
  const reader = new Reader(text)
  const path = reader.path()
  reader.end()
  return path
}

class Reader {
  readonly #text: string
  #at = 0
  #depth = 0
  constructor(text: string) {
    this.#text = text
  }

  or(): Node {
    return this.#chain(['or'], () => this.#and())
  }
  #and(): Node {
    return this.#chain(['and'], () => this.#not())
  }

  #not(): Node {
    this.#blank()
    const from = this.#at
    if (!this.#keyword('not')) return this.#comparison()
    const of = this.#deeper(() => this.#not())
    return { kind: 'not', of, from, to: this.#at }
  }

  #comparison(): Node {
    const left = this.#sum()
    const operator = this.#comparator()
    if (operator === undefined) return left
    const right = this.#sum()
    return { kind: 'binary', operator, left, right, from: left.from, to: right.to }
  }

  #comparator(): Operator | undefined {
    for (const sign of ['==', '!=', '<=', '>=', '<', '>'] as const) if (this.#sign(sign)) return sign
    for (const keyword of ['in', 'contains'] as const) if (this.#keyword(keyword)) return keyword
    if (this.#peek() === '=') this.#fail(['=='])
    return undefined
  }

  #sum(): Node {
    return this.#chain(['+', '-'], () => this.#chain(['*', '/'], () => this.#atom()))
  }

  #chain(operators: readonly Operator[], next: () => Node): Node {
    let left = next()
    for (;;) {
      const operator = operators.find((each) => (/[a-z]/.test(each) ? this.#keyword(each) : this.#sign(each)))
      if (operator === undefined) return left
      const right = next()
      left = { kind: 'binary', operator, left, right, from: left.from, to: right.to }
    }
  }

  #atom(): Node {
    this.#blank()
    const next = this.#peek()
    if (next === '(') return this.#parenthesis()
    if (next === '[') return this.#list()
    if (next === '"') return this.#string()
    if (/[0-9-]/.test(next)) return this.#number()
    const from = this.#at
    const found = this.#match(word)
    if (found === undefined || keywords.has(found)) {
      this.#at = from
      this.#fail(['a value', 'a path', '('])
    }
    if (found === 'true' || found === 'false') return { kind: 'literal', is: 'boolean', value: found === 'true', from, to: this.#at }
    if (found === 'none') return { kind: 'literal', is: 'none', value: undefined, from, to: this.#at }
    const isPath = isRootName(found) || this.#peek() === '.' || this.#peek() === '('
    if (!isPath) return { kind: 'literal', is: 'word', value: found, from, to: this.#at }
    this.#at = from
    return this.path()
  }

  #parenthesis(): Node {
    const from = this.#at++
    const inside = this.#deeper(() => this.or())
    this.#expect(')')
    return { ...inside, from, to: this.#at }
  }

  path(): PathNode {
    this.#blank()
    const from = this.#at
    const root = this.#part()
    const parts: Part[] = []
    while (this.#peek() === '.') {
      this.#at++
      parts.push(this.#part())
    }
    return { kind: 'path', root, parts, from, to: this.#at }
  }

  #part(): Part {
    const from = this.#at
    const found = this.#match(word) ?? this.#fail(['a name'])
    const called = this.#peek() === '('
    const args = called ? this.#arguments() : []
    return { name: found, args, called, from, to: this.#at }
  }

  #arguments(): Argument[] {
    this.#at++
    const args: Argument[] = []
    do args.push(this.#argument())
    while (this.#sign(','))
    this.#expect(')')
    return args
  }

  #argument(): Argument {
    this.#blank()
    const from = this.#at
    if (/[0-9-]/.test(this.#peek())) {
      const { value, to } = this.#number()
      return { is: 'number', text: String(value), from, to }
    }
    const { text, quoted } = this.#place()
    return { is: quoted ? 'string' : 'place', text, from, to: this.#at }
  }

  /** `busan/orders/0@b2`, each name quoted if it must be. `quoted`: nothing but a string. */
  #place(): { text: string; quoted: boolean } {
    let quoted = this.#peek() === '"'
    let text = this.#placeName()
    while (this.#peek() === '/') {
      this.#at++
      quoted = false
      const digits = this.#match(numeral)
      text += `/${digits ?? this.#placeName()}`
      if (digits !== undefined) break
    }
    if (this.#peek() === '@') {
      this.#at++
      quoted = false
      text += `@${this.#placeName()}`
    }
    return { text, quoted }
  }

  #placeName(): string {
    if (this.#peek() === '"') return String(this.#string().value)
    return this.#match(name) ?? this.#fail(['a name', 'a number', '"text"'])
  }

  #list(): List {
    const from = this.#at++
    const items: (Literal | List)[] = []
    if (!this.#sign(']')) {
      do items.push(this.#item())
      while (this.#sign(','))
      this.#expect(']')
    }
    return { kind: 'list', items, from, to: this.#at }
  }

  #item(): Literal | List {
    this.#blank()
    const from = this.#at
    const next = this.#peek()
    if (next === '[') return this.#deeper(() => this.#list())
    if (/[0-9-]/.test(next)) return this.#number()
    const { text, quoted } = this.#place()
    return { kind: 'literal', is: quoted ? 'string' : 'word', value: text, from, to: this.#at }
  }

  #number(): Literal {
    const from = this.#at
    if (this.#peek() === '-') this.#at++
    const digits = this.#match(numeral) ?? this.#fail(['a number'])
    const scale = this.#match(unit)
    const size = scale === undefined ? Number(digits) : durationMs(digits + scale)
    const value = this.#text[from] === '-' ? -size : size
    return { kind: 'literal', is: scale === undefined ? 'number' : 'duration', value, from, to: this.#at }
  }

  #string(): Literal {
    const from = this.#at++
    let value = ''
    for (;;) {
      const next = this.#text[this.#at++]
      if (next === undefined) {
        this.#at = this.#text.length
        this.#fail(['"'])
      }
      if (next === '"') return { kind: 'literal', is: 'string', value, from, to: this.#at }
      value += next === '\\' ? (this.#text[this.#at++] ?? '') : next
    }
  }

  end(): void {
    this.#blank()
    if (this.#at < this.#text.length) this.#fail(['==', 'and', 'or', 'the end'])
  }

  #peek(): string {
    return this.#text[this.#at] ?? ''
  }
  #blank(): void {
    while (/\s/.test(this.#peek())) this.#at++
  }
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }
  #sign(sign: string): boolean {
    this.#blank()
    if (!this.#text.startsWith(sign, this.#at)) return false
    this.#at += sign.length
    return true
  }
  #keyword(keyword: string): boolean {
    this.#blank()
    const before = this.#at
    if (this.#match(word) === keyword && this.#peek() !== '.' && this.#peek() !== '/') return true
    this.#at = before
    return false
  }
  #expect(sign: string): void {
    if (!this.#sign(sign)) this.#fail([sign])
  }
  #deeper<T>(read: () => T): T {
    if (++this.#depth > maximalDepth) this.#fail(['less nesting'])
    const result = read()
    this.#depth--
    return result
  }
  #fail(expected: readonly string[]): never {
    throw new SyntaxProblem(this.#at, this.#peek(), expected)
  }
}
