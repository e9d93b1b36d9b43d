/** Two thin bands under the track: who led when, and who was in sync. */
import type { ReactNode } from 'react'
import { headlinesUntil } from '../headlines.ts'
import { useMoment, useRun, useScenario } from '../run.tsx'
import { focusOf } from '../sim.ts'
import { usePicked } from '../stores/picked.ts'
import { chosenIn, useZoom } from '../stores/zoom.ts'
import { useText } from '../desk-words.ts'
import type { Axis } from './axis.ts'
import { textWidth } from './text-width.ts'
import { isrBand, leaderBand } from './track.ts'
import styles from './transport.module.css'

export function Bands({ axis }: { readonly axis: Axis }): ReactNode {
  const text = useText()
  const { player } = useRun()
  const { film, view } = useMoment()
  const name = useShownPartition()
  const partition = name === undefined ? undefined : view.partitions[name]
  if (partition === undefined) return null
  const told = headlinesUntil(film.story, player.seenTo)
  const isrWords = (value: string | undefined) =>
    `${text.transport.isrBand} ${value === undefined || value === '' ? text.inspector.none : value.split(' ').join(', ')}`
  return (
    <g>
      {leaderBand(told, partition, player.seenTo, film.exposures[0]?.view.partitions[partition.name]).map(({ from, to, value, epoch = 0, dead }) => {
        const words =
          value === undefined
            ? text.transport.noLeader
            : dead === true
              ? text.transport.deadLeads(value)
              : text.transport.leads(value, epoch)
        return (
          <Stretch
            key={from}
            x={axis.xOf(from)}
            to={axis.xOf(to)}
            y={52}
            words={words}
            short={value ?? '–'}
            kind={value === undefined ? 'nobody' : dead === true ? 'deadLeader' : 'leader'}
          />
        )
      })}
      {isrBand(told, partition, player.seenTo).map(({ from, to, value }) => (
        <Stretch key={from} x={axis.xOf(from)} to={axis.xOf(to)} y={69} words={isrWords(value)} short={value ?? ''} kind="isr" />
      ))}
    </g>
  )
}

type Kind = 'leader' | 'deadLeader' | 'nobody' | 'isr'
const widthOf = (words: string): number => textWidth(words, 12) + 12

function Stretch({
  x,
  to,
  y,
  words,
  short,
  kind,
}: {
  readonly x: number
  readonly to: number
  readonly y: number
  readonly words: string
  readonly short: string
  readonly kind: Kind
}): ReactNode {
  const width = Math.max(0, to - x - 1)
  const shown = widthOf(words) <= width ? words : widthOf(short) <= width ? short : ''
  return (
    <g className={styles[kind]}>
      <title>{words}</title>
      <rect x={x} y={y} width={width} height={15} rx={1.5} />
      {shown !== '' && (
        <text x={x + 6} y={y + 11.5}>
          {shown}
        </text>
      )}
    </g>
  )
}

/** What the bands speak of: what is selected, else what the step looks at, else the first log. */
export function useShownPartition(): string | undefined {
  const scenario = useScenario()
  const { view, entered } = useMoment()
  const selection = usePicked((picked) => picked.selection)
  const own = Object.values(view.partitions).filter((partition) => !partition.internal)
  const has = (name: string | undefined) => (name !== undefined && view.partitions[name] !== undefined ? name : undefined)
  const selected =
    selection?.kind === 'partition' ? has(selection.key) : selection?.kind === 'replica' ? has(selection.key.split('@')[0]) : undefined
  const chosen = has(chosenIn({ partition: useZoom((zoom) => zoom.partition) }, entered))
  const focus = focusOf(scenario?.steps?.[entered])
  return selected ?? chosen ?? has(focus) ?? own.find((partition) => partition.topic === focus)?.name ?? own[0]?.name
}
