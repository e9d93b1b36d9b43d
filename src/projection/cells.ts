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

/** The newest records of a log, oldest first. */
export function tailOf(log: Log, hues: Hues, count = TAIL): readonly Cell[] {
  const list: Cell[] = []
  const from = Math.max(log.startOffset, log.endOffset - count)
  for (let i = firstIndex(log.batches, (batch) => batch.lastOffset >= from); i < log.batches.length; i++) {
    for (const cell of cellsOf(at(log.batches, i)!, hues)) if (cell.offset >= from) list.push(cell)
  }
  return list
}
