import { defineConfig, devices } from '@playwright/test'
import { chromiumLaunch } from './scripts/chromium.mjs'
import { freePort } from './scripts/port.mjs'

// Always a port of its own: a server that already runs may serve another build. Playwright reads this file again
// in every worker process; they inherit the environment, and with it the port.
process.env['PARTITURA_E2E_PORT'] ??= String(await freePort(4273))
const port = process.env['PARTITURA_E2E_PORT']
const url = `http://127.0.0.1:${port}/`

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list']],
  use: {
    baseURL: url,
    locale: 'en-US',
    timezoneId: 'UTC',
    launchOptions: chromiumLaunch(),
    trace: 'retain-on-failure',
  },
  projects: [{ name: 'chromium', use: { ...devices['Desktop Chrome'] } }],
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${port} --strictPort`,
    url,
    reuseExistingServer: false,
    timeout: 30_000,
  },
})
