/** The real stage with 500 messages in flight, beside a page that draws 500 plain arcs on the same canvas; both 4x throttled. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { build, preview } from 'vite'
import { reactIsPreact } from '../build/preact.ts'
import { chromiumLaunch } from '../scripts/chromium.mjs'
import { median } from './measure.ts'

const FRAMES = 300
const ROUNDS = 5
const THROTTLE = 4

interface Round { readonly ms: number; readonly presented: number }
export interface StageFigures { readonly ratio: number; readonly stageMs: number; readonly dotsMs: number; readonly framesRatio: number }

export async function measureStage(root: string): Promise<StageFigures | undefined> {
  const launch = chromiumLaunch()
  if (launch.executablePath === undefined) return undefined
  const outDir = mkdtempSync(join(tmpdir(), 'partitura-bench-'))
  const preact = reactIsPreact(root)
  await build({
    root: join(root, 'bench/pages'), configFile: false, logLevel: 'error', base: './', ...preact,
    build: { outDir, emptyOutDir: true, rolldownOptions: { ...preact.build.rolldownOptions, input: [join(root, 'bench/pages/stage.html'), join(root, 'bench/pages/dots.html')] } },
  })
  const server = await preview({ root: outDir, configFile: false, logLevel: 'error', build: { outDir }, preview: { port: 0, host: '127.0.0.1' } })
  const browser = await chromium.launch(launch)
  try {
    const address = server.resolvedUrls!.local[0]!
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
    const stage: Round[] = [], dots: Round[] = []
    for (let round = 0; round < ROUNDS; round++) {
      stage.push(await measurePage(page, `${address}stage.html`))
      dots.push(await measurePage(page, `${address}dots.html`))
    }
    const stageMs = median(stage.map(({ ms }) => ms)), dotsMs = median(dots.map(({ ms }) => ms))
    return {
      stageMs, dotsMs, ratio: median(stage.map(({ ms }, i) => ms / dots[i]!.ms)), framesRatio: median(stage.map(({ presented }, i) => presented / dots[i]!.presented)),
    }
  } finally {
    await browser.close()
    await server.close()
    rmSync(outDir, { recursive: true, force: true })
  }
}

/** Main-thread time of all tasks, by frame presented, over some 300 of them. */
async function measurePage(page: Page, url: string): Promise<Round> {
  await page.goto(url)
  await page.waitForFunction('window.ready === true')
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE })
  await page.waitForTimeout(500)
  const taskTime = async () => (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value
  const before = await taskTime()
  const seconds = await page.evaluate((frames) => new Promise<number>((resolve) => {
    const start = performance.now()
    let left = frames
    const tick = (): void => {
      if (left-- > 0) requestAnimationFrame(tick)
      else resolve((performance.now() - start) / 1000)
    }
    requestAnimationFrame(tick)
  }), FRAMES)
  const ms = ((await taskTime()) - before) / FRAMES * 1000
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await session.detach()
  return { ms, presented: FRAMES / seconds }
}
