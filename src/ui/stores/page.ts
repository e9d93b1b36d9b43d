/** Which page is shown, what is open above it, and what went wrong on the way. */
import { create } from 'zustand'
import type { Finding, Opened, Source } from '../opening/open-scenario.ts'

export type Trouble = Exclude<Opened, { kind: 'scenario' }>
export type Above = 'open' | 'help' | 'leftOut' | 'warnings' | 'history' | undefined
export interface Notice { readonly kind: 'info' | 'fault'; readonly text: string }

interface Page {
  readonly shown: 'home' | 'laboratory' | 'checked' | 'run' | undefined
  readonly source: Source | undefined
  readonly warnings: readonly Finding[]
  readonly trouble: Trouble | undefined
  readonly above: Above
  readonly notice: Notice | undefined
  /** The engine stopped: being restored, or beyond that without being asked. */
  readonly worker: 'restoring' | 'broken' | undefined
  readonly show: (shown: 'home' | 'run', source: Source, warnings: readonly Finding[]) => void
  readonly showStill: (shown: 'laboratory' | 'checked') => void
  readonly setTrouble: (trouble: Trouble | undefined) => void
  readonly setAbove: (above: Above) => void
  readonly tell: (notice: Notice | undefined) => void
  readonly setWorker: (worker: Page['worker']) => void
}

export const usePage = create<Page>()((set) => ({
  shown: undefined,
  source: undefined,
  warnings: [],
  trouble: undefined,
  above: undefined,
  notice: undefined,
  worker: undefined,
  show: (shown, source, warnings) => set({ shown, source, warnings, trouble: undefined, above: undefined, notice: undefined }),
  showStill: (shown) => set({ shown, source: undefined, warnings: [], trouble: undefined, above: undefined, notice: undefined }),
  setTrouble: (trouble) => set({ trouble, above: undefined }),
  setAbove: (above) => set({ above }),
  tell: (notice) => set({ notice }),
  setWorker: (worker) => set({ worker }),
}))
