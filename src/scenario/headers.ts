import type { RecordHeader } from '../kafka/log/record.ts'

/** Headers of a record, in the order of the file. */
export const headersOf = (headers: Readonly<Record<string, string>>): readonly RecordHeader[] =>
  Object.freeze(Object.entries(headers).map(([key, value]) => Object.freeze({ key, value })))
