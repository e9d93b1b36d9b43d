/** What is pointed at on the stage, and what that opens. */
import { create } from 'zustand'
import { isSame, type Selection } from '../selection.ts'

export type Tab = 'state' | 'why' | 'config'
export type Drawer = 'story' | 'terminal' | undefined
/** Where the menu opens: the bolt that was pressed. */
export interface Anchor {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface Picked {
  readonly selection: Selection | undefined
  /** The record whose life is lit, `shop#8`. */
  readonly followed: string | undefined
  readonly tab: Tab
  readonly drawer: Drawer
  readonly menu: { readonly of: Selection; readonly at: Anchor } | undefined
  readonly select: (selection: Selection | undefined, tab?: Tab) => void
  readonly follow: (record: string | undefined) => void
  readonly openTab: (tab: Tab) => void
  readonly openDrawer: (drawer: Drawer) => void
  readonly openMenu: (of: Selection | undefined, at?: Anchor) => void
  readonly reset: () => void
}

const nothing = { selection: undefined, followed: undefined, menu: undefined }

export const usePicked = create<Picked>()((set) => ({
  ...nothing,
  tab: 'why',
  drawer: undefined,
  select: (selection, tab) =>
    set((was) => (isSame(was.selection, selection) && tab === undefined ? was : { selection, ...(tab === undefined ? {} : { tab }) })),
  follow: (followed) => set((was) => ({ followed: was.followed === followed ? undefined : followed })),
  openTab: (tab) => set({ tab }),
  openDrawer: (drawer) => set({ drawer }),
  openMenu: (of, at) => set(of === undefined || at === undefined ? { menu: undefined } : { menu: { of, at }, selection: of }),
  reset: () => set(nothing),
}))
