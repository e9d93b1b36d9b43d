/** The top of a run: what is running, where in it we are, and what one can do with it. */
import { use, type ReactNode } from 'react'
import { languageOf } from '../../text/language.ts'
import { AppContext } from '../app-context.ts'
import { Icon } from '../parts/desk-icons.tsx'
import parts from '../parts/parts.module.css'
import { experimentNumber } from '../laboratory/number.ts'
import { useMoment, usePlan, useRun, useScenario } from '../run.tsx'
import { markOf } from '../steps.ts'
import { usePage } from '../stores/page.ts'
import { useLanguage, usePick, useText } from '../words.ts'
import { Header } from './header.tsx'
import styles from './header.module.css'

export const RunHeader = (): ReactNode => <Header middle={<Title />} actions={<Actions />} />

function Title(): ReactNode {
  const scenario = useScenario()
  const pick = usePick()
  const language = useLanguage()
  const { id = '', kind, meta, title } = scenario ?? {}
  const number = kind === 'experiment' ? experimentNumber(id) : meta?.lesson
  return (
    <div className={styles['middle']}>
      <h1 className={styles['title']} lang={languageOf(title, language)}>
        {number !== undefined && <span className={styles['number']}>{number}</span>}
        {pick(title)}
      </h1>
      <StepDots />
    </div>
  )
}

function StepDots(): ReactNode {
  const text = useText()
  const plan = usePlan()
  const { entered } = useMoment()
  const { player } = useRun()
  if (plan.count < 2) return null
  return (
    <nav className={styles['dots']} aria-label={text.header.steps}>
      <ol>
        {Array.from({ length: plan.count }, (_, index) => {
          const isKnown = markOf(plan, index) !== undefined && (!plan.isHidden(index) || index === 0)
          const isHere = index === entered
          return (
            <li key={index}>
              <button
                type="button"
                disabled={!isKnown}
                aria-label={text.header.step(index + 1)}
                aria-current={isHere ? 'step' : undefined}
                className={isHere ? styles['here'] : index < entered ? styles['past'] : styles['ahead']}
                onClick={() => player.toStep(index)}
              >
                {isHere ? index + 1 : ''}
              </button>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

function Actions(): ReactNode {
  const text = useText()
  const { copyLink } = use(AppContext)
  const setAbove = usePage((page) => page.setAbove)
  return (
    <>
      <button type="button" className={parts['quiet']} onClick={() => setAbove('open')}>
        <Icon name="folder" />
        <span className={styles['word']}>{text.header.open}</span>
      </button>
      <button type="button" className={parts['quiet']} onClick={copyLink}>
        <Icon name="share" />
        <span className={styles['word']}>{text.header.share}</span>
      </button>
      <button
        type="button"
        className={`${parts['icon']} ${styles['help']}`}
        aria-label={text.header.help}
        title={`${text.header.help} (?)`}
        onClick={() => setAbove('help')}
      >
        ?
      </button>
    </>
  )
}
