/** The left panel: what this step says, what it asks, what is to be reached, what comes next. */
import type { ReactNode } from 'react'
import type { Step } from '../../scenario/types.ts'
import { firstSentence, languageOf } from '../../text/language.ts'
import parts from '../parts/parts.module.css'
import { RichText } from '../parts/rich-text.tsx'
import { useMoment, usePlan, useRun, useScenario } from '../run.tsx'
import { markOf, waitingAt } from '../steps.ts'
import { askOf } from '../sim.ts'
import { CheckedBadge } from '../checked/badge.tsx'
import { usePage } from '../stores/page.ts'
import { useLanguage, usePick, useText } from '../desk-words.ts'
import { FaultsInForce } from '../faults/in-force.tsx'
import { Assertions } from './assertions.tsx'
import { BackToLaboratory, StepChecks, Watch, WholeRun } from './experiment.tsx'
import { Hints } from './hints.tsx'
import { PredictCard } from './predict-card.tsx'
import styles from './lesson.module.css'

export function LessonPanel(): ReactNode {
  const text = useText()
  const scenario = useScenario()
  if (scenario === undefined) return <aside className={styles['panel']} aria-label={text.lesson.panel} />
  const label = scenario.kind === 'experiment' ? text.header.kinds.experiment : text.lesson.panel
  const hasSteps = scenario.kind !== 'sandbox' && (scenario.steps?.length ?? 0) > 0
  return (
    <aside className={styles['panel']} aria-label={label}>
      <div className={styles['scroll']} tabIndex={0} role="group" aria-label={label}>
        {hasSteps ? <StepBody /> : <SandboxBody />}
      </div>
      <Footer hasSteps={hasSteps} />
    </aside>
  )
}

function StepBody(): ReactNode {
  const text = useText()
  const scenario = useScenario()
  const { entered } = useMoment()
  const steps = scenario?.steps ?? []
  const step = steps[entered]
  const isTurn = askOf(step) !== undefined || (entered === steps.length - 1 && scenario?.goal !== undefined)
  return (
    <>
      <p className={styles['count']}>{text.lesson.of(entered + 1, steps.length)}</p>
      <StepWords step={step} />
      {entered === 0 && <Watch />}
      <PredictCard />
      <StepChecks />
      {isTurn && <YourTurn step={step} />}
      <FaultsInForce />
      <GoOn />
      <WholeRun />
      {entered > 0 && <Watch />}
    </>
  )
}

export function StepWords({ step }: { readonly step: Step | undefined }): ReactNode {
  const pick = usePick()
  const language = useLanguage()
  const plan = usePlan()
  const { entered } = useMoment()
  // What a step says often gives its answer away.
  if (step === undefined || plan.isHidden(entered)) return null
  const title = pick(step['x-title'])
  const { head, rest } = title === '' ? firstSentence(pick(step.say)) : { head: title, rest: pick(step.say) }
  return (
    <div lang={languageOf(step.say, language)} aria-live="polite">
      <h2 className={styles['title']}>
        <RichText>{head}</RichText>
      </h2>
      {rest !== '' && (
        <p className={styles['say']}>
          <RichText>{rest}</RichText>
        </p>
      )}
      {step.card === 'zookeeper' && <HistoryCard />}
    </div>
  )
}

/** The figure that a step asks for stands above the page: it is no part of the run. */
function HistoryCard(): ReactNode {
  const text = useText()
  const setAbove = usePage((page) => page.setAbove)
  return (
    <button type="button" className={parts['button']} onClick={() => setAbove('history')}>
      {text.help.history}
    </button>
  )
}

export function YourTurn({ step }: { readonly step: Step | undefined }): ReactNode {
  const text = useText()
  const pick = usePick()
  const scenario = useScenario()
  const { view } = useMoment()
  const ask = askOf(step)
  const isWon = scenario?.goal?.every((_, i) => view.assertions[`goal/${i}`]?.holds === true) === true
  return (
    <section className={styles['card']} aria-label={text.lesson.yourTurn}>
      <p className={styles['eyebrow']}>{text.lesson.yourTurn}</p>
      {ask !== undefined && (
        <p className={styles['ask']}>
          <RichText>{pick(ask.say)}</RichText>
        </p>
      )}
      {scenario?.goal !== undefined && <Assertions rows={scenario.goal} prefix="goal" />}
      {isWon ? <p className={styles['won']}>{text.lesson.won}</p> : <Hints />}
    </section>
  )
}

function SandboxBody(): ReactNode {
  const text = useText()
  const pick = usePick()
  const scenario = useScenario()
  return (
    <>
      <h2 className={styles['title']}>{pick(scenario?.title)}</h2>
      {scenario?.summary !== undefined && (
        <p className={styles['say']}>
          <RichText>{pick(scenario.summary)}</RichText>
        </p>
      )}
      {scenario?.watch !== undefined && (
        <p className={styles['say']}>
          <strong>{text.lesson.watch}: </strong>
          <RichText>{pick(scenario.watch)}</RichText>
        </p>
      )}
      <p className={styles['say']}>{text.lesson.running}</p>
      {scenario?.goal !== undefined && <YourTurn step={undefined} />}
      <FaultsInForce />
    </>
  )
}

/** Next, and what is said when there is none. */
function GoOn(): ReactNode {
  const text = useText()
  const plan = usePlan()
  const { at, playing, entered } = useMoment()
  const { player } = useRun()
  const waiting = playing ? undefined : waitingAt(plan, entered, at)
  if (waiting === 'end')
    return (
      <>
        <p className={styles['say']}>{text.lesson.atEnd}</p>
        <BackToLaboratory />
      </>
    )
  if (waiting !== 'next') return null
  return (
    <p>
      <button type="button" className={parts['primary']} onClick={() => player.next()}>
        {text.lesson.nextStep(entered + 2)} <kbd className={styles['keyOn']}>→</kbd>
      </button>
    </p>
  )
}

function Footer({ hasSteps }: { readonly hasSteps: boolean }): ReactNode {
  const text = useText()
  const scenario = useScenario()
  const { client } = useRun()
  const { setAbove, warnings, source } = usePage()
  return (
    <div className={styles['footer']}>
      {hasSteps && <NextSteps />}
      <div className={styles['fineprint']}>
        <button type="button" className={styles['underlined']} onClick={() => setAbove('leftOut')}>
          {text.lesson.leftOut}
        </button>
        <CheckedBadge id={source?.id} isLink />
        {warnings.length > 0 && (
          <button type="button" className={styles['underlined']} onClick={() => setAbove('warnings')}>
            {text.errors.warnings(warnings.length)}
          </button>
        )}
        <span>{text.lesson.seed(client.seed, scenario?.kafka?.replace('4.x', '4.3') ?? '4.3')}</span>
      </div>
    </div>
  )
}

function NextSteps(): ReactNode {
  const text = useText()
  const scenario = useScenario()
  const plan = usePlan()
  const { entered } = useMoment()
  const { player } = useRun()
  const pick = usePick()
  const rest = (scenario?.steps ?? []).map((step, index) => ({ step, index })).slice(entered + 1, entered + 5)
  if (rest.length === 0) return null
  return (
    <ol className={styles['next']} aria-label={text.lesson.toCome}>
      {rest.map(({ step, index }) => {
        const isKnown = markOf(plan, index) !== undefined && !plan.isHidden(index)
        return (
          <li key={step.id}>
            <button type="button" disabled={!isKnown} onClick={() => player.toStep(index)}>
              <span>{index + 1}</span>
              <span className={styles['slug']}>{pick(step['x-title']) || step.id.replaceAll('-', ' ')}</span>
              {plan.isHidden(index) && <span className={styles['after']}>{text.lesson.afterAnswer}</span>}
              {step.optional === true && <span className={styles['after']}>{text.lesson.optional}</span>}
            </button>
          </li>
        )
      })}
    </ol>
  )
}
