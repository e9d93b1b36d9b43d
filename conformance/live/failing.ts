/**
 * The records that handlers fail on. Nothing in the bytes of a record says so, here as in a real log: who hosts a handler is
 * told beforehand, by key and value, also of the copies that a ladder of retry topics makes of it.
 */
import type { ClusterSpec } from '../../src/kafka/cluster.ts'
import type { RecordSpec, Scenario } from '../../src/scenario/types.ts'

/** As a reader sees it. */
export type Identity = readonly [key: string | null, value: string | null]

interface Said { readonly key?: string | null | undefined; readonly value?: string | null | undefined; readonly bytes?: number | undefined; readonly poison?: boolean | undefined }

/** Behind a value of a given size stand spaces, or it is cut off: so it is told without them. */
function identityOf({ key, value, bytes }: Said): Identity {
  const whole = value ?? null
  return [key ?? null, whole === null || bytes === undefined ? whole : Buffer.from(whole).subarray(0, bytes).toString().replace(/ +$/, '')]
}

function saidIn(spec: ClusterSpec, { steps = [] }: Scenario): readonly Said[] {
  const standing = spec.topics.flatMap(({ records = [] }) => records.flat()).map(({ key, value, valueBytes, poison }): Said => ({ key, value, bytes: valueBytes, poison }))
  const sent = steps.flatMap(({ do: items = [] }) => items).flatMap(({ produce, rawProduce }): readonly RecordSpec[] =>
    [...(produce?.records ?? []), ...(produce?.each === undefined ? [] : [produce.each]), ...(rawProduce?.records ?? [])])
  return [...standing, ...sent]
}

export const failingOf = (spec: ClusterSpec, scenario: Scenario): readonly Identity[] =>
  [...new Map(saidIn(spec, scenario).filter(({ poison }) => poison === true).map(identityOf).map((each) => [JSON.stringify(each), each])).values()]

/** Why nobody can tell them from others by what they are. */
export function failingObstacle(spec: ClusterSpec, scenario: Scenario): string | undefined {
  const said = saidIn(spec, scenario)
  const bad = said.filter(({ poison }) => poison === true)
  if (bad.some(({ value }) => value === undefined)) return 'handlers: a record that a handler fails on is known by its value, and here the client makes that up'
  const known = new Set(bad.map((each) => JSON.stringify(identityOf(each))))
  const twin = said.find((each) => each.poison !== true && each.value !== undefined && known.has(JSON.stringify(identityOf(each))))
  return twin === undefined ? undefined : `handlers: of two records with the value ${twin.value} and the same key a handler fails on one`
}
