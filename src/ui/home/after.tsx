/** What the first page shows once something was broken: time, the story so far, and why. Loaded when it is needed. */
import type { ReactNode } from 'react'
import { formatTime } from '../../text/format.ts'
import { WhyTab } from '../inspector/why-tab.tsx'
import { Icon } from '../parts/desk-icons.tsx'
import parts from '../parts/parts.module.css'
import { useMoment, useRun } from '../run.tsx'
import { FaultMenu } from '../faults/fault-menu.tsx'
import { StoryAloud } from '../drawer/story.tsx'
import { usePicked } from '../stores/picked.ts'
import { ClockText, PlayButton } from '../transport/transport.tsx'
import { Scrubber } from '../transport/scrubber.tsx'
import { useSay, useText } from '../desk-words.ts'
import styles from './home.module.css'
import { linesSince, type HomePhase } from './phase.ts'

const mostLines = 5
/** A breath before the fault, so that the picture before it is seen. */
const before = 3_000

export function After({ phase }: { readonly phase: HomePhase }): ReactNode {
  const text = useText()
  const { player } = useRun()
  const { film, view, playing } = useMoment()
  const selection = usePicked((picked) => picked.selection)
  const first = film.journal[0]
  const rewind = () => {
    player.pause()
    player.seek((first?.at ?? 0) - before)
  }
  const isDead = phase.victim !== undefined && view.brokers[phase.victim]?.condition === 'down'
  return (
    <div className={styles['after']}>
      <div className={styles['time']}>
        <PlayButton playing={playing} />
        <ClockText />
        <Scrubber compact />
      </div>
      <div className={styles['columns']}>
        <Lines from={first?.at ?? 0} />
        <section className={styles['why']} aria-label={text.why.of}>
          <WhyTab selection={selection} />
        </section>
        <div className={styles['acts']}>
          {isDead && (
            <button type="button" className={parts['button']} onClick={() => player.intervene([{ do: 'restart', node: phase.victim! }])}>
              <Icon name="restart" />
              {text.home.restart(phase.victim!)}
            </button>
          )}
          {first !== undefined && 'node' in first.intervention && (
            <button type="button" className={parts['button']} onClick={rewind}>
              <Icon name="back" />
              {text.home.rewind(first.intervention.node)}
            </button>
          )}
          <a className={parts['link']} href="#s=failover">
            {text.home.inside}
          </a>
        </div>
      </div>
      <FaultMenu />
      <StoryAloud />
    </div>
  )
}

function Lines({ from }: { readonly from: number }): ReactNode {
  const text = useText()
  const say = useSay()
  const { player } = useRun()
  const { film, at } = useMoment()
  const lines = linesSince(film.story, from, at, mostLines)
  return (
    <section className={styles['story']} aria-label={text.home.story}>
      <h2>{text.home.story}</h2>
      <ol>
        {lines.map((line) => (
          <li key={line.index}>
            <button
              type="button"
              onClick={() => {
                player.pause()
                player.seek(line.at)
              }}
            >
              {formatTime(line.at)}
            </button>
            <span>{say(line.fact, line.node)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
