/** What every part of the stage may ask for: the words, and what to do when it is pointed at. */
import { createContext, useContext, type KeyboardEvent, type MouseEvent } from 'react'
import type { NodeName } from '../../projection/cluster-view.ts'
import type { Language } from '../../text/language.ts'
import { isSame, type Selection } from '../selection.ts'
import { stageText, type StageText } from './stage-text.ts'

export interface StageActions {
  readonly select: (selection: Selection | undefined) => void
  readonly follow: (record: string | undefined) => void
  readonly faults: (node: NodeName, anchor: Element) => void
  readonly kill: (node: NodeName) => void
  readonly restart: (node: NodeName) => void
}
export interface StageSetting {
  readonly language: Language
  readonly text: StageText
  readonly actions: StageActions
  readonly selection: Selection | undefined
  /** Id of the record whose life is lit. */
  readonly followed: string | undefined
  readonly reducedMotion: boolean
  /** The crowned broker carries kill -9 itself. */
  readonly killable: boolean
  /** Counts the arrivals of faces: words are measured anew after each. */
  readonly faces: number
}

const nothing = (): void => undefined
export const StageContext = createContext<StageSetting>({
  language: 'en',
  text: stageText('en'),
  selection: undefined,
  followed: undefined,
  reducedMotion: false,
  killable: false,
  faces: 0,
  actions: { select: nothing, follow: nothing, faults: nothing, kill: nothing, restart: nothing },
})
export const useStage = (): StageSetting => useContext(StageContext)

/** A place in the order of the Tab key, for a drawing: in SVG an attribute keeps its case, and `tabIndex` is not one. */
export const tabIndex = (index: 0 | -1): { readonly tabindex: 0 | -1 } => ({ tabindex: index })

export interface Pressable {
  readonly role: 'button'
  readonly tabindex: 0 | -1
  readonly 'aria-label': string
  readonly onClick: (event: MouseEvent<Element>) => void
  readonly onKeyDown: (event: KeyboardEvent<Element>) => void
}

/** Makes a drawing a button: for the pointer, the keyboard and the ear. */
export function pressable(label: string, press: (element: Element) => void): Pressable {
  return {
    role: 'button',
    ...tabIndex(0),
    'aria-label': label,
    onClick: (event) => {
      event.stopPropagation()
      press(event.currentTarget)
    },
    onKeyDown: (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return
      event.preventDefault()
      event.stopPropagation()
      press(event.currentTarget)
    },
  }
}

/** A machine, card or other thing that can be selected, as a button. */
export function selectable(
  setting: StageSetting,
  selection: Selection,
  label: string,
): Pressable & { readonly 'data-selected': true | undefined } {
  return {
    ...pressable(label, () => setting.actions.select(selection)),
    'data-selected': isSame(setting.selection, selection) || undefined,
  }
}
