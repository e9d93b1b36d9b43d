/** Icons of the whole screen, drawn on a 16-unit square in the colour of the text around them. */
import type { ReactNode } from 'react'
import { glyphs, type Glyph, type GlyphName } from '../../scene/glyphs.ts'

const lines = (d: string, width = 1.5): ReactNode => (
  <path d={d} fill="none" stroke="currentColor" strokeWidth={width} strokeLinecap="round" strokeLinejoin="round" />
)
const solid = (d: string): ReactNode => <path d={d} fill="currentColor" />

/** A drawing of the stage, in a panel or button: scaled to the square and centred in it. */
function fromGlyph(name: GlyphName): ReactNode {
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

const drawings = {
  // Marks of the stage
  crown: fromGlyph('crown'),
  bolt: fromGlyph('bolt'),
  cut: fromGlyph('cut'),
  slow: fromGlyph('slow'),
  hourglass: fromGlyph('hourglass'),
  freeze: fromGlyph('freeze'),
  restart: fromGlyph('restart'),
  cross: fromGlyph('cross'),
  tick: fromGlyph('tick'),
  tickDisc: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path
        d={glyphs.tick.stroke}
        fill="none"
        stroke="var(--icon-ground, var(--paper))"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  crossDisc: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path
        d="M5.4 5.4 10.6 10.6M10.6 5.4 5.4 10.6"
        fill="none"
        stroke="var(--icon-ground, var(--paper))"
        strokeWidth="1.9"
        strokeLinecap="round"
      />
    </>
  ),
  parked: (
    <>
      <circle cx="8" cy="8" r="6.6" fill="none" stroke="var(--rule-2)" strokeWidth="1.8" />
      <path d="M8 1.4A6.6 6.6 0 0 1 14.6 8" fill="none" stroke="var(--fault-fill)" strokeWidth="1.8" />
      {lines('M4.9 8 7 5.9H11V10.1H7Z', 1.1)}
    </>
  ),
  power: lines('M8 1.6V7.4M4.7 3.9A5.4 5.4 0 1 0 11.3 3.9'),
  plug: lines('M5.6 1.6V5.2M10.4 1.6V5.2M3.6 5.2H12.4V7.4A4.4 4.4 0 0 1 3.6 7.4ZM8 11.8V14.4'),
  request: lines('M1.5 4H9.6L14.5 8 9.6 12H1.5Z', 1.3),
  response: solid('M1 3.5H9.8L15 8 9.8 12.5H1Z'),
  nextFree: (
    <rect x="2" y="2" width="12" height="12" rx="1" fill="none" stroke="currentColor" strokeWidth="1.3" strokeDasharray="1.3 2.7" />
  ),
  epoch: (
    <>
      {lines('M6 1.5V14.5', 1.25)}
      {lines('M10 2.5V13.5', 3.25)}
    </>
  ),
  strip: lines('M1.5 4H14.5V12H1.5ZM5.8 4V12M10.2 4V12', 1.3),
  fold: lines('M.5 8H4L5.4 4.4 8 11.6 10.6 4.4 12 8H15.5', 1.5),
  fork: lines('M1.5 8H5.2C8 8 7.6 3.6 10.4 3.6H14.5M5.2 8C8 8 7.6 12.4 10.4 12.4H14.5'),
  // Transport
  play: solid('M4.4 2.2 13.4 8 4.4 13.8Z'),
  pause: solid('M4 2.8H6.8V13.2H4ZM9.2 2.8H12V13.2H9.2Z'),
  stepBack: lines('M10 3.2 5.2 8 10 12.8', 1.7),
  stepForward: lines('M6 3.2 10.8 8 6 12.8', 1.7),
  toStart: (
    <>
      {lines('M3.4 3.4V12.6', 1.7)}
      {solid('M13 3.2V12.8L5.6 8Z')}
    </>
  ),
  toEnd: (
    <>
      {lines('M12.6 3.4V12.6', 1.7)}
      {solid('M3 3.2V12.8L10.4 8Z')}
    </>
  ),
  undo: lines('M5.6 2.8 2.4 6 5.6 9.2M2.8 6H9.6A3.7 3.7 0 0 1 9.6 13.4H6.4'),
  redo: lines('M10.4 2.8 13.6 6 10.4 9.2M13.2 6H6.4A3.7 3.7 0 0 0 6.4 13.4H9.6'),
  // The rest of the screen
  arrow: lines('M2.4 8H13.4M9.4 4 13.4 8 9.4 12'),
  back: lines('M13.6 8H2.6M6.6 4 2.6 8 6.6 12'),
  chevronDown: lines('M3.6 6 8 10.4 12.4 6'),
  chevronUp: lines('M3.6 10.4 8 6 12.4 10.4'),
  chevronRight: lines('M6 3.6 10.4 8 6 12.4'),
  search: lines('M10.9 10.9 14.2 14.2M12.2 7A5.2 5.2 0 1 1 1.8 7 5.2 5.2 0 0 1 12.2 7Z'),
  close: lines('M3.6 3.6 12.4 12.4M12.4 3.6 3.6 12.4'),
  plus: lines('M8 2.8V13.2M2.8 8H13.2'),
  minus: lines('M2.8 8H13.2'),
  check: lines('M2.8 8.4 6.4 12 13.2 4.4', 1.8),
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
  lamp: <circle cx="8" cy="8" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  share: lines('M8 10V1.8M5 4.6 8 1.6 11 4.6M3 8V14H13V8', 1.4),
  present: lines('M1.8 2.6H14.2V10.8H1.8ZM8 10.8V13.8M5 13.8H11', 1.4),
  theme: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.4" />
      {solid('M8 1.8A6.2 6.2 0 0 1 8 14.2Z')}
    </>
  ),
  file: lines('M3.4 1.6H9.4L12.8 5V14.4H3.4ZM9.2 1.8V5.2H12.6', 1.4),
  folder: lines('M1.6 3.4H6.2L7.8 5.2H14.4V12.8H1.6Z', 1.4),
  download: lines('M8 1.8V10.2M4.8 7.2 8 10.4 11.2 7.2M2.6 13.8H13.4', 1.4),
  external: lines('M6.4 3H3V13H13V9.6M9.2 2.6H13.4V6.8M13 3 7.6 8.4', 1.4),
  menu: lines('M2 4H14M2 8H14M2 12H14'),
  more: (
    <>
      <circle cx="3" cy="8" r="1.4" fill="currentColor" />
      <circle cx="8" cy="8" r="1.4" fill="currentColor" />
      <circle cx="13" cy="8" r="1.4" fill="currentColor" />
    </>
  ),
  eye: (
    <>
      {lines('M1 8C3.4 4.4 5.6 3.4 8 3.4S12.6 4.4 15 8C12.6 11.6 10.4 12.6 8 12.6S3.4 11.6 1 8Z', 1.4)}
      <circle cx="8" cy="8" r="2" fill="currentColor" />
    </>
  ),
  edit: lines('M2.4 13.6 3.2 10.4 11 2.6 13.4 5 5.6 12.8ZM9.2 4.4 11.6 6.8', 1.4),
  follow: (
    <>
      <circle cx="3.4" cy="8" r="1.9" fill="currentColor" />
      {lines('M5.4 8H10.6')}
      <circle cx="12.6" cy="8" r="1.9" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
} as const

export type IconName = keyof typeof drawings

export interface IconProps {
  readonly name: IconName
  /** Side of the square, in pixels. */
  readonly size?: number
  readonly className?: string
  /** With a title it speaks for itself; without one it is decoration of a text beside it. */
  readonly title?: string
}

export function Icon({ name, size = 16, className, title }: IconProps): ReactNode {
  return (
    <svg
      className={className}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      focusable="false"
      {...(title === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': title })}
    >
      {drawings[name]}
    </svg>
  )
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
