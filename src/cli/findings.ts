/** Findings as a program prints them: one line each, with the place, in the language asked for. */
import type { Finding, Place } from '../scenario/findings.ts'
import { pathText, severityOf } from '../scenario/findings.ts'
import type { Parsed } from '../scenario/parse.ts'
import type { Problem } from '../scenario/run.ts'
import { sayFinding } from '../text/find.ts'
import type { Language } from '../text/language.ts'

/** What a run found out, with its place in the file. */
export function placed({ path, ...problem }: Problem, placeOf: Parsed['placeOf']): Finding {
  const place: Place = placeOf(path)
  return { ...problem, ...place, severity: severityOf(problem.code), path: pathText(path) }
}

export function line(file: string, finding: Finding, language: Language): string {
  const { line: row, column, severity, code, path } = finding
  return `${file}:${row}:${column}: ${severity} ${code}: ${sayFinding(language, finding)}${path === '' ? '' : `  [${path}]`}`
}

export const asJson = (file: string, finding: Finding): object => ({
  code: finding.code, severity: finding.severity, file, line: finding.line, column: finding.column, path: finding.path,
  en: sayFinding('en', finding), ko: sayFinding('ko', finding),
})

export const isError = ({ severity }: Finding): boolean => severity === 'error'
