/**
 * How answers are compared: every key that is expected is there with the same value, lists have the same length, and maps
 * keyed by data (`additionalProperties` is a schema) the same keys. More than is expected may be answered.
 */

/** JSON Schema, as far as it matters here. */
export interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema | boolean
  readonly prefixItems?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
}

/** Where they differ; undefined = nowhere. */
export function compare(expected: unknown, actual: unknown, schema: Schema = {}, unordered = false, path = ''): string | undefined {
  if (Array.isArray(expected)) return compareLists(expected, actual, schema, unordered, path)
  if (typeof expected !== 'object' || expected === null) return Object.is(expected, actual) ? undefined : differs(path, expected, actual)
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return differs(path, expected, actual)
  const answered = actual as Readonly<Record<string, unknown>>
  for (const [key, value] of Object.entries(expected)) {
    const why = compare(value, answered[key], schemaOf(schema, key), unordered, `${path}.${key}`)
    if (why !== undefined) return why
  }
  const more = isMap(schema) ? Object.keys(answered).find((key) => answered[key] !== undefined && !Object.hasOwn(expected, key)) : undefined
  return more === undefined ? undefined : `${path}.${more} is not expected`
}

function compareLists(expected: readonly unknown[], actual: unknown, schema: Schema, unordered: boolean, path: string): string | undefined {
  if (!Array.isArray(actual) || actual.length !== expected.length) return differs(path, expected, actual)
  const [wanted, given] = unordered ? [sorted(expected), sorted(actual)] : [expected, actual as readonly unknown[]]
  const items = typeof schema.items === 'object' ? schema.items : {}
  for (const [i, value] of wanted.entries()) {
    const why = compare(value, given[i], schema.prefixItems?.[i] ?? items, unordered, `${path}[${i}]`)
    if (why !== undefined) return why
  }
  return undefined
}
const sorted = (list: readonly unknown[]): readonly unknown[] => list.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))

const isMap = ({ additionalProperties }: Schema): boolean => typeof additionalProperties === 'object'
function schemaOf(schema: Schema, key: string): Schema {
  const of = schema.properties?.[key] ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined)
  return (
    of ??
    [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].find(({ properties }) => properties?.[key] !== undefined)?.properties?.[key] ??
    {}
  )
}
const differs = (path: string, expected: unknown, actual: unknown): string =>
  `${path === '' ? 'the answer' : path.replace(/^\./, '')} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`
