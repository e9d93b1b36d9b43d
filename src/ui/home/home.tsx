/** The first page: a living cluster and one sentence. Killing the crowned broker plays out the failover. */
import { index } from 'virtual:scenarios'
import { lazy, Suspense, useEffect, type ReactNode } from 'react'
import { formatTime } from '../../text/format.ts'
import { Header } from '../header/header.tsx'
import { useKeys } from '../keys.ts'
import { Icon } from '../parts/icons.tsx'
import parts from '../parts/parts.module.css'
import { useMoment, useRun, useScenario } from '../run.tsx'
import { RunStage } from '../stage-area.tsx'
import { usePage } from '../stores/page.ts'
import { useText } from '../words.ts'
import styles from './home.module.css'
import { phaseAt, type HomePhase } from './phase.ts'
import { useIsNarrow } from '../use-narrow.ts'

const After = lazy(async () => ({ default: (await import('./after.tsx')).After }))

export function Home(): ReactNode {
  useKeys()
  const { film, at } = useMoment()
  const phase = phaseAt(film.story, film.journal, at)
  const hasActed = film.journal.length > 0
  const isNarrow = useIsNarrow()
  useSmartPaceOnceBroken(hasActed)
  return (
    <div className={styles['home']} data-phase={phase.kind} data-acted={hasActed}>
      <Header plain />
      <main className={styles['main']}>
        <Sentence phase={phase} />
        <div className={styles['stage']}>
          <RunStage variant={isNarrow ? 'phone' : 'home'} />
        </div>
        {isNarrow && phase.kind === 'alive' && <KillButton />}
        {hasActed ? (
          <Suspense fallback={<div className={styles['after']} />}>
            <After phase={phase} />
          </Suspense>
        ) : (
          <Caption />
        )}
      </main>
      <Doors big={phase.kind === 'over'} />
    </div>
  )
}

/** From the first fault on the player bends time: what follows takes seconds, and one is to see all of it. */
function useSmartPaceOnceBroken(hasActed: boolean): void {
  const { player } = useRun()
  useEffect(() => {
    if (!hasActed) return
    player.setPace({ kind: 'smart', speed: 1 })
    player.play()
  }, [player, hasActed])
}

function Sentence({ phase }: { readonly phase: HomePhase }): ReactNode {
  const text = useText()
  const { view } = useMoment()
  const { lost, duplicated } = view.ledger.all
  if (phase.kind === 'alive')
    return (
      <h1 className={styles['sentence']}>
        {text.home.sentence} <strong>{text.home.call}</strong>
      </h1>
    )
  if (phase.kind === 'over')
    return (
      <h1 className={styles['sentence']}>
        <strong>{text.home.over}</strong> {text.home.overCount(lost.length, duplicated)}
      </h1>
    )
  return (
    <h1 className={styles['sentence']}>
      <strong>{text.home.killing(phase.victim ?? '')}</strong> <span>{text.home.prompt}</span>
    </h1>
  )
}

function Caption(): ReactNode {
  const text = useText()
  const scenario = useScenario()
  const { player } = useRun()
  const { at } = useMoment()
  const topic = scenario?.topics?.[0]
  const rate = Number.parseFloat(scenario?.clients?.producers?.[0]?.rate ?? '0')
  const copies = Object.values(topic?.replicas ?? {})[0]?.length ?? topic?.replicationFactor ?? 1
  const { kind, speed } = player.pace
  return (
    <div className={styles['caption']}>
      <p>
        <strong>{text.home.topicOf(topic?.name ?? '', 0)}</strong> {text.home.copies(rate, copies)}
      </p>
      <p className={styles['clock']}>
        {formatTime(at)} · {kind === 'true' && speed < 1 ? text.home.slowed(Math.round(1 / speed)) : text.home.smart}
      </p>
    </div>
  )
}

function KillButton(): ReactNode {
  const text = useText()
  const { player } = useRun()
  const { view } = useMoment()
  const crowned = Object.values(view.partitions).find((partition) => !partition.internal)?.leader
  if (crowned === undefined) return null
  return (
    <p className={styles['kill']}>
      <button type="button" className={parts['primary']} onClick={() => player.intervene([{ do: 'crash', node: crowned }])}>
        <Icon name="bolt" />
        <code>
          {text.home.kill} {crowned}
        </code>
      </button>
    </p>
  )
}

/** Where a learner begins: the first lesson that came along. */
const firstLesson = (): string => index.find((entry) => entry.kind === 'lesson')?.id ?? 'how-a-record-commits'

function Doors({ big }: { readonly big: boolean }): ReactNode {
  const text = useText()
  const setAbove = usePage((page) => page.setAbove)
  const words = text.home
  const door = (title: string, more: string) => (
    <>
      <Icon name="arrow" className={styles['arrow'] ?? ''} />
      <span>
        <strong>{title}</strong>
        <small>{more}</small>
      </span>
    </>
  )
  return (
    <nav className={styles['doors']} data-big={big} aria-label={words.doors}>
      <a href={`#s=${firstLesson()}`}>{door(words.learn, words.learnMore)}</a>
      <a href="#s=failover">{door(words.use, words.useMore)}</a>
      <a href="#lab">{door(words.laboratory, words.laboratoryMore)}</a>
      <button type="button" onClick={() => setAbove('open')}>
        {door(words.open, words.openMore)}
      </button>
    </nav>
  )
}
