import { expect, film, filmed, standAt, test, worldAt } from './fixtures.ts'

test('within ten seconds a stranger sees a cluster that lives', async ({ page }) => {
  await page.goto('./')
  await expect(page.getByRole('heading', { name: /simulated Kafka cluster/ })).toBeVisible()
  await expect(page.getByRole('button', { name: /kill -9/ })).toBeVisible({ timeout: 10_000 })
  const before = await page.evaluate(() => window.partitura.clock.at)
  const picture = await page.getByTestId('stage').screenshot()
  await expect.poll(() => page.evaluate(() => window.partitura.clock.at)).toBeGreaterThan(before)
  await expect.poll(async () => (await page.getByTestId('stage').screenshot()).equals(picture)).toBe(false)
})

test('kill the crowned broker, see who leads and why, restart it, rewind to before', async ({ page }) => {
  await page.goto('./')
  await page.getByRole('button', { name: /kill -9/ }).click()
  await expect(page.getByRole('heading', { name: /killed b1/ })).toBeVisible()
  const killedAt = await page.evaluate(() => window.partitura.film.story.findLast(({ fact }) => fact.code === 'node.crashed')!.at)
  await page.evaluate(() => window.partitura.clock.pause())
  await film(page, killedAt + 12_000_000)
  const elected = await page.evaluate(() => window.partitura.film.story.find(({ fact }) => fact.code === 'leader.elected' && fact.partition === 'orders/0')!)
  expect(elected.fact).toMatchObject({ leader: 'b2', epoch: 1, how: 'clean' })
  expect(elected.at - killedAt).toBeGreaterThanOrEqual(7_000_000)
  expect(elected.at - killedAt).toBeLessThanOrEqual(10_600_000)
  await standAt(page, elected.at + 500_000)
  const view = await page.evaluate((at) => window.partitura.film.viewAt(at), elected.at + 500_000)
  expect(view.partitions['orders/0']).toMatchObject({ leader: 'b2', leaderEpoch: 1, isr: ['b2', 'b3'] })
  expect(view.ledger.all).toMatchObject({ lost: [], duplicated: 0 })
  await expect(page.getByRole('button', { name: /Restart b1/ }).first()).toBeVisible()
})

test('the same moment is the same picture, whichever way it is reached', async ({ page }) => {
  await page.goto('./#s=failover')
  await filmed(page, 3_000_000)
  const stage = page.getByTestId('stage')
  await standAt(page, 2_400_000)
  const hash = await worldAt(page)
  const picture = await stage.screenshot()
  for (const elsewhere of [2_900_000, 1_000_000, 2_399_000]) {
    await standAt(page, elsewhere)
    await standAt(page, 2_400_000)
    expect(await worldAt(page)).toBe(hash)
    expect((await stage.screenshot()).equals(picture), `after a visit to ${elsewhere} us`).toBe(true)
  }
})
