// The source as the architecture rules see it: files with their text, and the same text with everything blanked that is not
// code. Blanking keeps length and lines, so that a place found in the code is the same place in the file.

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

/** A file by its path from the top of the repository, with `/` between folders. */
export type SourceFile = { readonly path: string; readonly text: string }

/** `what` says what is wrong and what to do. Lines count from 1. */
export type Violation = { readonly path: string; readonly line: number; readonly what: string }

export const repository = resolve(import.meta.dirname, '../..')

/** Every TypeScript file below these folders of the repository, in a fixed order. */
export function readSources(...folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => join(repository, folder, name)),
    )
    .sort()
    .map((full) => ({
      path: relative(repository, full).replaceAll('\\', '/'),
      text: readFileSync(full, 'utf8'),
    }))
}

export const lineAt = (text: string, offset: number): number =>
  text.slice(0, offset).split('\n').length

/** One line a violation, as a failing test shows them. */
export const violationText = (violations: readonly Violation[]): string =>
  violations.map(({ path, line, what }) => `\n  ${path}:${line} ${what}`).join('')

/** Every match of `pattern` in the code of a file, as a violation. */
export function findInCode(file: SourceFile, pattern: RegExp, what: string): readonly Violation[] {
  const code = codeOf(file.text)
  return [...code.matchAll(pattern)].map((match) => ({
    path: file.path,
    line: lineAt(code, match.index + match[0].length - match[0].trimStart().length),
    what: what.replace('%', match[0].trim()),
  }))
}

const blanked = new Map<string, string>()

/** The text with comments, regular expressions and the insides of strings blanked; `${}` parts of templates stay. */
export function codeOf(text: string): string {
  const known = blanked.get(text)
  if (known !== undefined) return known
  const code = scan(text)
  blanked.set(text, code)
  return code
}

function scan(text: string): string {
  let out = ''
  let at = 0
  /** Depth of braces at which each open template goes on. */
  const templates: number[] = []
  let depth = 0
  const keep = (to: number) => {
    out += text.slice(at, to)
    at = to
  }
  const blank = (to: number) => {
    out += text.slice(at, to).replaceAll(/[^\n]/g, ' ')
    at = to
  }
  while (at < text.length) {
    const char = text.charAt(at)
    const two = text.slice(at, at + 2)
    const resumes = char === '}' && templates.at(-1) === depth
    if (two === '//' || (two === '#!' && at === 0)) blank(endOf(text, at, '\n'))
    else if (two === '/*') blank(endOf(text, at, '*/') + 2)
    // The end of an element in TSX is no regular expression.
    else if (two === '</' || two === '/>') keep(at + 2)
    else if (char === "'" || char === '"') {
      keep(at + 1)
      blank(endOfString(text, at, char))
      keep(at + 1)
    } else if (char === '`' || resumes) {
      if (resumes) templates.pop()
      keep(at + 1)
      blank(endOfTemplatePart(text, at))
      if (text.charAt(at) === '$') {
        templates.push(depth)
        keep(at + 2)
      } else keep(at + 1)
    } else if (char === '/' && startsExpression(out)) blank(endOfRegExp(text, at))
    else {
      if (char === '{') depth += 1
      if (char === '}') depth -= 1
      keep(at + 1)
    }
  }
  return out
}

function endOf(text: string, from: number, mark: string): number {
  const end = text.indexOf(mark, from)
  return end < 0 ? text.length : end
}

function endOfString(text: string, from: number, quote: string): number {
  let at = from
  while (at < text.length && text.charAt(at) !== quote) at += text.charAt(at) === '\\' ? 2 : 1
  return at
}

function endOfTemplatePart(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charAt(at) !== '`' && text.slice(at, at + 2) !== '${')
    at += text.charAt(at) === '\\' ? 2 : 1
  return at
}

function endOfRegExp(text: string, from: number): number {
  let at = from + 1
  let inClass = false
  while (at < text.length && (inClass || text.charAt(at) !== '/')) {
    if (text.charAt(at) === '[') inClass = true
    if (text.charAt(at) === ']') inClass = false
    at += text.charAt(at) === '\\' ? 2 : 1
  }
  return at + 1
}

/** True where a value may begin, so that a slash opens a regular expression and is no division. */
const startsExpression = (before: string): boolean =>
  /(?:^|[(,=:[!&|?{};+\-*%<>~]|\breturn|\bcase|\btypeof)\s*$/.test(before.slice(-40))
