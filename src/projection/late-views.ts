/** How machines and messages are seen that come with a part which is loaded late: by kind of machine, and by type of message. */
import type { Tagged } from '../engine/process.ts'
import type { Node } from '../engine/world.ts'
import type { Hues } from './cells.ts'
import type { ToyView } from './cluster-view.ts'
import type { SpanDetail } from './span-detail.ts'

export const lateViews: {
  readonly machines: Record<string, ((name: string, node: Node, hues: Hues) => ToyView) | undefined>
  readonly messages: Record<string, ((plain: SpanDetail, message: Tagged, hues: Hues) => SpanDetail) | undefined>
} = { machines: {}, messages: {} }
