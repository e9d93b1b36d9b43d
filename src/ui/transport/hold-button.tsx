/** A button that repeats while it is held. */
import { useEffect, useRef, type ReactNode } from 'react'
import { Icon, type IconName } from '../parts/desk-icons.tsx'
import parts from '../parts/parts.module.css'

const firstAfterMs = 380
const thenEveryMs = 90

export function HoldButton({
  label,
  title,
  icon,
  onPress,
}: {
  readonly label: string
  readonly title: string
  readonly icon: IconName
  readonly onPress: () => void
}): ReactNode {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const held = useRef(false)
  const stop = () => clearTimeout(timer.current)
  useEffect(() => stop, [])
  const repeat = () => {
    held.current = true
    onPress()
    timer.current = setTimeout(repeat, thenEveryMs)
  }
  return (
    <button
      type="button"
      className={parts['icon']}
      aria-label={label}
      title={title}
      onPointerDown={(event) => {
        held.current = false
        if (event.button === 0) timer.current = setTimeout(repeat, firstAfterMs)
      }}
      onPointerUp={stop}
      onPointerLeave={stop}
      onPointerCancel={stop}
      onClick={() => {
        if (!held.current) onPress()
        held.current = false
      }}
    >
      <Icon name={icon} />
    </button>
  )
}
