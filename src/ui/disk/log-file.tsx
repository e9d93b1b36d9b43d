/** A log file from elsewhere: its batches, and the bytes of the one that is chosen. */
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { decodeLog, type DecodedBatch, type DecodedLog } from '../../kafka/log/decode.ts'
import { fieldsOfBatch, headerFields, type BatchFields as FieldsOfBatch } from '../../projection/batch-fields.ts'
import { formatBytes, formatNumber } from '../../text/format.ts'
import parts from '../parts/parts.module.css'
import { useLanguage } from '../words.ts'
import { useZoomText } from '../zoom/words.ts'
import { BatchFields } from './batch-fields.tsx'
import styles from './disk.module.css'
import { OpenLogFile } from './open-log-file.tsx'
import { useLogFile } from './opened-log.ts'
import { canUnpack, unpacked } from './unpack.ts'

/** A broker's segments have up to 1 GiB. */
const MOST_BYTES = 16 * 1024 * 1024
/** So many rows around the one that is chosen. */
const ROWS = 40

interface Read { readonly bytes: Uint8Array; readonly log: DecodedLog }

export function LogFile({ file }: { readonly file: File }): ReactNode {
  const text = useZoomText()
  const language = useLanguage()
  const read = useRead(file)
  const [chosen, choose] = useState(0)
  if (read === undefined) return <p className={styles['nothing']}>{text.wait}</p>
  const { bytes, log: { batches, damage } } = read
  const batch = batches[chosen]
  const last = batches[batches.length - 1]
  return (
    <>
      <div className={styles['head']}>
        <h2 className={styles['title']}>
          {file.name}
          {last !== undefined && <small>{text.file.counts(batches.length, batches[0]!.header.baseOffset, last.lastOffset, formatBytes(language, file.size))}</small>}
        </h2>
        <button type="button" className={parts['button']} onClick={() => useLogFile.getState().set(undefined)}>
          {text.file.back}
        </button>
        <button type="button" className={parts['button']} disabled={chosen === 0} onClick={() => choose(chosen - 1)}>
          {text.bytes.before}
        </button>
        <button type="button" className={parts['button']} disabled={chosen + 1 >= batches.length} onClick={() => choose(chosen + 1)}>
          {text.bytes.after}
        </button>
      </div>
      {file.size > MOST_BYTES && <p className={styles['note']}>{text.file.cut(formatBytes(language, MOST_BYTES))}</p>}
      {damage !== undefined && !isCut(file, damage.wrong) && (
        <p className={styles['spoiled']} role="alert">
          {text.file.damage[damage.wrong](damage.at, damage.expected, damage.found)} {batches.length > 0 ? text.file.damaged : text.file.noBatch}
        </p>
      )}
      {bytes.length === 0 && <p className={styles['nothing']}>{text.file.empty}</p>}
      {batch !== undefined && (
        <>
          <Batches batches={batches} chosen={chosen} choose={choose} />
          <OneBatch key={batch.position} batch={batch} bytes={bytes} />
        </>
      )}
      <OpenLogFile />
    </>
  )
}

/** Where we stopped reading, the last batch need not be whole. */
const isCut = (file: File, wrong: string): boolean => file.size > MOST_BYTES && wrong === 'end'

function useRead(file: File): Read | undefined {
  const [read, setRead] = useState<Read>()
  useEffect(() => {
    let isWanted = true
    void file.slice(0, MOST_BYTES).arrayBuffer().then((buffer) => {
      const bytes = new Uint8Array(buffer)
      if (isWanted) setRead({ bytes, log: decodeLog(bytes) })
    })
    return () => void (isWanted = false)
  }, [file])
  return read
}

interface BatchesProps {
  readonly batches: readonly DecodedBatch[]
  readonly chosen: number
  readonly choose: (index: number) => void
}
function Batches({ batches, chosen, choose }: BatchesProps): ReactNode {
  const text = useZoomText()
  const language = useLanguage()
  const { columns } = text.file
  const first = Math.max(0, Math.min(chosen - ROWS / 2, batches.length - ROWS))
  const shown = batches.slice(first, first + ROWS)
  const after = batches.length - first - shown.length
  return (
    <div className={styles['batches']} role="region" aria-label={text.file.batches} tabIndex={0}>
      {first > 0 && <p className={styles['note']}>{text.file.earlier(first)}</p>}
      <table>
        <thead>
          <tr>
            {[columns.offsets, columns.position, columns.size, columns.records, columns.leaderEpoch, columns.codec, columns.producer].map((each) => (
              <th key={each} scope="col">
                {each}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ position, sizeInBytes, header, lastOffset, codec }, i) => (
            <tr key={position} data-chosen={first + i === chosen || undefined}>
              <th scope="row">
                <button type="button" aria-pressed={first + i === chosen} onClick={() => choose(first + i)}>
                  {text.file.row(header.baseOffset, lastOffset)}
                </button>
              </th>
              <td>{formatNumber(language, position)}</td>
              <td>{formatBytes(language, sizeInBytes)}</td>
              <td>{header.recordCount}</td>
              <td>{header.partitionLeaderEpoch}</td>
              <td>{codec}</td>
              <td>{text.file.producer(header.producerId, header.producerEpoch)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {after > 0 && <p className={styles['note']}>{text.file.later(after)}</p>}
    </div>
  )
}

function OneBatch({ batch, bytes }: { readonly batch: DecodedBatch; readonly bytes: Uint8Array }): ReactNode {
  const text = useZoomText()
  const opened = useOpened(batch, bytes)
  const { codec } = batch
  return (
    <>
      {opened.said !== undefined && (
        <p className={styles['note']} role="status">
          {text.file[opened.said](codec)}
        </p>
      )}
      <BatchFields fields={opened.fields} otherRecords={opened.otherRecords} />
    </>
  )
}

interface Opened extends FieldsOfBatch { readonly said: 'packed' | 'unpacked' | 'unpackFailed' | undefined }

/** Its fields, as far as they can be read; what is compressed is opened where the browser can. */
function useOpened(batch: DecodedBatch, file: Uint8Array): Opened {
  const bytes = useMemo(() => file.subarray(batch.position, batch.position + batch.sizeInBytes), [batch, file])
  const [state, setState] = useState<Opened>(() => (batch.codec === 'none'
    ? { ...fieldsOfBatch(bytes, batch.header.baseOffset), said: undefined }
    : { fields: headerFields(bytes), otherRecords: 0, said: 'packed' }))
  useEffect(() => {
    if (!canUnpack(batch.codec)) return
    let isWanted = true
    void unpacked(batch, bytes).then((whole) => {
      if (!isWanted) return
      if (whole === undefined) setState((before) => ({ ...before, said: 'unpackFailed' }))
      else setState({ ...fieldsOfBatch(whole, batch.header.baseOffset, true), said: 'unpacked' })
    })
    return () => void (isWanted = false)
  }, [batch, bytes])
  return state
}
