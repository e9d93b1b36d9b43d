/** One batch, field by field: the bytes beside the name, the value and what it means. A field and its bytes light up together. */
import { useState, type ReactNode } from 'react'
import type { BatchView, Field } from '../../projection/disk-view.ts'
import { formatBytes, formatNumber } from '../../text/format.ts'
import parts from '../parts/parts.module.css'
import { useMoment } from '../run.tsx'
import { useZoom } from '../stores/zoom.ts'
import { useLanguage } from '../words.ts'
import { useZoomText } from '../zoom/words.ts'
import { Dump } from './dump.tsx'
import { DiskFrame } from './disk-frame.tsx'
import { hex, nameOf } from './field-words.ts'
import styles from './disk.module.css'
import { useLook } from './use-look.ts'
import { useReplica } from './use-replica.ts'

export function BytesStage(): ReactNode {
  const text = useZoomText()
  const replica = useReplica()
  const { view } = useMoment()
  const offset = useZoom((zoom) => zoom.offset)
  const end = replica === undefined ? 0 : (view.replicas[replica]?.logEndOffset ?? 0)
  const { found, answered } = useLook(replica === undefined ? undefined : { what: 'batch', replica, offset: offset ?? Math.max(0, end - 1) })
  const batch = found?.what === 'batch' ? found : undefined
  const state = replica === undefined ? 'none' : batch !== undefined ? 'there' : answered ? 'gone' : 'waiting'
  return (
    <DiskFrame label={text.bytes.stage} level="bytes" state={state}>
      {batch !== undefined && <Batch batch={batch} />}
    </DiskFrame>
  )
}

function Batch({ batch }: { readonly batch: BatchView }): ReactNode {
  const text = useZoomText()
  const language = useLanguage()
  const [lit, light] = useState<number>()
  const field = batch.fields.find(({ at }) => at === lit)
  const go = (offset: number | undefined) => offset !== undefined && useZoom.getState().set({ offset })
  return (
    <>
      <div className={styles['head']}>
        <h2 className={styles['title']}>
          {text.bytes.one}
          <small>
            {text.bytes.records(batch.base, batch.last)}. {text.bytes.place(formatBytes(language, batch.sizeInBytes), formatNumber(language, batch.position), batch.file)}
          </small>
        </h2>
        <button type="button" className={parts['button']} disabled={batch.before === undefined} onClick={() => go(batch.before)}>
          {text.bytes.before}
        </button>
        <button type="button" className={parts['button']} disabled={batch.after === undefined} onClick={() => go(batch.after)}>
          {text.bytes.after}
        </button>
      </div>
      {batch.spoiled && <p className={styles['spoiled']}>{text.bytes.spoiled}</p>}
      <Meaning field={field} />
      {groupsOf(batch).map(({ key, words, fields }) => (
        <section key={key} className={styles['group']} aria-label={words}>
          <h3>{words}</h3>
          <ul>
            {fields.map((each) => (
              <FieldBox key={each.at} field={each} lit={each.at === lit} light={light} />
            ))}
          </ul>
        </section>
      ))}
      {batch.otherRecords > 0 && <p className={styles['note']}>{text.bytes.others(batch.otherRecords)}</p>}
      <Dump batch={batch} lit={field} light={light} />
      <Finding batch={batch} />
    </>
  )

  function groupsOf({ fields }: BatchView): readonly { readonly key: string; readonly words: string; readonly fields: readonly Field[] }[] {
    const groups: { key: string; words: string; fields: Field[] }[] = []
    for (const each of fields) {
      const key = `${each.part} ${each.record ?? ''}`
      const last = groups[groups.length - 1]
      if (last?.key === key) last.fields.push(each)
      else groups.push({ key, words: each.part === 'record' ? text.bytes.parts.record(each.record ?? 0) : text.bytes.parts[each.part], fields: [each] })
    }
    // A control record says so by the fields it has.
    return groups.map((group) => (group.fields.some(({ name }) => name === 'controlType') ? { ...group, words: text.bytes.parts.control(group.fields[0]!.record ?? 0) } : group))
  }
}

const varints = new Set<Field['name']>(['length', 'timestampDelta', 'offsetDelta', 'keyLength', 'valueLength', 'headerCount', 'headerKeyLength', 'headerValueLength'])

interface FieldProps {
  readonly field: Field
  readonly lit: boolean
  readonly light: (at: number | undefined) => void
}

function FieldBox({ field, lit, light }: FieldProps): ReactNode {
  const text = useZoomText()
  const { at, length, bytes, tail, value } = field
  const left = length - bytes.length - tail.length
  return (
    <li>
      <button
        type="button"
        className={styles['field']}
        data-lit={lit || undefined}
        data-stamped={field.part === 'outside' && (field.name === 'baseOffset' || field.name === 'partitionLeaderEpoch') ? true : undefined}
        onFocus={() => light(at)}
        onPointerEnter={() => light(at)}
        onClick={() => light(at)}
      >
        <span className={styles['fieldName']}>
          <i>{at}</i> {nameOf(field)}
        </span>{' '}
        <code>
          {bytes.map(hex).join(' ')}
          {left > 0 && <em> … {text.bytes.elided(left)} … </em>}
          {tail.map(hex).join(' ')}
        </code>{' '}
        <span className={styles['fieldValue']}>{value === '' ? text.bytes.none : value}</span>
      </button>
    </li>
  )
}

function Meaning({ field }: { readonly field: Field | undefined }): ReactNode {
  const text = useZoomText()
  return (
    <p className={styles['meaning']} aria-live="polite">
      {field === undefined ? (
        text.bytes.choose
      ) : (
        <>
          <b>{nameOf(field)}</b> <span>{text.bytes.bytesOf(field.at, field.length)}</span> {text.bytes.meaning[field.name]}
          {varints.has(field.name) && ` ${text.bytes.varint}`}
        </>
      )}
    </p>
  )
}

function Finding({ batch }: { readonly batch: BatchView }): ReactNode {
  const text = useZoomText()
  const language = useLanguage()
  const [offset, position] = batch.entry
  return (
    <section className={styles['finding']} aria-label={text.bytes.finding(batch.base)}>
      <h3>{text.bytes.finding(batch.base)}</h3>
      <ol>
        <li>{text.bytes.steps.segment(batch.segment)}</li>
        <li>{position === 0 ? text.bytes.steps.noEntry : text.bytes.steps.entry(offset, formatNumber(language, position))}</li>
        <li>{text.bytes.steps.read(batch.readOver)}</li>
      </ol>
    </section>
  )
}
