/** A compacted log: what is clean and what is dirty, the map a cleaning would make, and what it would leave of the log. */
import type { ReactNode } from 'react'
import type { CleaningView, FilesView, LogRecord } from '../../projection/disk-view.ts'
import type { Cell } from '../../projection/cluster-view.ts'
import { formatBytes, formatNumber } from '../../text/format.ts'
import type { ZoomText } from '../../text/zoom.en.ts'
import { RecordMark } from '../stage/marks.tsx'
import { clip, firstFitting, widthOf } from '../stage/measure.ts'
import { useLanguage } from '../words.ts'
import { useZoomText } from '../zoom/words.ts'
import styles from './disk.module.css'

interface Props {
  readonly files: FilesView
  readonly cleaning: CleaningView
  readonly width: number
}

export function Compaction({ files, cleaning, width }: Props): ReactNode {
  const text = useZoomText()
  const language = useLanguage()
  const ratio = (value: number): string => formatNumber(language, Math.round(value * 1_000) / 1_000)
  const { due, dirtyBytes, at } = cleaning
  const verdict = dirtyBytes === 0 ? text.files.nothingDirty : due ? text.files.due(ratio(cleaning.ratio), ratio(cleaning.minRatio)) : text.files.notDue(ratio(cleaning.ratio), ratio(cleaning.minRatio))
  return (
    <section aria-label={text.files.compaction}>
      <h3 className={styles['subtitle']}>
        {text.files.compaction}
        <small>
          {verdict}
          {at !== undefined && `; ${text.files.nextCleaning(at)}`}
        </small>
      </h3>
      {cleaning.records === undefined ? <p className={styles['note']}>{text.files.tooManyRecords}</p> : width > 0 && <Log files={files} cleaning={cleaning} records={cleaning.records} width={width} />}
      {cleaning.map.length > 0 && (
        <div className={styles['map']}>
          <h4>
            {text.files.offsetMap} <small>{text.files.offsetMapWords}</small>
          </h4>
          <ul>
            {cleaning.map.map(({ key, hue, offset }) => (
              <li key={key}>
                <svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden="true">
                  <RecordMark cell={cellOf({ offset, key, value: '', hue, control: false, horizonMs: undefined })} x={0} y={0} radius={8} solid />
                </svg>
                {key} <b>{offset}</b>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}

const cellOf = ({ offset, key, value, hue, control }: LogRecord): Cell => ({ offset, id: `${key ?? ''}@${offset}`, key, value, epoch: 0, batch: offset, number: offset, hue, ...(control ? { marker: 'COMMIT' as const } : {}) })

const rows = { offsets: 10, region: 30, log: 42, height: 40, words: 94, arrows: 106, after: 150, afterWords: 202 }
const narrowest = 30

function Log({ files, cleaning, records, width }: { readonly files: FilesView; readonly cleaning: CleaningView; readonly records: readonly LogRecord[]; readonly width: number }): ReactNode {
  const text = useZoomText()
  const language = useLanguage()
  const first = Math.min(files.logStart, records[0]?.offset ?? files.logStart)
  const count = Math.max(1, files.logEnd - first) + 1
  const x0 = 104
  const cw = Math.max(narrowest, Math.min(64, (width - x0 - 4) / count))
  const x = (offset: number): number => x0 + (offset - first) * cw
  const total = x0 + count * cw + 4
  const { firstDirty, firstUncleanable, after } = cleaning
  const clean = formatBytes(language, cleaning.cleanBytes), dirty = formatBytes(language, cleaning.dirtyBytes)
  const ratio = formatNumber(language, Math.round(cleaning.ratio * 1_000) / 1_000)
  const kept = new Set(after?.kept)
  const left = after === undefined ? [] : records.filter(({ offset }) => offset >= firstUncleanable || kept.has(offset))
  const height = after === undefined ? rows.words + 18 : rows.afterWords + 14
  return (
    <div className={styles['scroll']} tabIndex={0} role="group" aria-label={text.files.compaction}>
      <svg width={total} height={height} viewBox={`0 0 ${total} ${height}`} role="group" aria-label={text.files.now}>
        <text x={0} y={rows.log + rows.height / 2} dy=".35em" className="strong">
          {text.files.now}
        </text>
        {Array.from({ length: count }, (_, i) => (
          <text key={i} x={x(first + i) + cw / 2} y={rows.offsets} dy=".35em" textAnchor="middle" className="mono small quiet">
            {first + i}
          </text>
        ))}
        {firstDirty > first && <Region x={x(first)} to={x(firstDirty)} words={[text.files.clean(clean), text.files.clean('')]} kind="clean" />}
        {firstUncleanable > firstDirty && <Region x={x(firstDirty)} to={x(firstUncleanable)} words={[text.files.dirty(dirty, ratio)]} kind="dirty" />}
        {files.logEnd > firstUncleanable && <Region x={x(firstUncleanable)} to={x(files.logEnd)} words={[text.files.young, text.files.active, '']} kind="open" />}
        <Strip records={records} y={rows.log} x={x} cw={cw} from={first} to={files.logEnd} text={text} faded={(offset) => after !== undefined && offset < firstUncleanable && !kept.has(offset)} words={rows.words} />
        {after !== undefined && (
          <>
            {left.map(({ offset }) => {
              const middle = x(offset) + cw / 2
              return offset < firstUncleanable ? (
                <g key={offset} aria-hidden="true">
                  <path d={`M${middle} ${rows.arrows}V${rows.after - 8}`} stroke="var(--ink)" strokeWidth={1.5} />
                  <path d={`M${middle - 3.5} ${rows.after - 9}h7l-3.5 7z`} fill="var(--ink)" />
                </g>
              ) : (
                <path key={offset} aria-hidden="true" className={styles['travel']} d={`M${middle} ${rows.arrows}V${rows.after - 3}`} />
              )
            })}
            {wrapped(text.files.after, 96).map((line, i) => (
              <text key={line} x={0} y={rows.after + 12 + i * 16} dy=".35em" className="strong">
                {line}
              </text>
            ))}
            <Strip records={left} y={rows.after} x={x} cw={cw} from={first} to={files.logEnd} text={text} faded={() => false} words={undefined} />
            <text x={x0} y={rows.afterWords} dy=".35em" className="second">
              {text.files.afterWords(after.removed, formatBytes(language, after.bytes))}
            </text>
          </>
        )}
      </svg>
    </div>
  )
}

const wrapped = (words: string, width: number): readonly string[] => {
  const lines: string[] = ['']
  for (const word of words.split(' ')) {
    const last = lines[lines.length - 1]!
    if (last === '' || (last.length + word.length) * 7.2 < width) lines[lines.length - 1] = `${last} ${word}`.trim()
    else lines.push(word)
  }
  return lines
}

function Region({ x, to, words, kind }: { readonly x: number; readonly to: number; readonly words: readonly string[]; readonly kind: 'clean' | 'dirty' | 'open' }): ReactNode {
  const said = firstFitting([...words, ''], to - x - 40, 12)
  return (
    <g>
      <path className={styles[kind]} d={said === '' ? `M${x + 2} ${rows.region}H${to - 2}` : `M${x + 2} ${rows.region}h12M${x + 22 + widthOf(said, 12)} ${rows.region}H${to - 2}`} />
      {said !== '' && (
        <text x={x + 18} y={rows.region} dy=".35em" className="small second">
          {said}
        </text>
      )}
    </g>
  )
}

function Strip({ records, y, x, cw, from, to, text, faded, words }: {
  readonly records: readonly LogRecord[]
  readonly y: number
  readonly x: (offset: number) => number
  readonly cw: number
  readonly from: number
  readonly to: number
  readonly text: ZoomText
  readonly faded: (offset: number) => boolean
  /** Where keys and values stand; undefined = they are not said again. */
  readonly words: number | undefined
}): ReactNode {
  const radius = Math.min(12, cw / 2 - 4)
  return (
    <g>
      {gapsOf(records, from, to).map(([start, end]) => (
        <g key={start} aria-label={text.files.gone(end - start)} role="img">
          <path d={`M${x(start)} ${y + rows.height / 2}H${x(end)}`} className="gap-line" />
          <text x={(x(start) + x(end)) / 2} y={y + rows.height / 2 - 10} dy=".35em" textAnchor="middle" className="small quiet">
            {clip(text.files.gone(end - start), Math.max((end - start) * cw - 4, cw), 12)}
          </text>
        </g>
      ))}
      {records.map((record) => (
        <g key={record.offset} role="img" aria-label={spoken(record, text)}>
          <rect className={styles['committed']} x={x(record.offset)} y={y} width={cw} height={rows.height} />
          <rect className={styles['segment']} x={x(record.offset)} y={y} width={cw} height={rows.height} />
          <Mark record={record} x={x(record.offset) + cw / 2} y={y + rows.height / 2} radius={radius} faded={faded(record.offset)} />
          {words !== undefined && (
            <text aria-hidden="true" x={x(record.offset) + cw / 2} y={words} dy=".35em" textAnchor="middle" className={faded(record.offset) ? 'small quiet' : 'small medium'}>
              {clip(record.control ? text.files.marker : `${record.key ?? ''}=${record.value ?? 'null'}`, cw - 2, 12)}
            </text>
          )}
        </g>
      ))}
    </g>
  )
}

/** A tombstone is its key's shape, empty and dashed, with a bar. */
function Mark({ record, x, y, radius, faded }: { readonly record: LogRecord; readonly x: number; readonly y: number; readonly radius: number; readonly faded: boolean }): ReactNode {
  if (!record.control && record.value === undefined)
    return (
      <g aria-hidden="true" opacity={faded ? 0.62 : undefined}>
        <rect x={x - radius + 1} y={y - radius + 1} width={2 * radius - 2} height={2 * radius - 2} className={styles['tombstone']} />
        <path d={`M${x - 4} ${y}h8`} stroke="var(--fault-fill)" strokeWidth={1.75} />
      </g>
    )
  return <RecordMark cell={cellOf(record)} x={x} y={y} radius={radius} faded={faded} />
}

function spoken({ offset, key, value, control, horizonMs }: LogRecord, text: ZoomText): string {
  const is = control ? text.files.marker : (value ?? text.files.tombstone)
  const said = text.files.record(offset, control ? text.files.marker : (key ?? text.files.noKey), is)
  return horizonMs === undefined ? said : `${said}, ${text.files.horizon(horizonMs * 1_000)}`
}

/** Runs of offsets at which nothing is left. */
function gapsOf(records: readonly LogRecord[], from: number, to: number): readonly (readonly [number, number])[] {
  const gaps: (readonly [number, number])[] = []
  let next = from
  for (const { offset } of records) {
    if (offset > next) gaps.push([next, offset])
    next = offset + 1
  }
  if (to > next) gaps.push([next, to])
  return gaps
}
