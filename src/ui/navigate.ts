/** Opens what the address, a file or a button asks for, and puts it on the screen. */
import type { Micros } from '../base/units.ts'
import type { RunClient } from '../bridge/client.ts'
import type { Scenario } from '../scenario/types.ts'
import { encodeText } from './link.ts'
import { openFile, openJournal, openRoute, openText, packJournal, type Opened } from './opening/open-scenario.ts'
import { fragmentOf, parseRoute, type Route, type ZoomRoute } from './route.ts'
import type { Run } from './run.tsx'
import { durationOf, paceOf } from './sim.ts'
import { useLesson } from './stores/lesson.ts'
import { usePage } from './stores/page.ts'
import { usePicked } from './stores/picked.ts'
import { useSettings } from './stores/settings.ts'
import { useZoom, type Zoom } from './stores/zoom.ts'

/** Who comes by a link to a moment is not asked what was asked before it. */
function passOver(client: RunClient, scenario: Scenario, at: Micros): void {
  const stop = client.on((event) => {
    if (event.kind !== 'frame') return
    stop()
    for (const { index, startAt } of client.film.steps) {
      const predict = scenario.steps?.[index]?.predict
      if (predict !== undefined && startAt <= at) useLesson.getState().passOver(predict.id)
    }
  })
}

/** A link longer than this is cut off by too many programs that pass links on. */
const longestFragment = 30_000

interface Wish { readonly at: Micros | undefined; readonly seed: number | undefined; readonly journal?: string | undefined; readonly zoom?: ZoomRoute | undefined }
const noWish: Wish = { at: undefined, seed: undefined }

/** A link names the log, whole or by one of its replicas; it holds for the step it opens at. */
function zoomOf(wish: ZoomRoute | undefined): Partial<Zoom> {
  if (wish === undefined) return {}
  const { level, log, offset } = wish
  const name = log?.split('@')[0]
  return { level, offset, partition: name === undefined ? undefined : { name, step: undefined }, replica: log?.includes('@') === true ? log : undefined }
}
function zoomRoute({ level, partition, replica, offset }: Zoom): ZoomRoute | undefined {
  if (level === undefined) return undefined
  const log = level === 'files' || level === 'bytes' ? (replica ?? partition?.name) : partition?.name
  return { level, ...(log === undefined ? {} : { log }), ...(offset === undefined || level !== 'bytes' ? {} : { offset }) }
}

export class Navigator {
  readonly #run: Run
  /** The newest wish wins: what was asked for before it is not shown when it comes late. */
  #asked = 0
  constructor(run: Run) {
    this.#run = run
  }

  /** Follow the address now and whenever it changes; returns how to stop. */
  start(): () => void {
    const follow = () => void this.follow()
    window.addEventListener('hashchange', follow)
    follow()
    return () => window.removeEventListener('hashchange', follow)
  }
  async follow(): Promise<void> {
    const route = parseRoute(location.hash.slice(1), location.search)
    if (route.language !== undefined) useSettings.getState().setLanguage(route.language)
    if (route.page === 'laboratory' || route.page === 'checked') return this.#showStill(route.page)
    await this.#open(() => openRoute(route), route, route.page === 'home')
  }

  async openFile(file: File): Promise<void> {
    if (file.name.endsWith('.log')) return this.#openLog(file)
    await this.#open(() => openFile(file), noWish, false)
    await this.#writeAddress()
  }
  /** A segment is looked at beside a run. */
  async #openLog(file: File): Promise<void> {
    if (usePage.getState().shown !== 'run') {
      await this.#open(() => openRoute({ page: 'shipped', id: 'how-a-record-commits', ...noWish, language: undefined }), noWish, false)
      await this.#writeAddress()
    }
    const { openLogFile } = await import('./disk/opened-log.ts')
    openLogFile(file)
  }
  async openText(text: string, fileName: string): Promise<void> {
    await this.#open(() => openText(text, fileName), noWish, false)
    await this.#writeAddress()
  }

  /** The address of this very moment. */
  async link(): Promise<string> {
    const route = await this.#route()
    const url = new URL(location.href)
    url.search = ''
    url.hash = route === undefined ? '' : fragmentOf(route)
    return url.href
  }

  /** Nothing runs there: what ran before stands still. */
  #showStill(page: 'laboratory' | 'checked'): void {
    this.#asked++
    this.#run.player.pause()
    usePage.getState().showStill(page)
  }
  async #open(open: () => Promise<Opened>, wish: Wish, isHome: boolean): Promise<void> {
    const asked = ++this.#asked
    const [opened, journal] = await Promise.all([open(), openJournal(wish.journal)])
    if (asked !== this.#asked) return
    const page = usePage.getState()
    if (opened.kind !== 'scenario') return page.setTrouble(opened)
    if (journal === undefined) return page.setTrouble({ kind: 'problem', problem: 'badLink', detail: '' })
    const { scenario, source, warnings } = opened
    const { client, player } = this.#run
    useLesson.getState().reset()
    usePicked.getState().reset()
    useZoom.getState().reset(zoomOf(wish.zoom))
    client.load(scenario, wish.seed ?? scenario.seed, journal, wish.at ?? durationOf(scenario.sim?.from) ?? 0)
    player.setPace(paceOf(scenario))
    if (wish.at !== undefined) passOver(client, scenario, wish.at)
    page.show(isHome ? 'home' : 'run', source, warnings)
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    if (wish.at === undefined && !still) player.play()
  }

  async #route(): Promise<Route | undefined> {
    const { source, shown } = usePage.getState()
    const { client, player } = this.#run
    if (source === undefined || client.scenario === undefined) return undefined
    const moment = {
      at: player.at, seed: client.seed === client.scenario.seed ? undefined : client.seed, language: useSettings.getState().language,
      journal: await packJournal(client.film.journal), zoom: zoomRoute(useZoom.getState()),
    }
    if (shown === 'home') return { page: 'home', ...moment, at: undefined, journal: undefined, zoom: undefined }
    if (source.id !== undefined) return { page: 'shipped', id: source.id, ...moment }
    return source.text === undefined ? undefined : { page: 'text', encoded: await encodeText(source.text), ...moment }
  }
  /** A file that was opened is in the address from then on: reloading the page brings it back. */
  async #writeAddress(): Promise<void> {
    const route = await this.#route()
    const fragment = route === undefined ? '' : fragmentOf({ ...route, at: undefined, language: undefined, journal: undefined, zoom: undefined })
    if (fragment === '' || fragment.length > longestFragment) return
    history.pushState(undefined, '', `${location.pathname}#${fragment}`)
  }
}
