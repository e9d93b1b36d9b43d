/** The menu on the victim: what happens in the real world, with what Kafka calls it beneath. */
import { Menu, MenuButton, MenuItem, MenuProvider, MenuSeparator, useMenuStore } from '@ariakit/react'
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react'
import type { Intervention } from '../../bridge/protocol.ts'
import { formatTime } from '../../text/format.ts'
import { Icon } from '../parts/desk-icons.tsx'
import parts from '../parts/parts.module.css'
import { useMoment, useRun } from '../run.tsx'
import type { Selection } from '../selection.ts'
import { usePicked, type Anchor } from '../stores/picked.ts'
import { useText } from '../desk-words.ts'
import { ProduceForm } from './forms.tsx'
import styles from './faults.module.css'
import { faultsInForce, offersFor, victimOf, type Offer, type Victim } from './offers.ts'

const ConfigForm = lazy(async () => ({ default: (await import('./config-form.tsx')).ConfigForm }))

type Form = { readonly kind: 'produce' | 'config'; readonly client: string } | undefined

export function FaultMenu(): ReactNode {
  const text = useText()
  const { menu } = usePicked()
  const { view } = useMoment()
  const [form, setForm] = useState<Form>()
  const victim = menu === undefined ? undefined : victimOf(view, menu.of)
  return (
    <section aria-label={text.faults.menuShort}>
      {menu !== undefined && victim !== undefined && (
        <OpenMenu key={`${menu.of.kind} ${menu.of.key}`} victim={victim} at={menu.at} of={menu.of} onForm={setForm} />
      )}
      {form?.kind === 'produce' && <ProduceForm client={form.client} onClose={() => setForm(undefined)} />}
      {form?.kind === 'config' && (
        <Suspense>
          <ConfigForm client={form.client} onClose={() => setForm(undefined)} />
        </Suspense>
      )}
    </section>
  )
}

interface OpenProps {
  readonly victim: Victim
  readonly at: Anchor
  readonly of: Selection
  readonly onForm: (form: Form) => void
}
function OpenMenu({ victim, at, onForm }: OpenProps): ReactNode {
  const text = useText()
  const { view } = useMoment()
  const { player } = useRun()
  const openMenu = usePicked((picked) => picked.openMenu)
  const close = () => openMenu(undefined)
  const act = (does: readonly Intervention[]) => {
    close()
    player.intervene(does)
  }
  const offers = offersFor(view, victim, text.faults)
  const choose = (offer: Offer) => {
    if (offer.form === undefined) return act(offer.does ?? [])
    close()
    onForm({ kind: offer.form, client: victim.name })
  }
  const [opener] = useState(() =>
    document.activeElement instanceof HTMLElement || document.activeElement instanceof SVGElement
      ? (document.activeElement as HTMLElement)
      : undefined,
  )
  const store = useMenuStore({ open: true, setOpen: (open) => !open && close(), placement: 'bottom-start' })
  const place = useRef<HTMLDivElement>(null)
  // It is open from its first moment on, so nothing "opens" that would take the focus by itself.
  useEffect(() => {
    const frame = requestAnimationFrame(() => place.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus())
    return () => cancelAnimationFrame(frame)
  }, [])
  return (
    <MenuProvider store={store}>
      <Menu
        ref={place}
        {...(opener === undefined ? {} : { finalFocus: opener })}
        className={styles['menu']}
        gutter={8}
        portal={false}
        fixed
        overflowPadding={12}
        fitViewport
        getAnchorRect={() => at}
        aria-label={text.faults.menu(victim.name)}
        onKeyDown={(event) => {
          const offer = offers.find(({ letter }) => letter === event.key.toLowerCase())
          if (offer === undefined || offer.inside !== undefined || event.ctrlKey || event.metaKey || event.altKey) return
          event.preventDefault()
          choose(offer)
        }}
      >
        {offers.map((offer) =>
          offer.inside === undefined ? (
            <Row key={offer.id} offer={offer} onChoose={choose} />
          ) : (
            <Submenu key={offer.id} offer={offer} onChoose={choose} />
          ),
        )}
        <InForceItems of={victim.name} onEnd={act} />
      </Menu>
    </MenuProvider>
  )
}

/** What is broken already, each with what ends it. */
function InForceItems({ of, onEnd }: { readonly of: string; readonly onEnd: (ends: readonly Intervention[]) => void }): ReactNode {
  const text = useText()
  const { view } = useMoment()
  const inForce = faultsInForce(view, text.faults, of)
  if (inForce.length === 0) return null
  return (
    <>
      <MenuSeparator className={styles['separator']} />
      {inForce.map(({ id, icon, title, since, ends }) => (
        <MenuItem key={id} className={styles['force']} onClick={() => onEnd(ends)}>
          <Icon name={icon} />
          <span>
            {title}
            {since > 0 && `, ${formatTime(since)}`}
          </span>
          <span className={styles['forceUndo']}>{text.undo}</span>
        </MenuItem>
      ))}
    </>
  )
}

function Words({ offer }: { readonly offer: Offer }): ReactNode {
  return (
    <>
      <Icon name={offer.icon} />
      <span className={styles['words']}>
        <strong>{offer.title}</strong>
        <small>{offer.more}</small>
      </span>
    </>
  )
}
function Row({ offer, onChoose }: { readonly offer: Offer; readonly onChoose: (offer: Offer) => void }): ReactNode {
  return (
    <MenuItem className={styles['item']} onClick={() => onChoose(offer)}>
      <Words offer={offer} />
      {offer.letter !== undefined && <kbd className={parts['key']}>{offer.letter.toUpperCase()}</kbd>}
    </MenuItem>
  )
}
function Submenu({ offer, onChoose }: { readonly offer: Offer; readonly onChoose: (offer: Offer) => void }): ReactNode {
  return (
    <MenuProvider placement="right-start">
      <MenuButton className={styles['item']} render={<MenuItem />}>
        <Words offer={offer} />
        <Icon name="chevronRight" />
      </MenuButton>
      <Menu className={styles['menu']} gutter={4} overflowPadding={12} fitViewport portal={false} fixed aria-label={offer.title}>
        {offer.inside?.map((each) => (
          <Row key={each.id} offer={each} onChoose={onChoose} />
        ))}
      </Menu>
    </MenuProvider>
  )
}
