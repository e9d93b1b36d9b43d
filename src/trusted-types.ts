/**
 * The page's policy forbids strings where the browser expects trusted types. One of them is the address of the worker:
 * it may come from this origin alone. Imported first, before anything makes a worker.
 */
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown
}
const factory = (globalThis as { readonly trustedTypes?: PolicyFactory }).trustedTypes

factory?.createPolicy('default', {
  createScriptURL: (text) => {
    const url = new URL(text, location.href)
    if (url.origin !== location.origin) throw new TypeError('a script from another origin')
    return url.href
  },
})
