/** One batch, field by field: the bytes beside the name, the value and what it means. A field and its bytes light up together. */
import { useState, type ReactNode } from 'react'
import type { Field } from '../../projection/disk-view.ts'
import type { ZoomText } from '../../text/zoom.en.ts'
import { useZoomText } from '../zoom/words.ts'
import { Dump } from './dump.tsx'
import { hex, nameOf } from './field-words.ts'
import styles from './disk.module.css'

export function BatchFields({ fields, otherRecords }: { readonly fields: readonly Field[]; readonly otherRecords: number }): ReactNode {
  const text = useZoomText()
  const [lit, light] = useState<number>()
  const field = fields.find(({ at }) => at === lit)
  return (
    <>
      <Meaning field={field} />
      {groupsOf(fields, text).map(({ key, words, fields: some }) => (
        <section key={key} className={styles['group']} aria-label={words}>
          <h3>{words}</h3>
          <ul>
            {some.map((each) => (
              <FieldBox key={each.at} field={each} lit={each.at === lit} light={light} />
            ))}
          </ul>
        </section>
      ))}
      {otherRecords > 0 && <p className={styles['note']}>{text.bytes.others(otherRecords)}</p>}
      <Dump fields={fields} lit={field} light={light} />
    </>
  )
}

interface Group { readonly key: string; readonly words: string; readonly fields: readonly Field[] }
function groupsOf(fields: readonly Field[], text: ZoomText): readonly Group[] {
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
