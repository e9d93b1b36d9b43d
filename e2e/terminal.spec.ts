import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { copyLink, expect, filmed, standAt, test } from './fixtures.ts'

const printed = (page: Page) => page.getByRole('log').filter({ hasText: '$' })
async function open(page: Page, language: 'en' | 'ko' = 'en'): Promise<void> {
  await page.goto('./#s=failover')
  await filmed(page, 2_500_000)
  if (language === 'ko') await page.keyboard.press('l')
  await standAt(page, 2_000_000)
  await page.keyboard.press('`')
  await expect(page.getByRole('combobox', { name: /Command line|명령줄/ })).toBeFocused()
}
async function type(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
}

for (const language of ['en', 'ko'] as const) {
  test(`a topic is created, described and taken back by keyboard alone, ${language}`, async ({ page }) => {
    await open(page, language)
    await expect(page.locator('html')).toHaveAttribute('lang', language)
    await type(page, 'kafka-topics.sh --bootstrap-server b2:9092 --create --topic audit --partitions 2 --replication-factor 3')
    await expect(printed(page)).toContainText('Created topic audit.', { timeout: 20_000 })
    expect(await page.evaluate(() => window.partitura.clock.playing)).toBe(false)
    await page.keyboard.type('kafka-top')
    await page.keyboard.press('Tab')
    await page.keyboard.type('--boot')
    await page.keyboard.press('Tab')
    await page.keyboard.type('b1')
    await page.keyboard.press('Tab')
    await page.keyboard.type('--describe --topic aud')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect(printed(page)).toContainText('Topic: audit\tTopicId: ')
    await expect(printed(page)).toContainText('Partition: 1\tLeader: ')
    await page.keyboard.press('ArrowUp')
    await expect(page.getByRole('combobox', { name: /Command line|명령줄/ })).toHaveValue('kafka-topics.sh --bootstrap-server b1:9092 --describe --topic audit ')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('button', { name: language === 'en' ? 'Terminal' : '터미널', exact: true })).toBeFocused()
    await page.keyboard.press('Control+z')
    await expect.poll(() => page.evaluate(() => window.partitura.film.journal.length)).toBe(0)
  })
}

test('what was asked travels in a link, and the tools say what is wrong', async ({ page, context }) => {
  // Two topics are asked for at 200 times slower than real time, and the run is made again from its link.
  test.slow()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await open(page)
  await type(page, 'kafka-topics.sh --bootstrap-server b2:9092 --create --topic audit --partitions 2')
  await expect(printed(page)).toContainText('Created topic audit.', { timeout: 20_000 })
  await type(page, 'kafka-topics.sh --bootstrap-server b2:9092 --create --topic audit')
  await expect(printed(page)).toContainText('Error while executing topic command : Topic \'audit\' already exists.', { timeout: 20_000 })
  await type(page, 'kafka-topics.sh --list')
  await expect(printed(page)).toContainText('--bootstrap-server must be specified')
  const link = await copyLink(page, 'j=')
  await page.goto('about:blank')
  await page.goto(link)
  await expect.poll(() => page.evaluate(() => window.partitura.film.viewAt(window.partitura.clock.at).partitions['audit/1']?.name), { timeout: 20_000 }).toBe('audit/1')
})

test('records go in and come out while the run moves', async ({ page }) => {
  await open(page)
  await type(page, 'kafka-topics.sh --bootstrap-server b2:9092 --create --topic notes')
  await expect(printed(page)).toContainText('Created topic notes.', { timeout: 20_000 })
  await type(page, 'kafka-console-producer.sh --bootstrap-server b2:9092 --topic notes')
  await expect(page.getByText('>', { exact: false }).first()).toBeVisible()
  await type(page, 'hello from the terminal')
  await expect.poll(() => page.evaluate(() => window.partitura.film.story.filter(({ fact }) => fact.code === 'admin.answered' && fact.api === 'Produce').length), { timeout: 20_000 }).toBe(1)
  await expect.poll(() => page.evaluate(() => window.partitura.clock.playing)).toBe(false)
  await page.keyboard.press('Control+c')
  await type(page, 'kafka-console-consumer.sh --bootstrap-server b2:9092 --topic notes --from-beginning --max-messages 1')
  await expect(printed(page)).toContainText('Processed a total of 1 messages')
  await expect(printed(page).getByText('hello from the terminal')).toHaveCount(2)
})

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the terminal, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await open(page)
    await type(page, 'kafka-topics.sh')
    await expect(page.getByRole('log').last()).toContainText('Command must include exactly one action')
    await page.keyboard.type('kafka-topics.sh --de')
    await page.keyboard.press('Tab')
    await expect(page.getByRole('listbox', { name: 'Completions' })).toBeVisible()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)).toEqual([])
  })
}
