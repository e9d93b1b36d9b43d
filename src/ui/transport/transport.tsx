/** The time of the run: buttons, clock, pace, and the timeline. */
import type { ReactNode } from 'react'
import { formatTime } from '../../text/format.ts'
import { Icon } from '../parts/desk-icons.tsx'
import parts from '../parts/parts.module.css'
import { useMoment, useRun } from '../run.tsx'
import { useText } from '../desk-words.ts'
import { HoldButton } from './hold-button.tsx'
import { PaceControl } from './pace-control.tsx'
import { Scrubber } from './scrubber.tsx'
import styles from './transport.module.css'

export function Transport(): ReactNode {
  const text = useText()
  const { film } = useMoment()
  const { client } = useRun()
  return (
    <section className={styles['transport']} aria-label={text.transport.bar}>
      <Buttons />
      <div className={styles['clockPlace']}>
        <ClockText />
        <PaceControl />
      </div>
      <Scrubber />
      <div className={styles['history']}>
        <button
          type="button"
          className={parts['icon']}
          aria-label={text.undo}
          title={`${text.undo} (Ctrl Z)`}
          disabled={!film.canUndo}
          onClick={() => client.undo()}
        >
          <Icon name="undo" />
        </button>
        <button
          type="button"
          className={parts['icon']}
          aria-label={text.redo}
          title={`${text.redo} (Ctrl Shift Z)`}
          disabled={!film.canRedo}
          onClick={() => client.redo()}
        >
          <Icon name="redo" />
        </button>
      </div>
    </section>
  )
}

function Buttons(): ReactNode {
  const text = useText()
  const { playing } = useMoment()
  const { player } = useRun()
  const words = text.transport
  return (
    <div className={styles['buttons']}>
      <button
        type="button"
        className={parts['icon']}
        aria-label={words.start}
        title={`${words.start} (Home)`}
        onClick={() => {
          player.pause()
          player.seek(0)
        }}
      >
        <Icon name="toStart" />
      </button>
      <HoldButton label={words.back} title={`${words.back} ([)`} icon="stepBack" onPress={() => player.step('event', -1)} />
      <PlayButton playing={playing} />
      <HoldButton label={words.forward} title={`${words.forward} (])`} icon="stepForward" onPress={() => player.step('event', 1)} />
      <button
        type="button"
        className={parts['icon']}
        aria-label={words.end}
        title={`${words.end} (End)`}
        onClick={() => {
          player.pause()
          player.seek(player.seenTo)
        }}
      >
        <Icon name="toEnd" />
      </button>
    </div>
  )
}

export function PlayButton({ playing }: { readonly playing: boolean }): ReactNode {
  const text = useText()
  const { player } = useRun()
  const label = playing ? text.transport.pause : text.transport.play
  return (
    <button type="button" className={styles['play']} aria-label={label} title={`${label} (Space)`} onClick={() => player.toggle()}>
      <Icon name={playing ? 'pause' : 'play'} />
    </button>
  )
}

export function ClockText(): ReactNode {
  const text = useText()
  const { at } = useMoment()
  return (
    <output className={styles['clock']} aria-label={text.transport.clock} aria-live="off">
      {formatTime(at)}
    </output>
  )
}
