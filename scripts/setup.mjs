// Makes a fresh clone ready: the packages of the lock file and, with --browser, a Chromium and a Korean font.
// Only Node's own modules are imported at the top: nothing else is there yet.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from './chromium.mjs'

export const root = resolve(import.meta.dirname, '..')
const lock = join(root, 'package-lock.json')
const stamp = join(root, 'node_modules', '.setup-lock')
const installed = join(root, 'node_modules', '.package-lock.json')

/** @param {{ browser?: boolean, quiet?: boolean }} options */
export async function setup({ browser = false, quiet = false } = {}) {
  checkNode()
  installPackages(quiet)
  if (browser) await ensureBrowser()
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const fits = major > 20 || (major === 20 && minor >= 19)
  if (!fits) throw new Error(`Partitura needs Node 20.19 or newer; this is ${process.versions.node}.`)
}

/** @param {boolean} quiet */
function installPackages(quiet) {
  const wanted = createHash('sha256').update(readFileSync(lock)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  if (!isInstalled()) {
    if (!quiet) console.error('Installing packages ...')
    // stdout belongs to the program that is set up, so npm reports on stderr, and in quiet mode only when it fails.
    const result = run('npm', ['ci', '--no-audit', '--no-fund'], quiet ? 'pipe' : ['ignore', 2, 2])
    if (result.status !== 0) throw new Error(`npm ci failed\n${result.stdout ?? ''}${result.stderr ?? ''}`)
  }
  writeFileSync(stamp, wanted)
}

/** Whether someone's own `npm install` has already put there what the lock file asks for. */
function isInstalled() {
  if (!existsSync(installed)) return false
  const there = packagesOf(installed)
  return Object.entries(packagesOf(lock)).every(
    ([path, { version, optional }]) => path === '' || optional || there[path]?.version === version,
  )
}

/** @param {string} file @returns {Record<string, { version?: string, optional?: boolean }>} */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}

/** Ends without one only after saying so: the tests in the browser will then fail, and the others still run. */
async function ensureBrowser() {
  const apt = isDebianRoot()
  const missing = []
  if (!(await hasBrowser())) missing.push('chromium')
  if (process.platform === 'linux' && !hasKoreanFont()) missing.push('fonts-noto-cjk')
  if (apt && missing.length > 0) {
    console.error(`Installing ${missing.join(' and ')} ...`)
    run('apt-get', ['update', '-q'], ['ignore', 2, 2])
    run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...missing], ['ignore', 2, 2])
  }
  if (!(await hasBrowser())) run('npx', ['playwright', 'install', 'chromium'], ['ignore', 2, 2])
  if (!(await hasBrowser())) {
    console.error('No Chromium found or installable. Install one, or name one in CHROMIUM_PATH.')
  }
}

async function hasBrowser() {
  if (findChromium()) return true
  const { chromium } = await import('@playwright/test')
  return existsSync(chromium.executablePath())
}

/** The page brings its own fonts; one of the system serves only what they lack. */
function hasKoreanFont() {
  if (existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc')) return true
  const list = run('fc-list', [':lang=ko', 'family'], 'pipe')
  return list.status === 0 && list.stdout.length > 0
}

/** Not Ubuntu: its package chromium-browser only points to a snap. */
function isDebianRoot() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/os-release')) return false
  return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
}

/** @param {string} command @param {string[]} args @param {import('node:child_process').StdioOptions} stdio */
function run(command, args, stdio) {
  return spawnSync(command, args, {
    cwd: root,
    stdio,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', npm_config_loglevel: 'error' },
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await setup({ browser: process.argv.includes('--browser') })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
