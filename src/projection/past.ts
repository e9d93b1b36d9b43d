/** What had been told before one line of the story: what the rules of `why-rules.ts` ask of it. */
import type { Fact, FactOf, NoteCode } from '../kafka/notes.ts'
import type { StoryLine } from './story.ts'

type Line<C extends NoteCode> = StoryLine & { readonly fact: FactOf<C> }

/** The story before one line, asked from its end. */
export class Past {
  readonly #story: readonly StoryLine[]
  readonly #end: number
  constructor(story: readonly StoryLine[], end: number) {
    this.#story = story
    this.#end = end
  }

  /** The newest line of this code that fits. */
  last<C extends NoteCode>(code: C, fits: (fact: FactOf<C>) => boolean = () => true): Line<C> | undefined {
    return this.find((fact) => fact.code === code && fits(fact as FactOf<C>)) as Line<C> | undefined
  }
  find(fits: (fact: Fact) => boolean): StoryLine | undefined {
    for (let i = this.#end - 1; i >= 0; i--) if (fits(this.#story[i]!.fact)) return this.#story[i]
    return undefined
  }
  newest(...lines: readonly (StoryLine | undefined)[]): StoryLine | undefined {
    return lines.reduce((best, line) => (line !== undefined && (best === undefined || line.index > best.index) ? line : best), undefined)
  }

  /** The fault that keeps this machine from being heard, if one is still in force; `traffic` is what it would have sent. */
  fault(node: string, traffic: readonly string[]): StoryLine | undefined {
    const found = this.find((fact) => isFaultOf(fact, node, traffic) || isRemedyOf(fact, node))
    return found !== undefined && isFaultOf(found.fact, node, traffic) ? found : undefined
  }
  /** What brought this machine back. */
  remedy(node: string): StoryLine | undefined {
    return this.find((fact) => isRemedyOf(fact, node))
  }
  /** Its clock was set, the last time. */
  clock(node: string): StoryLine | undefined {
    return this.last('fault.made', (fact) => fact.what === 'clock' && fact.target === node)
  }
  ended(node: string): StoryLine | undefined {
    return this.find((fact) => (fact.code === 'node.crashed' || fact.code === 'node.halted' || fact.code === 'power.lost' || fact.code === 'node.stopped') && fact.node === node)
  }
  /** What the admin client has asked for and has no answer to yet. */
  asked(api: string, about: string): Line<'admin.asked'> | undefined {
    const isIt = (fact: { readonly api: string; readonly about: string }): boolean => fact.api === api && fact.about === about
    const asked = this.last('admin.asked', isIt), answered = this.last('admin.answered', isIt)
    return asked !== undefined && asked.index > (answered?.index ?? -1) ? asked : undefined
  }
  /** Somebody told it to stop. */
  stopping(node: string | undefined): StoryLine | undefined {
    return this.last('node.stopping', (fact) => fact.node === node)
  }
  /** Of these, what has been told since this producer last wrote there: what it waited for. */
  since(producer: string, partition: string, ...lines: readonly (StoryLine | undefined)[]): StoryLine | undefined {
    const before = this.last('batch.appended', (fact) => fact.producer === producer && fact.partition === partition)
    return this.newest(...lines.filter((line) => line !== undefined && line.index > (before?.index ?? -1)))
  }
}

function isFaultOf(fact: Fact, node: string, traffic: readonly string[]): boolean {
  switch (fact.code) {
    case 'node.crashed': case 'node.halted': case 'power.lost': case 'node.stopped': case 'node.paused': return fact.node === node
    case 'link.cut': return (fact.from === node || fact.to === node) && (fact.traffic === 'all' || traffic.includes(fact.traffic))
    case 'fault.made': return fact.what !== 'fast' && fact.what !== 'clock' && fact.what !== 'freeDisk' && !((fact.what === 'slowDisk' || fact.what === 'slowHandler') && fact.ms === 0) && !fact.what.endsWith('Next') && fact.target.split(/[^A-Za-z0-9_.-]+/).includes(node)
    default: return false
  }
}
function isRemedyOf(fact: Fact, node: string): boolean {
  switch (fact.code) {
    case 'node.started': case 'node.resumed': return fact.node === node
    case 'link.healed': return fact.from === node || fact.to === node
    case 'fault.made': return (fact.what === 'slowDisk' || fact.what === 'slowHandler') && fact.ms === 0 && fact.target === node
    default: return false
  }
}
