/** How a thing is read for the State tab: what there is to read from, and the rows that come of it. */
import type { Micros } from '../../base/units.ts'
import type { Film } from '../../bridge/film.ts'
import type { Cell, ClusterView } from '../../projection/cluster-view.ts'
import type { DeskText } from '../../text/desk.en.ts'
import type { Language } from '../../text/language.ts'

export interface Row {
  readonly key: string
  readonly name: string
  readonly value: string
  readonly tone?: 'fault' | 'lost' | 'ok'
}
export interface Sheet {
  readonly title: string
  readonly subtitle: string
  /** The record's own mark, if it is one. */
  readonly cell?: Cell
  readonly rows: readonly Row[]
}
export interface Reading {
  readonly view: ClusterView
  readonly text: DeskText
  readonly language: Language
  readonly film: Film
  readonly at: Micros
}
export type Add = (key: keyof DeskText['inspector']['fields'], value: string | number | boolean | undefined, tone?: Row['tone']) => void

export type Head = { readonly title?: string; readonly subtitle?: string; readonly cell?: Cell } | undefined
export type Reader = (key: string, reading: Reading, add: Add) => Head

export const list = (items: readonly string[], none: string): string => (items.length === 0 ? none : items.join(', '))
