import type { AnyProblem, Path } from './findings.ts'

/** Says what is wrong, and where: a path of the file, its key or its value, or a stretch of the text that stands there. */
export type Tell = (problem: AnyProblem, path: Path, at?: 'key' | 'value', stretch?: { readonly from: number; readonly to: number }) => void
