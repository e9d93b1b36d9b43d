/** Lets Preact answer wherever React is asked for, in our own modules and in packages. */
import { fileURLToPath } from 'node:url'
import type { UserConfig } from 'vite'

export const reactIsPreact = {
  // Ariakit marks its modules "use client", which says nothing to a bundle for the browser.
  build: { rolldownOptions: { checks: { moduleLevelDirective: false } } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: {
    alias: [
      { find: /^react$/, replacement: fileURLToPath(new URL('react.ts', import.meta.url)) },
      { find: /^react-dom$/, replacement: 'preact/compat' },
      { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
      { find: /^react\/jsx-(dev-)?runtime$/, replacement: 'preact/jsx-runtime' },
    ],
  },
} as const satisfies UserConfig
