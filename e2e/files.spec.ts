import { readFileSync } from 'node:fs'
import { expect, filmed, test } from './fixtures.ts'

const good = readFileSync('scenarios/lessons/acked-and-gone.yaml', 'utf8')

test('open a scenario file of my own and step through it', async ({ page }) => {
  await page.goto('./')
  await page.getByRole('button', { name: 'Open a scenario' }).click()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: /choose a file|open a file/i }).click()
  await (await chooser).setFiles({ name: 'mine.yaml', mimeType: 'application/yaml', buffer: Buffer.from(good.replace('Acknowledged and gone', 'My own file')) })
  await expect(page.getByText('My own file').first()).toBeVisible()
  await expect(page.getByText('Step 1 of 6')).toBeVisible()
  // Next goes to the end of the step first, if it is still under way.
  await expect(async () => {
    await page.keyboard.press('ArrowRight')
    await expect(page.getByText('Step 2 of 6')).toBeVisible({ timeout: 500 })
  }).toPass()
  await expect(async () => {
    await page.keyboard.press('ArrowLeft')
    await expect(page.getByText('Step 1 of 6')).toBeVisible({ timeout: 500 })
  }).toPass()
})

test('a broken file says what, where and what was meant, and loses nothing', async ({ page }) => {
  await page.goto('./#s=failover')
  await filmed(page, 100_000)
  await expect(page.getByRole('banner')).toBeVisible()
  const broken = good.replace('- produce: {by: shop, count: 7}', '- prodcue: {by: shop, count: 7}')
  const line = broken.split('\n').findIndex((text) => text.includes('prodcue')) + 1
  await page.evaluate((text) => {
    const data = new DataTransfer()
    data.items.add(new File([text], 'mine.yaml', { type: 'application/yaml' }))
    for (const type of ['dragenter', 'dragover', 'drop']) document.querySelector('header')!.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }))
  }, broken)
  await expect(page.getByText(`line ${line}`).first()).toBeVisible()
  await expect(page.getByText('prodcue').first()).toBeVisible()
  await page.getByRole('button', { name: /replace/i }).click()
  await expect(page.getByText('Step 1 of 6')).toBeVisible()
})

test('an unknown scenario in the address is said so', async ({ page }) => {
  await page.goto('./#s=no-such-thing')
  await expect(page.getByText('no-such-thing').first()).toBeVisible()
})
