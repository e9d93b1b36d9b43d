/**
 * The playhead, outside React: a plain object that the stage reads on every animation frame. React hears of it at most
 * ten times a second, through `subscribe`.
 */
import type { Micros } from '../base/units.ts'

export interface Clock {
  /** The moment shown. */
  readonly at: Micros
  readonly playing: boolean
  /** Called once an animation frame while anything on the stage may have changed; returns how to stop. */
  onFrame(draw: (at: Micros) => void): () => void
  /** Called when `at` or `playing` has changed, ten times a second at most. */
  subscribe(changed: () => void): () => void
}
