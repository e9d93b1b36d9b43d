/** One line that a scenario carries where a real cluster has answered as the simulator does. */
import type { ReactNode } from 'react'
import { checkedWords } from '../../text/checked.ts'
import { useLanguage } from '../desk-words.ts'
import { Icon } from '../parts/desk-icons.tsx'
import styles from './checked.module.css'
import { isSound, useChecked } from './use-checked.ts'

const MARK = '\0'

/** `isLink`: to the page that says what was compared. In a list of links it is part of one. */
export function CheckedBadge({ id, isLink = false }: { readonly id: string | undefined; readonly isLink?: boolean }): ReactNode {
  const words = checkedWords[useLanguage()]
  const found = useChecked()?.scenarios.find((each) => each.id === id)
  if (found === undefined || !isSound(found)) return null
  // A date is not broken at the end of a line.
  const [before = '', after = ''] = words.badge(found.kafka ?? '', MARK).split(MARK)
  const said = (
    <>
      <Icon name="tick" />
      <span>
        {before}
        <time dateTime={found.date}>{found.date}</time>
        {after}
      </span>
    </>
  )
  return isLink ? <a className={styles['badge']} href="#checked">{said}</a> : <span className={styles['badge']}>{said}</span>
}
