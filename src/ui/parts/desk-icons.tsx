/** The icons of the whole screen. */
import type { ReactNode } from 'react'
import { glyphs } from '../../scene/glyphs.ts'
import { Drawing, fromGlyph, lines, solid, type DrawingProps } from './drawing.tsx'
import { drawings as first } from './icons.tsx'

const drawings = {
  ...first,
  // Marks of the stage
  crown: fromGlyph('crown'),
  cut: fromGlyph('cut'),
  slow: fromGlyph('slow'),
  hourglass: fromGlyph('hourglass'),
  freeze: fromGlyph('freeze'),
  plug: fromGlyph('plug'),
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
  request: lines('M1.5 4H9.6L14.5 8 9.6 12H1.5Z', 1.3),
  response: solid('M1 3.5H9.8L15 8 9.8 12.5H1Z'),
  nextFree: (
    <rect x="2" y="2" width="12" height="12" rx="1" fill="none" stroke="currentColor" strokeWidth="1.3" strokeDasharray="1.3 2.7" />
  ),
  disk: lines('M1.5 8H14.5', 2),
  drive: lines('M2.5 4C2.5 2.8 5 2 8 2S13.5 2.8 13.5 4 11 6 8 6 2.5 5.2 2.5 4ZM2.5 4V12C2.5 13.2 5 14 8 14S13.5 13.2 13.5 12V4M2.5 8C2.5 9.2 5 10 8 10S13.5 9.2 13.5 8', 1.3),
  cache: <path d="M1.5 8H14.5" fill="none" stroke="var(--ink-3)" strokeWidth="2" strokeDasharray="1.5 3" />,
  commitMarker: lines('M2.5 2.5H13.5V13.5H2.5ZM5 8.2 7.2 10.6 11.2 5.6', 1.4),
  abortMarker: lines('M2.5 2.5H13.5V13.5H2.5ZM5.4 5.4 10.6 10.6M10.6 5.4 5.4 10.6', 1.4),
  undecided: <path d="M1.5 11H14.5" fill="none" stroke="var(--accent)" strokeWidth="2.25" strokeDasharray="2 2.5" />,
  passedOver: (
    <>
      <circle cx="8" cy="8" r="5.6" fill="none" stroke="var(--ink-3)" strokeWidth="1.2" opacity=".6" />
      <path d="M4.6 4.6 11.4 11.4M11.4 4.6 4.6 11.4" stroke="var(--ink-3)" strokeWidth="1.6" />
    </>
  ),
  lastStable: <path d="M8 1V15" fill="none" stroke="var(--ok)" strokeWidth="1.75" strokeDasharray="4 3" />,
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
  back: lines('M13.6 8H2.6M6.6 4 2.6 8 6.6 12'),
  chevronDown: lines('M3.6 6 8 10.4 12.4 6'),
  chevronUp: lines('M3.6 10.4 8 6 12.4 10.4'),
  chevronRight: lines('M6 3.6 10.4 8 6 12.4'),
  lamp: <circle cx="8" cy="8" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  share: lines('M8 10V1.8M5 4.6 8 1.6 11 4.6M3 8V14H13V8', 1.4),
  file: lines('M3.4 1.6H9.4L12.8 5V14.4H3.4ZM9.2 1.8V5.2H12.6', 1.4),
  folder: lines('M1.6 3.4H6.2L7.8 5.2H14.4V12.8H1.6Z', 1.4),
  menu: lines('M2 4H14M2 8H14M2 12H14'),
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

export function Icon({ name, ...props }: DrawingProps & { readonly name: IconName }): ReactNode {
  return <Drawing {...props}>{drawings[name]}</Drawing>
}
