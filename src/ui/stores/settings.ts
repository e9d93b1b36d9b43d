/** What a person prefers, kept in this browser; nothing of it concerns a run. */
import { create } from 'zustand'
import { bestLanguage, languages, type Language } from '../../text/language.ts'
import { learn } from '../first-words.ts'

export type Theme = 'light' | 'dark'
interface Settings {
  readonly language: Language
  /** undefined = as the system has it. */
  readonly theme: Theme | undefined
  readonly setLanguage: (language: Language) => void
  readonly setTheme: (theme: Theme) => void
}

const key = 'partitura.settings'
/** A page in a frame or with storage turned off works all the same. */
function stored(): { language?: Language; theme?: Theme } {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? '{}')
    if (typeof found !== 'object' || found === null) return {}
    const { language, theme } = found as Record<string, unknown>
    const known = languages.find((each) => each === language)
    return { ...(known === undefined ? {} : { language: known }), ...(theme === 'light' || theme === 'dark' ? { theme } : {}) }
  } catch {
    return {}
  }
}
function store(settings: Pick<Settings, 'language' | 'theme'>): void {
  try {
    localStorage.setItem(key, JSON.stringify({ language: settings.language, theme: settings.theme }))
  } catch {
    // Not kept, then.
  }
}

const browser = typeof navigator === 'undefined' ? [] : navigator.languages
const before = typeof localStorage === 'undefined' ? {} : stored()

/** The newest wish wins, also over one whose words come late. */
let wishes = 0

export const useSettings = create<Settings>()((set, get) => ({
  language: before.language ?? bestLanguage(browser),
  theme: before.theme,
  setLanguage: (language) => {
    const wish = ++wishes
    void learn(language).then(() => {
      if (wish !== wishes) return
      set({ language })
      store(get())
    }, () => undefined)
  },
  setTheme: (theme) => {
    set({ theme })
    store(get())
  },
}))

const darkSystem = (): boolean => typeof matchMedia !== 'undefined' && matchMedia('(prefers-color-scheme: dark)').matches
export const shownTheme = (theme: Theme | undefined): Theme => theme ?? (darkSystem() ? 'dark' : 'light')
