/** From an address, a file or a text to a scenario that can be played, or to what is wrong with it. */
import { index, load } from 'virtual:scenarios'
import type { JournalEntry } from '../../bridge/protocol.ts'
import type { Parsed } from '../../scenario/parse.ts'
import type { Scenario } from '../../scenario/types.ts'
import { decodeText, encodeText, readText, TooLarge } from '../link.ts'
import { sameOriginUrl, type Route } from '../route.ts'

export type Finding = Parsed['findings'][number]
/** Where a scenario's words came from; a shipped one has only its id. */
export interface Source { readonly id: string | undefined; readonly fileName: string; readonly text: string | undefined }

export type Opened =
  | { readonly kind: 'scenario'; readonly scenario: Scenario; readonly source: Source; readonly warnings: readonly Finding[] }
  | { readonly kind: 'findings'; readonly source: Source; readonly text: string; readonly findings: readonly Finding[] }
  | { readonly kind: 'problem'; readonly problem: ProblemKind; readonly detail: string }
export type ProblemKind = 'unknownId' | 'tooLarge' | 'notText' | 'badLink' | 'notFound' | 'foreign'

const problem = (kind: ProblemKind, detail = ''): Opened => ({ kind: 'problem', problem: kind, detail })

export async function openShipped(id: string): Promise<Opened> {
  const shelf = index.some((entry) => entry.id === id) ? { load } : await experiments(id)
  if (shelf === undefined) return problem('unknownId', id)
  // What is shipped was parsed and checked when the page was built.
  const scenario = await shelf.load(id) as Scenario
  return { kind: 'scenario', scenario, source: { id, fileName: `${id}.yaml`, text: undefined }, warnings: [] }
}

async function experiments(id: string): Promise<{ readonly load: (id: string) => Promise<unknown> } | undefined> {
  const laboratory = await import('virtual:laboratory')
  return laboratory.index.some((entry) => entry.id === id) ? laboratory : undefined
}

export async function openText(text: string, fileName: string): Promise<Opened> {
  const { parseScenario } = await import('../../scenario/parse.ts')
  const { scenario, findings } = parseScenario(text)
  const source = { id: undefined, fileName, text }
  return scenario === undefined ? { kind: 'findings', source, text, findings } : { kind: 'scenario', scenario, source, warnings: findings }
}

export async function openFile(file: File): Promise<Opened> {
  return fromStream(file.stream(), file.name)
}

export async function openRoute(route: Exclude<Route, { readonly page: 'laboratory' | 'checked' }>): Promise<Opened> {
  if (route.page === 'home') return openShipped('home')
  if (route.page === 'shipped') return openShipped(route.id)
  if (route.page === 'file') return openPath(route.path)
  try {
    return await openText(await decodeText(route.encoded), 'scenario.yaml')
  } catch (error) {
    return error instanceof TooLarge ? problem('tooLarge') : problem('badLink')
  }
}

/** What the link says was done to the run; undefined when it is no such thing. */
export async function openJournal(encoded: string | undefined): Promise<readonly JournalEntry[] | undefined> {
  if (encoded === undefined) return []
  const { parseJournal } = await import('../../scenario/format-journal.ts')
  try {
    return parseJournal(await decodeText(encoded))
  } catch {
    return undefined
  }
}

/** The same, packed for a link; undefined when nothing was done, or something that a link does not carry. */
export async function packJournal(journal: readonly JournalEntry[]): Promise<string | undefined> {
  if (journal.length === 0) return undefined
  const { canBeShared } = await import('../../scenario/format-journal.ts')
  return canBeShared(journal) ? encodeText(JSON.stringify(journal)) : undefined
}

async function openPath(path: string): Promise<Opened> {
  const url = sameOriginUrl(path, document.baseURI)
  if (url === undefined) return problem('foreign')
  try {
    const response = await fetch(url, { credentials: 'omit', redirect: 'error' })
    // A server that answers every path with its front page has no such file.
    const isPage = response.headers.get('content-type')?.includes('text/html') === true
    if (!response.ok || response.body === null || isPage) return problem('notFound', path)
    return await fromStream(response.body, url.pathname.split('/').pop() ?? path)
  } catch {
    return problem('notFound', path)
  }
}

async function fromStream(stream: ReadableStream<Uint8Array<ArrayBuffer>>, fileName: string): Promise<Opened> {
  try {
    return await openText(await readText(stream), fileName)
  } catch (error) {
    if (error instanceof TooLarge) return problem('tooLarge')
    if (error instanceof TypeError) return problem('notText')
    throw error
  }
}
