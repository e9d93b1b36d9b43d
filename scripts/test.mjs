// Everything that can fail, one runner after another; the last line adds them up: N passed, M failed.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, setup } from './setup.mjs'

/** @typedef {{ passed: number, failed: number }} Count */

// Relative to the root, where every tool runs.
const reports = 'node_modules/.cache/partitura/reports'
const vitestReport = `${reports}/vitest.json`
const playwrightReport = `${reports}/playwright.json`

const tools = {
  tsc: 'typescript/bin/tsc',
  oxlint: 'oxlint/bin/oxlint',
  vitest: 'vitest/vitest.mjs',
  vite: 'vite/bin/vite.js',
  playwright: '@playwright/test/cli.js',
}

/**
 * Runs a tool with its output going straight to the terminal.
 * @param {keyof typeof tools} tool @param {string[]} args @param {Record<string, string>} env
 * @returns {Promise<boolean>} whether it ended well
 */
function runs(tool, args, env = {}) {
  console.log(`\n--- ${tool} ${args.join(' ')}`)
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', tools[tool]), ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    })
    child.on('error', (error) => {
      console.log(`${tool} did not start: ${error.message}`)
      resolve(false)
    })
    child.on('exit', (code) => resolve(code === 0))
  })
}

/**
 * A tool that counts as one test.
 * @param {keyof typeof tools} tool @param {string[]} args
 * @returns {Promise<Count>}
 */
async function single(tool, args) {
  return (await runs(tool, args)) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

async function vitest() {
  const ok = await runs('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${vitestReport}`,
  ])
  return tally(ok, vitestReport, (report) => {
    // A file that cannot even be loaded has no tests to fail: it counts as one.
    const unloaded = report.testResults.filter(
      (/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
    ).length
    return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded }
  })
}

/**
 * A program of our own that closes with `N passed, M failed`.
 * @param {string[]} args @returns {Promise<Count>}
 */
function program(...args) {
  console.log(`\n--- ${args.join(' ')}`)
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'scripts/run.mjs'), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (text) => {
      process.stdout.write(text)
      said += text
    })
    child.on('error', () => resolve({ passed: 0, failed: 1 }))
    child.on('exit', (code) => {
      const last = /(\d+) passed, (\d+) failed\s*$/.exec(said)
      const count = { passed: Number(last?.[1] ?? 0), failed: Number(last?.[2] ?? 0) }
      resolve(code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count)
    })
  })
}

async function playwright() {
  const ok = await runs('playwright', ['test', '--pass-with-no-tests', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport,
  })
  return tally(ok, playwrightReport, ({ stats }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
  }))
}

/**
 * The figures of a report; a runner that died or says less than its exit code counts as one failure.
 * @param {boolean} ok @param {string} report @param {(report: any) => Count} read
 * @returns {Count}
 */
function tally(ok, report, read) {
  const written = join(root, report)
  const count = existsSync(written) ? read(JSON.parse(readFileSync(written, 'utf8'))) : { passed: 0, failed: 0 }
  return !ok && count.failed === 0 ? { ...count, failed: 1 } : count
}

async function prepare() {
  await setup({ browser: true })
  rmSync(join(root, reports), { recursive: true, force: true })
  mkdirSync(join(root, reports), { recursive: true })
  // Of an old page no browser test may say that it works.
  rmSync(join(root, 'dist'), { recursive: true, force: true })
}

const stages = [
  () => single('tsc', ['-p', 'tsconfig.json']),
  () => single('tsc', ['-p', 'tsconfig.model.json']),
  () => single('oxlint', []),
  vitest,
  () => program('swarm', '1000'),
  () => program('test'),
  () => single('vite', ['build', '--logLevel', 'warn']),
  playwright,
]

const total = { passed: 0, failed: 0 }
try {
  await prepare()
  for (const stage of stages) {
    const { passed, failed } = await stage()
    total.passed += passed
    total.failed += failed
  }
} catch (error) {
  console.log(error instanceof Error ? error.message : error)
  total.failed += 1
}
process.exitCode = total.failed > 0 ? 1 : 0
console.log(`\n${total.passed} passed, ${total.failed} failed`)
