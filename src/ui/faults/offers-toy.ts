/** What can be done to a machine of a toy, or to a sink: what can be done to any process, and to its one connection. Pure. */
import type { Intervention } from '../../bridge/protocol.ts'
import type { ClusterView } from '../../projection/cluster-view.ts'
import type { DeskText } from '../../text/desk.en.ts'
import type { Offer, Victim } from './offer.ts'

export function toyOffers(view: ClusterView, { name, condition }: Victim, text: DeskText['faults']): Offer[] {
  const act = (what: 'crash' | 'stop' | 'restart' | 'pause' | 'resume' | 'start'): Intervention[] => [{ do: what, node: name }]
  const machine = view.toys[name]
  const isBroker = machine?.role === 'broker'
  const isSink = machine?.role === 'sink'
  if (condition === 'down') return [{ id: 'start', icon: 'play', letter: 'r', title: text.startClient, more: name, does: act(isBroker || isSink ? 'restart' : 'start') }]
  const others = isSink ? machine.of : Object.values(view.toys).filter((each) => each.name !== name && each.toy === machine?.toy && (isBroker || each.role === 'broker')).map((each) => each.name)
  const cut = (to: readonly string[], title: string): Offer => ({ id: `cut ${to.join()}`, icon: 'cut', title, more: text.traffic.all, does: [{ do: 'cut', from: [name], to, direction: 'both', traffic: 'all' }] })
  return [
    ...(condition === 'frozen' ? ([{ id: 'resume', icon: 'play', letter: 'r', title: text.resume, more: text.resumeKafka, does: act('resume') }] satisfies Offer[]) : []),
    { id: 'kill', icon: 'bolt', letter: 'k', title: text.kill, more: 'kill -9', does: act('crash') },
    ...(condition === 'frozen' ? [] : ([
      { id: 'stop', icon: 'power', letter: 's', title: text.stop, more: 'SIGTERM', does: act('stop') },
      { id: 'freeze', icon: 'freeze', letter: 'f', title: text.freeze, more: text.freezeKafka, does: act('pause') },
    ] satisfies Offer[])),
    { id: 'cut', icon: 'cut', letter: 'c', title: text.cut, more: text.cutKafka, inside: [...others.map((other) => cut([other], text.to(other))), ...(others.length > 1 ? [cut(others, text.toAll)] : [])] },
  ]
}
