/** Colours and faces for the canvas, which cannot read a style sheet. Equal to `ui/theme.css`; a test compares them. */
export type ThemeName = 'light' | 'dark'

export const colourNames = [
  'paper',
  'panel',
  'card',
  'rule',
  'rule2',
  'ink',
  'ink2',
  'ink3',
  'ok',
  'okSoft',
  'hatch',
  'lost',
  'lostSoft',
  'fault',
  'faultSoft',
  'faultFill',
  'accent',
  'accentSoft',
  'onAccent',
  'onOk',
  'onInk',
  'onKey',
] as const
export type ColourName = (typeof colourNames)[number]

export interface Theme extends Readonly<Record<ColourName, string>> {
  /** Of the eight key shapes: the solid record and the tint of the soft one. */
  readonly keys: readonly string[]
  readonly softKeys: readonly string[]
}

export const themes: Readonly<Record<ThemeName, Theme>> = {
  light: {
    paper: '#FCFCFA',
    panel: '#F6F6F2',
    card: '#FFFFFF',
    rule: '#E3E3DD',
    rule2: '#C6C7C0',
    ink: '#1A1C20',
    ink2: '#474C55',
    ink3: '#666B75',
    ok: '#0A6A60',
    okSoft: '#E4F0ED',
    hatch: '#A3A7AE',
    lost: '#B01E2B',
    lostSoft: '#FBE9E8',
    fault: '#835300',
    faultSoft: '#FBF1DC',
    faultFill: '#BE7900',
    accent: '#2540C2',
    accentSoft: '#E8EBFA',
    onAccent: '#FFFFFF',
    onOk: '#FFFFFF',
    onInk: '#FFFFFF',
    onKey: '#FFFFFF',
    keys: ['#2B6CB0', '#BD7400', '#0E8577', '#C4527F', '#338FC7', '#8A5A3B', '#6F7F1E', '#7A3FA0'],
    softKeys: ['#D5E2EF', '#F2E3CC', '#CFE7E4', '#F3DCE5', '#D6E9F4', '#E8DED8', '#E2E5D2', '#E4D9EC'],
  },
  dark: {
    paper: '#131519',
    panel: '#191C21',
    card: '#20242A',
    rule: '#2D323A',
    rule2: '#4A515C',
    ink: '#EDEEF0',
    ink2: '#BCC1CA',
    ink3: '#949BA7',
    ok: '#62CBB9',
    okSoft: '#14302C',
    hatch: '#5F6773',
    lost: '#FF8D86',
    lostSoft: '#3B1D20',
    fault: '#F3B960',
    faultSoft: '#372B16',
    faultFill: '#E0A23B',
    accent: '#9BAEFF',
    accentSoft: '#232B4B',
    onAccent: '#131519',
    onOk: '#131519',
    onInk: '#131519',
    onKey: '#131519',
    keys: ['#6AA8E8', '#EDB04A', '#43C1B0', '#F08DB4', '#7CC6EE', '#C89877', '#B4C45A', '#C08BE8'],
    softKeys: ['#25384A', '#443924', '#1B3E3C', '#45313D', '#293F4B', '#3B342F', '#373E28', '#39314A'],
  },
}

export const sans = "'IBM Plex Sans', 'IBM Plex Sans KR', 'Noto Sans KR', system-ui, sans-serif"
export const mono = "'IBM Plex Mono', 'IBM Plex Sans KR', ui-monospace, monospace"
