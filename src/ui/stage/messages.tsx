/**
 * Messages under way, for those who do not point: while the run stands still each mark on the canvas has a button of its
 * own, so that Tab reaches it and Enter opens it.
 */
import { useSyncExternalStore, type ReactNode } from 'react'
import type { Clock } from '../clock.ts'
import type { Tokens } from '../../scene/tokens.ts'
import { useStage } from './stage-context.ts'
import type { Span } from '../../projection/span-detail.ts'
import type { WaitingView } from '../../projection/cluster-view.ts'

export interface MessagesProps {
  readonly clock: Clock
  readonly tokensAt: (at: number) => Tokens
  readonly span: (id: number) => Span | undefined
  readonly waiting: Readonly<Record<string, WaitingView>>
}

export function Messages({ clock, tokensAt, span, waiting }: MessagesProps): ReactNode {
  const at = useSyncExternalStore(
    (changed) => clock.subscribe(changed),
    () => (clock.playing ? -1 : clock.at),
  )
  const { text, actions, language } = useStage()
  if (at < 0) return null
  const tokens = tokensAt(at)
  return (
    <div className="stage-messages" role="group" aria-label={text.aria.inFlight} lang={language}>
      {tokens.marks.map(({ id, x, y }) => {
        const found = span(id)
        if (found === undefined) return null
        return (
          <button
            key={id}
            type="button"
            style={{ left: x, top: y }}
            aria-label={text.aria.message(found.detail.api, found.detail.part, found.from, found.to)}
            onClick={() => actions.select({ kind: 'span', key: String(id) })}
          />
        )
      })}
      {tokens.rings.map(({ key, x, y }) => {
        const found = waiting[key]
        if (found === undefined) return null
        return (
          <button
            key={key}
            type="button"
            style={{ left: x, top: y }}
            aria-label={text.aria.waiting(found.api, found.from, found.broker)}
            onClick={() => actions.select({ kind: 'waiting', key })}
          />
        )
      })}
    </div>
  )
}
