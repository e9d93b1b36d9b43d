import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { colourNames, themes, type ThemeName } from './theme.ts'

const css = readFileSync(new URL('../ui/theme.css', import.meta.url), 'utf8')
const blocks: Readonly<Record<ThemeName, string>> = {
  light: css.slice(0, css.indexOf("[data-theme='dark']")),
  dark: css.slice(css.indexOf("[data-theme='dark']")),
}
const property = (name: string): string => `--${name.replaceAll(/[A-Z0-9]/g, (part) => `-${part.toLowerCase()}`)}`
const declared = (theme: ThemeName, name: string): string | undefined => new RegExp(`${name}: (#[0-9A-F]{6});`).exec(blocks[theme])?.[1]

describe.each(['light', 'dark'] as const)('the %s theme', (name) => {
  test('is the same on the canvas and in the style sheet', () => {
    const painted = Object.fromEntries(colourNames.map((each) => [each, themes[name][each]]))
    expect(painted).toEqual(Object.fromEntries(colourNames.map((each) => [each, declared(name, property(each))])))
    expect(themes[name].keys).toEqual(themes[name].keys.map((_, i) => declared(name, `--key-${i + 1}`)))
    expect(themes[name].softKeys).toEqual(themes[name].softKeys.map((_, i) => declared(name, `--key-${i + 1}-soft`)))
  })

  test('keeps text at 4.5 and marks at 3 on every ground they stand on', () => {
    const theme = themes[name]
    const grounds = [theme.paper, theme.panel, theme.card]
    for (const ground of grounds) {
      for (const text of ['ink', 'ink2', 'ink3', 'ok', 'lost', 'fault', 'accent'] as const)
        expect(contrast(theme[text], ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
      expect(contrast(theme.faultFill, ground), `fault-fill on ${ground}`).toBeGreaterThanOrEqual(3)
    }
    theme.softKeys.forEach((soft, i) => expect(contrast(theme.ink, soft), `a number on soft key ${i + 1}`).toBeGreaterThanOrEqual(8))
    theme.keys.forEach((key, i) => expect(contrast(theme.onKey, key), `a number on key ${i + 1}`).toBeGreaterThanOrEqual(3))
    expect(contrast(theme.onOk, theme.ok)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(theme.onAccent, theme.accent)).toBeGreaterThanOrEqual(4.5)
  })
})

/** WCAG 2 contrast ratio of two colours. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((i) => Number.parseInt(colour.slice(i, i + 2), 16) / 255)
    .map((part) => (part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
