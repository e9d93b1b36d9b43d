/** Requests that wait at a broker: parked ones as rings that fill with their share of the wait, unread ones as stacks. */
import { toMs, type Micros } from '../base/units.ts'
import type { WaitingView } from '../projection/cluster-view.ts'
import type { Direction } from './routes.ts'
import type { Tokens } from './tokens.ts'
import type { Dock, Wires } from './wires.ts'

export interface RingOptions {
  readonly radius: number
  /** Whether a ring at this place may say how long it waits, on its left. */
  readonly hasRoom: (dock: Dock) => boolean
  readonly followed: string | undefined
  readonly selected: string | undefined
}

const into: Readonly<Record<Dock['side'], Direction>> = { left: 'right', right: 'left', top: 'down' }

/** Adds rings, stacks and the thin leg that still leads to each. Call after `tokensAt`, which clears. */
export function addWaiting(waiting: Iterable<WaitingView>, wires: Wires, playhead: Micros, options: RingOptions, tokens: Tokens): void {
  for (const each of waiting) {
    if (each.since > playhead) continue
    const dock = wires.dock(each.from, each.broker)
    if (dock === undefined) continue
    const route = wires.route(each.from, each.broker)
    if (route !== undefined && !tokens.legs.some((leg) => leg.route === route)) tokens.leg(route, 0, route.length, 'thin')
    if (each.kind === 'socket') addStack(each, dock, options.radius, tokens)
    else addRing(each, dock, playhead, options, tokens)
  }
}

function addRing(waiting: WaitingView, dock: Dock, playhead: Micros, options: RingOptions, tokens: Tokens): void {
  const inwards = dock.side === 'left' ? 0 : options.radius + 2
  const x = dock.side === 'right' ? dock.x - inwards : dock.x
  const y = dock.side === 'top' ? dock.y - 2 : dock.y
  const share =
    waiting.until === undefined
      ? undefined
      : Math.max(0, Math.min(1, (playhead - waiting.since) / Math.max(1, waiting.until - waiting.since)))
  const accent = waiting.key === options.selected || waiting.records.some((each) => each.id === options.followed)
  const here = tokens.rings.find((each) => Math.abs(each.x - x) < options.radius && Math.abs(each.y - y) < options.radius)
  if (here !== undefined) {
    here.count++
    here.share = Math.max(here.share ?? 0, share ?? 0)
    here.accent ||= accent
    here.labelSide = undefined
    return
  }
  tokens.rings.push({
    key: waiting.key,
    x,
    y,
    direction: into[dock.side],
    share,
    count: 1,
    records: waiting.records,
    radius: options.radius,
    waited: toMs(playhead - waiting.since),
    labelSide: dock.side === 'right' && options.hasRoom(dock) ? 'left' : undefined,
    accent,
  })
}

function addStack(waiting: WaitingView, dock: Dock, radius: number, tokens: Tokens): void {
  const outwards = dock.side === 'left' ? -1 : 1
  const x = dock.side === 'top' ? dock.x + radius + 6 : dock.x + outwards * (radius + 8)
  const here = tokens.stacks.find((each) => Math.abs(each.x - x) < 8 && Math.abs(each.y - dock.y) < 8)
  if (here !== undefined) here.count++
  else tokens.stacks.push({ key: waiting.key, x, y: dock.y, direction: into[dock.side], count: 1 })
}
