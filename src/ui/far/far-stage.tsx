/** The cluster from far: racks, brokers as closed cards, a square for each replica, and what flows between clients and racks. */
import { useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode, type RefObject } from 'react'
import { farParts, layoutFar, squareAt, squareOf, type FarFrame } from '../../scene/far.ts'
import type { HeatInput } from '../../scene/heat.ts'
import type { PartitionName } from '../../projection/cluster-view.ts'
import { useMoment, useRun } from '../run.tsx'
import { useReducedMotion, useStamp } from '../stage-area.tsx'
import { StageContext, type StageSetting } from '../stage/stage-context.ts'
import { stageText } from '../stage/stage-text.ts'
import { useFaces, useSize } from '../stage/use-size.ts'
import { usePicked } from '../stores/picked.ts'
import { useLanguage } from '../words.ts'
import { partitionOf, zoomBy } from '../zoom/place.ts'
import { useZoomText } from '../zoom/words.ts'
import '../stage/stage.css'
import { BrokerCard, Cursor, type At } from './broker-card.tsx'
import { Clients } from './clients.tsx'
import { Controllers } from './controllers.tsx'
import styles from './far.module.css'
import { FarLegend } from './far-legend.tsx'
import { RackTitle } from './rack-title.tsx'
import { Tip } from './tip.tsx'
import { useRates, type Rates } from './use-traffic.ts'

const nothing = (): void => undefined
const steps: Readonly<Record<string, 'left' | 'right' | 'up' | 'down'>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }

export function FarStage(): ReactNode {
  const text = useZoomText()
  const { view } = useMoment()
  const root = useRef<HTMLDivElement>(null)
  const place = useRef<HTMLDivElement>(null)
  useStamp(place)
  const size = useSize(root)
  const { brokers, partitions, producers, consumers, groups } = view
  const parts = useMemo(() => farParts({ brokers, partitions, producers, consumers, groups }), [brokers, partitions, producers, consumers, groups])
  const frame = useMemo(() => (size === undefined || size.width === 0 ? undefined : layoutFar(parts, size)), [parts, size])
  return (
    <StageContext value={useSetting()}>
      <div ref={place} className={styles['place']} role="region" aria-label={text.far.stage} data-testid="stage" data-level="racks">
        <Pointed root={root} frame={frame} />
        <FarLegend />
      </div>
    </StageContext>
  )
}

/** The drawing, and what the pointer and the keys do on it. */
function Pointed({ root, frame }: { readonly root: RefObject<HTMLDivElement | null>; readonly frame: FarFrame | undefined }): ReactNode {
  const language = useLanguage()
  const run = useRun()
  const rates = useRates()
  const [cursor, setCursor] = useState<At>()
  const [hovered, setHovered] = useState<At & { readonly scroll: number }>()
  const select = usePicked((picked) => picked.select)
  const under = (event: { readonly clientX: number; readonly clientY: number }): At | undefined => {
    const box = root.current?.getBoundingClientRect()
    if (frame === undefined || box === undefined) return undefined
    const found = squareAt(frame, event.clientX - box.left, event.clientY - box.top + (root.current?.scrollTop ?? 0))
    return found === undefined ? undefined : { broker: found.broker.name, index: found.index }
  }
  const pick = (where: At | undefined): boolean => {
    const partition = where === undefined ? undefined : partitionAt(frame, where)
    if (where === undefined || partition === undefined) return false
    select({ kind: 'replica', key: `${partition}@${where.broker}` })
    return true
  }
  const hover = (event: PointerEvent<Element>): void => {
    const found = event.pointerType === 'touch' ? undefined : under(event)
    const scroll = root.current?.scrollTop ?? 0
    setHovered((was) => (was?.broker === found?.broker && was?.index === found?.index ? was : found === undefined ? undefined : { ...found, scroll }))
  }
  return (
    <div
      ref={root}
      className="stage"
      lang={language}
      onPointerMove={hover}
      onPointerLeave={() => setHovered(undefined)}
      onClickCapture={(event) => {
        if (!pick(under(event))) return
        event.stopPropagation()
      }}
      onClick={() => select(undefined)}
      onDoubleClick={(event) => {
        if (pick(under(event))) zoomBy(run, 1)
      }}
      onKeyDown={(event) => walk(event, frame, cursor, setCursor, pick)}
    >
      {frame !== undefined && (
        <>
          <Cluster frame={frame} rates={rates} hovered={hovered}>
            {cursor !== undefined && <Cursor frame={frame} cursor={cursor} onPick={pick} onLeave={() => setCursor(undefined)} />}
          </Cluster>
          {hovered !== undefined && <Tip frame={frame} hovered={hovered} rates={rates} scroll={hovered.scroll} />}
        </>
      )}
    </div>
  )
}

function Cluster({ frame, rates, hovered, children }: { readonly frame: FarFrame; readonly rates: Rates; readonly hovered: At | undefined; readonly children: ReactNode }): ReactNode {
  const text = useZoomText()
  const heat = useHeat(rates.partitions, rates.most)
  const { width, height } = frame.size
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={text.far.stage} aria-description={text.far.keys}>
      <Clients frame={frame} rates={rates} />
      {frame.racks.map((rack) => (
        <g key={rack.name ?? ''}>
          <RackTitle rack={rack} frame={frame} rates={rates} />
          {rack.brokers.map((broker) => (
            <BrokerCard key={broker.name} frame={frame} broker={broker} heat={heat} at={heat.at} />
          ))}
        </g>
      ))}
      <Partners frame={frame} partition={hovered === undefined ? undefined : partitionAt(frame, hovered)} />
      {children}
      <Controllers frame={frame} />
    </svg>
  )
}

export const partitionAt = (frame: FarFrame | undefined, { broker, index }: At): PartitionName | undefined =>
  frame?.racks.flatMap(({ brokers }) => brokers).find(({ name }) => name === broker)?.hosts[index]

/** All replicas of the partition that is pointed at or selected are outlined together. */
function Partners({ frame, partition }: { readonly frame: FarFrame; readonly partition: PartitionName | undefined }): ReactNode {
  const selection = usePicked((picked) => picked.selection)
  const selected = selection?.kind === 'partition' ? selection.key : selection?.kind === 'replica' ? partitionOf(selection.key) : undefined
  return (
    <g aria-hidden="true" pointerEvents="none">
      {selected !== undefined && <path className={styles['chosen']} d={outlines(frame, selected)} />}
      {partition !== undefined && partition !== selected && <path className={styles['hovered']} d={outlines(frame, partition)} />}
    </g>
  )
}

function outlines(frame: FarFrame, partition: PartitionName): string {
  const s = frame.pitch + 1.5
  return frame.racks
    .flatMap(({ brokers }) => brokers)
    .flatMap((broker) => {
      const index = broker.hosts.indexOf(partition)
      if (index < 0) return []
      const { x, y } = squareOf(frame, broker, index)
      return [`M${x - 1.5} ${y - 1.5}h${s}v${s}h${-s}z`]
    })
    .join('')
}

function useHeat(rates: HeatInput['rates'], mostRate: number): HeatInput {
  const { view, at } = useMoment()
  const mostBytes = useMemo(() => Object.values(view.replicas).reduce((most, { bytes }) => Math.max(most, bytes), 0), [view.replicas])
  return { view, at, rates, mostRate, mostBytes }
}

function useSetting(): StageSetting {
  const language = useLanguage()
  const { player } = useRun()
  const { selection, select, followed, follow, openMenu } = usePicked()
  const faces = useFaces()
  const reducedMotion = useReducedMotion()
  return useMemo(
    () => ({
      language, text: stageText(language), selection, followed, reducedMotion, killable: false, faces,
      actions: {
        select: (chosen) => select(chosen), follow,
        faults: (node, anchor) => openMenu({ kind: 'broker', key: node }, anchor.getBoundingClientRect()),
        kill: nothing,
        restart: (node) => player.intervene([{ do: 'restart', node }]),
      },
    }),
    [language, selection, select, followed, follow, openMenu, faces, reducedMotion, player],
  )
}

/** From the card of a broker into its squares, and among them. */
function walk(event: KeyboardEvent<HTMLElement>, frame: FarFrame | undefined, cursor: At | undefined, move: (to: At | undefined) => void, pick: (at: At) => boolean): void {
  if (frame === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !(event.target instanceof Element)) return
  const brokers = frame.racks.flatMap((rack) => rack.brokers)
  const card = event.target.closest('[data-broker]')?.getAttribute('data-broker')
  const step = steps[event.key]
  if (event.target.closest('[data-square]') !== null && cursor !== undefined) {
    const broker = brokers.find(({ name }) => name === cursor.broker)
    if (broker === undefined) return
    if (event.key === 'Escape') {
      stop(event)
      move(undefined)
      document.querySelector<SVGElement>(`[data-broker="${cursor.broker}"]`)?.focus()
    } else if (event.key === 'Enter' || event.key === ' ') {
      stop(event)
      pick(cursor)
    } else if (step !== undefined) {
      stop(event)
      const by = { left: -1, right: 1, up: -frame.columns, down: frame.columns }[step]
      const index = cursor.index + by
      if (index >= 0 && index < broker.hosts.length) move({ broker: cursor.broker, index })
    }
  } else if (card !== null && card !== undefined && step !== undefined) {
    const broker = brokers.find(({ name }) => name === card)
    if (broker === undefined || broker.hosts.length === 0) return
    stop(event)
    move({ broker: card, index: 0 })
  }
}
function stop(event: KeyboardEvent<HTMLElement>): void {
  event.preventDefault()
  event.stopPropagation()
}
