/** What `layoutFrame` answers: where everything that stands still stands. */
import type { NodeName, PartitionName } from '../projection/cluster-view.ts'
import type { Box, Size } from './geometry.ts'
import type { RowStyle } from './measures.ts'
import type { Structure } from './structure.ts'

export type Variant = 'full' | 'home' | 'phone'
/** On a phone one lane is shown at a time. */
export type Lane = 'producers' | 'brokers' | 'consumers'

export interface LayoutOptions {
  readonly variant: Variant
  readonly lane: Lane
  /** A partition asks for one log a broker; a topic for all its logs, if there is room. */
  readonly focus: string | undefined
  /** Steps away from what the room would allow: -1 smaller rows, 1 larger. */
  readonly density: -1 | 0 | 1
}
export const defaultOptions: LayoutOptions = { variant: 'full', lane: 'brokers', focus: undefined, density: 0 }

/** One log: cells stand at x0 + (offset - first) * cw. `first` is the window's business, see window.ts. */
export interface StripFrame {
  readonly partition: PartitionName
  readonly x0: number
  readonly y: number
  readonly h: number
  readonly cw: number
  readonly n: number
  readonly record: number
  readonly digit: number
}
export interface QuietFrame {
  readonly partition: PartitionName
  readonly x: number
  readonly y: number
  readonly w: number
}

export type RowMode =
  /** one log, that of the focus */
  | 'open'
  /** several logs under one head line */
  | 'many'
  /** no log of the focus: a line of quiet replicas */
  | 'closed'
  /** only a name, as the far end of wires */
  | 'plain'

export interface BrokerFrame {
  readonly name: NodeName
  readonly rack: string | undefined
  readonly box: Box
  readonly mode: RowMode
  readonly style: RowStyle
  readonly strips: readonly StripFrame[]
  readonly quiet: readonly QuietFrame[]
  /** Quiet replicas for which there was no slot, and where it is said. */
  readonly more: { readonly count: number; readonly x: number; readonly y: number } | undefined
  /** Where Restart or kill -9 stands; the bolt's own square. */
  readonly action: Box
  readonly bolt: Box
}

export type CardSize = 'full' | 'medium' | 'small'
export interface CardFrame {
  readonly name: string
  readonly box: Box
  readonly size: CardSize
}
export interface GroupFrame extends CardFrame {
  readonly isGroup: boolean
  /** The part of the card that speaks of each member; wires end there. */
  readonly members: readonly { readonly name: NodeName; readonly box: Box }[]
}

export interface ControllerFrame {
  readonly name: NodeName
  readonly active: boolean
  readonly box: Box
}
export interface MetadataFrame {
  readonly box: Box
  readonly cells: number
}

export interface HeaderFrame {
  /** Middle of the flag, and of the row of offsets. */
  readonly flag: number
  readonly ruler: number
  readonly flagHeight: number
}

export interface StageFrame {
  readonly key: string
  readonly size: Size
  readonly variant: Variant
  readonly lane: Lane
  readonly structure: Structure
  readonly header: HeaderFrame
  /** One log a broker and one high watermark through all of them; else each strip has its own. */
  readonly single: boolean
  /** Distance between nested loops on the right edge. */
  readonly loopStep: number
  /** Column of the brokers. */
  readonly column: Box
  readonly brokers: readonly BrokerFrame[]
  readonly producers: readonly CardFrame[]
  readonly groups: readonly GroupFrame[]
  /** Below the producers: they too ask something of the brokers. */
  readonly admins: readonly CardFrame[]
  readonly controllers: readonly ControllerFrame[]
  readonly controllerLabel: { readonly x: number; readonly y: number; readonly above: boolean } | undefined
  readonly metadata: MetadataFrame | undefined
}
