/** The stage in its place: where in the cluster we look, the figure, and what its marks mean. */
import { useEffect, useRef, useSyncExternalStore, type ReactNode } from 'react'
import type { Lane, Variant } from '../scene/layout-types.ts'
import { useMoment, useRun, useScenario } from './run.tsx'
import { durationOf, focusOf } from './sim.ts'
import { Stage } from './stage/stage.tsx'
import styles from './stage-area.module.css'
import { usePicked } from './stores/picked.ts'
import { chosenIn, useZoom } from './stores/zoom.ts'
import { useLanguage, useText } from './words.ts'
import { fingerprint } from './fingerprint.ts'

const reduced = typeof matchMedia === 'undefined' ? undefined : matchMedia('(prefers-reduced-motion: reduce)')
export const useReducedMotion = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      reduced?.addEventListener('change', changed)
      return () => reduced?.removeEventListener('change', changed)
    },
    () => reduced?.matches ?? false,
  )

interface Props {
  readonly variant?: Variant
  readonly lane?: Lane
}

/** The stage with everything it can ask for. */
export function RunStage({ variant = 'full', lane = 'brokers' }: Props): ReactNode {
  const text = useText()
  const { player, client } = useRun()
  const language = useLanguage()
  const scenario = useScenario()
  const { entered, film } = useMoment()
  const { selection, select, followed, follow, openMenu } = usePicked()
  const chosen = chosenIn({ partition: useZoom((zoom) => zoom.partition) }, entered)
  const reducedMotion = useReducedMotion()
  const place = useRef<HTMLDivElement>(null)
  useStamp(place)
  const kindOf = (node: string) => {
    const view = client.film.viewAt(player.at)
    return view.brokers[node] !== undefined
      ? 'broker'
      : view.controllers[node] !== undefined
        ? 'controller'
        : view.producers[node] !== undefined
          ? 'producer'
          : view.admins[node] !== undefined
            ? 'admin'
            : 'consumer'
  }
  return (
    <div ref={place} className={styles['stage']} role="region" aria-label={text.stage.stage} data-testid="stage">
      <Stage
        film={film}
        clock={player}
        language={language}
        variant={variant}
        lane={lane}
        reducedMotion={reducedMotion}
        focus={chosen ?? focusOf(scenario?.steps?.[entered])}
        selection={selection}
        onSelect={(chosen) => select(chosen)}
        followed={followed}
        onFollow={follow}
        screenSince={(at) => player.screenSince(at)}
        hop={durationOf(scenario?.sim?.hop) ?? 5_000}
        onFaults={(node, anchor) => openMenu({ kind: kindOf(node), key: node }, anchor.getBoundingClientRect())}
        onKill={(node) => player.intervene([{ do: 'crash', node }])}
        onRestart={(node) => player.intervene([{ do: 'restart', node }])}
      />
    </div>
  )
}

const settledMs = 150
/** Tests compare worlds by it: the moment of a picture that stands still, and a fingerprint of all it shows. */
export function useStamp(place: { readonly current: HTMLDivElement | null }): void {
  const { at, playing, view } = useMoment()
  useEffect(() => {
    const element = place.current
    if (element === null) return
    if (playing) {
      element.removeAttribute('data-hash')
      element.removeAttribute('data-at')
      return
    }
    const timer = setTimeout(() => {
      element.setAttribute('data-at', String(at))
      element.setAttribute('data-hash', fingerprint(view))
    }, settledMs)
    return () => clearTimeout(timer)
  }, [place, at, playing, view])
}
