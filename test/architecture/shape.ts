// How a file looks: its length and that of its functions, its opening comment, and the words that this repository does without.

import { basename } from 'node:path'
import { codeOf, findInCode, lineAt, type SourceFile, type Violation } from './source.ts'

export const fileLinesMax = 300
export const functionLinesMax = 70

/** What is written differently here, with what to write instead. */
const bannedCode: readonly (readonly [RegExp, string])[] = [
  [
    /(?:[:<|&]|\bas|\bsatisfies|=>)\s*any\b(?!\s*[.(])(?!\w)|(?<![.\w$])any(?:\[\]|>)/g,
    'the type any: say what it is, or unknown and look',
  ],
  [/[\w$)\]]!(?!=)/g, 'an assertion with "!": handle the case, or assert it in words'],
  [/(?<![.\w$])(?:const\s+)?enum\s+[\w$]+/g, '"%": Node cannot run it; write a union of literals'],
  [
    /(?<![.\w$])(?:namespace\s+[\w$.]+|module\s+[\w$]+)\s*\{/g,
    '"%": Node cannot run it; a file is the namespace',
  ],
  [/^export\s+default\b/gm, 'a default export: name it'],
  [/\b(?:describe|context|it|specify|suite|test)\.(?:only|skip)\b/g, '"%": run everything'],
]

const bannedNames = /^(?:index|utils?|helpers?|common|manager|misc)(?:\.test)?\.tsx?$/

/** Words and constructs that are not used in this repository. */
export function wordViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap((file) => [
    ...bannedCode.flatMap(([word, what]) => findInCode(file, word, what)),
    ...marks(file),
    ...(bannedNames.test(basename(file.path))
      ? [
          {
            path: file.path,
            line: 1,
            what: 'this name says nothing: name the one idea of the file',
          },
        ]
      : []),
  ])
}

/** A file says at its start what it is for. */
export function openingViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files
    .filter(({ text }) => !/^(?:#![^\n]*\n)?(?:\/\/ |\/\*)/.test(text))
    .map(({ path }) => ({ path, line: 1, what: 'open the file with what it is for, in a comment' }))
}

export function fileLengthViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length
    const what = `${lines} lines: split it by ideas, ${fileLinesMax} at most`
    return lines > fileLinesMax ? [{ path, line: fileLinesMax + 1, what }] : []
  })
}

export function functionLengthViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap(({ path, text }) =>
    functionsOf(text)
      .filter(({ lines }) => lines > functionLinesMax)
      .map(({ line, lines }) => ({
        path,
        line,
        what: `a function of ${lines} lines: ${functionLinesMax} at most; give its parts names`,
      })),
  )
}

/** Every function with a body in braces: its first line and its length in lines. */
export function functionsOf(
  text: string,
): readonly { readonly line: number; readonly lines: number }[] {
  const code = codeOf(text)
  const found: { line: number; lines: number }[] = []
  for (let open = code.indexOf('{'); open >= 0; open = code.indexOf('{', open + 1)) {
    const head = headOf(code.slice(0, open))
    if (head === undefined) continue
    const line = lineAt(code, head)
    found.push({ line, lines: lineAt(code, closeOf(code, open)) - line + 1 })
  }
  return found
}

const controls = /(?:^|[^.\w$])(?:if|for|while|switch|catch|with|await)\s*$/

/** Where the function begins whose body opens after `before`; undefined when what opens there is no body. */
function headOf(before: string): number | undefined {
  // The body of a class is no function, whatever function stands before it.
  if (/\bclass\s+[^{}();]*$/.test(before)) return undefined
  const arrow = /=>\s*$/.exec(before)
  if (arrow) return before.slice(0, arrow.index).search(/\S[^\n]*$/)
  const close = closingParenthesis(before)
  if (close === undefined) return undefined
  const open = openOf(before, close)
  const callee = before.slice(0, open)
  return controls.test(callee) || !/[\w$>\]]\s*$/.test(callee)
    ? undefined
    : callee.search(/\S[^\n]*$/)
}

/** The parenthesis that closes the parameters, with or without a return type after it. */
function closingParenthesis(before: string): number | undefined {
  const bare = before.trimEnd()
  if (bare.endsWith(')')) return bare.length - 1
  let type = bare
  // Type literals inside the return type are taken out, innermost first.
  for (let next = ''; next !== type; ) {
    next = type
    type = type.replace(/\{[^{}]*\}(?=[^{}]*$)/, (literal) => 'T'.repeat(literal.length))
  }
  const typed = /\)\s*:\s*[\w$][\w$\s.,<>[\]|&'"]*$/.exec(type.slice(-2000))
  return typed === null ? undefined : typed.index + Math.max(0, type.length - 2000)
}

function closeOf(code: string, open: number): number {
  let depth = 0
  for (let at = open; at < code.length; at++) {
    if (code.charAt(at) === '{') depth += 1
    if (code.charAt(at) === '}') depth -= 1
    if (depth === 0) return at
  }
  return code.length
}

function openOf(code: string, close: number): number {
  let depth = 0
  for (let at = close; at >= 0; at--) {
    if (code.charAt(at) === ')') depth += 1
    if (code.charAt(at) === '(') depth -= 1
    if (depth === 0) return at
  }
  return 0
}

/** Promises to come back later, also in comments. */
const marks = ({ path, text }: SourceFile): readonly Violation[] =>
  [...text.matchAll(/\b(?:TO[D]O|FI[X]ME|X[X]X)\b/g)].map((match) => ({
    path,
    line: lineAt(text, match.index),
    what: `"${match[0]}": do it now, or write it down where work is planned`,
  }))
