/** What of a comparison record the file asks for: a key that it does not ask for is left out, on both sides. */
import type { Asked } from '../../src/scenario/asked.ts'
import type { ClientRecord, ComparisonRecord } from '../../src/scenario/comparison-record.ts'

/** All records of a run. What came of a client's calls counts from 00:00, so it is kept as long as a later step asks for it. */
export function onlyAsked(records: readonly ComparisonRecord[], all: readonly Asked[]): readonly ComparisonRecord[] {
  return records.flatMap((record) => {
    const index = all.findIndex(({ step }) => step === record.step)
    if (index < 0) return []
    const here = all[index]!
    const later = all.slice(index)
    const kept = ofStep(record, here)
    return [{ ...kept, client: record.client.filter((each) => (each.op === 'lastError' ? isAsked(each, here) : later.some((asked) => isAsked(each, asked)))) }]
  })
}

function ofStep(record: ComparisonRecord, asked: Asked): ComparisonRecord {
  const { step, elapsedMs, partitions, groups = {}, shares = {}, transactions = {}, records = {}, segments = {}, quorum, statements = {} } = record
  return {
    step, elapsedMs, partitions: pick(partitions, asked.partitions) as ComparisonRecord['partitions'],
    ...some('groups', pickGroups(groups, asked)),
    ...some('shares', eachOf(shares, asked.shares, ({ startOffsets }, names) => ({ startOffsets: those(startOffsets, names) }))),
    ...some('transactions', pick(transactions, asked.transactions)),
    client: [],
    ...some('records', those(records, asked.records)), ...some('segments', those(segments, asked.segments)),
    ...some('quorum', quorum === undefined ? {} : those(quorum, asked.quorum)),
    ...some('statements', those(statements, new Set(asked.statements.map(({ key }) => key)))),
  } as ComparisonRecord
}

type Of<T> = Readonly<Record<string, T>>

export const isAsked = ({ by, op }: ClientRecord, { clients, results }: Pick<Asked, 'clients' | 'results'>): boolean =>
  (by === 'admin' ? results.has(op) : clients.has(by))

function pickGroups(groups: NonNullable<ComparisonRecord['groups']>, asked: Asked): Of<object> {
  const names = new Set([...asked.groups.keys(), ...asked.committed.keys()])
  return Object.fromEntries(Object.entries(groups).filter(([name]) => names.has(name)).map(([name, group]) => {
    const committed = asked.committed.get(name)
    return [name, { ...those(group, asked.groups.get(name) ?? new Set()), ...(committed === undefined ? {} : { committed: those(group.committed, committed) }) }]
  }))
}

const pick = <T extends object>(things: Of<T>, asked: ReadonlyMap<string, ReadonlySet<string>>): Of<object> =>
  eachOf(things, asked, (thing, keys) => those(thing, keys))
const eachOf = <T, U>(things: Of<T>, asked: ReadonlyMap<string, ReadonlySet<string>>, of: (thing: T, names: ReadonlySet<string>) => U): Of<U> =>
  Object.fromEntries(Object.entries(things).flatMap(([name, thing]) => {
    const names = asked.get(name)
    return names === undefined ? [] : [[name, of(thing, names)] as const]
  }))
const those = (from: object, keys: ReadonlySet<string>): object => Object.fromEntries(Object.entries(from).filter(([key]) => keys.has(key)))
const some = (key: string, value: object): object => (Object.keys(value).length === 0 ? {} : { [key]: value })
