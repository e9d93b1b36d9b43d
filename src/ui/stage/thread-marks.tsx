/** The accent thread through all places where the followed record stands. */
import type { ReactNode } from 'react'
import { pathOf } from '../../scene/routes.ts'
import type { Thread } from '../../scene/thread.ts'

export function ThreadMarks({ thread }: { readonly thread: Thread }): ReactNode {
  return (
    <g aria-hidden="true" pointerEvents="none">
      {thread.lines.map((each) => (
        <path key={each.key} className="thread" d={pathOf(each)} />
      ))}
      {thread.heads.map(({ x, y }) => (
        <path key={`${x} ${y}`} d={`M${x - 5} ${y + 8}L${x} ${y}L${x + 5} ${y + 8}Z`} fill="var(--accent)" />
      ))}
    </g>
  )
}
