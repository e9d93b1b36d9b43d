import { defineConfig } from 'vite'
import { csp, cspHeader } from './build/csp.ts'
import { reactIsPreact } from './build/preact.ts'
import { scenarios } from './build/scenarios.ts'
import { woff2 } from './build/woff2.ts'

const preact = reactIsPreact(import.meta.dirname)

export default defineConfig({
  // A copy of dist/ works below any path of any server.
  base: './',
  ...preact,
  plugins: [scenarios(), woff2(), csp()],
  worker: { format: 'es', plugins: () => [scenarios()], rolldownOptions: { output: { comments: { annotation: false } } } },
  build: {
    ...preact.build,
    // Native light-dark() and nesting: lowered copies would double the styles and break nested colour schemes.
    target: 'es2023',
    cssTarget: ['chrome125', 'edge125', 'firefox128', 'safari18'],
    // The policy forbids data: fonts and inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    // Beyond it sits only what is loaded on demand.
    chunkSizeWarningLimit: 700,
  },
  server: { host: '127.0.0.1' },
  preview: {
    host: '127.0.0.1',
    port: 4173,
    headers: {
      'Content-Security-Policy': cspHeader,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    },
  },
})
