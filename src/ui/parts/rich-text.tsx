/** Words of a scenario, with what stands between backticks set as code. Never read as HTML. */
import { Fragment, type ReactNode } from 'react'
import styles from './parts.module.css'

export function RichText({ children }: { readonly children: string }): ReactNode {
  const parts = children.split(/`([^`]+)`/)
  return parts.map((part, i) =>
    i % 2 === 1 ? (
      <code key={i} className={styles['code']}>
        {part}
      </code>
    ) : (
      <Fragment key={i}>{part}</Fragment>
    ),
  )
}
