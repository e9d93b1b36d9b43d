/** `owner(billing, orders/0)` taken apart. */
export function selectorOf(target: string): { readonly name: string; readonly args: readonly string[] } | undefined {
  const open = target.indexOf('(')
  if (open < 0 || !target.endsWith(')')) return undefined
  return { name: target.slice(0, open), args: target.slice(open + 1, -1).split(',').map((each) => each.trim()) }
}
