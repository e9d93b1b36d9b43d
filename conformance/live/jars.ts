/**
 * The published jars of Apache Kafka and the probe compiled against them: fetched through Maven once, kept beside the
 * other caches, offline from then on.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export const root = process.env['PARTITURA_ROOT'] ?? process.cwd()
const probe = join(root, 'conformance', 'probe')
const sources = join(probe, 'src', 'main', 'java', 'partitura', 'probe')

/** As the pom says. */
export const KAFKA_VERSION = /<kafka.version>(.*)<\/kafka.version>/.exec(readFileSync(join(probe, 'pom.xml'), 'utf8'))?.[1] ?? ''
const LEAST_JAVA = 17

/** Something that this machine lacks, said so that somebody can do something about it. */
export class Missing extends Error { }

export interface Jars { readonly classPath: string; readonly java: string }

export function jars(say: (line: string) => void): Jars {
  checkJava()
  const cache = join(root, 'node_modules', '.cache', 'partitura', `kafka-${KAFKA_VERSION}`)
  const pom = readFileSync(join(probe, 'pom.xml'))
  dropDrafts(cache)
  const lib = join(cache, `lib-${fingerprint([pom])}`)
  if (!existsSync(lib)) fetchJars(lib, say)
  const files = readdirSync(sources).filter((file) => file.endsWith('.java')).sort().map((file) => join(sources, file))
  const classes = join(cache, `probe-${fingerprint([pom, ...files.map((file) => readFileSync(file))])}`)
  if (!existsSync(classes)) compile(files, lib, classes, say)
  return { classPath: `${classes}:${join(lib, '*')}:${join(probe, 'log4j')}`, java: 'java' }
}

const fingerprint = (contents: readonly Buffer[]): string => {
  const hash = createHash('sha256')
  for (const content of contents) hash.update(content)
  return hash.digest('hex').slice(0, 12)
}

/** What somebody was making who was killed over it: nobody else finishes it. Whoever is still at it keeps his. */
export function dropDrafts(cache: string): void {
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const maker = /\.draft-(\d+)$/.exec(name)?.[1]
    if (maker !== undefined && !isRunning(Number(maker))) rmSync(join(cache, name), { recursive: true, force: true })
  }
}
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
/** Two that start at the same time make the same: the first to be done has it. */
function settle(draft: string, place: string): void {
  if (existsSync(place)) rmSync(draft, { recursive: true, force: true })
  else renameSync(draft, place)
}

function checkJava(): void {
  const told = spawnSync('java', ['-version'], { encoding: 'utf8' })
  if (told.error !== undefined) throw new Missing(`Java ${LEAST_JAVA} or newer is needed: there is no \`java\` on the PATH`)
  const version = Number(/version "(\d+)/.exec(told.stderr)?.[1] ?? 0)
  if (version < LEAST_JAVA) throw new Missing(`Java ${LEAST_JAVA} or newer is needed: \`java -version\` says ${version}`)
}

function fetchJars(lib: string, say: (line: string) => void): void {
  if (spawnSync('mvn', ['-version']).error !== undefined) throw new Missing('Maven is needed to fetch the jars of Apache Kafka: there is no `mvn` on the PATH')
  const draft = `${lib}.draft-${process.pid}`
  mkdirSync(draft, { recursive: true })
  const copy = (...more: readonly string[]): string | undefined => {
    const { status, stdout, stderr } = spawnSync('mvn', [...more, '-q', '-B', '-f', join(probe, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${draft}`], { encoding: 'utf8' })
    return status === 0 ? undefined : `${stdout}${stderr}`
  }
  say(`jars of Apache Kafka ${KAFKA_VERSION}: looking in Maven's own cache`)
  if (copy('-o') !== undefined) {
    say('jars: not there, asking Maven Central')
    const trouble = copy()
    if (trouble !== undefined) {
      rmSync(draft, { recursive: true, force: true })
      throw new Missing(`Maven could not fetch the jars of Apache Kafka ${KAFKA_VERSION}:\n${trouble.split('\n').slice(0, 12).join('\n')}`)
    }
  }
  settle(draft, lib)
}

function compile(files: readonly string[], lib: string, classes: string, say: (line: string) => void): void {
  say('the probe: compiling')
  const draft = `${classes}.draft-${process.pid}`
  mkdirSync(draft, { recursive: true })
  const { error, status, stderr } = spawnSync('javac', ['--release', String(LEAST_JAVA), '-nowarn', '-proc:none', '-d', draft, '-cp', join(lib, '*'), ...files], { encoding: 'utf8' })
  if (error !== undefined || status !== 0) {
    rmSync(draft, { recursive: true, force: true })
    if (error !== undefined) throw new Missing('a JDK is needed to compile the probe: there is no `javac` on the PATH')
    throw new Error(`the probe does not compile:\n${stderr}`)
  }
  settle(draft, classes)
}
