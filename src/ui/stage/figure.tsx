/** All that stands still on the stage at one moment, in reading order: writers, brokers, controllers, readers. */
import { lazy, Suspense, useMemo, type ReactNode } from 'react'
import type { Film } from '../../bridge/film.ts'
import type { Micros } from '../../base/units.ts'
import type { ClusterView, PartitionName } from '../../projection/cluster-view.ts'
import type { StageFrame } from '../../scene/layout-types.ts'
import { changesAt, type Since } from '../../scene/transition.ts'
import { threadOf } from '../../scene/thread.ts'
import { holdsBack } from '../../scene/transactions.ts'
import { sightOf, type Sight } from '../../scene/window.ts'
import type { Wires } from '../../scene/wires.ts'
import { answerOf } from '../answers.ts'
import { BrokerRow } from './broker-row.tsx'
import { ControllerLane } from './controller-lane.tsx'
import { GroupCard } from './group-card.tsx'
import { Header, Watermark } from './header.tsx'
import { Links } from './links.tsx'
import { ackedOf, downfallOf, endingOf, type Downfall } from './past.ts'
import { ProducerCard } from './producer-card.tsx'
import { rowHead, type RowHead } from './row-head.ts'
import { useStage } from './stage-context.ts'
import type { StageText } from './stage-text.ts'
import { ThreadMarks } from './thread-marks.tsx'
import type { Shown } from './use-shown.ts'

/** Few scenarios have one; the first page never does. */
const AdminCard = lazy(async () => ({ default: (await import('./admin-card.tsx')).AdminCard }))

export interface FigureProps {
  readonly film: Film
  readonly shown: Shown
  readonly frame: StageFrame
  readonly wires: Wires
  readonly since: Since
  readonly cursors: ReadonlyMap<string, number>
  readonly uid: string
}

export function Figure({ film, shown, frame, wires, since, cursors, uid }: FigureProps): ReactNode {
  const { text, followed } = useStage()
  const { view } = shown.exposure
  const { width, height } = frame.size
  const { focus } = frame.structure
  const sights = sightsOf(view, frame)
  const focused = focus === undefined ? undefined : sights.get(focus)
  const changes = changesAt(film.exposures, shown.index, since, cellsOf(frame))
  const past = pastOf(film, shown, focus, text)
  const endings = useEndings(film, shown)
  const heads = headsOf(frame, view, past.downfall, text)
  const rows = { stage: frame, view, sights, changes, lost: useLost(view), lostAcked: past.lostAcked, cursors, uid }
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-label={text.stage}
      aria-description={text.aria.keys}
    >
      <Patterns uid={uid} />
      <Header stage={frame} sight={focused} sharedFirst={sharedFirst(sights)} changes={changes} uid={uid} />
      <Writers film={film} shown={shown} frame={frame} endings={endings} />
      {frame.brokers.map((each) => {
        const head = heads.get(each.name)
        return (
          head !== undefined && (
            <BrokerRow key={each.name} {...rows} frame={each} head={head} coordinated={saysStable(view, each, focus) ? '' : coordinatedBy(view, each.name)} />
          )
        )
      })}
      {frame.single && frame.lane === 'brokers' && focused !== undefined && (
        <Watermark stage={frame} view={view} heads={heads} sight={focused} changes={changes} />
      )}
      <ControllerLane stage={frame} view={view} uid={uid} />
      {frame.groups.map((each) => (
        <GroupCard
          key={each.name}
          frame={each}
          group={view.groups[each.name]}
          consumers={view.consumers}
          endings={endings}
          focus={focus}
          variant={frame.variant}
        />
      ))}
      <Links links={view.links} wires={wires} width={width} />
      {followed !== undefined && <ThreadMarks thread={threadOf(view, frame, sights, followed)} />}
    </svg>
  )
}

/** Whoever stands left of the brokers: producers, and the admin client below them. */
function Writers({ film, shown, frame, endings }: Pick<FigureProps, 'film' | 'shown' | 'frame'> & { readonly endings: Endings }): ReactNode {
  const { view } = shown.exposure
  const { focus } = frame.structure
  return (
    <>
      {frame.producers.map((each) => {
        const producer = view.producers[each.name]
        return producer === undefined ? null : (
          <ProducerCard
            key={each.name}
            frame={each}
            producer={producer}
            ending={endings.get(each.name)}
            focus={focus}
            variant={frame.variant}
          />
        )
      })}
      <Suspense>
        {frame.admins.map((each) => {
          const admin = view.admins[each.name]
          return admin === undefined ? null : <AdminCard key={each.name} frame={each} admin={admin} answer={answerOf(film.story, shown.at, each.name)} />
        })}
      </Suspense>
    </>
  )
}

/** What the story tells of things that the view has no memory of. */
function pastOf(film: Film, shown: Shown, focus: PartitionName | undefined, text: StageText): Past {
  const told = film.storyLengthAt(Math.max(shown.at, shown.exposure.at))
  return {
    downfall: (name, since) => downfallOf(film.story, told, name, since),
    lostAcked: (offset) => {
      const { at, by } = ackedOf(film.story, told, focus ?? '', offset)
      return [text.lostAcked(at, by), text.lostAcked(at, undefined), text.acknowledgedAt(at)]
    },
  }
}
interface Past {
  readonly downfall: (name: string, since: Micros) => Downfall
  readonly lostAcked: (offset: number) => readonly string[]
}

/** What is seen of each partition that has cells on this stage. */
function sightsOf(view: ClusterView, frame: StageFrame): ReadonlyMap<PartitionName, Sight> {
  const sights = new Map<PartitionName, Sight>()
  for (const broker of frame.brokers)
    for (const { partition, n } of broker.strips) if (!sights.has(partition)) sights.set(partition, sightOf(view, partition, n))
  return sights
}
const cellsOf = (frame: StageFrame): ReadonlyMap<PartitionName, number> =>
  new Map(frame.brokers.flatMap((each) => each.strips.map(({ partition, n }) => [partition, n] as const)))

function headsOf(frame: StageFrame, view: ClusterView, downfall: Past['downfall'], text: StageText): ReadonlyMap<string, RowHead> {
  const heads = new Map<string, RowHead>()
  for (const each of frame.brokers) {
    const broker = view.brokers[each.name]
    const head = rowHead(frame, each, view, broker?.condition === 'down' ? downfall(each.name, broker.since) : undefined, text)
    if (head !== undefined) heads.set(each.name, head)
  }
  return heads
}

/** Several logs have one ruler only while all their windows begin at the same offset. */
function sharedFirst(sights: ReadonlyMap<PartitionName, Sight>): number | undefined {
  const firsts = new Set([...sights.values()].map((each) => each.first))
  return firsts.size === 1 ? [...firsts][0] : undefined
}

/** The line of labels is taken by the last stable offset there. */
const saysStable = (view: ClusterView, { name, strips }: StageFrame['brokers'][number], focus: PartitionName | undefined): boolean => {
  const replica = view.replicas[`${focus}@${name}`]
  return replica?.role === 'leader' && strips.length === 1 && holdsBack(replica)
}

const coordinatedBy = (view: ClusterView, broker: string): string =>
  Object.values(view.groups)
    .filter((each) => each.coordinator === broker)
    .map((each) => each.name)
    .join(' ')

type Endings = ReadonlyMap<string, ReturnType<typeof endingOf>>
/** Of the clients that are down: how each came to be. */
function useEndings(film: Film, { at, exposure }: Shown): Endings {
  const { producers, consumers } = exposure.view
  return useMemo(() => {
    const down = [...Object.values(producers), ...Object.values(consumers)].filter(({ condition }) => condition === 'down')
    return new Map(down.map(({ name }) => [name, endingOf(film.story, at, name)]))
    // How a process ended does not change while it stays as it is.
    // eslint-disable-next-line react/exhaustive-deps
  }, [film, producers, consumers])
}

function useLost(view: ClusterView): ReadonlySet<string> {
  const { lost } = view.ledger.all
  return useMemo(() => new Set(lost.map((each) => each.id)), [lost])
}

/** Hatches: uncommitted, and lost; and the fade of a log's open end. */
function Patterns({ uid }: { readonly uid: string }): ReactNode {
  return (
    <defs>
      <pattern id={`${uid}hatch`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="6" height="6" fill="var(--card)" />
        <path d="M.5 0V6" stroke="var(--hatch)" strokeWidth="1.1" />
      </pattern>
      <pattern id={`${uid}lost`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="6" height="6" fill="var(--lost-soft)" />
        <path d="M.5 0V6" stroke="var(--lost)" strokeWidth="1" opacity=".35" />
      </pattern>
      <linearGradient id={`${uid}fade`}>
        <stop offset="0" stopColor="var(--ok-soft)" stopOpacity="0" />
        <stop offset="1" stopColor="var(--ok-soft)" />
      </linearGradient>
    </defs>
  )
}
