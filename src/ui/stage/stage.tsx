/**
 * The stage: machines, logs and words as accessible SVG that changes when the view does, and one canvas above it on which
 * the messages move. What is on it is a function of the film and the playhead.
 */
import { lazy, Suspense, useCallback, useId, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { Film } from '../../bridge/film.ts'
import type { NodeName } from '../../projection/cluster-view.ts'
import type { Lane, Variant } from '../../scene/layout-types.ts'
import type { Since } from '../../scene/transition.ts'
import type { Language } from '../../text/language.ts'
import type { Clock } from '../clock.ts'
import type { Selection } from '../selection.ts'
import { handleKey } from './keyboard.ts'
import { Live, LiveContext } from './live.ts'
import { Messages } from './messages.tsx'
import { Figure } from './figure.tsx'
import { StageContext, type StageActions, type StageSetting } from './stage-context.ts'
import { stageText } from './stage-text.ts'
import { useFrame } from './use-frame.ts'
import { useHover, usePointerHandlers } from './use-pointing.ts'
import { useShown } from './use-shown.ts'
import { useFaces, useSize, useThemeName } from './use-size.ts'
import { useTokens } from './use-tokens.ts'
import './stage.css'

export interface StageProps {
  readonly film: Film
  readonly clock: Clock
  readonly selection: Selection | undefined
  readonly onSelect: (selection: Selection | undefined) => void
  /** Id of the record whose life is lit, `shop#8`. */
  readonly followed: string | undefined
  readonly onFollow: (record: string | undefined) => void
  /** A partition asks for its log alone; a topic for all its logs, if there is room. */
  readonly focus?: string | undefined
  readonly onFaults: (node: NodeName, anchor: Element) => void
  /** The button on the crowned broker of the first page. */
  readonly onKill?: (node: NodeName) => void
  readonly onRestart: (node: NodeName) => void
  readonly language: Language
  readonly variant?: Variant
  /** On a phone: which of the three columns is shown. */
  readonly lane?: Lane
  readonly density?: -1 | 0 | 1
  readonly reducedMotion?: boolean
  /** Milliseconds on the screen from a moment of the run to the playhead; the run's own, if nobody bends time. */
  readonly screenSince?: Since
  readonly showBeats?: boolean
  /** How long a message takes when nothing is in its way; 5 ms unless the scenario says otherwise. */
  readonly hop?: number | undefined
}

const HoverCard = lazy(async () => ({ default: (await import('./hover-card.tsx')).HoverCard }))
const nothing = (): void => undefined

export function Stage(props: StageProps): ReactNode {
  const { film, clock, language, reducedMotion = false, screenSince } = props
  const root = useRef<HTMLDivElement>(null)
  const uid = useId().replaceAll(/[^\w-]/g, '')
  const live = useMemo(() => new Live(), [])
  const size = useSize(root)
  const theme = useThemeName(root)
  const [cursors, setCursors] = useState<ReadonlyMap<string, number>>(new Map())
  const text = stageText(language)
  const actions = useActions(props)
  const shown = useShown(film, clock)
  const since = useSince(clock, screenSince, reducedMotion)
  const { frame, wires } = useFrame(shown.exposure.view, size, props)
  const pointing = useHover()
  const { hovered, pointer, onHover } = pointing
  const { canvas, tokens, tokensOf } = useTokens({
    ...props,
    frame,
    wires,
    theme,
    text,
    hovered: hovered?.hit,
    reducedMotion,
    since,
    live,
    pointer,
    onHover,
  })
  const handlers = usePointerHandlers(pointing, tokens, actions)
  const setting = useSetting(props, actions, useFaces())
  const focusOn = (strip: string, offset: number): void => setCursors((was) => new Map(was).set(strip, offset))
  const span = useCallback((id: number) => film.span(id), [film])
  return (
    <StageContext value={setting}>
      <LiveContext value={live}>
        <div
          ref={root}
          className="stage"
          data-variant={frame?.variant}
          data-token={hovered !== undefined}
          lang={language}
          {...handlers}
          onClick={() => actions.select(undefined)}
          onKeyDown={(event) => handleKey(event, actions, focusOn)}
        >
          {frame !== undefined && wires !== undefined && (
            <>
              <Figure film={film} shown={shown} frame={frame} wires={wires} since={since} cursors={cursors} uid={uid} />
              <canvas ref={canvas} aria-hidden="true" />
              <Messages clock={clock} tokensAt={tokensOf} span={span} waiting={shown.exposure.view.waiting} />
              <Suspense>
                {hovered !== undefined && <HoverCard {...hovered} room={frame.size} clock={clock} span={span} view={shown.exposure.view} />}
              </Suspense>
            </>
          )}
        </div>
      </LiveContext>
    </StageContext>
  )
}

function useSetting(props: StageProps, actions: StageActions, faces: number): StageSetting {
  const { language, selection, followed, reducedMotion = false, variant } = props
  return useMemo(
    () => ({ language, text: stageText(language), actions, selection, followed, reducedMotion, killable: variant === 'home', faces }),
    [language, actions, selection, followed, reducedMotion, variant, faces],
  )
}

/** Milliseconds on the screen since a moment; nothing is half-way where movement is not wanted. */
function useSince(clock: Clock, screenSince: Since | undefined, reducedMotion: boolean): Since {
  const latest = useRef(screenSince)
  useLayoutEffect(() => {
    latest.current = screenSince
  })
  return useCallback(
    (at) =>
      reducedMotion ? (at <= clock.at ? Infinity : -Infinity) : latest.current === undefined ? (clock.at - at) / 1_000 : latest.current(at),
    [clock, reducedMotion],
  )
}

/** The latest of the caller's functions behind functions that never change, so that no cell is drawn anew for them. */
function useActions({ onSelect, onFollow, onFaults, onKill, onRestart }: StageProps): StageActions {
  const latest = useRef({ onSelect, onFollow, onFaults, onKill, onRestart })
  useLayoutEffect(() => {
    latest.current = { onSelect, onFollow, onFaults, onKill, onRestart }
  })
  return useMemo<StageActions>(
    () => ({
      select: (selection) => latest.current.onSelect(selection),
      follow: (record) => latest.current.onFollow(record),
      faults: (node, anchor) => latest.current.onFaults(node, anchor),
      kill: (node) => (latest.current.onKill ?? nothing)(node),
      restart: (node) => latest.current.onRestart(node),
    }),
    [],
  )
}
