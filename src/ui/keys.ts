/** The keys of the page. What has the focus comes first: in a field or a menu none of them is ours. */
import { use, useEffect } from 'react'
import { SECOND } from '../base/units.ts'
import { AppContext } from './app-context.ts'
import type { Player } from './player.ts'
import { useRun, type Run } from './run.tsx'
import { usePage } from './stores/page.ts'
import { usePicked } from './stores/picked.ts'
import { shownTheme, useSettings } from './stores/settings.ts'

type Act = () => void

/** Keys that mean the same on every keyboard layout are named by what they write. */
function actsOf(run: Run, copyLink: Act): Readonly<Record<string, Act>> {
  const { player } = run
  const settings = useSettings.getState()
  const paused =
    (move: Act): Act =>
    () => {
      player.pause()
      move()
    }
  return {
    ' ': () => player.toggle(),
    ArrowRight: () => player.next(),
    PageDown: () => player.next(),
    n: () => player.next(),
    Enter: () => (document.querySelector<HTMLButtonElement>('[data-enter]:enabled') ?? { click: () => player.next() }).click(),
    ArrowLeft: () => player.previous(),
    PageUp: () => player.previous(),
    p: () => player.previous(),
    ']': () => player.step('event', 1),
    '[': () => player.step('event', -1),
    '}': () => player.step('message', 1),
    '{': () => player.step('message', -1),
    '.': () => player.step('line', 1),
    ',': () => player.step('line', -1),
    'shift ArrowRight': paused(() => player.nudge(SECOND)),
    'shift ArrowLeft': paused(() => player.nudge(-SECOND)),
    Home: paused(() => player.seek(0)),
    End: paused(() => player.seek(player.seenTo)),
    'ctrl z': () => player.client.undo(),
    'ctrl shift z': () => player.client.redo(),
    'ctrl y': () => player.client.redo(),
    f: () => void toggleFullScreen(),
    l: () => settings.setLanguage(settings.language === 'en' ? 'ko' : 'en'),
    t: () => settings.setTheme(shownTheme(settings.theme) === 'dark' ? 'light' : 'dark'),
    '+': () => zoom(run, 1),
    '=': () => zoom(run, 1),
    '-': () => zoom(run, -1),
    q: copyLink,
    '?': () => usePage.getState().setAbove('help'),
    m: openMenu,
    '`': toggleTerminal,
    Escape: () => usePicked.getState().select(undefined),
  }
}

/** Only a run is zoomed, and what that takes has come with it. */
function zoom(run: Run, by: 1 | -1): void {
  if (usePage.getState().shown === 'run') void import('./zoom/place.ts').then(({ zoomBy }) => zoomBy(run, by))
}

function toggleTerminal(): void {
  const { drawer, openDrawer } = usePicked.getState()
  openDrawer(drawer === 'terminal' ? undefined : 'terminal')
}

async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement === null) await document.documentElement.requestFullscreen()
  else await document.exitFullscreen()
}

/** The menu of what is selected, beside what has the focus. */
function openMenu(): void {
  const { selection, openMenu: open } = usePicked.getState()
  if (selection === undefined) return
  const focused = document.activeElement
  const box = focused === null || focused === document.body ? undefined : focused.getBoundingClientRect()
  open(selection, box ?? { x: innerWidth / 2 - 16, y: innerHeight / 3, width: 32, height: 32 })
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && target.type === 'radio')
/** A button that has the focus is pressed by these itself. */
const pressesItself = (target: EventTarget | null, key: string): boolean =>
  (key === ' ' || key === 'Enter') &&
  target instanceof Element &&
  target.closest('button, a, summary, [role="button"], [role="menuitem"], [role="tab"], [role="slider"], dialog') !== null

const nameOf = (event: KeyboardEvent): string => {
  const isLetter = event.key.length === 1
  const key = isLetter ? event.key.toLowerCase() : event.key
  const shift = event.shiftKey && (!isLetter || event.ctrlKey || event.metaKey) ? 'shift ' : ''
  return `${event.ctrlKey || event.metaKey ? 'ctrl ' : ''}${shift}${key}`
}

export function useKeys(): void {
  const run = useRun()
  const { player } = run
  const { copyLink } = use(AppContext)
  useEffect(() => {
    const digits = new Digits(player)
    const press = (event: KeyboardEvent) => {
      const isOurs = !event.defaultPrevented && !event.altKey && !isTyping(event.target) && !pressesItself(event.target, event.key)
      const isCovered =
        document.querySelector('dialog[open], [role="alertdialog"]') !== null ||
        (event.target instanceof Element && event.target.closest('[role="menu"]') !== null)
      if (!isOurs || isCovered) return
      if (digits.take(event)) return event.preventDefault()
      const act = actsOf(run, copyLink)[nameOf(event)]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [run, player, copyLink])
}

/** Digits, then Enter: to that step. */
class Digits {
  #typed = ''
  readonly #player: Player
  constructor(player: Player) {
    this.#player = player
  }
  take(event: KeyboardEvent): boolean {
    const plain = !event.ctrlKey && !event.metaKey
    if (plain && /^\d$/.test(event.key)) {
      this.#typed += event.key
      return true
    }
    const typed = this.#typed
    this.#typed = ''
    if (typed === '' || event.key !== 'Enter') return false
    this.#player.pause()
    this.#player.toStep(Number(typed) - 1)
    return true
  }
}
