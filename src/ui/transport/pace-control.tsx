/** Smart or true pace, and how fast; logarithmic, because Kafka's clocks are. */
import { useId, useRef, type ReactNode } from 'react'
import parts from '../parts/parts.module.css'
import { useMoment, useRun } from '../run.tsx'
import { useText } from '../desk-words.ts'
import { factorText, speedLimits, toFactor, toSlider } from './speed.ts'
import styles from './transport.module.css'

export function PaceControl(): ReactNode {
  const text = useText()
  const { player } = useRun()
  useMoment()
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const { kind, speed } = player.pace
  const words = text.transport
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles['pace']}
        popoverTarget={id}
        aria-label={`${words.pace}: ${kind === 'smart' ? words.smart : words.true} ${words.times(factorText(speed))}`}
      >
        {kind === 'smart' ? words.smart : words.true}
        {speed === 1 ? '' : ` ${words.times(factorText(speed))}`}
      </button>
      <div
        id={id}
        popover="auto"
        className={styles['popover']}
        onBeforeToggle={(event) => {
          const box = button.current?.getBoundingClientRect()
          if (box === undefined) return
          event.currentTarget.style.left = `${Math.max(8, box.left - 8)}px`
          event.currentTarget.style.bottom = `${innerHeight - box.top + 28}px`
        }}
      >
        <PaceForm />
      </div>
    </>
  )
}

function PaceForm(): ReactNode {
  const text = useText()
  const { player } = useRun()
  const { kind, speed } = player.pace
  const words = text.transport
  const [least, most] = speedLimits[kind]
  return (
    <>
      <div className={parts['segmented']} role="radiogroup" aria-label={words.pace}>
        {(['smart', 'true'] as const).map((each) => (
          <button
            key={each}
            type="button"
            role="radio"
            aria-checked={kind === each}
            onClick={() => player.setPace({ kind: each, speed: 1 })}
          >
            {words[each]}
          </button>
        ))}
      </div>
      <p className={styles['paceMore']}>{kind === 'smart' ? words.smartMore : words.trueMore}</p>
      <label className={styles['speed']}>
        <span>{words.speed}</span>
        <input
          type="range"
          min={least}
          max={most}
          step={1}
          value={toSlider(speed)}
          aria-valuetext={words.times(factorText(speed))}
          onChange={(event) => player.setPace({ kind, speed: toFactor(Number(event.currentTarget.value)) })}
        />
        <output>{words.times(factorText(speed))}</output>
      </label>
    </>
  )
}
