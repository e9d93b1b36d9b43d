/** Sizes, themes and faces of the page, as React state. */
import { useEffect, useState, type RefObject } from 'react'
import type { Size } from '../../scene/geometry.ts'
import type { ThemeName } from '../../scene/theme.ts'
import { forgetWidths } from './measure.ts'

/** The room an element has; undefined before it is known. */
export function useSize(element: RefObject<HTMLElement | null>): Size | undefined {
  const [size, setSize] = useState<Size>()
  useEffect(() => {
    const node = element.current
    if (node === null) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return
      const width = Math.floor(entry.contentRect.width),
        height = Math.floor(entry.contentRect.height)
      setSize((was) => (was?.width === width && was.height === height ? was : { width, height }))
    })
    observer.observe(node)
    return () => observer.disconnect()
  }, [element])
  return size
}

const systemIsDark = (): boolean => matchMedia('(prefers-color-scheme: dark)').matches
const themeOf = (node: HTMLElement): ThemeName => {
  const chosen = node.closest<HTMLElement>('[data-theme]')?.dataset['theme']
  return chosen === 'dark' || chosen === 'light' ? chosen : systemIsDark() ? 'dark' : 'light'
}

/** The theme in force where the element stands. */
export function useThemeName(element: RefObject<HTMLElement | null>): ThemeName {
  const [theme, setTheme] = useState<ThemeName>('light')
  useEffect(() => {
    const node = element.current
    if (node === null) return
    const read = (): void => setTheme(themeOf(node))
    read()
    const observer = new MutationObserver(read)
    observer.observe(node.closest('[data-theme]') ?? document.documentElement, { attributeFilter: ['data-theme'] })
    const system = matchMedia('(prefers-color-scheme: dark)')
    system.addEventListener('change', read)
    return () => {
      observer.disconnect()
      system.removeEventListener('change', read)
    }
  }, [element])
  return theme
}

/** Raised when faces have arrived, and words may have other widths than before. */
export function useFaces(): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    const changed = (): void => {
      forgetWidths()
      setCount((was) => was + 1)
    }
    document.fonts.addEventListener('loadingdone', changed)
    void document.fonts.ready.then(changed)
    return () => document.fonts.removeEventListener('loadingdone', changed)
  }, [])
  return count
}
