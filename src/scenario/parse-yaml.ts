/** A scenario's text as YAML: read, places kept, and whatever a scenario file has no use for refused. */
import {
  isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node, type Pair, type Scalar,
  type YAMLMap,
} from 'yaml'
import type { Path, Place, StructureProblem, VersionProblem } from './findings.ts'

const LARGEST_TEXT = 256 * 1024
const MOST_ALIASES = 1_000
/** Names that JavaScript's own objects have a use for. */
const unsafeKeys = new Set(['__proto__', 'constructor', 'prototype'])

export type At = 'key' | 'value'
export type ReportAt = (problem: StructureProblem | VersionProblem, range: readonly [number, number], path: Path) => void

/** A text that was read, with the way back from a path of its data to a place in it. */
export class YamlText {
  readonly source: string
  readonly #document: Document.Parsed
  readonly #lines: LineCounter
  constructor(source: string, document: Document.Parsed, lines: LineCounter) {
    this.source = source
    this.#document = document
    this.#lines = lines
  }

  /** As plain data. Only for a text in which `hazards` found nothing. */
  data(): unknown {
    return this.#document.toJS({ maxAliasCount: MOST_ALIASES })
  }

  placeOf([from, to]: readonly [number, number]): Place {
    const start = this.#lines.linePos(from)
    const end = this.#lines.linePos(Math.max(from, to))
    return { line: start.line, column: start.col, endLine: end.line, endColumn: end.col }
  }

  /** Where a path of the data stands; of one that leads nowhere, the nearest thing above it. */
  range(path: Path, at: At = 'value'): readonly [number, number] {
    let node: unknown = this.#document.contents
    let range = rangeOf(node) ?? [0, 0]
    path.forEach((part, depth) => {
      const inside: unknown = isAlias(node) ? node.resolve(this.#document) : node
      const pair = isMap(inside) ? pairOf(inside, part) : undefined
      node = pair === undefined ? (isSeq(inside) ? inside.get(Number(part), true) : undefined) : pair.value
      const wanted = at === 'key' && depth === path.length - 1 ? pair?.key : node
      range = rangeOf(wanted) ?? rangeOf(pair?.key) ?? range
    })
    return range
  }

  scalar(path: Path): Scalar | undefined {
    let node: unknown = this.#document.contents
    for (const part of path) {
      const inside: unknown = isAlias(node) ? node.resolve(this.#document) : node
      node = isMap(inside) ? pairOf(inside, part)?.value : isSeq(inside) ? inside.get(Number(part), true) : undefined
    }
    return isScalar(node) ? node : undefined
  }

  /** The stretch of a text in the file that lies between two of its characters. */
  within(path: Path, from: number, to: number): readonly [number, number] {
    const scalar = this.scalar(path)
    const whole = this.range(path)
    if (scalar === undefined) return whole
    const raw = this.source.slice(whole[0], whole[1])
    if (raw.includes('\n')) return whole
    if (scalar.type === 'PLAIN') return [whole[0] + from, whole[0] + to]
    const quote = scalar.type === 'QUOTE_DOUBLE' ? /\\./y : scalar.type === 'QUOTE_SINGLE' ? /''/y : undefined
    return quote === undefined ? whole : [whole[0] + inQuotes(raw, quote, from), whole[0] + inQuotes(raw, quote, to)]
  }

  /** Everything in the text that a scenario may not have: hand it on, and read no further if there was any. */
  hazards(report: ReportAt): void {
    if (this.#refuseSyntax(report)) return
    this.#refuseTags(report)
    this.#refuseKeys(report)
    const bytes = expandedSize(this.#document)
    if (bytes > LARGEST_TEXT) report({ code: 'V502', args: { bytes, expanded: true } }, [0, 0], [])
  }

  /** One mistake in YAML makes many more: the first says it. Tabs are what is behind most. */
  #refuseSyntax(report: ReportAt): boolean {
    const { errors } = this.#document
    const tab = /^ *\t/m.exec(this.source)
    const tabAt = tab === null ? undefined : tab.index + tab[0].length - 1
    const [first] = errors
    if (first === undefined) return false
    if (tabAt !== undefined && errors.some(({ code, pos }) => code === 'TAB_AS_INDENT' || this.#startsWithTab(pos[0]))) {
      report({ code: 'S004', args: {} }, [tabAt, tabAt + 1], [])
    } else if (first.code === 'MULTIPLE_DOCS') report({ code: 'S021', args: { what: 'documents', written: '---' } }, first.pos, [])
    else report({ code: 'S020', args: { message: first.message.split('\n')[0] ?? first.code } }, first.pos, [])
    return true
  }

  #startsWithTab(at: number): boolean {
    const start = this.source.lastIndexOf('\n', Math.max(0, at - 1)) + 1
    return /^ *\t/.test(this.source.slice(start, start + 80))
  }

  #refuseTags(report: ReportAt): void {
    for (const warning of this.#document.warnings) {
      const written = /Unresolved tag: (\S+)/.exec(warning.message)?.[1]
      if (written !== undefined) report({ code: 'S021', args: { what: 'tag', written } }, warning.pos, [])
    }
    visit(this.#document, {
      Node: (_, node) => {
        if (node.tag !== undefined) report({ code: 'S021', args: { what: 'tag', written: node.tag } }, rangeOf(node) ?? [0, 0], [])
      },
      Alias: (_, node) => {
        if (node.resolve(this.#document) === undefined) report(
          { code: 'S021', args: { what: 'alias', written: `*${node.source}` } }, rangeOf(node) ?? [0, 0], [],
        )
      },
      Scalar: (position, node) => {
        if (position === 'key') return
        const surprise = surpriseOf(node)
        if (surprise !== undefined) report({ code: 'S006', args: surprise }, rangeOf(node) ?? [0, 0], [])
      },
    })
  }

  #refuseKeys(report: ReportAt): void {
    visit(this.#document, {
      Map: (_, map) => {
        const seen = new Map<string, number>()
        for (const { key } of map.items) this.#refuseKey(key, seen, report)
      },
    })
  }

  #refuseKey(key: unknown, seen: Map<string, number>, report: ReportAt): void {
    const range = rangeOf(key) ?? [0, 0]
    if (!isScalar(key)) return report({ code: 'S021', args: { what: 'complexKey', written: '?' } }, range, [])
    const name = String(key.value)
    const { line } = this.#lines.linePos(range[0])
    const first = seen.get(name)
    if (unsafeKeys.has(name)) report({ code: 'S001', args: { key: name, nearest: undefined, expected: [] } }, range, [])
    else if (name === '<<') report({ code: 'S021', args: { what: 'merge', written: name } }, range, [])
    else if (first !== undefined) report({ code: 'S005', args: { key: name, first, second: line } }, range, [])
    else seen.set(name, line)
  }
}

/** Read a text; `undefined` and a report where it is too large or too deep to be looked at. */
export function readYaml(source: string, report: ReportAt): YamlText | undefined {
  const bytes = sizeOf(source)
  if (bytes > LARGEST_TEXT) {
    report({ code: 'V502', args: { bytes, expanded: false } }, [0, 0], [])
    return undefined
  }
  const lineCounter = new LineCounter()
  try {
    const document = parseDocument(source, {
      lineCounter, version: '1.2', schema: 'core', merge: false, uniqueKeys: false, prettyErrors: false, logLevel: 'error',
    })
    return new YamlText(source, document, lineCounter)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    report({ code: 'S021', args: { what: 'nesting', written: '' } }, [0, 0], [])
    return undefined
  }
}

/** What a scalar that YAML does not read as text was meant to be, if text was meant. */
export function misread(scalar: Scalar | undefined): { written: string; read: string } | undefined {
  if (scalar === undefined || scalar.type !== 'PLAIN' || typeof scalar.value === 'string') return undefined
  return { written: scalar.source ?? '', read: JSON.stringify(scalar.value) }
}

/** Other readers of YAML take `no` for false and `08` for a number in base 8, or for nothing. */
function surpriseOf({ type, source = '', value }: Scalar): { written: string; read: string } | undefined {
  if (type !== 'PLAIN') return undefined
  if (/^(yes|on)$/i.test(source)) return { written: source, read: 'true' }
  if (/^(no|off)$/i.test(source)) return { written: source, read: 'false' }
  return /^[-+]?0[0-9]+$/.test(source) ? { written: source, read: String(value) } : undefined
}

const rangeOf = (node: unknown): readonly [number, number] | undefined => {
  const range = isScalar(node) || isCollection(node) || isAlias(node) ? node.range : undefined
  return range ? [range[0], range[1]] : undefined
}

const pairOf = (map: YAMLMap, key: string | number): Pair | undefined =>
  map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key))

/** Index into a quoted scalar's source of the n-th character of its value. */
function inQuotes(raw: string, escape: RegExp, n: number): number {
  let at = 1
  for (let i = 0; i < n && at < raw.length - 1; i++) {
    escape.lastIndex = at
    at += escape.exec(raw)?.[0].length ?? 1
  }
  return at
}

/** Bytes in UTF-8, without a host's encoder. */
function sizeOf(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

/** Bytes of the text with every alias written out; Infinity for one that holds itself. */
function expandedSize(document: Document.Parsed): number {
  const sizes = new Map<Node, number>()
  const size = (node: unknown): number => {
    if (isAlias(node)) return size(node.resolve(document))
    if (isScalar(node)) return (node.source?.length ?? 0) + 1
    if (!isCollection(node)) return 0
    const known = sizes.get(node)
    if (known !== undefined) return known
    sizes.set(node, Infinity)
    let bytes = 2
    for (const item of node.items as unknown[]) bytes += isPair(item) ? size(item.key) + size(item.value) : size(item)
    sizes.set(node, bytes)
    return bytes
  }
  return size(document.contents)
}
const isPair = (item: unknown): item is Pair =>
  typeof item === 'object' && item !== null && 'key' in item && !isCollection(item) && !isScalar(item)
