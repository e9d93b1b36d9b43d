/** What can be done to a whole rack: to each of its brokers, in one gesture that one undo takes back. Pure. */
import type { Intervention } from '../../bridge/protocol.ts'
import type { BrokerView, ClusterView } from '../../projection/cluster-view.ts'
import type { DeskText } from '../../text/desk.en.ts'
import type { Offer, Victim } from './offer.ts'

const inRack = (view: ClusterView, rack: string): readonly BrokerView[] => Object.values(view.brokers).filter((broker) => broker.rack === rack)

export function rackVictim(view: ClusterView, name: string): Victim | undefined {
  const brokers = inRack(view, name)
  if (brokers.length === 0) return undefined
  return { name, kind: 'rack', condition: brokers.every(({ condition }) => condition === 'down') ? 'down' : 'running' }
}

export function rackOffers(view: ClusterView, name: string, text: DeskText['faults']): Offer[] {
  const brokers = inRack(view, name)
  const up = brokers.filter(({ condition }) => condition !== 'down'), down = brokers.filter(({ condition }) => condition === 'down')
  const each = (list: readonly BrokerView[], what: 'crash' | 'powerLoss' | 'restart'): readonly Intervention[] => list.map((broker) => ({ do: what, node: broker.name }))
  return [
    ...(up.length === 0
      ? []
      : ([
          { id: 'rackPower', icon: 'plug', letter: 'p', title: text.rackPower, more: text.rackPowerKafka(up.length), does: each(up, 'powerLoss') },
          { id: 'rackKill', icon: 'bolt', letter: 'k', title: text.rackKill, more: text.rackKillKafka, does: each(up, 'crash') },
        ] satisfies Offer[])),
    ...(down.length === 0 ? [] : ([{ id: 'rackRestart', icon: 'restart', letter: 'r', title: text.rackRestart, more: text.rackRestartKafka, does: each(down, 'restart') }] satisfies Offer[])),
  ]
}
