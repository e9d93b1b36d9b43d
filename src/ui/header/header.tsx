/** The top of every page: the product, the language and the theme; between them what the page puts there. */
import type { ReactNode } from 'react'
import { Icon, Logo } from '../parts/icons.tsx'
import parts from '../parts/parts.module.css'
import { shownTheme, useSettings } from '../stores/settings.ts'
import { useText } from '../words.ts'
import styles from './header.module.css'

interface HeaderProps {
  readonly plain?: boolean
  readonly middle?: ReactNode
  readonly actions?: ReactNode
}

export function Header({ plain = false, middle, actions }: HeaderProps): ReactNode {
  const text = useText()
  return (
    <header className={plain ? styles['plain'] : styles['header']}>
      <a className={styles['brand']} href="#" aria-label={text.header.home}>
        <Logo size={22} />
        <span>{text.product}</span>
      </a>
      {middle}
      <div className={styles['right']}>
        {actions}
        <LanguageSwitch />
        <ThemeButton />
      </div>
    </header>
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
