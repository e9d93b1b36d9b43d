import AxeBuilder from '@axe-core/playwright'
import { expect, film, filmed, standAt, test } from './fixtures.ts'

test('what is not Kafka says so, beside a cluster that plays on; it is looked into and frozen as everything is', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto('./#s=pull-or-push')
  await filmed(page, 170_000)
  const toys = page.getByTestId('toys')
  await expect(toys).toHaveAttribute('aria-label', /^Not Kafka/)
  await expect(toys.getByText('Not Kafka: a push broker')).toBeVisible()
  await standAt(page, 170_000)
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)).toEqual([])
  // What comes next is hidden until there is an answer.
  await page.evaluate(() => window.partitura.clock.seek(1_000_000))
  await page.getByText('Kafka keeps them in its log').click()
  await page.getByRole('button', { name: /Run and see/ }).click()
  await film(page, 6_205_000)
  await standAt(page, 6_205_000)
  const slow = toys.getByRole('button', { name: 'Reader slow-1 of the toy: 4 of 5 in its inbox, 6 processed, 20 dropped', exact: true })
  await slow.click()
  await page.getByRole('tab', { name: 'Why' }).click()
  await expect(page.getByText('slow-1 dropped message 31 of desk-1').first()).toBeVisible()
  await page.getByRole('tab', { name: 'State' }).click()
  await expect(page.getByRole('tabpanel', { name: 'State' }).getByText('reader of a push broker · not Kafka')).toBeVisible()
  await toys.getByRole('button', { name: 'Break quick-1' }).click()
  await page.keyboard.press('f')
  await expect.poll(() => page.evaluate(() => window.partitura.film.story.some(({ fact }) => fact.code === 'node.paused' && fact.node === 'quick-1'))).toBe(true)
})
