import { readFileSync } from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import { expect, filmed, test } from './fixtures.ts'

/** Written by a broker of Apache Kafka 4.3.1. */
const fixtures = 'src/kafka/log/fixtures'

test('a segment that Kafka wrote opens in the byte view, batch by batch', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto('./#s=s01-healthy&t=8&z=bytes')
  await filmed(page, 500_000)
  const stage = page.getByRole('region', { name: 'The bytes of a batch' })
  await stage.locator('input[type=file]').setInputFiles(`${fixtures}/orders-0-00000000000000000003.log`)
  await expect(stage.getByRole('heading', { level: 2 })).toContainText('6 batches, offsets 3 to 13, 580 B')
  await expect(stage.getByRole('button', { name: /recordCount/ })).toContainText('5')
  await stage.getByRole('button', { name: '11', exact: true }).click()
  await expect(stage.getByRole('heading', { level: 3, name: 'Control record at offset 11' })).toBeVisible()
  await expect(stage.getByRole('button', { name: /controlType/ })).toContainText('1 (COMMIT)')
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)).toEqual([])
  await stage.getByRole('button', { name: 'Back to the cluster' }).click()
  await expect(stage.getByRole('heading', { level: 2, name: /One RecordBatch/ })).toBeVisible()
})

test('compressed records are opened where the browser can, and it says where it cannot', async ({ page }) => {
  await page.goto('./#s=s01-healthy&t=8&z=bytes&lang=en')
  await filmed(page, 500_000)
  const stage = page.getByRole('region', { name: 'The bytes of a batch' })
  await stage.locator('input[type=file]').setInputFiles(`${fixtures}/packed-0-00000000000000000000.log`)
  await expect(stage.getByRole('status')).toContainText('were compressed with gzip and have been opened')
  await expect(stage.getByRole('button', { name: /gzip makes what is said again and again small, 1$/ })).toBeVisible()
  await stage.getByRole('button', { name: '40 to 59' }).click()
  await expect(stage.getByRole('status')).toContainText('compressed with zstd and are not opened here')
  await expect(stage.getByRole('button', { name: /attributes/ })).toContainText('zstd, CreateTime')
})

test('a segment is dropped on the first page, and looked at beside a run', async ({ page }) => {
  await page.goto('./')
  await filmed(page, 100_000)
  const bytes = [...readFileSync(`${fixtures}/orders-0-00000000000000000000.log`)]
  await page.evaluate((all) => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([Uint8Array.from(all)], '00000000000000000000.log'))
    const target = document.querySelector('main')!
    for (const kind of ['dragover', 'drop']) target.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }))
  }, bytes)
  await expect(page.getByRole('region', { name: 'The bytes of a batch' }).getByRole('heading', { level: 2 })).toContainText('1 batch, offsets 0 to 2, 142 B')
})

test('a torn file says at which byte it ends, and what was expected', async ({ page }) => {
  await page.goto('./#s=s01-healthy&t=8&z=bytes')
  await filmed(page, 500_000)
  const stage = page.getByRole('region', { name: 'The bytes of a batch' })
  const buffer = readFileSync(`${fixtures}/orders-0-00000000000000000003.log`).subarray(0, 500)
  await stage.locator('input[type=file]').setInputFiles({ name: 'torn.log', mimeType: 'application/octet-stream', buffer })
  await expect(stage.getByRole('alert')).toHaveText('At byte 419 the file ends too early: 83 bytes were expected, 81 are there. Up to there the file is whole.')
})
