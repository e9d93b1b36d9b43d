/** What the squares mean. */
import type { ReactNode } from 'react'
import { useZoomText } from '../zoom/words.ts'
import styles from './far.module.css'

const square = 'M1.5 1.5h9v9h-9z'

/** Where there is little room it is opened when it is wanted. */
export function FarLegend(): ReactNode {
  const { legend } = useZoomText().far
  return (
    <>
      <div className={styles['whole']}>
        <Marks />
      </div>
      <details className={styles['folded']}>
        <summary>{legend.label}</summary>
        <Marks />
      </details>
    </>
  )
}

function Marks(): ReactNode {
  const { legend } = useZoomText().far
  return (
    <ul className={styles['legend']} aria-label={legend.label}>
      <li>
        <svg width={68} height={12} aria-hidden="true">
          <path className={styles['heat0']} d="M0 1h11v10h-11z" />
          {[1, 2, 3, 4, 5].map((step) => (
            <path key={step} className={styles[`heat${step}`]} d={`M${step * 11} 1h11v10h-11z`} />
          ))}
        </svg>
        {legend.heat}
      </li>
      <li>
        <svg width={28} height={12} aria-hidden="true">
          <path className={styles['heat3']} d="M3.5 3.5h5v5h-5zM15 1h10v10h-10z" />
          <path className={styles['follows']} d={square} />
        </svg>
        {legend.size}
      </li>
      <Mark layer="follows" d={square} words={legend.follows} />
      <Mark layer="behind" d={`${square}M1.5 10.5l9-9`} words={legend.behind} />
      <li>
        <svg width={12} height={12} aria-hidden="true">
          <path className={styles['heat4']} d="M1 1h10v10h-10z" />
          <path className={styles['short']} d="M5.5 .5H11.5V6.5z" />
        </svg>
        {legend.short}
      </li>
      <li>
        <svg width={12} height={12} aria-hidden="true">
          <path className={styles['heat2']} d="M1 1h10v10h-10z" />
          <path className={styles['elected']} d={`${square}M5 6h2`} />
        </svg>
        {legend.elected}
      </li>
      <Mark layer="underMin" d="M1.5 6a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0M5 6h2" words={legend.underMin} />
      <Mark layer="offline" d="M1.5 6a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0" words={legend.offline} />
      <Mark layer="down" d={square} words={legend.down} />
    </ul>
  )
}

function Mark({ layer, d, words }: { readonly layer: string; readonly d: string; readonly words: string }): ReactNode {
  return (
    <li>
      <svg width={12} height={12} aria-hidden="true">
        <path className={styles[layer]} d={d} />
      </svg>
      {words}
    </li>
  )
}
