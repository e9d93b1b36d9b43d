import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve, sep } from 'node:path'
import type { Plugin, ViteDevServer } from 'vite'
import { LineCounter, parseDocument } from 'yaml'

/** In the order a learner meets them. */
const folders = ['lessons', 'demos', 'laboratory', 'challenges', 'sandbox']
/** Has a page of its own, and with it an index of its own: the first page does not carry the titles of all experiments. */
const APART = 'laboratory'

const LIST = 'virtual:scenarios'
const LABORATORY = 'virtual:laboratory'
/** What is said of each in the list that is opened: nobody reads it on the first page. */
const SUMMARIES = 'virtual:summaries'
const ONE = 'virtual:scenario/'

interface File {
  readonly id: string
  readonly folder: string
  readonly path: string
}

/**
 * Compiles scenarios/<folder>/<id>.yaml: one index of titles, and one lazy chunk a scenario, so that the first
 * load of the page carries no YAML parser and no scenario but the one that is asked for.
 */
export function scenarios(): Plugin {
  let root = resolve('scenarios')
  return {
    name: 'partitura:scenarios',
    configResolved: (config) => {
      root = join(config.root, 'scenarios')
    },
    resolveId: (id) => (id === LIST || id === LABORATORY || id === SUMMARIES || id.startsWith(ONE) ? `\0${id}` : undefined),
    load(id) {
      const isApart = id === `\0${LABORATORY}`
      if (id === `\0${SUMMARIES}`) return summariesModule(find(root).filter(({ folder }) => folder !== APART), (path) => this.addWatchFile(path))
      if (isApart || id === `\0${LIST}`) {
        return indexModule(find(root).filter(({ folder }) => (folder === APART) === isApart), (path) => this.addWatchFile(path))
      }
      if (!id.startsWith(`\0${ONE}`)) return undefined
      const name = id.slice(ONE.length + 1)
      const file = find(root).find((each) => each.id === name)
      if (!file) throw new Error(`no scenario "${name}" below ${root}`)
      this.addWatchFile(file.path)
      return dataModule(read(file))
    },
    configureServer: (server) => reloadOnChange(server, root),
  }
}

function find(root: string): File[] {
  const files = folders.flatMap((folder) => {
    const directory = join(root, folder)
    if (!existsSync(directory)) return []
    return readdirSync(directory)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => ({ id: basename(name, '.yaml'), folder, path: join(directory, name) }))
  })
  const seen = new Map<string, File>()
  for (const file of files) {
    const other = seen.get(file.id)
    if (other) throw new Error(`two scenarios are called "${file.id}": ${other.path} and ${file.path}`)
    seen.set(file.id, file)
  }
  return files
}

function read(file: File): Record<string, unknown> {
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(file.path, 'utf8'), { lineCounter: lines, prettyErrors: false })
  const error = document.errors[0]
  if (error) {
    const { line, col } = lines.linePos(error.pos[0])
    throw new Error(`${file.path}:${line}:${col}: ${error.message}`)
  }
  const data: unknown = document.toJS()
  if (!isRecord(data)) throw new Error(`${file.path}: a scenario is a mapping`)
  if (data['id'] !== file.id) {
    throw new Error(`${file.path}: its id is "${String(data['id'])}", and must be the name of the file`)
  }
  return data
}

function indexModule(files: readonly File[], watch: (path: string) => void): string {
  const entries = files.map((file) => {
    watch(file.path)
    const made = entry(file, read(file))
    return file.folder === APART ? made : { ...made, summary: undefined }
  })
  entries.sort(inTeachingOrder)
  const loaders = files.map(({ id }) => `  ${JSON.stringify(id)}: () => import(${JSON.stringify(ONE + id)}),`)
  return [
    `export const index = ${JSON.stringify(entries)};`,
    `const chunks = {\n${loaders.join('\n')}\n};`,
    `export async function load(id) {`,
    `  if (!Object.hasOwn(chunks, id)) throw new Error('no scenario "' + id + '"');`,
    `  return (await chunks[id]()).default;`,
    `}`,
  ].join('\n')
}

function summariesModule(files: readonly File[], watch: (path: string) => void): string {
  for (const { path } of files) watch(path)
  return `export const summaries = ${JSON.stringify(Object.fromEntries(files.map((file) => [file.id, read(file)['summary']])))};`
}

type Entry = ReturnType<typeof entry>

function entry(file: File, data: Record<string, unknown>) {
  const meta = isRecord(data['meta']) ? data['meta'] : {}
  return {
    id: file.id,
    kind: data['kind'],
    folder: file.folder,
    title: data['title'],
    summary: data['summary'],
    // YAML reads an unquoted 6.1 as a number; it names a lesson all the same.
    lesson: typeof meta['lesson'] === 'number' ? `${meta['lesson']}` : meta['lesson'],
    minutes: meta['minutes'],
    level: meta['level'],
  }
}

/** By folder, then by the parts of the lesson's number (2.10 after 2.9), then by name. */
function inTeachingOrder(a: Entry, b: Entry): number {
  const byFolder = folders.indexOf(a.folder) - folders.indexOf(b.folder)
  if (byFolder !== 0) return byFolder
  const [left, right] = [sortKey(a), sortKey(b)]
  if (left !== right) return left < right ? -1 : 1
  return a.id < b.id ? -1 : 1
}

function sortKey({ lesson, id, folder }: Entry): string {
  const digits = (text: string) => text.replace(/\d+/g, (number) => number.padStart(6, '0'))
  // An experiment's id begins with its own number, whatever lesson it belongs to.
  return typeof lesson === 'string' && folder !== APART ? digits(lesson) : `~${digits(id)}`
}

// JSON.parse of a string is what engines read fastest, and a string holds no surprise such as __proto__.
function dataModule(data: unknown): string {
  return `export default JSON.parse(${JSON.stringify(JSON.stringify(data))});`
}

function reloadOnChange(server: ViteDevServer, root: string): void {
  server.watcher.on('all', (_event, path) => {
    if (!path.startsWith(root + sep) || !path.endsWith('.yaml')) return
    for (const environment of Object.values(server.environments)) {
      for (const [id, module] of environment.moduleGraph.idToModuleMap) {
        if (id.startsWith('\0virtual:scenario') || id === `\0${LABORATORY}` || id === `\0${SUMMARIES}`) environment.moduleGraph.invalidateModule(module)
      }
    }
    server.ws.send({ type: 'full-reload' })
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
