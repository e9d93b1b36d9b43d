// Runs a program written in TypeScript: node scripts/run.mjs NAME args...
// Node 20 reads no TypeScript, so the program is bundled first, and again only when a source has changed.
// Nothing is written to stdout here: it belongs to the program.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { setup, root } from './setup.mjs'

const cache = join(root, 'node_modules', '.cache', 'partitura', 'run')
const sources = ['src', 'bench', 'conformance', 'scenarios', 'build', 'vite.config.ts', 'package-lock.json']
const anHour = 3_600_000

/** @param {string} name */
function findEntry(name) {
  const places = [
    `src/cli/${name}.ts`,
    `bench/${name}/index.ts`,
    `bench/${name}.ts`,
    `conformance/${name}.ts`,
    `${name}/index.ts`,
  ]
  const entry = /^[\w-]+$/.test(name) ? places.find((place) => existsSync(join(root, place))) : undefined
  if (!entry) throw new Error(`no program "${name}": looked for\n  ${places.join('\n  ')}`)
  return entry
}

/** Names, sizes and times of all sources: cheaper than reading them, and as good. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const source of sources.map((each) => join(root, each)).filter((each) => existsSync(each))) {
    const isFile = statSync(source).isFile()
    const files = isFile ? [source] : readdirSync(source, { recursive: true, encoding: 'utf8' }).sort()
    for (const file of files) {
      const status = statSync(isFile ? file : join(source, file), { throwIfNoEntry: false })
      if (status?.isFile()) hash.update(`${file}:${status.size}:${status.mtimeMs}\n`)
    }
  }
  return hash.digest('hex').slice(0, 16)
}

/** @param {string} name @param {string} entry */
async function bundle(name, entry) {
  const prefix = `${name}@`
  const folder = join(cache, prefix + fingerprint())
  const program = join(folder, 'program.mjs')
  if (existsSync(program)) return program

  // Built aside and then renamed: two that start at the same time do not read each other's half.
  const draft = join(cache, `draft-${process.pid}`)
  const { build } = await import('vite')
  await build({
    root,
    logLevel: 'error',
    build: {
      ssr: join(root, entry),
      outDir: draft,
      emptyOutDir: true,
      copyPublicDir: false,
      minify: false,
      target: 'node20',
      rolldownOptions: { output: { format: 'es', entryFileNames: 'program.mjs', chunkFileNames: '[name]-[hash].mjs' } },
    },
  })
  mkdirSync(cache, { recursive: true })
  dropOld(prefix)
  if (existsSync(folder)) rmSync(draft, { recursive: true })
  else renameSync(draft, folder)
  return program
}

/** A younger one may still be running. @param {string} prefix */
function dropOld(prefix) {
  for (const name of readdirSync(cache).filter((each) => each.startsWith(prefix))) {
    const old = join(cache, name)
    if (Date.now() - statSync(old).mtimeMs > anHour) rmSync(old, { recursive: true, force: true })
  }
}

/** @param {string} program @param {string[]} args @param {string[]} flags */
function start(program, args, flags) {
  const child = spawn(process.execPath, [...flags, program, ...args], {
    stdio: 'inherit',
    env: { ...process.env, PARTITURA_ROOT: root },
  })
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 1)
  })
}

const [name, ...args] = process.argv.slice(2)
try {
  if (!name) throw new Error('usage: node scripts/run.mjs NAME [argument ...]')
  const entry = findEntry(name)
  await setup({ quiet: true })
  // Measuring memory needs a collector that can be called.
  start(await bundle(name, entry), args, entry.startsWith('bench/') ? ['--expose-gc'] : [])
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
