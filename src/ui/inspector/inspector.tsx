/** The right panel: state, reasons and configs of what was clicked. */
import { Tab, TabList, TabPanel, TabProvider } from '@ariakit/react'
import type { ReactNode } from 'react'
import { RecordMark } from '../stage/marks.tsx'
import { Icon, type IconName } from '../parts/desk-icons.tsx'
import parts from '../parts/parts.module.css'
import { useMoment } from '../run.tsx'
import type { Kind, Selection } from '../selection.ts'
import { usePicked, type Tab as TabName } from '../stores/picked.ts'
import { useLanguage, useText } from '../desk-words.ts'
import { victimOf } from '../faults/offers.ts'
import { FaultsInForce } from '../faults/in-force.tsx'
import { ConfigTab } from './config-tab.tsx'
import { sheetOf, type Sheet } from './facts.ts'
import styles from './inspector.module.css'
import { StateTab } from './state-tab.tsx'
import { WhyTab } from './why-tab.tsx'

const tabs: readonly TabName[] = ['state', 'why', 'config']
const icons: Readonly<Record<Kind, IconName>> = {
  rack: 'strip',
  broker: 'strip',
  controller: 'crown',
  partition: 'strip',
  replica: 'strip',
  record: 'lamp',
  producer: 'request',
  consumer: 'eye',
  group: 'eye',
  admin: 'edit',
  toy: 'strip',
  span: 'response',
  waiting: 'parked',
  link: 'cut',
}

export function Inspector(): ReactNode {
  const text = useText()
  const { tab, openTab } = usePicked()
  return (
    <aside className={styles['inspector']} aria-label={text.inspector.label}>
      <TabProvider selectedId={tab} setSelectedId={(id) => id !== undefined && id !== null && openTab(id as TabName)}>
        <TabList className={styles['tabs']} aria-label={text.inspector.label}>
          {tabs.map((each) => (
            <Tab key={each} id={each} className={styles['tab']}>
              {text.inspector[each]}
            </Tab>
          ))}
        </TabList>
        {tabs.map((each) => (
          <TabPanel key={each} tabId={each} className={styles['panel']} tabIndex={0}>
            <Body tab={each} />
          </TabPanel>
        ))}
      </TabProvider>
    </aside>
  )
}

function Body({ tab }: { readonly tab: TabName }): ReactNode {
  const text = useText()
  const language = useLanguage()
  const selection = usePicked((picked) => picked.selection)
  const { view, film, at } = useMoment()
  if (selection === undefined)
    return tab === 'why' ? <WhyTab selection={undefined} /> : <p className={styles['nothing']}>{text.inspector.nothing}</p>
  const sheet = sheetOf(selection, { view, text, language, film, at })
  return (
    <>
      <Head selection={selection} sheet={sheet} />
      {tab === 'state' &&
        (sheet === undefined ? (
          <p className={styles['nothing']}>{text.inspector.gone}</p>
        ) : (
          <StateTab selection={selection} sheet={sheet} />
        ))}
      {tab === 'why' && <WhyTab selection={selection} />}
      {tab === 'config' && <ConfigTab selection={selection} />}
    </>
  )
}

function Head({ selection, sheet }: { readonly selection: Selection; readonly sheet: Sheet | undefined }): ReactNode {
  const text = useText()
  const { view } = useMoment()
  const { followed, follow, openMenu } = usePicked()
  const victim = victimOf(view, selection)
  const isFollowed = selection.kind === 'record' && followed === selection.key
  return (
    <div className={styles['head']}>
      {sheet?.cell === undefined ? (
        <span className={styles['headIcon']}>
          <Icon name={icons[selection.kind]} />
        </span>
      ) : (
        <svg width={36} height={36} viewBox="-18 -18 36 36" aria-hidden="true">
          <RecordMark cell={sheet.cell} x={0} y={0} radius={16} solid digit={14} />
        </svg>
      )}
      <div className={styles['headWords']}>
        <h2>{sheet?.title ?? selection.key}</h2>
        <p>{sheet?.subtitle ?? text.inspector.goneTitle}</p>
      </div>
      {selection.kind === 'record' && (
        <button type="button" className={parts['button']} aria-pressed={isFollowed} onClick={() => follow(selection.key)}>
          {isFollowed ? text.inspector.unfollowRecord : text.inspector.followRecord}
        </button>
      )}
      {victim !== undefined && (
        <button
          type="button"
          className={styles['bolt']}
          aria-label={text.faults.menu(victim.name)}
          title={`${text.faults.menu(victim.name)} (M)`}
          aria-haspopup="menu"
          onClick={(event) => openMenu(selection, event.currentTarget.getBoundingClientRect())}
        >
          <Icon name="bolt" />
        </button>
      )}
      {victim !== undefined && (
        <div className={styles['wide']}>
          <FaultsInForce of={victim.name} />
        </div>
      )}
    </div>
  )
}
