/** Records as drawn: one cell object for each stored record, shared by every replica that holds the same batch. */
import { at, firstIndex } from '../base/chunks.ts'
import { hashOf } from '../base/hash.ts'
import type { Log } from '../kafka/log/log.ts'
import { markerOf } from '../kafka/log/marker.ts'
import { isControl, isTransactional, offsetOf, type KafkaRecord, type RecordBatch } from '../kafka/log/record.ts'
import type { Cell } from './cluster-view.ts'

/** Index of a key among those the scenario names, in the order of the file. */
export type Hues = ReadonlyMap<string, number>

export const TAIL = 48

const cells = new WeakMap<RecordBatch, { readonly hues: Hues; readonly cells: readonly Cell[] }>()

export function cellsOf(batch: RecordBatch, hues: Hues): readonly Cell[] {
  const made = cells.get(batch)
  if (made?.hues === hues) return made.cells
  const list = isControl(batch)
    ? markerCells(batch)
    : batch.records.map((record, index) => inTransaction(cellOf(record, offsetOf(batch, index), batch.partitionLeaderEpoch, batch.baseOffset, hues), batch))
  cells.set(batch, { hues, cells: Object.freeze(list) })
  return list
}

const inTransaction = (cell: Cell, batch: RecordBatch): Cell => (isTransactional(batch) ? Object.freeze({ ...cell, txn: batch.producerId }) : cell)

export const cellOf = (record: Pick<KafkaRecord, 'id' | 'key' | 'value'>, offset: number, epoch: number, batch: number, hues: Hues): Cell => {
  const number = numberOf(record.id)
  return Object.freeze({ offset, id: record.id, key: record.key, value: record.value, epoch, batch, number, hue: hueOf(record.key, number, hues) })
}

/** Of a control batch: told apart by their offsets, and drawn as squares in ink, as no key has that colour. */
function markerCells(batch: RecordBatch): readonly Cell[] {
  const marker = markerOf(batch)?.type
  return batch.records.map((record, index) => {
    const offset = offsetOf(batch, index)
    const cell = cellOf({ id: `${record.id}@${offset}`, key: undefined, value: undefined }, offset, batch.partitionLeaderEpoch, batch.baseOffset, noHues)
    return Object.freeze({ ...cell, hue: SQUARE, ...(marker === undefined ? {} : { marker }) })
  })
}
const SQUARE = 1
const noHues: Hues = new Map()

/** The n of `shop#n`. */
function numberOf(id: string): number {
  const number = Number(id.slice(id.lastIndexOf('#') + 1))
  return Number.isFinite(number) ? number : 0
}

/** A key keeps its shape wherever it goes: by the number it ends in, by its place in the scenario, or by its letters. */
function hueOf(key: string | undefined, number: number, hues: Hues): number {
  if (key === undefined) return Math.max(0, number - 1)
  const digits = digitsAtEnd(key)
  if (digits > 0) return Math.max(0, Number(key.slice(-digits)) - 1)
  return hues.get(key) ?? (hashOf(key) >>> 0) % 8
}

/** At most six. */
function digitsAtEnd(key: string): number {
  let count = 0
  for (; count < 6; count++) {
    const unit = key.charCodeAt(key.length - 1 - count)
    if (!(unit >= 48 && unit <= 57)) break
  }
  return count
}

/** Records that no log holds yet, in a batch that is open or on its way: their offset is their place in it. */
export const openCells = (records: readonly KafkaRecord[], hues: Hues, most = records.length): readonly Cell[] =>
  records.slice(0, most).map((record, index) => openCell(record, index, hues))

const open = new WeakMap<KafkaRecord, { readonly hues: Hues; readonly cell: Cell }>()
function openCell(record: KafkaRecord, index: number, hues: Hues): Cell {
  const made = open.get(record)
  if (made?.hues === hues && made.cell.offset === index) return made.cell
  const cell = cellOf(record, index, -1, 0, hues)
  open.set(record, { hues, cell })
  return cell
}

/** The newest records of a log, oldest first. */
export const tailOf = (log: Log, hues: Hues): readonly Cell[] => addTail([], log, Math.max(log.startOffset, log.endOffset - TAIL), hues)

/** The same of a log that has only grown since it was last looked at. */
export function tailAfter(before: { readonly logEndOffset: number; readonly tail: readonly Cell[] }, log: Log, hues: Hues): readonly Cell[] {
  const { logEndOffset, tail } = before
  if (logEndOffset === log.endOffset) return tail
  const from = Math.max(log.startOffset, log.endOffset - TAIL)
  const kept = tail.findIndex(({ offset }) => offset >= from)
  return addTail(kept < 0 ? [] : tail.slice(kept), log, Math.max(from, logEndOffset), hues)
}

function addTail(list: Cell[], log: Log, from: number, hues: Hues): readonly Cell[] {
  for (let i = firstIndex(log.batches, (batch) => batch.lastOffset >= from); i < log.batches.length; i++) {
    const made = cellsOf(at(log.batches, i)!, hues)
    for (let j = 0; j < made.length; j++) if (made[j]!.offset >= from) list.push(made[j]!)
  }
  return list
}
