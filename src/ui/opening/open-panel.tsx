/** Opens a scenario: a shipped one, or a file of one's own. */
import { index } from 'virtual:scenarios'
import { summaries } from 'virtual:summaries'
import { use, type ReactNode } from 'react'
import { AppContext } from '../app-context.ts'
import { CheckedBadge } from '../checked/badge.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { FileButton } from '../parts/file-button.tsx'
import { usePage } from '../stores/page.ts'
import { usePick, useText } from '../desk-words.ts'
import styles from './open-panel.module.css'

export function OpenPanel(): ReactNode {
  const text = useText()
  const { navigator } = use(AppContext)
  const setAbove = usePage((page) => page.setAbove)
  const close = () => setAbove(undefined)
  return (
    <Dialog title={text.open.title} onClose={close}>
      <p className={styles['lead']}>{text.open.lead}</p>
      <div className={styles['file']}>
        <FileButton
          label={text.open.choose}
          accept=".yaml,.yml,.json,text/yaml,application/yaml,application/json,text/plain"
          look="primary"
          onFile={(file) => {
            close()
            void navigator?.openFile(file)
          }}
        />
        <span>{text.open.drop}</span>
      </div>
      <h3 className={styles['shipped']}>{text.open.shipped}</h3>
      <Shipped close={close} />
    </Dialog>
  )
}

function Shipped({ close }: { readonly close: () => void }): ReactNode {
  const text = useText()
  const pick = usePick()
  return (
    <ul className={styles['list']}>
      {index
        .filter(({ id }) => id !== 'home')
        .map(({ id, title, lesson, minutes, kind }) => (
          <li key={id}>
            <a href={`#s=${id}`} onClick={close}>
              <span className={styles['number']}>{lesson ?? ''}</span>
              <span className={styles['words']}>
                <strong>{pick(title)}</strong>
                {summaries[id] !== undefined && <span>{pick(summaries[id])}</span>}
                <CheckedBadge id={id} />
              </span>
              <span className={styles['kind']}>{minutes === undefined ? text.header.kinds[kind] : text.header.minutes(minutes)}</span>
            </a>
          </li>
        ))}
      <li>
        <a href="#lab" onClick={close}>
          <span className={styles['number']} />
          <span className={styles['words']}>
            <strong>{text.home.laboratory}</strong>
            <span>{text.home.laboratoryMore}</span>
          </span>
        </a>
      </li>
    </ul>
  )
}
