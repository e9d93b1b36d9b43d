/**
 * The place of what is not Kafka, below the stage: a toy that pushes, or the sinks that handlers write to. It has a ground, an outline and corners of its own, and
 * says what it is, so that nobody takes it for a broker. A function of the film and the playhead, as the stage is.
 */
import { lazy, Suspense, useCallback, useLayoutEffect, useMemo, useRef, type ReactNode } from 'react'
import type { NodeName } from '../../projection/cluster-view.ts'
import { layoutSinks, sinkHeight, sinksOf, sinkStructure, sinkWires } from '../../scene/sink-layout.ts'
import { layoutToy, toyHeight, toyStructure, toysOf, toyWiresOf } from '../../scene/toy-layout.ts'
import type { Wires } from '../../scene/wires.ts'
import { useMoment, useRun, useScenario } from '../run.tsx'
import { durationOf } from '../sim.ts'
import { useReducedMotion } from '../stage-area.tsx'
import { Live, LiveContext } from '../stage/live.ts'
import { Messages } from '../stage/messages.tsx'
import { StageContext, type StageActions, type StageSetting } from '../stage/stage-context.ts'
import { stageText } from '../stage/stage-text.ts'
import { useHover, usePointerHandlers } from '../stage/use-pointing.ts'
import { useShown } from '../stage/use-shown.ts'
import { useFaces, useSize, useThemeName } from '../stage/use-size.ts'
import { usePicked } from '../stores/picked.ts'
import { useLanguage } from '../words.ts'
import '../stage/stage.css'
import { SinkFigure } from './sink-figure.tsx'
import { useSinkText } from './sink-text.ts'
import { ToyFigure } from './toy-figure.tsx'
import { useToyText } from './toy-text.ts'
import { useToyTokens } from './use-toy-tokens.ts'
import './toy.css'

const HoverCard = lazy(async () => ({ default: (await import('../stage/hover-card.tsx')).HoverCard }))
const nothing = (): void => undefined

/** `toys`: which of them are shown, by the names of their brokers; `sinks`: and which of those. */
export function ToyStage({ toys, sinks: shownSinks, snug }: { readonly toys: readonly NodeName[]; readonly sinks: readonly NodeName[]; readonly snug: boolean }): ReactNode {
  const root = useRef<HTMLDivElement>(null)
  const { player } = useRun()
  const { film } = useMoment()
  const language = useLanguage()
  const reducedMotion = useReducedMotion()
  const hop = durationOf(useScenario()?.sim?.hop) ?? 5_000
  const live = useMemo(() => new Live(), [])
  const size = useSize(root)
  const theme = useThemeName(root)
  const words = useToyText()
  const sinkWords = useSinkText()
  const shown = useShown(film, player)
  const { view } = shown.exposure
  const setting = useSetting(reducedMotion)
  const width = size?.width ?? 0
  // What stands where changes with the toys, not with their messages.
  const key = JSON.stringify({ toys: toysOf(view).filter(({ name }) => toys.includes(name)).map((each) => toyStructure(view, each)), sinks: sinkStructure(sinksOf(view).filter(({ name }) => shownSinks.includes(name))) } satisfies Structures)
  const label = toys.length > 0 ? words.aria.place : sinkWords.aria.place
  const { frames, sinks, height, wires } = useMemo(() => placed(key, width, snug), [key, width, snug])
  const pointing = useHover()
  const { hovered, pointer, onHover } = pointing
  const since = useCallback((at: number) => (reducedMotion ? (at <= player.at ? Infinity : -Infinity) : player.screenSince(at)), [player, reducedMotion])
  const { canvas, tokens, tokensOf } = useToyTokens({ film, clock: player, wires, size: useMemo(() => ({ width, height }), [width, height]), theme, reducedMotion, hop, since, live, selection: setting.selection, followed: setting.followed, hovered: hovered?.hit, pointer, onHover })
  const handlers = usePointerHandlers(pointing, tokens, setting.actions)
  const span = useCallback((id: number) => film.span(id), [film])
  return (
    <StageContext value={setting}>
      <LiveContext value={live}>
        <div ref={root} className="stage toy-stage" style={{ height }} data-token={hovered !== undefined} data-testid="toys" lang={language} role="region" aria-label={label} {...handlers}>
          {width > 0 && (
            <>
              <ToyFigure frames={frames} view={view} width={width} height={height} since={since} label={label}>
                {sinks !== undefined && <SinkFigure frame={sinks} view={view} />}
              </ToyFigure>
              <canvas ref={canvas} aria-hidden="true" />
              <Messages clock={player} tokensAt={tokensOf} span={span} waiting={{}} />
              <Suspense>{hovered !== undefined && <HoverCard {...hovered} room={{ width, height }} clock={player} span={span} view={view} />}</Suspense>
            </>
          )}
        </div>
      </LiveContext>
    </StageContext>
  )
}

interface Structures { readonly toys: readonly ReturnType<typeof toyStructure>[]; readonly sinks: ReturnType<typeof sinkStructure> }

function placed(key: string, width: number, snug: boolean) {
  const { toys: structures, sinks: structure } = JSON.parse(key) as Structures
  let height = 0
  const frames = structures.map((structure) => {
    const frame = layoutToy(structure, width, height, snug)
    height += toyHeight(structure, width, snug)
    return frame
  })
  const sinks = layoutSinks(structure, width, height, snug)
  height += sinkHeight(structure, width, snug)
  const ofToys = toyWiresOf(frames), ofSinks = sinkWires(sinks, structure)
  const wires: Wires = { route: (from, to) => ofToys.route(from, to) ?? ofSinks.route(from, to), dock: () => undefined }
  return { frames, sinks, height, wires }
}

function useSetting(reducedMotion: boolean): StageSetting {
  const language = useLanguage()
  const { selection, select, followed, follow, openMenu } = usePicked()
  const { player } = useRun()
  const faces = useFaces()
  const latest = useRef({ select, follow, openMenu })
  useLayoutEffect(() => {
    latest.current = { select, follow, openMenu }
  })
  const actions = useMemo<StageActions>(
    () => ({
      select: (chosen) => latest.current.select(chosen),
      follow: (record) => latest.current.follow(record),
      faults: (node, anchor) => latest.current.openMenu({ kind: 'toy', key: node }, anchor.getBoundingClientRect()),
      kill: nothing,
      restart: (node) => player.intervene([{ do: 'restart', node }]),
    }),
    [player],
  )
  return useMemo(() => ({ language, text: stageText(language), actions, selection, followed, reducedMotion, killable: false, faces }), [language, actions, selection, followed, reducedMotion, faces])
}
