/** The marks that stand still: records, glyphs, trays, badges. */
import type { ReactNode } from 'react'
import type { Cell } from '../../projection/cluster-view.ts'
import { glyphs, type Glyph, type GlyphName } from '../../scene/glyphs.ts'
import { digitDrop, shapeIndex, shapePath } from '../../scene/shapes.ts'
import { widthOf } from './measure.ts'

export interface RecordMarkProps {
  readonly cell: Cell
  readonly x: number
  readonly y: number
  readonly radius: number
  /** In focus: filled with its key's colour. Else soft: tinted, with an outline. */
  readonly solid?: boolean
  /** Size of the number in it; undefined = none. */
  readonly digit?: number | undefined
  readonly faded?: boolean
}

/** A number of more than three digits does not fit its shape; offset and name still tell which it is. */
const showsDigit = (number: number): boolean => number < 1_000

export function RecordMark(props: RecordMarkProps): ReactNode {
  const { cell, x, y, radius, solid = false, digit, faded = false } = props
  if (cell.marker !== undefined) return <MarkerMark {...props} commits={cell.marker === 'COMMIT'} />
  const colour = shapeIndex(cell.hue) + 1
  const size = digit === undefined ? 0 : cell.number > 99 ? digit - 0.5 : digit
  return (
    <g transform={`translate(${x} ${y})`} className={faded ? 'faded' : undefined}>
      <path
        d={shapePath(cell.hue, radius)}
        strokeLinejoin="round"
        {...(solid
          ? { fill: `var(--key-${colour})` }
          : { fill: `var(--key-${colour}-soft)`, stroke: `var(--key-${colour})`, strokeWidth: radius < 9 ? 1.1 : 1.35 })}
      />
      {digit !== undefined && showsDigit(cell.number) && (
        <text
          y={digitDrop(cell.hue, radius)}
          dy=".36em"
          textAnchor="middle"
          fontSize={size}
          className={solid ? 'digit on-key' : 'digit'}
          letterSpacing={cell.number > 99 ? -0.6 : undefined}
        >
          {cell.number}
        </text>
      )}
    </g>
  )
}

/** Where a transaction ends in a log: no record of anybody's, so it has no key's colour; a tick commits, a cross aborts. */
function MarkerMark({ x, y, radius, solid = false, faded = false, commits }: RecordMarkProps & { readonly commits: boolean }): ReactNode {
  const k = radius / 12
  return (
    <g transform={`translate(${x} ${y})`} className={faded ? 'faded' : undefined} data-marker={commits ? 'COMMIT' : 'ABORT'}>
      <path
        d={shapePath(1, radius)}
        strokeLinejoin="round"
        stroke="var(--ink-2)"
        strokeWidth={radius < 9 ? 1.1 : 1.35}
        fill={solid ? 'var(--ink-2)' : 'var(--card)'}
      />
      <path
        transform={`scale(${k})`}
        d={commits ? 'M-5 .3-1.4 4 5.2-3.6' : 'M-4.4-4.4 4.4 4.4M4.4-4.4-4.4 4.4'}
        fill="none"
        stroke={solid ? 'var(--card)' : 'var(--ink-2)'}
        strokeWidth={1.9}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </g>
  )
}

export interface GlyphMarkProps {
  readonly name: GlyphName
  readonly x: number
  readonly y: number
  readonly size: number
  readonly className?: string
}

/** Centred on (x, y), `size` wide. */
export function GlyphMark({ name, x, y, size, className }: GlyphMarkProps): ReactNode {
  const glyph: Glyph = glyphs[name]
  const scale = size / glyph.width
  return (
    <g className={className} transform={`translate(${x - size / 2} ${y - (glyph.height * scale) / 2}) scale(${scale})`} aria-hidden="true">
      {glyph.fill !== undefined && <path d={glyph.fill} fill="currentColor" />}
      {glyph.stroke !== undefined && (
        <path
          d={glyph.stroke}
          fill="none"
          stroke="currentColor"
          strokeWidth={glyph.lineWidth}
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      )}
    </g>
  )
}

export function TickDisc({ x, y, radius = 7 }: { readonly x: number; readonly y: number; readonly radius?: number }): ReactNode {
  return (
    <g transform={`translate(${x} ${y}) scale(${radius / 7})`} aria-hidden="true">
      <circle r={7} fill="var(--ok)" />
      <path d="M-3.1 .2-.9 2.5 3.3-2.3" fill="none" stroke="var(--on-ok)" strokeWidth={1.8} strokeLinecap="round" strokeLinejoin="round" />
    </g>
  )
}

/** A setting that is not Kafka's default, right-aligned at `right`. */
export function Badge({ text, right, y }: { readonly text: string; readonly right: number; readonly y: number }): ReactNode {
  const w = widthOf(text, 12, 500, 'mono') + 14
  return (
    <g aria-hidden="true">
      <rect x={right - w} y={y - 10} width={w} height={20} rx={4} fill="none" stroke="var(--fault-fill)" strokeWidth={1.5} />
      <text x={right - w / 2} y={y} dy=".35em" textAnchor="middle" className="mono fault medium">
        {text}
      </text>
    </g>
  )
}

export interface TrayProps {
  readonly records: readonly Cell[]
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly most: number
  /** Its records are on the wire; the place is kept until the answer. */
  readonly away?: boolean
  readonly followed: string | undefined
}
export const trayWidth = (records: number, radius: number, most: number): number => Math.min(records, most) * (radius * 2 + 5) + 9
export const trayHeight = (radius: number): number => radius * 2 + 12

/** A batch: its records in a tray, sent and stored together. */
export function Tray({ records, x, y, radius, most, away = false, followed }: TrayProps): ReactNode {
  const shown = records.length > most ? most - 1 : records.length
  const pitch = radius * 2 + 5
  const h = trayHeight(radius)
  const w = trayWidth(records.length, radius, most)
  return (
    <g aria-hidden="true">
      <rect
        x={x}
        y={y}
        width={w}
        height={h}
        rx={7}
        fill="none"
        stroke={away ? 'var(--ink-3)' : 'var(--ink-2)'}
        strokeWidth={1.5}
        strokeDasharray={away ? '1.5 3.5' : undefined}
        strokeLinecap={away ? 'round' : undefined}
      />
      {records.slice(0, shown).map((cell, i) => (
        <RecordMark
          key={cell.id}
          cell={cell}
          x={x + 4.5 + pitch / 2 + i * pitch}
          y={y + h / 2}
          radius={radius}
          digit={radius >= 10 ? 12 : undefined}
          faded={away}
          solid={cell.id === followed}
        />
      ))}
      {records.length > most && (
        <text x={x + 4.5 + pitch / 2 + shown * pitch} y={y + h / 2} dy=".35em" textAnchor="middle" className="small strong">
          +{records.length - shown}
        </text>
      )}
    </g>
  )
}
