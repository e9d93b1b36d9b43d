import AxeBuilder from '@axe-core/playwright'
import { expect, filmed, standAt, test, worldAt } from './fixtures.ts'

test('Korean and English change places without losing the moment', async ({ page }) => {
  await page.goto('./#s=acked-and-gone')
  await filmed(page, 2_000_000)
  await standAt(page, 1_000_000)
  const hash = await worldAt(page)
  await page.getByRole('button', { name: '한국어' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko')
  await expect(page.getByText('응답은 왔는데 사라졌다').first()).toBeVisible()
  await expect(page.getByTestId('stage')).toHaveAttribute('data-at', '1000000')
  expect(await worldAt(page)).toBe(hash)
  await page.getByRole('button', { name: 'EN', exact: true }).click()
  await expect(page.getByText('Acknowledged and gone').first()).toBeVisible()
})

test('everything works by keyboard alone: kill, follow, undo', async ({ page }) => {
  await page.goto('./#s=failover')
  await filmed(page, 2_500_000)
  await standAt(page, 2_000_000)
  await page.getByRole('button', { name: 'Break b1' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menu')).toBeVisible()
  await page.keyboard.press('k')
  await expect.poll(() => page.evaluate(() => window.partitura.film.story.some(({ fact, at }) => fact.code === 'node.crashed' && at === 2_000_000))).toBe(true)
  await page.keyboard.press('Control+z')
  await expect.poll(() => page.evaluate(() => window.partitura.film.story.some(({ fact, at }) => fact.code === 'node.crashed' && at === 2_000_000))).toBe(false)
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(() => page.evaluate(() => window.partitura.film.story.some(({ fact, at }) => fact.code === 'node.crashed' && at === 2_000_000))).toBe(true)
})

for (const [name, address] of [['home', './'], ['a lesson', './#s=acked-and-gone']] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`axe finds nothing: ${name}, ${theme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.goto(address)
      await filmed(page, 100_000)
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)).toEqual([])
    })
  }
}

test('a phone: stage above, one lane at a time, nothing wider than the screen', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('./#s=acked-and-gone')
  await filmed(page, 1_000_000)
  await expect(page.getByTestId('stage')).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})

test('the worker dies, and the run is there again', async ({ page }) => {
  await page.goto('./#s=failover')
  await filmed(page, 2_500_000)
  await standAt(page, 2_000_000)
  const hash = await worldAt(page)
  await page.evaluate(() => window.partitura.client.fail())
  await expect(page.getByText(/engine stopped|run is back/i).first()).toBeVisible()
  await filmed(page, 2_000_000)
  await standAt(page, 2_000_000)
  expect(await worldAt(page)).toBe(hash)
})
