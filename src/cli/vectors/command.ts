import type { Vector } from './adapter.ts'
import type { Schema } from './compare.ts'
import { check } from './run.ts'

interface Shape {
  readonly expected?: Schema
  readonly variants?: Readonly<Record<string, { readonly expected?: Schema }>>
}
interface VectorFile {
  readonly vectors: readonly Vector[]
  readonly shapes?: Readonly<Record<string, Shape>>
}

/** Exit code: 0 all pass, 1 some fail, 2 a file that cannot be read. */
export function main(
  files: readonly string[],
  read: (file: string) => string,
  print: (text: string) => void,
  complain: (text: string) => void,
): number {
  if (files.length === 0) {
    complain('usage: vectors FILE...')
    return 2
  }
  let passed = 0,
    failed = 0
  for (const file of files) {
    let content: VectorFile
    try {
      content = parse(read(file))
    } catch (error) {
      complain(`${file}: ${error instanceof Error ? error.message : String(error)}`)
      return 2
    }
    for (const vector of content.vectors) {
      const failure = check(vector, schemaOf(content, vector))
      if (failure === undefined) passed++
      else {
        failed++
        print(report(vector, failure))
      }
    }
  }
  print(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

/** A list alone will do. */
function parse(text: string): VectorFile {
  const content = JSON.parse(text) as VectorFile | readonly Vector[]
  const file = Array.isArray(content) ? { vectors: content as readonly Vector[] } : (content as VectorFile)
  if (!Array.isArray(file.vectors)) throw new Error('there is no list of vectors in it')
  return file
}

function schemaOf({ shapes }: VectorFile, { kind, variant }: Vector): Schema | undefined {
  const shape = shapes?.[kind]
  return variant === undefined ? shape?.expected : shape?.variants?.[variant]?.expected
}

function report({ id, title, expected }: Vector, { why, actual }: { readonly why: string; readonly actual: unknown }): string {
  const head = `FAIL ${id}${title === undefined ? '' : ` (${title})`}: ${why}`
  return actual === undefined ? head : `${head}\n  expected ${JSON.stringify(expected)}\n  actual   ${JSON.stringify(actual)}`
}
