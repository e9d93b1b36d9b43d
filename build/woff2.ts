import type { Plugin } from 'vite'

/**
 * Fontsource offers every font twice, as WOFF2 and as WOFF for browsers of before 2016. Nobody who can run this page
 * would take the second, and it would double what is built and what is kept for offline use.
 */
export function woff2(): Plugin {
  return {
    name: 'partitura:woff2',
    enforce: 'pre',
    transform: {
      filter: { id: /@fontsource\/.*\.css$/ },
      handler: (code) => ({ code: code.replace(/,\s*url\([^)]*\.woff\)\s*format\(['"]woff['"]\)/g, ''), map: null }),
    },
  }
}
