/** Says that the engine stopped, and that nothing is lost. */
import type { ReactNode } from 'react'
import { Icon } from '../parts/icons.tsx'
import parts from '../parts/parts.module.css'
import { useRun } from '../run.tsx'
import { usePage } from '../stores/page.ts'
import { useText } from '../words.ts'
import styles from './errors.module.css'

export function WorkerBanner(): ReactNode {
  const text = useText()
  const { client } = useRun()
  const { worker, setWorker } = usePage()
  const restore = () => {
    setWorker('restoring')
    client.restore()
  }
  return (
    <div role="alert" className={styles['bannerPlace']}>
      {worker !== undefined && (
        <div className={styles['banner']}>
          <Icon name="warning" size={18} />
          <span>{worker === 'restoring' ? text.errors.worker : text.errors.workerBroken}</span>
          {worker === 'broken' && <button type="button" className={parts['button']} onClick={restore}>{text.errors.restore}</button>}
        </div>
      )}
    </div>
  )
}
