/** What is not wrong with a scenario file, but worth its author's eye. */
import type { ReactNode } from 'react'
import { sayFinding } from '../../text/find.ts'
import { useLanguage, useText } from '../desk-words.ts'
import { Dialog } from '../parts/dialog.tsx'
import { RichText } from '../parts/rich-text.tsx'
import { usePage } from '../stores/page.ts'
import styles from './errors.module.css'

export function Warnings(): ReactNode {
  const text = useText()
  const language = useLanguage()
  const { warnings, source, setAbove } = usePage()
  return (
    <Dialog title={`${source?.fileName ?? ''}: ${text.errors.warnings(warnings.length)}`} onClose={() => setAbove(undefined)}>
      <ul className={styles['warnings']}>
        {warnings.map((finding, i) => (
          <li key={i}>
            <code>
              {finding.line}:{finding.column}
            </code>{' '}
            <RichText>{sayFinding(language, finding)}</RichText>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
