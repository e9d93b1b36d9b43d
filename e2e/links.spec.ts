import { readFileSync } from 'node:fs'
import { copyLink, expect, filmed, standAt, test, worldAt } from './fixtures.ts'

const text = readFileSync('scenarios/lessons/acked-and-gone.yaml', 'utf8').replace('Acknowledged and gone', 'Found at an address')

test('a file on the same origin is opened by its address', async ({ page }) => {
  await page.route('**/my-lesson.yaml', (route) => route.fulfill({ contentType: 'application/yaml', body: text }))
  await page.goto('./?file=my-lesson.yaml')
  await expect(page.getByText('Found at an address').first()).toBeVisible()
})

test('a file of another origin is not fetched', async ({ page }) => {
  await page.goto('./?file=https://example.org/x.yaml')
  await expect(page.getByText(/lie beside this page/).first()).toBeVisible()
})

test('a link carries the whole scenario and the moment', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.route('**/my-lesson.yaml', (route) => route.fulfill({ contentType: 'application/yaml', body: text }))
  await page.goto('./?file=my-lesson.yaml')
  await filmed(page, 2_500_000)
  await standAt(page, 2_100_000)
  const world = await worldAt(page)
  const link = await copyLink(page, '#y=')
  await page.goto('about:blank')
  await page.goto(link)
  await expect(page.getByText('Found at an address').first()).toBeVisible()
  await filmed(page, 2_100_000)
  await standAt(page, 2_100_000)
  expect(await worldAt(page)).toBe(world)
})

test('a link carries what was done to the run', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('./#s=acked-and-gone')
  await filmed(page, 2_500_000)
  await standAt(page, 1_500_000)
  await page.evaluate(() => window.partitura.client.intervene(1_500_000, [{ do: 'crash', node: 'b3' }]))
  await page.waitForFunction(() => window.partitura.film.journal.length === 1)
  await filmed(page, 2_500_000)
  await standAt(page, 2_100_000)
  const world = await worldAt(page)
  const link = await copyLink(page, '&j=')
  await page.goto('about:blank')
  await page.goto(link)
  await filmed(page, 2_100_000)
  await standAt(page, 2_100_000)
  expect(await worldAt(page)).toBe(world)
  expect(await page.evaluate(() => window.partitura.film.journal.map(({ intervention }) => intervention.do))).toEqual(['crash'])
  await page.goto('about:blank')
  await page.goto('./#s=acked-and-gone&j=nonsense')
  await expect(page.getByRole('alertdialog')).toBeVisible()
})

test('one record is followed from its producer to its reader', async ({ page }) => {
  await page.goto('./#s=acked-and-gone')
  await filmed(page, 3_000_000)
  await standAt(page, 1_000_000)
  const cell = page.locator('[data-strip="orders/0@b1"] [data-offset="3"]')
  await cell.focus()
  await page.keyboard.press('f')
  for (const broker of ['b1', 'b2', 'b3']) await expect(page.locator(`[data-strip="orders/0@${broker}"] [data-record="shop#4"]`)).toBeVisible()
  await expect(page.getByText('following shop#4')).toBeVisible()
})
