import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { Host } from './host.ts'
import { Probe, troubleIn, type Told } from './probe.ts'

/** A probe that is a few lines of shell. */
function probeOf(script: string, answersWithin: number): { readonly probe: Probe; readonly heard: Told[] } {
  const host = {
    start: () => spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'pipe'] }), signal: (child, signal) => child.kill(signal),
  } satisfies Partial<Host>
  const heard: Told[] = []
  return { heard, probe: new Probe('p', host as unknown as Host, { java: 'java', classPath: '' }, [], (told) => heard.push(told), answersWithin) }
}

describe('a probe', () => {
  test('is waited for until it is done', async () => {
    const { probe } = probeOf(String.raw`read line; echo '{"e":"done","at":1,"id":1}'; cat`, 60_000)
    await probe.ask({ do: 'look' })
    probe.signal('SIGKILL')
    await probe.gone
  })

  test('that keeps silent is not waited for for ever', async () => {
    const { probe } = probeOf('exec cat > /dev/null', 50)
    await expect(probe.ask({ do: 'fresh' })).rejects.toThrow('the probe p was asked to fresh: no answer within 0.05 s')
    probe.signal('SIGKILL')
    await probe.gone
  })

  test('that ends instead, or has ended, is an error with its last words, also for who has not asked', async () => {
    const { probe, heard } = probeOf('read line; echo OutOfMemoryError', 60_000)
    await expect(probe.ask({ do: 'look' })).rejects.toThrow(/it has ended/)
    await expect(probe.ask({ do: 'look' })).rejects.toThrow(/it has ended/)
    expect(heard.map((told) => troubleIn(told, 'p'))).toEqual([expect.stringContaining('the probe p is confused: it has ended')])
  })

  test('that is killed as the file says is no trouble', async () => {
    const { probe, heard } = probeOf('exec cat > /dev/null', 60_000)
    probe.signal('SIGKILL')
    await probe.gone
    expect(heard).toEqual([])
  })

  test('that does not understand says so, to who has asked or to everybody', async () => {
    const { probe, heard } = probeOf(String.raw`read line; echo '{"e":"confused","at":1,"id":1,"text":"NullPointerException"}'; exec cat > /dev/null`, 60_000)
    await expect(probe.ask({ do: 'look' })).rejects.toThrow('the probe p was asked to look: NullPointerException')
    expect(heard).toEqual([])
    probe.signal('SIGKILL')
    await probe.gone
    expect(troubleIn({ e: 'confused', at: 1, text: 'NullPointerException', line: '{"do":"start"}' }, 'clients')).toBe('the probe clients is confused: NullPointerException, by {"do":"start"}')
    expect(troubleIn({ e: 'hello', at: 1 }, 'clients')).toBeUndefined()
  })
})
