/** What comes from outside: a learner's click, a scenario's action, a search's choice. A journal of these is the save file. */
import type { Micros } from '../base/units.ts'
import type { Tagged } from './process.ts'
import type { Tamper } from './tamper.ts'

export type Input =
  /** kill -9 · the power goes · SIGTERM · start it (stops it in order first, if it runs; brings the power back) · SIGSTOP · SIGCONT */
  | { readonly do: 'crash' | 'powerCut' | 'stop' | 'restart' | 'pause' | 'resume'; readonly node: string }
  /** Something happens to what lies on the disk of a machine whose process has ended. */
  | { readonly do: 'damage'; readonly node: string; readonly what: Tagged }
  /** One direction; `traffic` is a kind of connection, or `all`. Silent, or `reset`: who sends into it is answered with a reset. */
  | { readonly do: 'cut'; readonly from: string; readonly to: string; readonly traffic: string; readonly reset?: boolean }
  | { readonly do: 'heal'; readonly from: string; readonly to: string }
  /** Adds to every hop of this direction; 0 ends it. */
  | { readonly do: 'slow'; readonly from: string; readonly to: string; readonly add: Micros }
  /** The next `times` messages of a type in this direction: contract 15. */
  | { readonly do: 'tamper' } & Readonly<Tamper>
  /** Sets a machine's wall clock on, or back; it stays so whatever becomes of its process. */
  | { readonly do: 'clock'; readonly node: string; readonly add: Micros }
  | { readonly do: 'tell'; readonly node: string; readonly order: Tagged }
  /** One machine more, and its process is started. */
  | { readonly do: 'join'; readonly name: string; readonly kind: string; readonly config: unknown }
  /** Tell the story something that the machines cannot know, `cut b2 - b1, both ways`. By whom; `you` unless said. */
  | { readonly do: 'say'; readonly fact: { readonly code: string }; readonly by?: string }
