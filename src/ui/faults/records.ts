/** Records of the small form: `{n}` counts. Pure. */
export const mostRecords = 500

interface Written { readonly key: string | undefined; readonly value: string | undefined }

export function recordsOf(key: string, value: string, count: number): Written[] {
  const times = Math.max(1, Math.min(mostRecords, Math.floor(count)))
  const written = (pattern: string, n: number) => (pattern === '' ? undefined : pattern.replaceAll('{n}', String(n)))
  return Array.from({ length: times }, (_, i) => ({ key: written(key, i + 1), value: written(value, i + 1) }))
}
