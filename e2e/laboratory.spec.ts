import AxeBuilder from '@axe-core/playwright'
import { expect, film, filmed, standAt, test } from './fixtures.ts'

test('an experiment is found from the first page, played to its end, and all its rows are met', async ({ page }) => {
  await page.goto('./')
  await page.getByRole('navigation', { name: 'Where to go from here' }).getByRole('link', { name: 'Laboratory' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Laboratory' })).toBeFocused()
  await expect(page.getByRole('heading', { level: 2, name: /Replication/ })).toBeVisible()
  await page.getByRole('link', { name: /^S11/ }).click()

  const panel = page.getByRole('complementary', { name: 'Experiment' })
  await expect(panel.getByText('The high watermark standing still below the log end')).toBeVisible()
  await filmed(page, 500_000)
  await page.evaluate(() => window.partitura.clock.pause())
  await film(page, 11_200_000)
  const endAt = await page.evaluate(() => window.partitura.film.steps.find(({ index }) => index === 2)?.endAt)
  await standAt(page, endAt!)
  const rows = panel.getByRole('listitem').filter({ has: page.getByRole('img') })
  await expect(rows).toHaveCount(5)
  for (const row of await rows.all()) await expect(row.getByRole('img', { name: 'reached' })).toBeVisible()
  await panel.getByRole('link', { name: 'Back to the laboratory' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Laboratory' })).toBeVisible()
})

test('the laboratory is in the Open panel', async ({ page }) => {
  await page.goto('./#s=failover')
  await filmed(page, 100_000)
  await page.getByRole('button', { name: 'Open' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Laboratory' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByRole('heading', { level: 1, name: 'Laboratory' })).toBeVisible()
})

test('axe finds nothing in a run of an experiment', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto('./#s=s14-leader-crash')
  await filmed(page, 100_000)
  await expect(page.getByText('Expected of the whole run')).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)).toEqual([])
})

for (const theme of ['light', 'dark'] as const) {
  test(`the laboratory: axe finds nothing, and nothing is wider than a phone (${theme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto('./#lab&lang=ko')
    await expect(page.getByRole('heading', { level: 1, name: '실험실' })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)).toEqual([])
  })
}

test('the call of the admin client is on the stage, its answer in the inspector; axe finds nothing', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto('./#s=s22-reassignment')
  await filmed(page, 500_000)
  await page.evaluate(() => window.partitura.clock.pause())
  await film(page, 4_000_000)
  const { askedAt, answeredAt } = await page.evaluate(() => {
    const at = (code: string) => window.partitura.film.story.find(({ fact }) => fact.code === code)!.at
    return { askedAt: at('admin.asked'), answeredAt: at('admin.answered') }
  })
  await standAt(page, askedAt + 3_000)
  await page.getByRole('button', { name: 'Admin client admin: AlterPartitionReassignments t/0' }).click()
  await standAt(page, answeredAt)
  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  await inspector.getByRole('tab', { name: 'State' }).click()
  await expect(inspector).toContainText('AlterPartitionReassignments of t/0: done')
  await inspector.getByRole('tab', { name: 'Why' }).click()
  await expect(inspector).toContainText('Step 2 began: On the move.')
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)).toEqual([])
})
