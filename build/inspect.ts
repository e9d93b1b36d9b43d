import { parseSync } from 'vite'

/** One import as it stands in a file. */
export interface Import {
  readonly specifier: string
  /** `worker` is the address in `new URL('./worker.ts', import.meta.url)`, or an import with `?worker`. */
  readonly kind: 'value' | 'type' | 'lazy' | 'worker'
}

export interface Source {
  readonly imports: readonly Import[]
  readonly lines: number
  /** Calls and operators whose result depends on the JavaScript engine or on the host: `3: Math.log`. */
  readonly uses: readonly string[]
  /** Lines with async functions, await or Promise. */
  readonly async: readonly string[]
}

export interface Bans {
  readonly exactMath: readonly string[]
  readonly hostGlobals: readonly string[]
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/** Reads one TypeScript file: what it imports, how long it is, and what it should not use. */
export function inspect(file: string, code: string, bans: Bans): Source {
  const { program, comments, errors } = parseSync(file, code)
  const error = errors[0]
  if (error) throw new Error(`${file}: ${error.message}`)

  const imports: Import[] = []
  const uses: string[] = []
  const async: string[] = []
  const lineOf = (node: Node) => code.slice(0, node.start).split('\n').length

  walk(program as unknown as Node, undefined, (node, parent) => {
    const found = importOf(node)
    if (found) imports.push(found)
    const use = inexact(node, parent, bans)
    if (use !== undefined) uses.push(`${lineOf(node)}: ${use}`)
    if (isAsync(node)) async.push(`${lineOf(node)}: ${node.type === 'Identifier' ? 'Promise' : 'async'}`)
  })
  return { imports, lines: linesOfCode(code, comments), uses, async }
}

function walk(node: Node, parent: Node | undefined, visit: (node: Node, parent: Node | undefined) => void): void {
  visit(node, parent)
  for (const value of Object.values(node)) {
    const children: unknown[] = Array.isArray(value) ? value : [value]
    for (const child of children) if (isNode(child)) walk(child, node, visit)
  }
}

function importOf(node: Node): Import | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration': {
      if (!isNode(node['source'])) return undefined
      const specifier = textOf(node['source'])
      if (/[?&](worker|sharedworker)\b/.test(specifier)) return { specifier, kind: 'worker' }
      return { specifier, kind: isTypeOnly(node) ? 'type' : 'value' }
    }
    case 'TSImportType':
      return { specifier: textOf(node['source']), kind: 'type' }
    case 'ImportExpression':
      return { specifier: textOf(node['source']), kind: 'lazy' }
    case 'NewExpression': {
      const [address, base] = node['arguments'] as Node[]
      const isOwnFile = nameOf(node['callee']) === 'URL' && isNode(base) && isMember(base, 'url')
      return isOwnFile && address ? { specifier: textOf(address), kind: 'worker' } : undefined
    }
    default:
      return undefined
  }
}

function isTypeOnly(node: Node): boolean {
  if (node['importKind'] === 'type' || node['exportKind'] === 'type') return true
  const specifiers = (node['specifiers'] ?? []) as Node[]
  return (
    specifiers.length > 0 &&
    specifiers.every((each) => each['importKind'] === 'type' || each['exportKind'] === 'type')
  )
}

function inexact(node: Node, parent: Node | undefined, bans: Bans): string | undefined {
  switch (node.type) {
    case 'BinaryExpression':
    case 'AssignmentExpression':
      return node['operator'] === '**' || node['operator'] === '**=' ? '**' : undefined
    case 'Identifier':
      return isReference(node, parent) ? inexactName(node, parent, bans) : undefined
    case 'CallExpression':
      return inexactCall(node)
    default:
      return undefined
  }
}

/** A name that is read, not one that is declared, or stands behind a dot, or is a key. */
function isReference(node: Node, parent: Node | undefined): boolean {
  if (!parent) return false
  if (parent.type === 'MemberExpression') return parent['object'] === node || parent['computed'] === true
  if (parent.type === 'Property') return parent['value'] === node
  const reads = ['CallExpression', 'NewExpression', 'VariableDeclarator', 'ArrowFunctionExpression']
  if (parent.type === 'VariableDeclarator') return parent['init'] === node
  if (parent.type === 'ArrowFunctionExpression') return parent['body'] === node
  return reads.includes(parent.type) || /Expression$|^(Return|Spread)/.test(parent.type)
}

function inexactName(node: Node, parent: Node | undefined, bans: Bans): string | undefined {
  const name = String(node['name'])
  if (bans.hostGlobals.includes(name)) return name
  if (name !== 'Math') return undefined
  if (parent?.type !== 'MemberExpression' || parent['computed'] === true) return 'Math as a value'
  const member = nameOf(parent['property'])
  return bans.exactMath.includes(member) ? undefined : `Math.${member}`
}

function inexactCall(node: Node): string | undefined {
  const callee = node['callee']
  if (!isNode(callee) || callee.type !== 'MemberExpression') return undefined
  const method = nameOf(callee['property'])
  if (method === 'localeCompare' || method.startsWith('toLocale')) return method
  if (method !== 'sort' && method !== 'toSorted') return undefined
  const [comparator] = node['arguments'] as Node[]
  if (!comparator) return `${method}() without a comparator`
  return answersYesOrNo(comparator) ? `${method}() whose comparator answers yes or no` : undefined
}

/** `(a, b) => a < b`: what it gives for equals depends on the engine's algorithm. */
function answersYesOrNo(comparator: Node): boolean {
  const body = comparator['body']
  return isNode(body) && body.type === 'BinaryExpression' && /^[<>]=?$/.test(String(body['operator']))
}

function isAsync(node: Node): boolean {
  if (node.type === 'AwaitExpression' || node['async'] === true) return true
  return node.type === 'Identifier' && node['name'] === 'Promise'
}

function linesOfCode(code: string, comments: readonly { start: number; end: number }[]): number {
  let bare = ''
  let from = 0
  for (const { start, end } of comments) {
    bare += code.slice(from, start) + code.slice(start, end).replace(/[^\n]/g, '')
    from = end
  }
  bare += code.slice(from)
  return bare.split('\n').filter((line) => line.trim() !== '').length
}

const isMember = (node: Node, property: string) =>
  node.type === 'MemberExpression' && nameOf(node['property']) === property

const nameOf = (node: unknown) => (isNode(node) && typeof node['name'] === 'string' ? node['name'] : '')

const textOf = (node: unknown) => (isNode(node) && typeof node['value'] === 'string' ? node['value'] : '')

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}
