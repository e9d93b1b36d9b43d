/** The rows over one scale: limit, names, `.log`, times, indexes, snapshots, what a check would do, where the log begins. */
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import type { BatchMark, FilesView } from '../../projection/disk-view.ts'
import { batchBox, bytesBackX, offsetX, placeX, type FilesFrame, type SegmentBox } from '../../scene/files-layout.ts'
import { formatBytes, formatDuration, formatTime } from '../../text/format.ts'
import { useMoment } from '../run.tsx'
import { clip, firstFitting, widthOf } from '../stage/measure.ts'
import { tabIndex } from '../stage/stage-context.ts'
import { useZoom } from '../stores/zoom.ts'
import { useLanguage } from '../words.ts'
import { useZoomText } from '../zoom/words.ts'
import styles from './disk.module.css'

interface Props {
  readonly files: FilesView
  readonly frame: FilesFrame
  readonly narrow: boolean
  readonly cursor: number | undefined
  readonly onCursor: (offset: number | undefined) => void
}

const rows = { limit: 20, names: 42, log: 52, logHeight: 38, time: 105, index: 128, times: 149, snapshot: 171, rule: 188 }
/** Where there is no column of labels, the check has a line of its own for its words. */
const lower = (narrow: boolean) => ({ label: narrow ? 203 : 207, check: narrow ? 224 : 207, why: narrow ? 242 : 225, start: narrow ? 266 : 250, groups: narrow ? 292 : 276 })

/** The first that fits in the face of code; '' = none. */
const fits = (candidates: readonly string[], width: number): string => candidates.find((each) => widthOf(each, 12, 400, 'mono') <= width) ?? ''

export function LogRows(props: Props): ReactNode {
  const { files, frame, narrow } = props
  const text = useZoomText()
  const { view } = useMoment()
  const groups = Object.values(view.groups).flatMap(({ name, committed }) => (committed[files.partition] === undefined ? [] : [{ name, offset: committed[files.partition]! }]))
  const height = lower(narrow).groups + groups.length * 18
  return (
    <svg width={frame.width} height={height} viewBox={`0 0 ${frame.width} ${height}`} role="group" aria-label={text.files.log(files.partition)} onKeyDown={(event) => walk(event, props)}>
      {!narrow && <Labels />}
      <Limit files={files} frame={frame} />
      {frame.folded !== undefined && files.folded !== undefined && <Folded x={frame.folded.x} w={frame.folded.w} words={[text.files.folded(files.folded.segments, ''), `× ${files.folded.segments}`]} label={text.files.folded(files.folded.segments, String(files.folded.bytes))} />}
      {frame.segments.map((box) => (
        <Segment key={box.segment.base} box={box} files={files} />
      ))}
      <Ends files={files} frame={frame} />
      <Check files={files} frame={frame} narrow={narrow} />
      <StartToCome files={files} frame={frame} groups={groups} narrow={narrow} />
      <Batches {...props} />
    </svg>
  )
}

function Labels(): ReactNode {
  const text = useZoomText()
  const label = (y: number, words: string, className = 'second'): ReactNode => (
    <text key={words} x={0} y={y} dy=".35em" className={className}>
      {words}
    </text>
  )
  return (
    <g aria-hidden="true">
      {label(rows.limit, text.files.limit)}
      {label(rows.log + rows.logHeight / 2, '.log', 'mono second')}
      {label(rows.time, text.files.largest)}
      {label(rows.index, '.index', 'mono second')}
      {label(rows.times, '.timeindex', 'mono second')}
      {label(rows.snapshot, '.snapshot', 'mono second')}
    </g>
  )
}

/** A bracket as wide as the limit, from the log end backwards; what is beyond it, dashed. */
function Limit({ files, frame }: { readonly files: FilesView; readonly frame: FilesFrame }): ReactNode {
  const text = useZoomText()
  const language = useLanguage()
  const { retentionBytes, retentionMs, delete: deletes } = files.limits
  const y = rows.limit
  const end = frame.end - 4
  if (!deletes || (retentionBytes < 0 && retentionMs < 0)) {
    return (
      <text x={frame.x0} y={y} dy=".35em" className="quiet">
        {text.files.noLimit}
      </text>
    )
  }
  if (retentionBytes < 0) {
    return (
      <text x={frame.x0} y={y} dy=".35em" className="second">
        <tspan className="mono">retention.ms</tspan> {text.files.newestTime(formatDuration(language, retentionMs))}
      </text>
    )
  }
  const excess = files.bytes - retentionBytes
  const from = excess < 0 ? frame.segments[0]!.x : bytesBackX(frame, retentionBytes)
  const words = text.files.newest(formatBytes(language, retentionBytes))
  const name = 'retention.bytes '
  const wide = end - from > widthOf(name, 12, 400, 'mono') + widthOf(words, 12.5) + 10
  return (
    <g>
      <path className={styles['limit']} d={`M${from} ${y + 14}V${y + 8}H${end}V${y + 14}`} />
      <text x={wide ? from : end} y={y - 4} dy=".35em" textAnchor={wide ? 'start' : 'end'} className="second">
        <tspan className="mono">{name}</tspan>
        {words}
      </text>
      {excess > 0 && from - frame.x0 > 20 && (
        <>
          <path className={styles['excess']} d={`M${frame.x0} ${y + 8}H${from - 6}`} />
          {wide && from - frame.x0 > 90 && (
            <text x={frame.x0} y={y - 4} dy=".35em" className="medium second">
              {clip(text.files.tooMany(formatBytes(language, excess)), from - frame.x0 - 8, 12.5, 500)}
            </text>
          )}
        </>
      )}
    </g>
  )
}

function Folded({ x, w, words, label }: { readonly x: number; readonly w: number; readonly words: readonly string[]; readonly label: string }): ReactNode {
  return (
    <g role="img" aria-label={label}>
      {[6, 3, 0].map((shift) => (
        <rect key={shift} className={styles['segment']} x={x + shift} y={rows.log + shift / 2} width={w - 8} height={rows.logHeight - 6} rx={2} />
      ))}
      <text aria-hidden="true" x={x + w / 2 - 4} y={rows.log + rows.logHeight / 2 - 3} dy=".35em" textAnchor="middle" className="small second">
        {firstFitting(words, w - 14, 12)}
      </text>
    </g>
  )
}

const nameOf = (base: number): string => `${String(base).padStart(20, '0')}.log`
const shortName = (base: number): string => `…${String(base).padStart(5, '0')}.log`

function Segment({ box, files }: { readonly box: SegmentBox; readonly files: FilesView }): ReactNode {
  const text = useZoomText()
  const language = useLanguage()
  const { segment, x, w, widened } = box
  const { base, end, active, batches, largestTimeMs } = segment
  const goes = files.check.goes.some((each) => each.base === base)
  const committed = Math.max(x, Math.min(x + w, files.highWatermark >= end ? x + w : offsetIn(box, files.highWatermark)))
  const time = largestTimeMs === undefined ? '' : formatTime(largestTimeMs * 1_000)
  return (
    <g role="img" aria-label={`${text.files.segment(nameOf(base), formatBytes(language, segment.sizeInBytes), base, end)}${active ? `, ${text.files.activeSegment}` : ''}`}>
      <text aria-hidden="true" x={x} y={rows.names} dy=".35em" className={active ? 'mono strong' : 'mono'}>
        {fits([nameOf(base), shortName(base), String(base)], w)}
      </text>
      <rect className={styles['committed']} x={x} y={rows.log} width={committed - x} height={rows.logHeight} />
      {committed < x + w && <rect className={styles['uncommitted']} x={committed} y={rows.log} width={x + w - committed} height={rows.logHeight} />}
      <Marks box={box} batches={batches} />
      <rect className={active ? styles['active'] : styles['segment']} x={x} y={rows.log} width={w} height={rows.logHeight} rx={2} />
      {goes && <path className={styles['going']} d={`M${x + 2} ${rows.log + rows.logHeight - 4}H${x + w - 2}`} />}
      <g aria-hidden="true">
        <text x={x} y={rows.time} dy=".35em" className="mono small second">
          {fits([time], active ? w - 52 : w - 4)}
        </text>
        {widened && (
          <text x={x + w - 2} y={rows.time} dy=".35em" textAnchor="end" className="quiet">
            ≈
          </text>
        )}
        <path className={styles['dot']} d={dots(box, segment.index)} />
        <path className={styles['plus']} d={pluses(box, segment.times)} />
        <Snapshot box={box} />
      </g>
    </g>
  )
}

const offsetIn = ({ segment, x, w }: SegmentBox, offset: number): number => {
  const batch = segment.batches?.find(({ last }) => last >= offset)
  if (batch !== undefined) return segment.sizeInBytes === 0 ? x : x + (batch.position / segment.sizeInBytes) * w
  return x + (segment.end === segment.base ? 0 : ((offset - segment.base) / (segment.end - segment.base)) * w)
}

/** A line between batches, and their offsets, while there is room. */
function Marks({ box, batches }: { readonly box: SegmentBox; readonly batches: readonly BatchMark[] | undefined }): ReactNode {
  const text = useZoomText()
  const { x, w, segment } = box
  const middle = rows.log + rows.logHeight / 2
  if (batches === undefined || (batches.length > 0 && w / batches.length < 3)) {
    return (
      <text aria-hidden="true" x={x + w / 2} y={middle} dy=".35em" textAnchor="middle" className="small second">
        {firstFitting([text.files.batches(segment.count), String(segment.count)], w - 4, 12)}
      </text>
    )
  }
  return (
    <g aria-hidden="true">
      <path className="divider" d={batches.slice(1).map((batch) => `M${batchBox(box, batch).x} ${rows.log + 1}v${rows.logHeight - 2}`).join('')} />
      {batches.map((batch) => {
        const place = batchBox(box, batch)
        const words = fits([batch.base === batch.last ? String(batch.base) : `${batch.base}–${batch.last}`, String(batch.base)], place.w - 2)
        return words === '' ? null : (
          <text key={batch.base} x={place.x + place.w / 2} y={middle} dy=".35em" textAnchor="middle" className="mono small">
            {words}
          </text>
        )
      })}
    </g>
  )
}

const entryX = (box: SegmentBox, offset: number): number => {
  const batch = box.segment.batches?.find(({ last }) => last >= offset)
  if (batch === undefined) return box.x
  const place = batchBox(box, batch)
  return place.x + Math.min(place.w / 2, 11)
}
const dots = (box: SegmentBox, index: readonly (readonly [number, number])[]): string =>
  index.map(([, position]) => `M${Math.round((placeX(box, position) + halfBatch(box, position)) * 10) / 10 - 2.1} ${rows.index}a2.1 2.1 0 1 0 4.2 0a2.1 2.1 0 1 0-4.2 0`).join('')
const halfBatch = (box: SegmentBox, position: number): number => {
  const batch = box.segment.batches?.find((each) => each.position === position)
  return batch === undefined ? 0 : Math.min(batchBox(box, batch).w / 2, 11)
}
const pluses = (box: SegmentBox, times: readonly (readonly [number, number])[]): string =>
  times.map(([, offset]) => `M${Math.round(entryX(box, offset) * 10) / 10 - 2.4} ${rows.times}h4.8m-2.4-2.4v4.8`).join('')

function Snapshot({ box }: { readonly box: SegmentBox }): ReactNode {
  const { segment, x, w } = box
  if (!segment.snapshot) return null
  return (
    <>
      <path className={styles['page']} d={`M${x - 4} ${rows.snapshot - 5.5}h5l3 3v8h-8z`} />
      <text x={x + 9} y={rows.snapshot} dy=".35em" className="mono small quiet">
        {fits([`…${String(segment.base).padStart(5, '0')}.snapshot`, String(segment.base)], w - 12)}
      </text>
    </>
  )
}

/** Where it begins, and the place after its last record. */
function Ends({ files, frame }: { readonly files: FilesView; readonly frame: FilesFrame }): ReactNode {
  const text = useZoomText()
  const from = offsetX(frame, files.logStart)
  const y = rows.log, h = rows.logHeight
  const watermark = files.highWatermark < files.logEnd ? offsetX(frame, files.highWatermark) : undefined
  return (
    <g>
      <path className={styles['limit']} d={`M${from + 2} ${y - 5}H${from - 4}V${y + h + 5}H${from + 2}`} />
      <rect className="next-free" x={frame.end} y={y + 2} width={26} height={h - 4} rx={1.5} />
      {watermark !== undefined && <path className="watermark" d={`M${watermark} ${y - 6}V${y + h + 6}`} />}
      <text x={frame.end + 27} y={rows.time} dy=".35em" textAnchor="end" className="small second">
        {text.files.logEnd(files.logEnd)}
      </text>
      {watermark !== undefined && (
        <text x={watermark} y={rows.names} dy=".35em" textAnchor="end" className="small ok over">
          {text.files.highWatermark(files.highWatermark)}
        </text>
      )}
    </g>
  )
}

/** Segment by segment, oldest first, until one stays. */
function Check({ files, frame, narrow }: { readonly files: FilesView; readonly frame: FilesFrame; readonly narrow: boolean }): ReactNode {
  const below = lower(narrow)
  const text = useZoomText()
  const language = useLanguage()
  const { at, goes } = files.check
  const firstThatStays = frame.segments.findIndex(({ segment }) => !goes.some(({ base }) => base === segment.base))
  return (
    <g>
      <path className="hairline" d={`M0 ${rows.rule}H${frame.width}`} />
      <text x={0} y={below.label} dy=".35em" className="medium">
        {clip(text.files.check, narrow ? frame.width : frame.x0 - 6, 12.5, 500)}
      </text>
      {!narrow && (
        <text x={0} y={below.why} dy=".35em" className="small quiet">
          {clip(at === undefined ? text.files.noCheck : text.files.nextCheck(at), frame.x0 - 6, 12)}
        </text>
      )}
      {frame.segments.map(({ segment, x, w }, i) => {
        const gone = goes.find(({ base }) => base === segment.base)
        const why = gone === undefined ? (segment.active ? text.files.activeStays : i > firstThatStays ? text.files.notAsked : '') : reason(gone)
        return (
          <g key={segment.base}>
            <text x={x} y={below.check} dy=".35em" className={gone === undefined ? 'second' : 'strong'}>
              {gone === undefined ? text.files.stays : text.files.goes}
            </text>
            <text x={x} y={below.why} dy=".35em" className="small quiet">
              {clip(why, w, 12)}
            </text>
          </g>
        )
      })}
    </g>
  )
  function reason({ why, figure, limit }: FilesView['check']['goes'][number]): string {
    if (why === 'size') return text.files.why.size(formatBytes(language, figure), formatBytes(language, limit))
    return why === 'time' ? text.files.why.time(figure, limit) : text.files.why.logStart(figure)
  }
}

/** Where the log will begin, and who still reads before that. */
function StartToCome({ files, frame, groups, narrow }: { readonly files: FilesView; readonly frame: FilesFrame; readonly groups: readonly { readonly name: string; readonly offset: number }[]; readonly narrow: boolean }): ReactNode {
  const text = useZoomText()
  const below = lower(narrow)
  const from = offsetX(frame, files.logStart), to = offsetX(frame, files.check.logStartAfter)
  const y = below.start
  const moves = files.check.logStartAfter > files.logStart
  const words = moves ? text.files.becomes(files.check.logStartAfter) : ''
  const right = to + 10 + widthOf(words, 12.5, 500) < frame.width
  return (
    <g>
      <text x={narrow ? from + 8 : 0} y={y} dy=".35em" className="medium">
        {text.files.logStart(files.logStart)}
      </text>
      {!narrow && <path className={styles['limit']} d={`M${from + 2} ${y - 9}H${from - 4}V${y + 9}H${from + 2}`} />}
      {moves && !narrow && (
        <>
          <path className={styles['travel']} d={`M${from + 6} ${y}H${to - 12}`} />
          <path d={`M${to - 12} ${y - 3.5}l7 3.5l-7 3.5z`} fill="var(--ink)" />
          <path className={styles['toCome']} d={`M${to + 3} ${y - 9}H${to - 3}V${y + 9}H${to + 3}`} />
          <text x={right ? to + 9 : to - 20} y={y} dy=".35em" textAnchor={right ? 'start' : 'end'} className="medium over">
            {words}
          </text>
        </>
      )}
      {groups.map(({ name, offset }, i) => {
        const x = offsetX(frame, offset)
        const label = text.files.group(name, offset)
        const fits = x + 10 + widthOf(label, 12) < frame.width
        return (
          <g key={name}>
            <path d={`M${x} ${below.groups - 11 + i * 18}l4.5 7h-9z`} fill="var(--ink-2)" />
            <text x={fits ? x + 9 : x - 9} y={below.groups - 6 + i * 18} dy=".35em" textAnchor={fits ? 'start' : 'end'} className="small second">
              {label}
            </text>
          </g>
        )
      })}
    </g>
  )
}

const batchesOf = (frame: FilesFrame): readonly { readonly box: SegmentBox; readonly batch: BatchMark }[] =>
  frame.segments.flatMap((box) => box.segment.batches?.map((batch) => ({ box, batch })) ?? [])

/** Each batch can be pressed; with the keyboard one has the focus, and the arrows go on to the next. */
function Batches({ frame, cursor, onCursor, files }: Props): ReactNode {
  const text = useZoomText()
  const language = useLanguage()
  const element = useRef<SVGGElement>(null)
  const walked = useRef(false)
  const all = batchesOf(frame)
  const here = all.find(({ batch }) => batch.base === cursor) ?? all.at(-1)
  useEffect(() => {
    if (walked.current) element.current?.focus()
    walked.current = true
  }, [cursor])
  if (here === undefined) return null
  return (
    <g>
      <g role="presentation" onClick={(event) => press(event.clientX - (event.currentTarget.ownerSVGElement?.getBoundingClientRect().left ?? 0))}>
        {frame.segments.map(({ segment, x, w }) => (
          <rect key={segment.base} className={`target ${styles['press']}`} x={x} y={rows.log} width={w} height={rows.logHeight} />
        ))}
      </g>
      <g role="listbox" aria-label={text.files.log(files.partition)} aria-orientation="horizontal">
        <g
          ref={element}
          role="option"
          aria-selected={false}
          aria-posinset={all.indexOf(here) + 1}
          aria-setsize={all.length}
          aria-label={text.files.batch(here.batch.base, here.batch.last, formatBytes(language, here.batch.sizeInBytes))}
          {...tabIndex(0)}
          data-batch={here.batch.base}
          onFocus={() => cursor === undefined && onCursor(here.batch.base)}
          onClick={() => open(here.batch.base)}
        >
          <rect className="target" x={batchBox(here.box, here.batch).x} y={rows.log} width={Math.max(8, batchBox(here.box, here.batch).w)} height={rows.logHeight} />
          <rect className="ring" x={batchBox(here.box, here.batch).x - 2} y={rows.log - 3} width={batchBox(here.box, here.batch).w + 4} height={rows.logHeight + 6} rx={3} />
        </g>
      </g>
    </g>
  )
  function press(x: number): void {
    const found = all.findLast(({ box, batch }) => batchBox(box, batch).x <= x)
    const segment = frame.segments.findLast((box) => box.x <= x)
    open(found?.batch.base ?? segment?.segment.base ?? 0)
  }
}

const open = (offset: number): void => useZoom.getState().set({ level: 'bytes', offset })

function walk(event: KeyboardEvent<SVGElement>, { frame, cursor, onCursor }: Props): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !(event.target instanceof Element) || event.target.closest('[data-batch]') === null) return
  const all = batchesOf(frame)
  const place = Math.max(0, all.findIndex(({ batch }) => batch.base === cursor))
  const to = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: all.length - 1 }[event.key]
  if (event.key === 'Enter' || event.key === ' ') open(all[place]?.batch.base ?? 0)
  else if (to === undefined) return
  else onCursor(all[Math.max(0, Math.min(all.length - 1, to))]?.batch.base)
  event.preventDefault()
  event.stopPropagation()
}

