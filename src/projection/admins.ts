/** Admin clients, as seen: the calls they have under way, and whom they have asked. */
import type { Node } from '../engine/world.ts'
import { adminSlot } from '../kafka/client/admin/slot.ts'
import type { AdminCall, AdminState } from '../kafka/client/admin/state.ts'
import type { AdminView } from './cluster-view.ts'

export function adminView(name: string, node: Node): AdminView {
  const state = node.state as AdminState | undefined
  return {
    name, condition: node.condition, since: node.since, made: state === undefined ? 0 : state.next - 1,
    calls: state === undefined ? [] : state.calls.map((call) => callView(state, call)),
  }
}

function callView({ network }: AdminState, { number, request, calledAt }: AdminCall): AdminView['calls'][number] {
  let at: string | undefined
  for (const { node, inFlight } of network.channels.values()) if (inFlight.some(({ purpose }) => purpose === number)) at = node
  return { ...adminSlot().storyOf(request), askedAt: calledAt, at }
}
