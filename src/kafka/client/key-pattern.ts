/** Keys as a scenario names them: `vip-*`, `*` for any characters. A record without a key is only matched by `*`. */
export function matchesKey(pattern: string, key: string | undefined): boolean {
  if (key === undefined) return pattern === '*'
  const parts = pattern.split('*')
  const [first = '', ...rest] = parts
  if (rest.length === 0) return key === first
  const last = rest.pop()!
  if (!key.startsWith(first) || key.length < first.length + last.length || !key.endsWith(last)) return false
  let place = first.length
  for (const part of rest) {
    const found = key.indexOf(part, place)
    if (found < 0 || found + part.length > key.length - last.length) return false
    place = found + part.length
  }
  return true
}
