/** The files of a log drawn to one scale: every box as wide as its bytes, but for those that would vanish. Pure. */
import type { Offset } from '../base/units.ts'
import type { BatchMark, FilesView, SegmentView } from '../projection/disk-view.ts'

export interface SegmentBox {
  readonly segment: SegmentView
  readonly x: number
  readonly w: number
  /** It is wider than its bytes: else it could not be seen. */
  readonly widened: boolean
}
export interface FilesFrame {
  readonly width: number
  /** Left edge of the drawing; labels stand left of it, or above, where there is no room. */
  readonly x0: number
  /** The oldest segments in one box. */
  readonly folded: { readonly x: number; readonly w: number } | undefined
  readonly segments: readonly SegmentBox[]
  /** Where the next record will stand. */
  readonly end: number
}

const gap = 4
const foldedWidth = 86
const narrowest = 38
const nextPlace = 34

export function layoutFiles({ segments, folded }: Pick<FilesView, 'segments' | 'folded'>, width: number, label: number): FilesFrame {
  const x0 = label + 4
  const room = width - x0 - nextPlace - 8 - gap * (segments.length - 1) - (folded === undefined ? 0 : foldedWidth + gap)
  const widths = widthsOf(segments.map(({ sizeInBytes }) => sizeInBytes), Math.max(room, narrowest * segments.length))
  let x = x0 + (folded === undefined ? 0 : foldedWidth + gap)
  const boxes = segments.map((segment, i): SegmentBox => {
    const box = { segment, x, ...widths[i]! }
    x += box.w + gap
    return box
  })
  return { width, x0, folded: folded === undefined ? undefined : { x: x0, w: foldedWidth }, segments: boxes, end: x }
}

/** Shares of the room by bytes; what would be narrower than can be seen gets that much, at the cost of the others. */
function widthsOf(sizes: readonly number[], room: number): readonly { readonly w: number; readonly widened: boolean }[] {
  const widened = new Set<number>()
  for (;;) {
    const bytes = sizes.reduce((sum, size, i) => sum + (widened.has(i) ? 0 : size), 0)
    const left = room - narrowest * widened.size
    const share = (size: number): number => (bytes === 0 ? left / sizes.length : (size / bytes) * left)
    const small = sizes.findIndex((size, i) => !widened.has(i) && share(size) < narrowest)
    if (small < 0 || widened.size === sizes.length - 1) return sizes.map((size, i) => (widened.has(i) ? { w: narrowest, widened: true } : { w: Math.max(narrowest, share(size)), widened: false }))
    widened.add(small)
  }
}

/** Where a place in a segment's file lies. */
export const placeX = ({ segment, x, w }: SegmentBox, position: number): number => (segment.sizeInBytes === 0 ? x : x + (position / segment.sizeInBytes) * w)
export const batchBox = (box: SegmentBox, batch: BatchMark): { readonly x: number; readonly w: number } => {
  const x = placeX(box, batch.position)
  return { x, w: placeX(box, batch.position + batch.sizeInBytes) - x }
}

/** Where an offset begins; before the first segment that is drawn the left edge, at the log end the next free place. */
export function offsetX(frame: FilesFrame, offset: Offset): number {
  const box = frame.segments.findLast(({ segment }) => segment.base <= offset)
  if (box === undefined) return frame.folded?.x ?? frame.x0
  const { segment } = box
  if (offset >= segment.end) return segment.active ? frame.end : box.x + box.w
  const batch = segment.batches?.findLast(({ base }) => base <= offset)
  if (batch !== undefined) return batchBox(box, batch).x
  return box.x + (segment.end === segment.base ? 0 : ((offset - segment.base) / (segment.end - segment.base)) * box.w)
}

/** So many bytes before the end of the newest file. */
export function bytesBackX(frame: FilesFrame, bytes: number): number {
  let left = bytes
  for (const box of frame.segments.toReversed()) {
    if (left <= box.segment.sizeInBytes) return placeX(box, box.segment.sizeInBytes - left)
    left -= box.segment.sizeInBytes
  }
  return frame.folded?.x ?? frame.segments[0]?.x ?? frame.x0
}

export interface Pages {
  readonly pages: number
  /** One box stands for so many. */
  readonly each: number
  readonly boxes: number
  /** So many boxes from the left are on the device. */
  readonly written: number
}
const PAGE = 4_096
const mostBoxes = 64

/** The active segment as pages of the page cache; a page that is written in part is not. */
export function pagesOf({ sizeInBytes, batches, end }: SegmentView, writtenTo: Offset): Pages {
  const pages = Math.ceil(sizeInBytes / PAGE)
  const each = Math.max(1, Math.ceil(pages / mostBoxes))
  const boxes = Math.ceil(pages / each)
  const first = batches?.find(({ last }) => last >= writtenTo)
  const bytes = writtenTo >= end ? sizeInBytes : (first?.position ?? 0)
  return { pages, each, boxes, written: bytes >= sizeInBytes ? boxes : Math.floor(bytes / (PAGE * each)) }
}

/** A checkpoint of many lines: its head, the lines of one partition, and how many others there are. */
export function shownLines(text: string, topic: string, index: number, most = 7): { readonly lines: readonly string[]; readonly others: number } {
  const lines = text.replace(/\n$/, '').split('\n')
  if (lines.length <= most) return { lines, others: 0 }
  const own = lines.slice(2).filter((line) => line.startsWith(`${topic} ${index} `))
  const kept = own.length > 0 ? own : lines.slice(2, most - 1)
  return { lines: [...lines.slice(0, 2), ...kept], others: lines.length - 2 - kept.length }
}
