// Colour and characters of the terminal. Colour goes to alarms and deviations only and never stands alone: the word is
// always there. Text is written plain first; `--ascii` then replaces what a 7-bit terminal cannot show.

import { styleText } from 'node:util'

export type Paint = {
  /** Both active, none active, a failed step: the reverse-video red of the highest priority. */
  readonly alarm: (text: string) => string
  /** A deviation that blocks or needs a look. */
  readonly warn: (text: string) => string
  readonly strong: (text: string) => string
  /** Old or secondary text. */
  readonly faint: (text: string) => string
  /** Replaces characters that the terminal may not have. */
  readonly letters: (text: string) => string
}

export function makePaint(options: { colour: boolean; ascii: boolean }): Paint {
  const style =
    (format: Parameters<typeof styleText>[0]) =>
    (text: string): string =>
      options.colour ? styleText(format, text, { validateStream: false }) : text
  return {
    alarm: style(['bold', 'inverse', 'red']),
    warn: style(['bold', 'yellow']),
    strong: style('bold'),
    faint: style('dim'),
    letters: options.ascii ? asciiOnly : (text) => text,
  }
}

const replacements: Readonly<Record<string, string>> = {
  '…': '...',
  '–': '-',
  '—': '-',
  '→': '->',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  '±': '+-',
  '·': '-',
  '°': 'deg ',
  '×': 'x',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  µ: 'u',
  '\u00a0': ' ',
}

/** Every character outside 7-bit ASCII becomes its nearest spelling, or `?`. Control sequences pass. */
export function asciiOnly(text: string): string {
  return Array.from(text.normalize('NFC'), (character) => {
    if (character <= '\u007f') return character
    const known = replacements[character]
    if (known !== undefined) return known
    const base = character.normalize('NFD').charAt(0)
    return base <= '\u007f' ? base : '?'
  }).join('')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape is what a control sequence begins with
const controls = /\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f\u0080-\u009f]/g

/** Text from the plant or from people may not move the cursor or ring the bell: its control characters are taken out. */
export const withoutControls = (text: string): string => text.replace(controls, '')
