// Builds the page and serves it: `npm start`, then open the address that is printed.
import { setup, root } from './setup.mjs'

await setup()
const { build, preview } = await import('vite')

await build({ root, logLevel: 'warn' })
const server = await preview({ root, logLevel: 'warn' })
const address = server.httpServer.address()
const port = typeof address === 'object' ? address?.port : undefined

console.log(`\n  Partitura  http://127.0.0.1:${port}/\n  Ctrl+C ends it.\n`)
