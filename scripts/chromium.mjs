import { existsSync } from 'node:fs'

const places = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['C:/Program Files/Google/Chrome/Application/chrome.exe'],
}

/**
 * A browser of the system; undefined leaves it to Playwright's own download.
 * @returns {string | undefined}
 */
export function findChromium(env = process.env) {
  const asked = env['CHROMIUM_PATH']
  if (asked) {
    if (!existsSync(asked)) throw new Error(`CHROMIUM_PATH=${asked} does not exist`)
    return asked
  }
  const candidates = places[/** @type {keyof typeof places} */ (process.platform)] ?? []
  return candidates.find((path) => existsSync(path))
}

/** Launch options for Playwright: quiet, without a GPU, and without the sandbox where root cannot have one. */
export function chromiumLaunch(env = process.env) {
  const args = [
    '--disable-gpu',
    // Else a part drawn again may differ by a hair from the same part drawn with the whole: tests compare pixels.
    '--disable-partial-raster',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  if (process.getuid?.() === 0) args.push('--no-sandbox')
  const executablePath = findChromium(env)
  return executablePath ? { executablePath, args } : { args }
}
