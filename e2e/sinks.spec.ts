import AxeBuilder from '@axe-core/playwright'
import { expect, film, filmed, standAt, test } from './fixtures.ts'

test('a database and a mail gateway say that they are not Kafka, and what has come twice; they are looked into and frozen as everything is', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto('./#s=where-exactly-once-stops')
  await filmed(page, 1_300_000)
  const place = page.getByTestId('toys')
  await expect(place).toHaveAttribute('aria-label', /^Outside of Kafka/)
  await standAt(page, 1_300_000)
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)).toEqual([])
  await film(page, 3_300_000)
  await standAt(page, 3_300_000)
  // What comes next is hidden until there is an answer.
  await page.evaluate(() => window.partitura.clock.seek(3_400_000))
  await page.getByText('Two', { exact: true }).click()
  await page.getByRole('button', { name: /Run and see/ }).click()
  await film(page, 9_200_000)
  await standAt(page, 9_200_000)
  await place.getByRole('button', { name: 'Mail gateway mail, not Kafka: 6 e-mails, 2 repeated, 0 refused; the last: order-4 no. 2, order-3 no. 2, order-4, order-3, order-2', exact: true }).click()
  await page.getByRole('tab', { name: 'Why' }).click()
  await expect(page.getByText('mail sent e-mail number 2 for order-4').first()).toBeVisible()
  await page.getByRole('tab', { name: 'State' }).click()
  await expect(page.getByRole('tabpanel', { name: 'State' }).getByText('mail gateway · not Kafka')).toBeVisible()
  await place.getByRole('button', { name: 'Break mail' }).click()
  await page.getByRole('menuitem', { name: /Freeze/ }).click()
  await expect.poll(() => page.evaluate(() => window.partitura.film.story.some(({ fact }) => fact.code === 'node.paused' && fact.node === 'mail'))).toBe(true)
})
