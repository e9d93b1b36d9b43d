/** What every icon is made of: a square of 16 units, drawn in the colour of the text around it. */
import type { ReactNode } from 'react'
import { glyphs, type Glyph, type GlyphName } from '../../scene/glyphs.ts'

export const lines = (d: string, width = 1.5): ReactNode => (
  <path d={d} fill="none" stroke="currentColor" strokeWidth={width} strokeLinecap="round" strokeLinejoin="round" />
)
export const solid = (d: string): ReactNode => <path d={d} fill="currentColor" />

/** A drawing of the stage, in a panel or button: scaled to the square and centred in it. */
export function fromGlyph(name: GlyphName): ReactNode {
  const glyph: Glyph = glyphs[name]
  const scale = 16 / Math.max(glyph.width, glyph.height)
  const place = `translate(${(16 - glyph.width * scale) / 2} ${(16 - glyph.height * scale) / 2}) scale(${scale})`
  return (
    <g transform={place}>
      {glyph.fill !== undefined && solid(glyph.fill)}
      {glyph.stroke !== undefined && lines(glyph.stroke, glyph.lineWidth)}
    </g>
  )
}

export interface DrawingProps {
  /** Side of the square, in pixels. */
  readonly size?: number
  readonly className?: string
  /** With a title it speaks for itself; without one it is decoration of a text beside it. */
  readonly title?: string
}

export function Drawing({ size = 16, className, title, children }: DrawingProps & { readonly children: ReactNode }): ReactNode {
  return (
    <svg
      className={className}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      focusable="false"
      {...(title === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': title })}
    >
      {children}
    </svg>
  )
}
