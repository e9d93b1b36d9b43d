/** The last line of the screen: what opens above it, and the lamps. */
import { lazy, Suspense, useId, useState, type MouseEvent, type ReactNode } from 'react'
import { Icon } from '../parts/desk-icons.tsx'
import parts from '../parts/parts.module.css'
import { useMoment, useRun } from '../run.tsx'
import { usePicked, type Drawer } from '../stores/picked.ts'
import { useText } from '../desk-words.ts'
import styles from './drawer.module.css'
import { brokenAt, lampAt, lampNames, litSince, onlyHere, type LampName } from './lamp-model.ts'

export function BottomBar(): ReactNode {
  const text = useText()
  return (
    <div className={styles['bar']}>
      <div className={styles['tabs']}>
        <DrawerTab name="story">{text.story.open}</DrawerTab>
        <DrawerTab name="terminal">{text.story.terminal}</DrawerTab>
      </div>
      <Lamps />
    </div>
  )
}

export function DrawerTab({ name, children }: { readonly name: NonNullable<Drawer>; readonly children: ReactNode }): ReactNode {
  const { drawer, openDrawer } = usePicked()
  const open = drawer === name
  return (
    <button
      type="button"
      className={styles['tab']}
      aria-expanded={open}
      aria-controls={name}
      onClick={() => openDrawer(open ? undefined : name)}
    >
      {children}
      <Icon name={open ? 'chevronDown' : 'chevronUp'} size={12} />
    </button>
  )
}

export function Lamps(): ReactNode {
  const text = useText()
  const { film, at } = useMoment()
  return (
    <ul className={styles['lamps']} aria-label={text.lamps.label}>
      {lampNames.map((name) => (
        <li key={name}>
          <Lamp name={name} count={lampAt(film, at, name)} />
        </li>
      ))}
      <li>
        <Promises count={brokenAt(film, at).length} />
      </li>
    </ul>
  )
}

/** Its card stands above the lamp. */
function place({ currentTarget }: MouseEvent, id: string): void {
  const box = currentTarget.getBoundingClientRect()
  const card = document.getElementById(id)
  if (card === null) return
  card.style.right = `${Math.max(8, Math.min(innerWidth - 340, innerWidth - box.right))}px`
  card.style.bottom = `${innerHeight - box.top + 8}px`
}

const PromiseCard = lazy(async () => ({ default: (await import('./promise-card.tsx')).PromiseCard }))

function Promises({ count }: { readonly count: number }): ReactNode {
  const words = useText().lamps
  const id = useId()
  const [open, setOpen] = useState(false)
  const says = count > 0 ? words.promises(count) : words.promisesKept
  return (
    <>
      <button
        type="button"
        className={count > 0 ? styles['lit'] : styles['off']}
        popoverTarget={id}
        onClick={(event) => {
          setOpen(true)
          place(event, id)
        }}
      >
        <Icon name={count > 0 ? 'warning' : 'lamp'} size={13} /> {says}
      </button>
      <div id={id} popover="auto" className={styles['lampCard']}>
        <p>
          <strong>{says}</strong>
        </p>
        <Suspense>{open && <PromiseCard />}</Suspense>
        <p className={styles['honest']}>{words.honest}</p>
      </div>
    </>
  )
}

function Lamp({ name, count }: { readonly name: LampName; readonly count: number }): ReactNode {
  const text = useText()
  const { player, client } = useRun()
  const id = useId()
  const words = text.lamps
  const lit = count > 0
  const jump = () => {
    const since = litSince(client.film, player.at, name)
    player.pause()
    if (since !== undefined) player.seek(since)
  }
  const tone = !lit ? styles['off'] : name === 'lost' ? styles['lostLamp'] : styles['lit']
  return (
    <>
      <button
        type="button"
        className={tone}
        popoverTarget={id}
        onClick={(event) => place(event, id)}
      >
        <Icon name={!lit ? 'lamp' : name === 'lost' ? 'cross' : 'warning'} size={13} />
        {name === 'lost' && lit ? (
          words.lost(count)
        ) : (
          <>
            <strong>{count}</strong> {words.names[name]}
          </>
        )}
      </button>
      <div id={id} popover="auto" className={styles['lampCard']}>
        <p>
          <strong>{name === 'lost' && lit ? words.lost(count) : `${count} ${words.names[name]}`}</strong>
        </p>
        <p>{words.meaning[name]}</p>
        {onlyHere.has(name) && <p className={styles['honest']}>{words.honest}</p>}
        {lit ? (
          <button type="button" className={parts['button']} onClick={jump}>
            {words.jump}
          </button>
        ) : (
          <p className={styles['honest']}>{words.off}</p>
        )}
      </div>
    </>
  )
}
