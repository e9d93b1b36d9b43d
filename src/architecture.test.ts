import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inspect, type Import, type Source } from '../build/inspect.ts'
import {
  debt, exactMath, exemptFromSize, folders, hostGlobals, largestFile, modelFolders, never, packagesOfModules,
  synchronousFolders, testTools, worker, type Rule,
} from './architecture.ts'

const src = import.meta.dirname
const root = dirname(src)

const isTest = (file: string) => /\.test\.tsx?$/.test(file)
const moduleOf = (file: string) => file.replace(/\.tsx?$/, '')
const folderOf = (module: string) => (module.includes('/') ? module.slice(0, module.indexOf('/')) : 'main')
const isWithin = (module: string, names: readonly string[] = []) =>
  names.some((name) => module === name || module.startsWith(`${name}/`) || (name === 'main' && !module.includes('/')))

/** All files below a folder, as paths with slashes, relative to it. */
function filesBelow(folder: string): string[] {
  const skipped = /(^|\/)(node_modules|dist|\.git|coverage|test-results|playwright-report)(\/|$)/
  const walk = (directory: string): string[] =>
    readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
      const path = join(directory, entry.name)
      if (skipped.test(relative(folder, path).split(sep).join('/'))) return []
      return entry.isDirectory() ? walk(path) : entry.isFile() ? [path] : []
    })
  return walk(folder).map((path) => relative(folder, path).split(sep).join('/')).sort()
}

/** What ships: tests are free in what they import, and architecture.ts belongs to this test. */
const shipped = new Map<string, Source>(
  filesBelow(src)
    .filter((file) => /\.tsx?$/.test(file) && !isTest(file) && !file.endsWith('.d.ts') && file !== 'architecture.ts')
    .map((file) => [file, inspect(file, readFileSync(join(src, file), 'utf8'), { exactMath, hostGlobals })]),
)

/** The module an import leads to, or undefined outside src. */
function targetOf(file: string, specifier: string): string | undefined {
  const path = posix.join(posix.dirname(file), specifier.replace(/\?.*$/, ''))
  return path.startsWith('../') ? undefined : moduleOf(path)
}

function isAllowed(file: string, { specifier, kind }: Import): boolean {
  const module = moduleOf(file)
  const rule = folders[folderOf(module)]
  if (!rule) return false
  if (specifier.startsWith('node:')) return rule.node === true
  if (!specifier.startsWith('.')) return isPackageAllowed(file, module, rule, specifier)

  const target = targetOf(file, specifier)
  if (target === undefined) return false
  if (target === worker.module) return kind === 'worker' && isWithin(module, worker.startedBy)
  if (kind === 'worker') return isWithin(target, [folderOf(module)])
  if (never.some(({ from, to }) => isWithin(module, [from]) && isWithin(target, [to]))) return false
  if (testTools.file.test(`${target}.ts`) && !testTools.file.test(file) && !isWithin(module, testTools.usedBy)) return false
  return folderOf(target) === folderOf(module) || isWithin(target, reachable(rule, kind))
}

function reachable(rule: Rule, kind: Import['kind']): readonly string[] {
  const { may, types = [], lazily = [] } = rule
  if (kind === 'type') return [...may, ...types, ...lazily]
  return kind === 'lazy' ? [...may, ...lazily] : may
}

function isPackageAllowed(file: string, module: string, rule: Rule, specifier: string): boolean {
  const own = Object.entries(packagesOfModules).flatMap(([name, npm]) => (isNamed(module, name) ? npm : []))
  const tools = testTools.file.test(file) ? testTools.npm : []
  return [...(rule.npm ?? []), ...own, ...tools].some((name) => isNamed(specifier, name))
}

/** `@fontsource/*` names all that begin so, `react` also `react/jsx-runtime`. */
function isNamed(name: string, pattern: string): boolean {
  if (pattern.endsWith('*')) return name.startsWith(pattern.slice(0, -1))
  return name === pattern || name.startsWith(`${pattern}/`)
}

describe('the dependency table', () => {
  test('is obeyed by every import', () => {
    const offences = [...shipped].flatMap(([file, { imports }]) =>
      imports.filter((each) => !isAllowed(file, each)).map(({ specifier }) => `${file} -> ${specifier}`),
    )
    expect(offences.filter((line) => !debt.includes(line))).toEqual([])
  })

  test('points up only: what a folder may import stands above it', () => {
    const order = Object.keys(folders)
    const upward = order.flatMap((folder, place) => {
      const { may, types = [], lazily = [] } = folders[folder]!
      return [...may, ...types, ...lazily]
        .filter((name) => name !== folder && order.indexOf(folderOf(`${name}/`)) >= place)
        .map((name) => `${folder} may import ${name}`)
    })
    expect(upward).toEqual([])
  })

  test.each<[string, string, Import['kind'], boolean]>([
    ['engine/bad.ts', '../kafka/log.ts', 'type', false],
    ['engine/bad.ts', 'react', 'value', false],
    ['engine/bad.ts', 'node:fs', 'value', false],
    ['engine/bad.ts', '../../build/csp.ts', 'value', false],
    ['engine/good.ts', './testing.ts', 'value', false],
    ['engine/testing.ts', 'fast-check', 'value', true],
    ['kafka/client/a.ts', '../broker/state.ts', 'type', false],
    ['kafka/client/a.ts', '../protocol/fetch.ts', 'value', true],
    ['scenario/parse.ts', 'yaml', 'value', true],
    ['scenario/play.ts', 'yaml', 'value', false],
    ['scenario/format-steps.ts', 'valibot', 'value', true],
    ['scenario/compile.ts', 'valibot', 'value', false],
    ['main.tsx', '@fontsource/ibm-plex-sans/400.css', 'value', true],
    ['bridge/session.ts', '../scenario/parse.ts', 'lazy', false],
    ['bridge/client.ts', './worker.ts', 'worker', true],
    ['bridge/client.ts', './worker.ts', 'value', false],
    ['ui/app.tsx', '../bridge/worker.ts', 'worker', false],
    ['ui/app.tsx', '../bridge/session.ts', 'type', false],
    ['ui/app.tsx', '../projection/project.ts', 'value', false],
    ['ui/app.tsx', '../projection/project.ts', 'type', true],
    ['ui/app.tsx', '../projection/why.ts', 'value', true],
    ['ui/app.tsx', '../scenario/parse.ts', 'value', false],
    ['ui/app.tsx', '../scenario/parse.ts', 'lazy', true],
    ['scene/paint.ts', '../ui/clock.ts', 'type', false],
    ['main.tsx', './cli/partitura.ts', 'value', false],
    ['main.tsx', 'react-dom/client', 'value', true],
    ['elsewhere/a.ts', '../base/units.ts', 'value', false],
  ])('%s -> %s (%s): %s', (file, specifier, kind, allowed) => {
    expect(isAllowed(file, { specifier, kind })).toBe(allowed)
  })

  test('carries no debt', () => expect(debt).toEqual([]))

  test('knows every folder of src, and so does the map', () => {
    const map = readFileSync(join(src, 'README.md'), 'utf8')
    const present = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const unknown = present.map(({ name }) => name).filter((name) => !folders[name] || !map.includes(`\`${name}/\``))
    expect(unknown).toEqual([])
  })
})

test('there are no cycles, even of types and inside a folder', () => {
  const graph = new Map(
    [...shipped].map(([file, { imports }]) => [
      moduleOf(file),
      imports
        .filter(({ specifier, kind }) => specifier.startsWith('.') && kind !== 'worker')
        .flatMap(({ specifier }) => targetOf(file, specifier) ?? []),
    ]),
  )
  expect(cyclesOf(graph)).toEqual([])
})

/** Depth first: an edge back to a module that is still being visited closes a cycle. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = []
  const done = new Set<string>()
  const path: string[] = []
  const visit = (module: string) => {
    const start = path.indexOf(module)
    if (start >= 0) cycles.push([...path.slice(start), module].join(' -> '))
    if (start >= 0 || done.has(module)) return
    path.push(module)
    for (const next of graph.get(module) ?? []) visit(next)
    path.pop()
    done.add(module)
  }
  for (const module of graph.keys()) visit(module)
  return cycles
}

test(`no file is longer than ${largestFile} lines of code`, () => {
  const long = [...shipped]
    .filter(([file, { lines }]) => lines > largestFile && !isWithin(file, exemptFromSize))
    .map(([file, { lines }]) => `${file}: ${lines} lines`)
  expect(long).toEqual([])
})

describe('the model', () => {
  const model = [...shipped].filter(([file]) => isWithin(file, modelFolders))

  test('uses nothing that differs between engines or belongs to a host', () => {
    expect(model.flatMap(([file, { uses }]) => uses.map((use) => `${file}:${use}`))).toEqual([])
  })

  test('never waits', () => {
    const waiting = model.filter(([file]) => isWithin(file, synchronousFolders))
    expect(waiting.flatMap(([file, { async }]) => async.map((line) => `${file}:${line}`))).toEqual([])
  })
})

test('nothing in the repository names a machine', () => {
  // Put together here, so that this file does not find itself.
  const paths = ['work', 'root', 'Users'].map((name) => `/${name}/`)
  const host = /https?:\/\/[^\s/"'`]*(registry|artifactory|nexus)[^\s/"'`]*/i
  const texts = /\.(ts|tsx|mjs|js|json|md|css|html|svg|yaml|yml|txt|trace)$|(^|\/)(LICENSE|\.[a-z]+rc|run)$/
  const named = filesBelow(root)
    .filter((file) => texts.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8')
      const found = [...paths.filter((path) => text.includes(path)), ...(text.match(host)?.slice(0, 1) ?? [])]
      return found.map((what) => `${file}: ${what}`)
    })
  expect(named).toEqual([])
  expect(existsSync(join(root, 'package.json'))).toBe(true)
})
