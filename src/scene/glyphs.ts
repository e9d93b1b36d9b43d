/**
 * Drawings that stand on the stage and in the panels alike, as SVG path data: the page puts them into `d`, the painter
 * into a Path2D. A filled glyph is drawn with its fill alone, a stroked one with a line of the given width.
 */
export interface Glyph {
  readonly width: number
  readonly height: number
  readonly fill?: string
  readonly stroke?: string
  readonly lineWidth?: number
}

export const glyphs = {
  crown: { width: 24, height: 20, fill: 'M0 2.8 6.6 9 12 0 17.4 9 24 2.8 23 15H1ZM1 17.6H23V19.8H1Z' },
  /** On record, but down: nobody wears it. */
  emptyCrown: { width: 24, height: 20, stroke: 'M1.2 4.8 7 10.2 12 2.2 17 10.2 22.8 4.8 22 14.4H2ZM1.6 18.7H22.4', lineWidth: 1.3 },
  bolt: { width: 16, height: 16, fill: 'M10.2.4 2.8 9.1H7.2L5.8 15.6 13.2 6.7H8.8Z' },
  hourglass: {
    width: 16,
    height: 16,
    fill: 'M5.6 13.2 8 10.4 10.4 13.2ZM5.9 4.9H10.1L8 7.2Z',
    stroke: 'M3 1.6H13M3 14.4H13M4.3 1.6C4.3 5.6 7 6.4 7 8 7 9.6 4.3 10.4 4.3 14.4M11.7 1.6C11.7 5.6 9 6.4 9 8 9 9.6 11.7 10.4 11.7 14.4',
    lineWidth: 1.5,
  },
  /** A gap in the line. */
  cut: { width: 16, height: 16, stroke: 'M.8 8H4.6M11.4 8H15.2M6.4 12.2 9.6 3.8', lineWidth: 2 },
  cross: { width: 16, height: 16, stroke: 'M3.4 3.4 12.6 12.6M12.6 3.4 3.4 12.6', lineWidth: 2 },
  tick: { width: 16, height: 16, stroke: 'M4.4 8.3 7 10.9 11.8 5.5', lineWidth: 1.9 },
  freeze: { width: 16, height: 16, fill: 'M4 3H6.4V13H4ZM9.6 3H12V13H9.6Z' },
  /** No power: the plug has been pulled. */
  plug: { width: 16, height: 16, stroke: 'M5.4 1.8V5M10.6 1.8V5M3.2 5.2H12.8V7.4A4.8 4.8 0 0 1 3.2 7.4ZM8 12.4V14.6', lineWidth: 1.6 },
  restart: { width: 16, height: 16, stroke: 'M13.4 8A5.4 5.4 0 1 1 11.7 4.1M11.9 1.3V4.4H8.8', lineWidth: 1.5 },
  /** Between two machines, slower than it was. */
  slow: {
    width: 16,
    height: 16,
    stroke: 'M.8 8H3.2C4.4 8 4.4 4.6 5.7 4.6S7 11.4 8.2 11.4 9.4 4.6 10.7 4.6 12 8 12.8 8H15.2',
    lineWidth: 1.6,
  },
} as const satisfies Readonly<Record<string, Glyph>>

export type GlyphName = keyof typeof glyphs
