/**
 * Which folder may know which: imports point up this table, never down. The model half (base to projection) needs
 * no browser, no package and no clock. `architecture.test.ts` enforces every line of it.
 *
 * Names are folders of src, or modules in them without their suffix ('scenario/parse'). A folder may always import
 * itself. Tests may import whatever they test with.
 */
export interface Rule {
  readonly may: readonly string[]
  /** Only by `import type`. */
  readonly types?: readonly string[]
  /** Only by `import()`, or as types: it stays out of the first load. */
  readonly lazily?: readonly string[]
  /** Packages. A name ending in * stands for all that begin so. */
  readonly npm?: readonly string[]
  /** Runs in Node and may use its modules. */
  readonly node?: true
}

/** What the screen may use of the projection beside its types: functions of a view or of bytes, and nothing that sees a world. */
const pureProjection = [
  'projection/cluster-view',
  'projection/why',
  'projection/story',
  'projection/span-detail',
  'projection/batch-fields',
]

export const folders: Readonly<Record<string, Rule>> = {
  base: { may: [] },
  engine: { may: ['base'] },
  toy: { may: ['base', 'engine'] },
  sink: { may: ['base', 'engine'] },
  /** Of the toys it knows what they tell, as one list has all that is told; nothing else. Of sinks, what is said between them and a handler. */
  kafka: { may: ['base', 'engine', 'toy/notes', 'sink/notes', 'sink/effects'] },
  scenario: { may: ['base', 'engine', 'toy', 'sink', 'kafka'] },
  projection: { may: ['base', 'engine', 'kafka', 'scenario/observe'], types: ['toy', 'sink'] },
  bridge: { may: ['base', 'engine', 'scenario', 'projection'] },
  text: { may: [], types: ['base', 'toy', 'sink', 'kafka', 'projection', 'scenario/findings', 'scenario/features'], npm: ['es-hangul'] },
  terminal: {
    may: ['base', 'kafka/config', 'kafka/java-hash', 'kafka/client/partitioner', 'kafka/controller/placement', 'kafka/log/record'],
    types: ['kafka/errors', 'projection/sight', 'scenario/types'],
  },
  scene: { may: ['base', ...pureProjection], types: ['projection'] },
  ui: {
    may: [
      'base', 'bridge/client', 'bridge/protocol', 'bridge/film', 'scene', 'text', 'terminal', 'scenario/types', 'kafka/log/decode',
      ...pureProjection,
    ],
    types: ['projection'],
    lazily: ['scenario/parse', 'scenario/format', 'scenario/format-journal', 'kafka/config'],
    npm: ['react', 'zustand', '@ariakit/react', 'virtual:scenarios', 'virtual:laboratory', 'virtual:summaries', '@fontsource/*'],
  },
  cli: {
    may: ['base', 'engine', 'toy', 'sink', 'kafka', 'scenario', 'projection', 'text'],
    npm: ['virtual:scenarios'],
    node: true,
  },
  /** The files that lie in src itself: main.tsx and what it starts with. */
  main: {
    may: ['base', 'engine', 'toy', 'sink', 'kafka', 'scenario', 'projection', 'bridge', 'text', 'terminal', 'scene', 'ui', 'main'],
    npm: ['react', 'react-dom', 'virtual:scenarios', '@fontsource/*'],
  },
}

/** Packages that one module of a folder may use and its neighbours may not. A module ending in * as above. */
export const packagesOfModules: Readonly<Record<string, readonly string[]>> = {
  'cli/swarm': ['fast-check'],
  'scenario/parse*': ['yaml'],
  'scenario/format*': ['valibot'],
  'scenario/schema': ['@valibot/to-json-schema'],
}

/** Exceptions inside what the folders allow. */
export const never: readonly { readonly from: string; readonly to: string; readonly why: string }[] = [
  { from: 'kafka/client', to: 'kafka/broker', why: 'clients and brokers meet in protocol/ and network/ only' },
  { from: 'kafka/group', to: 'kafka/broker', why: 'a coordinator is told what it needs by the broker it runs in' },
  { from: 'bridge', to: 'scenario/parse', why: 'the worker is given scenarios that are parsed and checked' },
  { from: 'bridge', to: 'scenario/schema', why: 'the JSON Schema is written by a program, not by the page' },
]

/** Started as a thread by its address, never imported: whoever imported it would run it in his own thread. */
export const worker = { module: 'bridge/worker', startedBy: ['bridge/client', 'main'] } as const

/** Tools of tests: fast-check is there, and nothing that ships may import them, but a program that tests. */
export const testTools = { file: /(^|[/.-])testing\.tsx?$/, npm: ['fast-check', 'vitest'], usedBy: ['cli/vectors', 'cli/swarm'] } as const

/** Folders whose runs must be the same, bit for bit, in every JavaScript engine. */
export const modelFolders = ['base', 'engine', 'toy', 'sink', 'kafka', 'scenario', 'projection'] as const

/** Of these a step is made, and a step is synchronous: no promise may be left hanging in a snapshot. */
export const synchronousFolders: readonly string[] = ['base', 'engine', 'toy', 'sink', 'kafka', 'projection']

/** Exact in every engine; all other functions of Math differ in their last bits. */
export const exactMath: readonly string[] = [
  'abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc',
  'E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2',
]

/** Time, chance, language and garbage collection of the host. */
export const hostGlobals: readonly string[] = [
  'Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame',
  'crypto', 'Intl', 'WeakRef', 'FinalizationRegistry', 'process', 'console', 'fetch', 'eval', 'Function',
]

/** In lines of code: blank lines and comments are free. Words and tables of text/ may be as long as they are. */
export const largestFile = 400
export const exemptFromSize: readonly string[] = ['text']

/** Known offences, to be paid back. It is empty, and the test keeps it so. */
export const debt: readonly string[] = []
