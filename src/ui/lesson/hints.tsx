/** Three hints, in order: where to look, what to change, the exact action. */
import type { ReactNode } from 'react'
import parts from '../parts/parts.module.css'
import { RichText } from '../parts/rich-text.tsx'
import { useScenario } from '../run.tsx'
import { useLesson } from '../stores/lesson.ts'
import { usePick, useText } from '../desk-words.ts'
import styles from './lesson.module.css'

export function Hints(): ReactNode {
  const text = useText()
  const pick = usePick()
  const hints = useScenario()?.hints ?? []
  const { hints: shown, showHint } = useLesson()
  if (hints.length === 0) return null
  return (
    <div className={styles['hints']}>
      {hints.slice(0, shown).map((hint, i) => (
        <p key={i}>
          <span className={styles['eyebrow']}>{text.lesson.hint(i + 1, hints.length)}</span> <RichText>{pick(hint)}</RichText>
        </p>
      ))}
      {shown < hints.length && (
        <button type="button" className={parts['link']} onClick={() => showHint(hints.length)}>
          {shown === 0 ? text.lesson.showHint : text.lesson.nextHint}{' '}
          <span className={styles['quiet']}>{text.lesson.hint(shown + 1, hints.length)}</span>
        </button>
      )}
    </div>
  )
}
