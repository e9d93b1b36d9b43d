import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { enter, holderArguments, Machine, parentIn } from './machine.ts'
import { GUARD } from './plain-host.ts'

const isRoot = process.getuid?.() === 0
const isAllowed = spawnSync('unshare', [...holderArguments(isRoot).slice(0, -2), '-c', 'true']).status === 0

describe('a machine of our own', () => {
  test('a user without rights gets a user namespace first', () => {
    expect(holderArguments(false).slice(0, 2)).toEqual(['--user', '--map-root-user'])
    expect(holderArguments(true)).not.toContain('--user')
    expect(holderArguments(true)).toContain('--kill-child')
  })

  test('a command enters the namespaces of one process, and the network of one machine', () => {
    expect(enter(7, false, undefined, ['ls', '/']).join(' ')).toBe('nsenter --target 7 --mount --pid --net -- ls /')
    expect(enter(7, true, 'b1', ['java']).join(' ')).toBe('nsenter --target 7 --user --preserve-credentials --mount --pid -- nsenter --net=/run/netns/b1 -- java')
  })

  test('the parent of a process whose name has a parenthesis', () => {
    expect(parentIn('42 (odd) name) S 17 42 42 0')).toBe(17)
  })

  const after = async (isSo: () => boolean): Promise<boolean> => {
    for (let i = 0; i < 100 && !isSo(); i++) await new Promise((resolve) => setTimeout(resolve, 50))
    return isSo()
  }
  /** A harness that holds something by a pipe, tells its process id, and is killed. */
  const killed = async (program: string, args: readonly string[], first: string | undefined, then: (pid: number) => void): Promise<void> => {
    const script = `const c = require('child_process').spawn(process.argv[1], JSON.parse(process.argv[2]), { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
      if (process.argv[3]) c.stdin.write(process.argv[3] + '\\n'); console.log(c.pid); c.stdout.on('data', () => console.log('ready')); setInterval(() => {}, 1000)`
    const harness = spawn(process.execPath, ['-e', script, program, JSON.stringify(args), ...(first === undefined ? [] : [first])], { stdio: ['ignore', 'pipe', 'inherit'] })
    const said: string[] = []
    harness.stdout.on('data', (text: Buffer) => said.push(...text.toString().trim().split('\n')))
    expect(await after(() => said.length >= (first === undefined ? 2 : 1))).toBe(true)
    then(Number(said[0]))
    harness.kill('SIGKILL')
  }
  const isThere = (pid: number): boolean => existsSync(`/proc/${pid}`)

  test.runIf(isAllowed)('whoever kills the harness midway finds nothing of it: the kernel ends what was in there', async () => {
    const holding: number[] = []
    let sleeper = 0
    await killed('unshare', holderArguments(isRoot), undefined, (pid) => {
      const holder = Number(spawnSync('sh', ['-c', `cat /proc/${pid}/task/${pid}/children`], { encoding: 'utf8' }).stdout.trim())
      const [program = '', ...args] = enter(holder, !isRoot, undefined, ['sleep', '1000'])
      sleeper = spawn(program, args, { stdio: 'ignore' }).pid ?? 0
      holding.push(pid, holder, sleeper)
      expect(readFileSync(`/proc/${holder}/mounts`, 'utf8')).toContain('partitura /run tmpfs')
    })
    expect(sleeper).toBeGreaterThan(0)
    expect(await after(() => !holding.some(isThere))).toBe(true)
  })

  test.runIf(isAllowed)('a process that is stopped when all is over ends too, and who waits for it', async () => {
    const machine = await Machine.open()
    if ('refused' in machine) throw new Error(machine.refused)
    const child = machine.start(undefined, ['sleep', '1000'], 'ignore')
    expect(await after(() => machine.processOf(child) !== undefined)).toBe(true)
    expect(machine.signal(child, 'SIGSTOP')).toBe(true)
    await machine.close()
    expect(await after(() => !isThere(child.pid!))).toBe(true)
  })

  test('without namespaces a guard ends the processes and removes the directory', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'partitura-guarded-'))
    const sleepers = Array.from({ length: 4 }, () => spawn('sleep', ['1000'], { stdio: 'ignore' }))
    const [first, second, third, fourth] = sleepers.map(({ pid }) => pid)
    // Two have ended, and somebody else has their process ids by now: they are let alone.
    const told = [`+${first}`, `+${second}`, `-${first}`, `+${third}`, `+${fourth}`, `-${third}`]
    await killed('sh', ['-c', GUARD, directory], told.join('\n'), () => expect(existsSync(directory)).toBe(true))
    expect(await after(() => !existsSync(directory))).toBe(true)
    const [one, two, three, four] = sleepers
    expect(await after(() => two!.signalCode === 'SIGKILL' && four!.signalCode === 'SIGKILL')).toBe(true)
    expect([one!.signalCode, three!.signalCode]).toEqual([null, null])
    for (const sleeper of sleepers) sleeper.kill('SIGKILL')
  })
})
