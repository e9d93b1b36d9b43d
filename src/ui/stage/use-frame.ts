/** The layout in force, kept for as long as nothing of it changes. */
import { useState } from 'react'
import type { ClusterView } from '../../projection/cluster-view.ts'
import type { Size } from '../../scene/geometry.ts'
import { frameKey, layoutFrame } from '../../scene/layout.ts'
import { defaultOptions, type LayoutOptions, type StageFrame } from '../../scene/layout-types.ts'
import { structureOf } from '../../scene/structure.ts'
import { wiresOf, type Wires } from '../../scene/wires.ts'

interface Kept {
  readonly frame: StageFrame
  readonly wires: Wires
}
type Wanted = { readonly [K in keyof LayoutOptions]?: LayoutOptions[K] | undefined }

export function useFrame(
  view: ClusterView,
  size: Size | undefined,
  wanted: Wanted,
): { readonly frame: StageFrame | undefined; readonly wires: Wires | undefined } {
  const [kept, setKept] = useState<Kept>()
  if (size === undefined || size.width === 0) return { frame: undefined, wires: undefined }
  const options: LayoutOptions = {
    variant: wanted.variant ?? defaultOptions.variant,
    lane: wanted.lane ?? defaultOptions.lane,
    focus: wanted.focus,
    density: wanted.density ?? defaultOptions.density,
  }
  const structure = structureOf(view, options.focus)
  if (kept?.frame.key === frameKey(structure, size, options)) return kept
  const frame = layoutFrame(structure, size, options)
  const made: Kept = { frame, wires: wiresOf(frame) }
  setKept(made)
  return made
}
