/** Every end-to-end test fails on a console error, an uncaught exception or a request to another host. */
import { test as base, expect, type Page } from '@playwright/test'
import type { Film } from '../src/bridge/film.ts'
import type { RunClient } from '../src/bridge/client.ts'

declare global {
  interface Window { partitura: { readonly film: Film; readonly client: RunClient; readonly clock: { readonly at: number; readonly playing: boolean; pause(): void; play(): void; seek(at: number): void } } }
}

export const test = base.extend<{ page: Page }>({
  page: async ({ page, baseURL }, use) => {
    const faults: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') faults.push(`${message.type()}: ${message.text()}`)
    })
    page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`))
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(baseURL!) && !url.startsWith('blob:') && !url.startsWith('data:')) faults.push(`third party: ${url}`)
    })
    await use(page)
    expect(faults, 'nothing may be reported on the console').toEqual([])
  },
})
export { expect }

/** Until the film covers this moment. */
export const filmed = (page: Page, at: number): Promise<unknown> => page.waitForFunction((moment) => window.partitura.film.exposures.length > 0 && window.partitura.film.to >= moment, at)

/** The future can be computed: have the film reach this moment, without playing up to it. */
export const film = (page: Page, at: number): Promise<void> => expect.poll(() => page.evaluate((moment) => {
  const { client, clock } = window.partitura
  client.show(clock.at, moment)
  return window.partitura.film.to
}, at), { timeout: 20_000 }).toBeGreaterThanOrEqual(at)

/** Stand still at a moment, with everything drawn. */
export async function standAt(page: Page, at: number): Promise<void> {
  await page.evaluate((moment) => {
    window.partitura.clock.pause()
    window.partitura.clock.seek(moment)
  }, at)
  await expect(page.getByTestId('stage')).toHaveAttribute('data-at', String(at))
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
}

export const worldAt = (page: Page): Promise<string | null> => page.getByTestId('stage').getAttribute('data-hash')

/** Press "Copy link", and answer what the clipboard then holds. The journal is packed first, so it comes a little later. */
export async function copyLink(page: Page, containing: string): Promise<string> {
  const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText())
  await page.getByRole('button', { name: 'Copy link' }).click()
  await expect.poll(copied).toContain(containing)
  return copied()
}
