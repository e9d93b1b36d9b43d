import { createServer } from 'node:net'

/**
 * The first port from `first` on where this machine lets us listen.
 * @param {number} first
 * @returns {Promise<number>}
 */
export async function freePort(first) {
  for (let port = first; port < first + 100; port++) {
    if (await isFree(port)) return port
  }
  throw new Error(`no free port between ${first} and ${first + 99}`)
}

/** @param {number} port */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
