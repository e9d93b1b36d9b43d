/** The top of the screen: what is running, where in it we are, and what concerns the whole page. */
import { use, type ReactNode } from 'react'
import { languageOf } from '../../text/language.ts'
import { AppContext } from '../app-context.ts'
import { Icon, Logo } from '../parts/icons.tsx'
import parts from '../parts/parts.module.css'
import { useMoment, usePlan, useRun, useScenario } from '../run.tsx'
import { markOf } from '../steps.ts'
import { usePage } from '../stores/page.ts'
import { shownTheme, useSettings } from '../stores/settings.ts'
import { useLanguage, usePick, useText } from '../words.ts'
import styles from './header.module.css'

export function Header({ plain = false }: { readonly plain?: boolean }): ReactNode {
  const text = useText()
  return (
    <header className={plain ? styles['plain'] : styles['header']}>
      <a className={styles['brand']} href="#" aria-label={text.header.home}>
        <Logo size={22} />
        <span>{text.product}</span>
      </a>
      {!plain && <Title />}
      <div className={styles['right']}>
        {!plain && <Actions />}
        <LanguageSwitch />
        <ThemeButton />
      </div>
    </header>
  )
}

function Title(): ReactNode {
  const scenario = useScenario()
  const pick = usePick()
  const language = useLanguage()
  const { meta, title } = scenario ?? {}
  return (
    <div className={styles['middle']}>
      <h1 className={styles['title']} lang={languageOf(title, language)}>
        {meta?.lesson !== undefined && <span className={styles['number']}>{meta.lesson}</span>}
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

function LanguageSwitch(): ReactNode {
  const text = useText()
  const { language, setLanguage } = useSettings()
  return (
    <div className={parts['segmented']} role="group" aria-label={text.header.language}>
      <button type="button" lang="en" aria-pressed={language === 'en'} onClick={() => setLanguage('en')}>
        EN
      </button>
      <button type="button" lang="ko" aria-pressed={language === 'ko'} onClick={() => setLanguage('ko')}>
        한국어
      </button>
    </div>
  )
}

function ThemeButton(): ReactNode {
  const text = useText()
  const { theme, setTheme } = useSettings()
  const shown = shownTheme(theme)
  const other = shown === 'dark' ? 'light' : 'dark'
  return (
    <button
      type="button"
      className={parts['icon']}
      aria-label={other === 'dark' ? text.header.toDark : text.header.toLight}
      onClick={() => setTheme(other)}
    >
      <Icon name="theme" />
    </button>
  )
}
