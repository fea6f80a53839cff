// The colours of the pages, by day and by night. Saturated colours are for alarms and deviations alone; what is normal is grey. The
// style sheet's variables are made from this table, and a test computes every contrast that is named in it.

export type Theme = 'day' | 'night'
export const themes: readonly Theme[] = ['day', 'night']

type Tones = Readonly<Record<ToneName, string>>
export type ToneName =
  | 'ground'
  | 'panel'
  | 'text'
  | 'muted'
  | 'line'
  | 'field'
  | 'select'
  | 'p1'
  | 'p2'
  | 'p3'
  | 'p4'

/** Tones that change with the theme. `p1` to `p4` are texts about alarms of that priority. */
export const tones: Readonly<Record<Theme, Tones>> = {
  day: {
    ...{ ground: '#d6d6d6', panel: '#e6e6e6', field: '#f4f4f4', select: '#cdd8e2' },
    ...{ text: '#1f1f1f', muted: '#474747', line: '#6b6b6b' },
    ...{ p1: '#b3001b', p2: '#8f4700', p3: '#5b2a86', p4: '#0b4f6c' },
  },
  night: {
    ...{ ground: '#26282b', panel: '#303338', field: '#1d1f22', select: '#2a343e' },
    ...{ text: '#e4e4e4', muted: '#b3b3b3', line: '#8a8a8a' },
    ...{ p1: '#ff6b6b', p2: '#ffb000', p3: '#d7a6ff', p4: '#6fc7e8' },
  },
}

/** The filled symbol of a priority: the same by day and by night, told apart by shape and digit, outlined in the text's colour. */
export const marks = {
  1: { fill: '#c8102e', ink: '#ffffff', shape: 'square', word: 'CRITICAL' },
  2: { fill: '#ffb000', ink: '#000000', shape: 'triangle', word: 'HIGH' },
  3: { fill: '#6a2c91', ink: '#ffffff', shape: 'inverted triangle', word: 'MEDIUM' },
  4: { fill: '#0b6e99', ink: '#ffffff', shape: 'circle', word: 'LOW' },
} as const

/** What is written or drawn on what, with the least contrast that WCAG 2.2 asks for: 4.5 for text, 3 for shapes and borders. */
export const contrasts: readonly {
  readonly ink: ToneName
  readonly on: ToneName
  readonly least: number
}[] = [
  ...texts(['text', 'muted'], ['ground', 'panel', 'field', 'select']),
  ...texts(['p1', 'p2', 'p3', 'p4'], ['ground', 'panel', 'field', 'select']),
  ...(['ground', 'panel', 'field'] as const).map((on) => ({ ink: 'line' as const, on, least: 3 })),
]

/** Contrast of two colours after WCAG 2.2, 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** The style sheet's variables: day, unless the page's `data-theme` says night. */
export function paletteCss(): string {
  const rows = (theme: Theme) =>
    Object.entries(tones[theme])
      .map(([name, colour]) => `--${name}: ${colour};`)
      .join(' ')
  const fixed = Object.entries(marks)
    .map(([digit, { fill, ink }]) => `--fill${digit}: ${fill}; --ink${digit}: ${ink};`)
    .join(' ')
  return `:root { ${fixed} ${rows('day')} color-scheme: light; }
:root[data-theme='night'] { ${rows('night')} color-scheme: dark; }
@media print { :root[data-theme='night'] { ${rows('day')} color-scheme: light; } }
`
}

function texts(inks: readonly ToneName[], grounds: readonly ToneName[]) {
  return inks.flatMap((ink) => grounds.map((on) => ({ ink, on, least: 4.5 })))
}

/** Relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2, definitions). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
