import { expect, test } from './fixtures.ts'

test('a setting of a consumer is changed from its menu; what Kafka would refuse is said before', async ({ page }) => {
  await page.goto('./#s=rebalancing&t=11&lang=en')
  await page.waitForFunction(() => window.partitura.film.spans.length > 0)
  await page.getByRole('button', { name: /e1/ }).and(page.locator('.bolt')).first().click()
  await page.getByRole('menuitem', { name: 'Change its settings' }).click()
  const dialog = page.getByRole('dialog', { name: 'Settings of e1' })
  await dialog.getByLabel('Setting').selectOption('max.poll.records')
  await dialog.getByLabel('Value').fill('0')
  await expect(dialog.getByRole('alert')).toContainText('a whole number from 1 is expected')
  await expect(dialog.getByRole('button', { name: 'Apply and restart it' })).toBeDisabled()
  await dialog.getByLabel('Value').fill('7')
  await dialog.getByRole('button', { name: 'Apply and restart it' }).click()
  await expect.poll(() => page.evaluate(() => window.partitura.film.story.flatMap(({ fact }) => (fact.code === 'config.changed' ? [`${fact.name} ${fact.key} ${fact.value}`] : [])))).toEqual(['e1 max.poll.records 7'])
})
