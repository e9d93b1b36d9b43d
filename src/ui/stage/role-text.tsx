/** A line of words with a mark before it, in SVG. */
import type { ReactNode } from 'react'
import { GlyphMark } from './marks.tsx'
import { roleSize, wordsGap, type RoleLine } from './role-words.ts'

export interface RoleTextProps {
  readonly x: number
  readonly y: number
  readonly name?: string | undefined
  readonly line: RoleLine
  readonly leads?: boolean
}

export function RoleText({ x, y, name, line, leads = false }: RoleTextProps): ReactNode {
  const from = line.glyph === undefined ? x : x + 19
  return (
    <g aria-hidden="true">
      {line.glyph !== undefined && <GlyphMark name={line.glyph} x={x + 6} y={y} size={15} className={line.glyphClass} />}
      <text x={from} y={y} dy=".35em" fontSize={roleSize}>
        {name !== undefined && <tspan className={leads ? 'strong' : 'medium'}>{name}</tspan>}
        {line.words.map((each, i) => (
          <tspan key={each.text} className={each.className} dx={i > 0 || name !== undefined ? wordsGap : undefined}>
            {each.text}
          </tspan>
        ))}
      </text>
    </g>
  )
}
