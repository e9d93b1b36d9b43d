/** Lets Preact answer wherever React is asked for, in our own modules and in packages. */
import { join } from 'node:path'
import type { UserConfig } from 'vite'

/** `root`: of the repository; this file itself may lie in a bundle. */
export const reactIsPreact = (root: string) => ({
  // Ariakit marks its modules "use client", which says nothing to a bundle for the browser.
  build: { rolldownOptions: { checks: { moduleLevelDirective: false } } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: {
    alias: [
      { find: /^react$/, replacement: join(root, 'build/react.ts') },
      { find: /^react-dom$/, replacement: 'preact/compat' },
      { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
      { find: /^react\/jsx-(dev-)?runtime$/, replacement: 'preact/jsx-runtime' },
    ],
  },
}) as const satisfies UserConfig
