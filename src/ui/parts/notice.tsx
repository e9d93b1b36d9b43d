/** One line about what was just done or could not be done; it goes by itself, and can be sent away. */
import { useEffect, type ReactNode } from 'react'
import { usePage } from '../stores/page.ts'
import { useText } from '../words.ts'
import { Icon } from './icons.tsx'
import styles from './notice.module.css'
import parts from './parts.module.css'

const staysMs = 7_000

export function NoticeBar(): ReactNode {
  const text = useText()
  const { notice, tell } = usePage()
  useEffect(() => {
    if (notice === undefined) return
    const timer = setTimeout(() => tell(undefined), staysMs)
    return () => clearTimeout(timer)
  }, [notice, tell])
  return (
    <div role="status" className={styles['place']}>
      {notice !== undefined && (
        <div className={`${styles['notice']} ${notice.kind === 'fault' ? styles['fault'] : ''}`}>
          <Icon name={notice.kind === 'fault' ? 'warning' : 'info'} />
          <span>{notice.text}</span>
          <button type="button" className={parts['icon']} aria-label={text.close} onClick={() => tell(undefined)}>
            <Icon name="close" size={14} />
          </button>
        </div>
      )}
    </div>
  )
}
