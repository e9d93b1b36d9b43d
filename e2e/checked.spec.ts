import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './fixtures.ts'

test('what was compared with a real Kafka is one step from the laboratory, and leads to each scenario', async ({ page }) => {
  await page.goto('./#lab')
  await page.getByRole('link', { name: 'Checked against Apache Kafka', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Checked against Apache Kafka' })).toBeFocused()
  await expect(page.getByText('scenarios compared')).toBeVisible()
  await page.getByRole('link', { name: 's14-leader-crash' }).click()
  await expect(page.getByRole('complementary', { name: 'Experiment' })).toBeVisible()
})

for (const theme of ['light', 'dark'] as const) {
  test(`its page: axe finds nothing, and nothing is wider than a phone (${theme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto('./#checked&lang=ko')
    await expect(page.getByRole('heading', { level: 1, name: 'Apache Kafka와 대조한 결과' })).toBeVisible()
    await expect(page.getByRole('heading', { level: 2, name: '예외' })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)).toEqual([])
  })
}
