/** A page to read, beside the stage: a title that whoever comes by keyboard begins at, what it is about, and the rest. */
import { useEffect, useRef, type ReactNode } from 'react'
import { useText } from '../desk-words.ts'
import { Header } from '../header/header.tsx'
import styles from './plain-page.module.css'

interface Props {
  readonly title: string
  readonly lead: ReactNode
  /** Of the page's column: its width (`--page-width`) and what its own parts look like. */
  readonly className?: string | undefined
  readonly children: ReactNode
}

export function PlainPage({ title, lead, className = '', children }: Props): ReactNode {
  const { product } = useText()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${product}`
    return () => void (document.title = product)
  }, [title, product])
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className={styles['page']}>
      <Header plain />
      <main className={`${styles['main']} ${className}`}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p className={styles['lead']}>{lead}</p>
        {children}
      </main>
    </div>
  )
}
