/**
 * The side effect of a handler: for each record, when its time is up, it asks a sink for a row or an e-mail, and only when that has
 * answered is the record handled. What it asks for is done at least once: where a connection breaks before the answer, it asks
 * again. None of this is Kafka's: between the effect and the commit of the offset there is nothing that holds them together.
 *
 * Simplified: a handler waits for its sink as long as it takes, and close() waits for the handler. Drivers and mail clients have
 * time-outs of their own.
 */
import type { Connection } from '../../../engine/process.ts'
import { EFFECT_RETRY, EFFECTS, type EffectRequest, type EffectResponse, type Marks } from '../../../sink/effects.ts'
import type { Read } from './notebook.ts'
import type { ConsumerContext, ConsumerState, Effects } from './state.ts'

/** True when every sink of this client has answered for the record that its handler is at. */
export function hasTakenEffect(state: ConsumerState, read: Read, ctx: ConsumerContext): boolean {
  const { sinks = [] } = state.config.effects ?? {}
  const effects = (state.effects ??= { session: ctx.now, handling: 0, isAsking: false, answered: 0, attempts: 0, links: new Map() })
  if (!effects.isAsking) {
    effects.isAsking = true
    effects.handling++
    effects.answered = 0
    effects.attempts = 0
  }
  const sink = sinks[effects.answered]
  if (sink === undefined) effects.isAsking = false
  else ask(state, effects, sink, read, ctx)
  return !effects.isAsking
}

function ask(state: ConsumerState, effects: Effects, sink: string, { id, key, value, partition, offset, epoch }: Read, ctx: ConsumerContext): void {
  const link = effects.links.get(sink)
  if (link === undefined) return void effects.links.set(sink, { on: ctx.connect(sink, EFFECTS), isOpen: false, failures: 0 })
  if (link.on === undefined) link.on = ctx.connect(sink, EFFECTS)
  if (!link.isOpen) return
  const { config } = state
  const marks = marksOf(state)
  const request: EffectRequest = {
    type: 'EffectRequest', client: config.id, group: config.group ?? '', session: effects.session, handling: effects.handling, attempt: ++effects.attempts, id, key, value, partition, offset, epoch,
    marks, intervalMs: marks === 'auto' ? state.settings.autoCommitInterval / 1_000 : undefined, txn: config.effects?.txn,
  }
  ctx.send(link.on, request)
}

function marksOf({ config, settings }: ConsumerState): Marks {
  const { effects, commits = 'auto', group } = config
  if (effects?.marks !== undefined) return effects.marks
  if (group === undefined) return 'none'
  return commits === 'auto' && !settings.autoCommit ? 'off' : commits
}

type Link = Effects['links'] extends Map<string, infer One> ? One : never
const linkOf = ({ links }: Effects, on: Connection) => [...links.entries()].find(([, link]) => link.on === on)
/** This connection is its handler's. */
export const isToSink = ({ effects }: ConsumerState, on: Connection): boolean => effects !== undefined && linkOf(effects, on) !== undefined

/** Its connection to a sink is open, has been answered on, or is gone. True when the handler can go on. */
export function heardOfSink({ effects, config }: ConsumerState, on: Connection, what: EffectResponse | 'open' | 'reset' | 'refused', ctx: ConsumerContext): boolean {
  const [sink = '', link] = effects === undefined ? [] : linkOf(effects, on) ?? []
  if (effects === undefined || link === undefined) return false
  if (typeof what !== 'string') return answered(effects, what)
  link.isOpen = what === 'open'
  if (what === 'open') link.failures = 0
  else lost(sink, link, what, ctx)
  const isWaitedFor = effects.isAsking && config.effects?.sinks[effects.answered] === sink
  // Whether the sink has heard is not known: the handler asks again. One that has answered is looked for when it is needed.
  if (what !== 'open' && isWaitedFor) ctx.setTimer({ type: 'handler' }, EFFECT_RETRY)
  return what === 'open' && isWaitedFor
}

function lost(sink: string, link: Link, how: 'reset' | 'refused', ctx: ConsumerContext): void {
  link.on = undefined
  link.failures++
  // Who is refused goes on trying; once is enough for the story.
  if (how !== 'refused' || link.failures === 1) ctx.note({ code: 'connection.lost', node: ctx.self, peer: sink, how })
}

function answered(effects: Effects, { handling }: EffectResponse): boolean {
  if (!effects.isAsking || handling !== effects.handling) return false
  effects.answered++
  effects.attempts = 0
  return true
}

/** The program ends its connections with everything else. */
export function closeEffects(state: ConsumerState, ctx: ConsumerContext): void {
  for (const { on } of state.effects?.links.values() ?? []) if (on !== undefined) ctx.close(on)
  delete state.effects
}
