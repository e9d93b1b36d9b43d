/** What any part of the screen may ask of the whole. */
import { createContext } from 'react'
import type { Navigator } from './navigate.ts'

export interface AppActions {
  readonly navigator: Navigator | undefined
  readonly copyLink: () => void
}
export const AppContext = createContext<AppActions>({ navigator: undefined, copyLink: () => undefined })
