import { mkdirSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from './fixtures.ts'

/** All scripts that were asked for until the first page moved, the worker's included. */
test('the first page moves after 200 kB of script at most', async ({ page, context }) => {
  const loads: Promise<readonly [string, number]>[] = []
  context.on('response', (response) => {
    const url = response.url()
    if (url.endsWith('.js')) loads.push(response.body().then((body) => [url.slice(url.lastIndexOf('/') + 1), gzipSync(body, { level: 9 }).length] as const))
  })
  await page.goto('./')
  await page.waitForFunction(() => window.partitura.film.spans.length > 0 && window.partitura.clock.playing)
  const sizes = await Promise.all(loads)
  const bytes = sizes.reduce((sum, [, size]) => sum + size, 0)
  mkdirSync('node_modules/.cache/partitura', { recursive: true })
  writeFileSync('node_modules/.cache/partitura/first-load.json', JSON.stringify({ bytes, sizes }))
  expect(sizes.some(([name]) => name.startsWith('worker'))).toBe(true)
  expect(bytes, JSON.stringify(sizes)).toBeLessThanOrEqual(200_000)
})
