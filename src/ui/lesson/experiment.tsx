/** What an experiment tells to watch, and what it expects: of this step, and of the whole run. */
import type { ReactNode } from 'react'
import { languageOf } from '../../text/language.ts'
import { useLanguage, usePick, useText } from '../desk-words.ts'
import { RichText } from '../parts/rich-text.tsx'
import { useMoment, useScenario } from '../run.tsx'
import { Assertions } from './assertions.tsx'
import styles from './lesson.module.css'

export function Watch(): ReactNode {
  const text = useText()
  const pick = usePick()
  const language = useLanguage()
  const scenario = useScenario()
  if (scenario?.kind !== 'experiment' || scenario.watch === undefined) return null
  return (
    <div className={styles['watch']} role="note" aria-label={text.lesson.watch}>
      <p className={styles['eyebrow']}>{text.lesson.watch}</p>
      <p lang={languageOf(scenario.watch, language)}>
        <RichText>{pick(scenario.watch)}</RichText>
      </p>
    </div>
  )
}

/** The rows of the step that is shown. */
export function StepChecks(): ReactNode {
  const text = useText()
  const scenario = useScenario()
  const { entered } = useMoment()
  const step = scenario?.steps?.[entered]
  if (step?.check === undefined) return null
  return <Assertions title={text.lesson.checks} rows={step.check} prefix={`check/${step.id}`} />
}

export function WholeRun(): ReactNode {
  const text = useText()
  const scenario = useScenario()
  if (scenario?.kind !== 'experiment' || scenario.expect === undefined) return null
  return <Assertions title={text.laboratory.wholeRun} rows={scenario.expect} prefix="expect" />
}

export function BackToLaboratory(): ReactNode {
  const text = useText()
  if (useScenario()?.kind !== 'experiment') return null
  return (
    <p>
      <a className={styles['underlined']} href="#lab">
        {text.laboratory.back}
      </a>
    </p>
  )
}
