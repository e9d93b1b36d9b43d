import { useSyncExternalStore } from 'react'

const narrow = typeof matchMedia === 'undefined' ? undefined : matchMedia('(max-width: 720px)')

/** A screen on which only one lane of the stage has room. */
export const useIsNarrow = (): boolean => useSyncExternalStore(
  (changed) => {
    narrow?.addEventListener('change', changed)
    return () => narrow?.removeEventListener('change', changed)
  },
  () => narrow?.matches ?? false,
)
