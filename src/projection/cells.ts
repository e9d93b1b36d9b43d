/** Records as drawn: one cell object for each stored record, shared by every replica that holds the same batch. */
import { at, firstIndex } from '../base/chunks.ts'
import { hashOf } from '../base/hash.ts'
import type { Log } from '../kafka/log/log.ts'
import type { KafkaRecord, RecordBatch } from '../kafka/log/record.ts'
import type { Cell } from './cluster-view.ts'

/** Index of a key among those the scenario names, in the order of the file. */
export type Hues = ReadonlyMap<string, number>

export const TAIL = 48

const cells = new WeakMap<RecordBatch, { readonly hues: Hues; readonly cells: readonly Cell[] }>()

export function cellsOf(batch: RecordBatch, hues: Hues): readonly Cell[] {
  const made = cells.get(batch)
  if (made?.hues === hues) return made.cells
  const list = batch.records.map((record, index) => cellOf(record, batch.baseOffset + index, batch.partitionLeaderEpoch, batch.baseOffset, hues))
  cells.set(batch, { hues, cells: Object.freeze(list) })
  return list
}

export const cellOf = (record: Pick<KafkaRecord, 'id' | 'key' | 'value'>, offset: number, epoch: number, batch: number, hues: Hues): Cell => {
  const number = numberOf(record.id)
  return Object.freeze({ offset, id: record.id, key: record.key, value: record.value, epoch, batch, number, hue: hueOf(record.key, number, hues) })
}

/** The n of `shop#n`. */
function numberOf(id: string): number {
  const number = Number(id.slice(id.lastIndexOf('#') + 1))
  return Number.isFinite(number) ? number : 0
}

/** A key keeps its shape wherever it goes: by the number it ends in, by its place in the scenario, or by its letters. */
function hueOf(key: string | undefined, number: number, hues: Hues): number {
  if (key === undefined) return Math.max(0, number - 1)
  const digits = /(\d{1,6})$/.exec(key)
  if (digits !== null) return Math.max(0, Number(digits[1]) - 1)
  return hues.get(key) ?? (hashOf(key) >>> 0) % 8
}

/** The newest records of a log, oldest first; `known` are those of an earlier end of the same log. */
export function tailOf(log: Log, hues: Hues, known: readonly Cell[] = []): readonly Cell[] {
  const from = Math.max(log.startOffset, log.endOffset - TAIL)
  const end = known[known.length - 1]?.offset ?? -1
  const list = known.filter((cell) => cell.offset >= from)
  const next = Math.max(from, end + 1)
  for (let i = firstIndex(log.batches, (batch) => batch.lastOffset >= next); i < log.batches.length; i++) {
    for (const cell of cellsOf(at(log.batches, i)!, hues)) if (cell.offset >= next) list.push(cell)
  }
  return list
}

const unsent = new WeakMap<KafkaRecord, Cell>()
/** A record that has no offset yet, at its place in its batch. */
export function unsentCell(record: KafkaRecord, index: number, hues: Hues): Cell {
  let cell = unsent.get(record)
  if (cell === undefined || cell.offset !== index) unsent.set(record, (cell = cellOf(record, index, -1, 0, hues)))
  return cell
}
