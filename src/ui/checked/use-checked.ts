/** What the comparison with a real Apache Kafka has found: fetched when something wants to say it. */
import { useEffect, useState } from 'react'
import type { Checked, CheckedScenario } from '../../text/checked.ts'

let loading: Promise<Checked> | undefined
const load = (): Promise<Checked> => (loading ??= import('./checked.json').then((module) => module.default as unknown as Checked))

/** Undefined until it is there. */
export function useChecked(): Checked | undefined {
  const [checked, setChecked] = useState<Checked>()
  useEffect(() => {
    let isWanted = true
    void load().then((found) => isWanted && setChecked(found))
    return () => void (isWanted = false)
  }, [])
  return checked
}

/** Recorded on a real cluster, and nothing differs. */
export const isSound = ({ status, differ, kafka, date }: CheckedScenario): boolean => status === 'compared' && differ === 0 && kafka !== undefined && date !== undefined
