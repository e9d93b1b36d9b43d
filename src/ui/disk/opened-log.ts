/** A log file of the learner's own, shown in place of the cluster's bytes. */
import { create } from 'zustand'
import { useZoom } from '../stores/zoom.ts'

interface OpenedLog {
  readonly file: File | undefined
  readonly set: (file: File | undefined) => void
}
export const useLogFile = create<OpenedLog>()((set) => ({ file: undefined, set: (file) => set({ file }) }))

/** And look at it. */
export function openLogFile(file: File): void {
  useZoom.getState().set({ level: 'bytes' })
  useLogFile.getState().set(file)
}
// Whoever looks elsewhere in the cluster, or nearer or farther, is done with it.
useZoom.subscribe(() => useLogFile.getState().set(undefined))
