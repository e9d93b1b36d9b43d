import { expect, film, filmed, standAt, test } from './fixtures.ts'

test('cut the power of the leader by its menu: what only its page cache had is gone, and the page says so', async ({ page }) => {
  await page.goto('./#s=acked-and-gone')
  await filmed(page, 500_000)
  await page.evaluate(() => window.partitura.clock.pause())
  await film(page, 3_000_000)
  const cutAt = 2_000_000
  await standAt(page, cutAt)
  const logOf = (at: number) => page.evaluate((moment) => window.partitura.film.viewAt(moment).replicas['orders/0@b1']!, at)
  const before = await logOf(cutAt)
  expect(before.logEndOffset).toBeGreaterThan(before.writtenTo!)

  await page.getByRole('button', { name: 'Break b1' }).click()
  await page.getByRole('menuitem', { name: /Cut its power/ }).click()
  await page.waitForFunction(() => window.partitura.film.story.some(({ fact }) => fact.code === 'power.lost'))
  await film(page, cutAt + 100_000)
  const after = await logOf(cutAt + 100_000)
  expect(after.logEndOffset).toBe(before.writtenTo)
  await page.evaluate(() => window.partitura.clock.pause())
  await standAt(page, cutAt + 100_000)
  await expect(page.getByRole('button', { name: /^Broker b1: without power since 00:02\.000/ })).toBeVisible()
  await expect(page.locator('[data-mark="b1 without power"]')).toBeVisible()
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toContainText(/b1 lost its power/)
  await page.getByRole('button', { name: 'Restart b1' }).first().click()
  await film(page, cutAt + 20_000_000)
  await expect.poll(() => page.evaluate(() => window.partitura.film.story.some(({ fact }) => fact.code === 'log.recovered' || fact.code === 'node.started'))).toBe(true)
})
