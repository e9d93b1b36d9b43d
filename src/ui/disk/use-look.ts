/** What lies on a disk at the playhead: asked for when the picture stands, and now and then while it moves. */
import { useEffect, useRef, useState } from 'react'
import type { Ask, Found } from '../../projection/disk-view.ts'
import { useMoment, useRun } from '../run.tsx'

/** While it plays, no more often than this. */
const REST_MS = 350

export interface Look {
  /** Of the last answer, which may be of a moment ago; undefined before the first, and where there is nothing. */
  readonly found: Found | undefined
  readonly answered: boolean
}

export function useLook(ask: Ask | undefined): Look {
  const { client } = useRun()
  const { at, playing, film } = useMoment()
  const [look, setLook] = useState<Look & { readonly of: string }>({ found: undefined, answered: false, of: '' })
  const latest = useRef<{ asked: string; busy: boolean; lastMs: number }>({ asked: '', busy: false, lastMs: -Infinity })
  const [again, setAgain] = useState(0)
  const what = ask === undefined ? '' : JSON.stringify(ask)
  const wanted = `${what} ${film.generation} ${at}`
  useEffect(() => {
    const state = latest.current
    if (what === '' || state.asked === wanted || state.busy) return
    const wait = playing ? Math.max(0, state.lastMs + REST_MS - performance.now()) : 0
    const timer = setTimeout(() => {
      state.busy = true
      state.asked = wanted
      state.lastMs = performance.now()
      void client.look(at, JSON.parse(what) as Ask).then((found) => {
        state.busy = false
        setLook({ found, answered: true, of: what })
        setAgain((count) => count + 1)
      })
    }, wait)
    return () => {
      if (!state.busy) clearTimeout(timer)
    }
  }, [client, what, wanted, at, playing, again])
  // What was found of another thing is not this one.
  return look.of === what ? look : { found: undefined, answered: false }
}
