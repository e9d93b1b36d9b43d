/** The machines of a toy, as they stand at 00:00: idle until they are started, but for its broker. */
import type { Micros } from '../base/units.ts'
import type { NodeSpec } from '../engine/simulation.ts'
import type { WhenFull } from './notes.ts'
import type { ToyBrokerConfig, ToyReaderConfig, ToySenderConfig } from './state.ts'

export interface ToySpec {
  readonly id: string; readonly whenFull: WhenFull
  readonly senders: readonly { readonly id: string; readonly rate: { readonly count: number; readonly per: Micros } }[]
  readonly readers: readonly { readonly id: string; readonly processMs: number; readonly inbox: number }[]
}

export function toyNodes({ id: toy, whenFull, senders, readers }: ToySpec): readonly NodeSpec[] {
  const broker: ToyBrokerConfig = { id: toy, whenFull, senders: Object.freeze(senders.map(({ id }) => id)), readers: Object.freeze(readers.map(({ id }) => id)) }
  return [
    { name: toy, kind: 'toyBroker', config: Object.freeze(broker), running: true },
    ...senders.map(({ id, rate }): NodeSpec => {
      const config: ToySenderConfig = { id, toy, whenFull, rate: Object.freeze(rate) }
      return { name: id, kind: 'toySender', config: Object.freeze(config), running: true }
    }),
    ...readers.map(({ id, processMs, inbox }): NodeSpec => {
      const config: ToyReaderConfig = { id, toy, whenFull, processMs, inbox }
      return { name: id, kind: 'toyReader', config: Object.freeze(config), running: true }
    }),
  ]
}
