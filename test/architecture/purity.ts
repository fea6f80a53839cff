// What a pure file may not do: look at a clock, draw a random number, wait, ask the world, or remember anything between calls.

import { importsOf } from './imports.ts'
import { codeOf, findInCode, lineAt, type SourceFile, type Violation } from './source.ts'

/** Pure files outside the core. They may hash and assert, and nothing else of Node. */
export const pureFiles: readonly string[] = [
  'src/field/modbus/plan.ts',
  'src/field/modbus/decode.ts',
  'src/field/modbus/mbap.ts',
  'src/field/derive.ts',
  'src/field/meaning.ts',
  'src/field/grid.ts',
  'src/journal/chain.ts',
  'src/journal/recover.ts',
  'src/recorder/exact.ts',
  'src/recorder/difference.ts',
  'src/recorder/packed-image.ts',
  'src/recorder/decision.ts',
  'src/recorder/segment-lines.ts',
  'src/serve/delta.ts',
  'src/serve/handover-report.ts',
  'src/serve/screen-events.ts',
  'src/cli/evidence-text.ts',
  'src/cli/plant-report.ts',
  'src/cli/progress-text.ts',
  'src/cli/table.ts',
]

export const isPure = ({ path }: SourceFile): boolean =>
  path.startsWith('src/core/') || pureFiles.includes(path)

/** A `new Date(ms)` of a time that was handed in is a conversion and allowed; a look at the clock is not. */
const words: readonly (readonly [RegExp, string])[] = [
  [/(?<!new )\bDate\b|\bnew Date\(\s*\)/g, 'take the time from Input (nowMs, wallMs)'],
  [/\bperformance\b/g, 'take the time from Input (nowMs)'],
  [/\bMath\.random\b|(?<!\.)\bcrypto\b/g, 'hand the number in'],
  [
    /\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/g,
    'keep a deadline in State and compare it with nowMs',
  ],
  [/(?<![.\w])process\s*[.[]/g, 'hand the value in'],
  [/(?<![.\w])console\b/g, 'return the text'],
  [
    /\basync\b|\bawait\b|\bPromise\b/g,
    'decide at once; what must be waited for comes with a later Input',
  ],
  [/(?<![.\w])fetch\b|\bglobalThis\b/g, 'hand the answer in'],
  [/(?<![.\w])class\s+[\w$]+/g, 'write a type and functions'],
  [/^(?:export\s+)?(?:let|var)\b/gm, 'keep it in State'],
]

const mayTake: Readonly<Record<string, readonly string[]>> = {
  'node:assert': ['*'],
  'node:assert/strict': ['*'],
  'node:crypto': ['createHash', 'hash'],
}

export function purityViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files
    .filter(isPure)
    .flatMap((file) => [
      ...words.flatMap(([word, mend]) => findInCode(file, word, `"%" in a pure file: ${mend}`)),
      ...nodeImports(file),
      ...moduleState(file),
    ])
}

function nodeImports(file: SourceFile): readonly Violation[] {
  return importsOf(file).flatMap(({ specifier, names, line }) => {
    if (!specifier.startsWith('node:')) return []
    const taken = mayTake[specifier]
    const foreign = names.filter((name) => !taken?.includes('*') && !taken?.includes(name))
    return foreign.map((name) => ({
      path: file.path,
      line,
      what: `${name} of ${specifier} in a pure file: do it in the file that calls this one`,
    }))
  })
}

const mutators = 'push|pop|shift|unshift|splice|sort|reverse|fill|set|add|delete|clear'

/** Things of the module itself that calls could change. */
function moduleState(file: SourceFile): readonly Violation[] {
  const code = codeOf(file.text)
  const constants = [...code.matchAll(/^(?:export\s+)?const\s+([\w$]+)/gm)].map(
    (match) => match[1] ?? '',
  )
  return constants.flatMap((name) => {
    const own = name.replaceAll('$', '\\$')
    const change = new RegExp(
      `(?<![.\\w$])${own}(?:\\.(?:${mutators})\\(|(?:\\.[\\w$]+|\\[[^\\]]*\\])\\s*(?:[-+*/|&?]|\\|\\||&&|\\?\\?)?=(?![=>]))`,
      'g',
    )
    return [...code.matchAll(change)].map((match) => ({
      path: file.path,
      line: lineAt(code, match.index),
      what: `changes ${name}, which belongs to the whole module: keep it in State or make it inside the function`,
    }))
  })
}
