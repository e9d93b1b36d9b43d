/** The bytes of a batch in their order, sixteen a line; each belongs to a field, and lights it. */
import { useMemo, type ReactNode } from 'react'
import type { Field } from '../../projection/disk-view.ts'
import { useZoomText } from '../zoom/words.ts'
import { linesOf } from './dump-lines.ts'
import { hex } from './field-words.ts'
import styles from './disk.module.css'

export function Dump({ fields, lit, light }: { readonly fields: readonly Field[]; readonly lit: Field | undefined; readonly light: (at: number | undefined) => void }): ReactNode {
  const text = useZoomText()
  const lines = useMemo(() => linesOf(fields), [fields])
  return (
    <section className={styles['dump']} aria-label={text.bytes.dump}>
      <h3>{text.bytes.dump}</h3>
      <div className={styles['dumpLines']} role="img" aria-label={text.bytes.dumpLabel}>
        {lines.map((line) => (
          <div key={line[0]!.at} className={styles['line']}>
            <span>{line[0]!.at.toString(16).padStart(4, '0')}</span>
            <span style={{ paddingLeft: `${(line[0]!.at % 16) * 3}ch` }}>
              {line.map(({ at, byte, field }) => (
                <i key={at} data-lit={field === lit || undefined} onPointerEnter={() => light(field.at)} onClick={() => light(field.at)}>
                  {hex(byte)}
                </i>
              ))}
            </span>
          </div>
        ))}
      </div>
    </section>
  )
}
