/** The icons of the first page; `desk-icons.tsx` has those of the panels as well. */
import type { ReactNode } from 'react'
import { Drawing, fromGlyph, lines, solid, type DrawingProps } from './drawing.tsx'

export const drawings = {
  bolt: fromGlyph('bolt'),
  arrow: lines('M2.4 8H13.4M9.4 4 13.4 8 9.4 12'),
  close: lines('M3.6 3.6 12.4 12.4M12.4 3.6 3.6 12.4'),
  warning: (
    <>
      {lines('M8 2 14.8 13.8H1.2Z', 1.4)}
      {lines('M8 6.4V9.6', 1.6)}
      <circle cx="8" cy="11.7" r=".95" fill="currentColor" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="6.4" fill="none" stroke="currentColor" strokeWidth="1.4" />
      {lines('M8 7.2V11.2', 1.6)}
      <circle cx="8" cy="4.9" r=".95" fill="currentColor" />
    </>
  ),
  theme: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.4" />
      {solid('M8 1.8A6.2 6.2 0 0 1 8 14.2Z')}
    </>
  ),
} as const

export function Icon({ name, ...props }: DrawingProps & { readonly name: keyof typeof drawings }): ReactNode {
  return <Drawing {...props}>{drawings[name]}</Drawing>
}

/** The sign of the product: a staff with notes, and the accent's barline through it. */
export function Logo({ size = 24 }: { readonly size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M.5 4.6H18M.5 12H23.5M.5 19.4H23.5" stroke="currentColor" strokeWidth="1.3" fill="none" />
      <path d="M2 2.2H6.8V7H2ZM8.4 2.2H13.2V7H8.4ZM2 9.6H6.8V14.4H2ZM8.4 9.6H13.2V14.4H8.4ZM2 17H6.8V21.8H2Z" fill="currentColor" />
      <rect x="18.3" y="2.2" width="4.8" height="4.8" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M15.6 .5V23.5" stroke="var(--accent)" strokeWidth="2.2" />
    </svg>
  )
}
