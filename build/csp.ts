import type { Plugin } from 'vite'

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default',
]

/** For a server that can send headers: browsers ignore frame-ancestors in a meta tag. */
export const cspHeader = [...policy, "frame-ancestors 'none'"].join('; ')

/**
 * The policy travels in the page as well, so that any static file server is as strict as ours.
 * Not in development: the refresh preamble of the React plugin is an inline script.
 */
export function csp(): Plugin {
  return {
    name: 'partitura:csp',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policy.join('; ') },
        injectTo: 'head-prepend',
      },
    ],
  }
}
