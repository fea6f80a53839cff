// What a file imports and exports, read from its text. Enough for this repository's one way of writing it: named imports and
// exports at the start of a line, no default exports, no barrels.

import { posix } from 'node:path'
import { codeOf, lineAt, type SourceFile } from './source.ts'

export type Import = {
  readonly line: number
  /** As written: `./plan.ts`, `rxjs`, `node:fs`. */
  readonly specifier: string
  /** Path from the top of the repository; absent for packages. */
  readonly target?: string
  /** Names that are taken; `*` where it may be any. */
  readonly names: readonly string[]
  /** True when nothing of it remains at run time. */
  readonly typesOnly: boolean
}

export type Export = { readonly line: number; readonly name: string; readonly isType: boolean }

const statement =
  /^(?:import|export)\s+(type\s+)?(\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?|[\w$]+(?:\s*,\s*\{[^}]*\})?)\s+from\s*(['"])/gm
const sideEffect = /^import\s*(['"])/gm
const dynamic = /(?:const\s*\{([^}]*)\}\s*=\s*)?(\(?await\s+)?\bimport\(\s*(['"])/g
const exported =
  /^export\s+(?:declare\s+)?(?:async\s+)?(?:const|let|var|function\*?|enum|(type|interface|class|abstract\s+class))\s+([\w$]+)/gm
const exportList = /^export\s+(?:type\s+)?\{([^}]*)\}(?!\s*from)/gm

export function importsOf(file: SourceFile): readonly Import[] {
  const code = codeOf(file.text)
  const found: Import[] = []
  const add = (from: number, quoteAt: number, names: readonly string[], typesOnly: boolean) => {
    const quote = file.text.charAt(quoteAt)
    const specifier = file.text.slice(quoteAt + 1, file.text.indexOf(quote, quoteAt + 1))
    const target = specifier.startsWith('.')
      ? { target: posix.normalize(posix.join(posix.dirname(file.path), specifier)) }
      : {}
    found.push({ line: lineAt(code, from), specifier, ...target, names, typesOnly })
  }
  for (const match of code.matchAll(statement)) {
    const [all, type, clause = ''] = match
    const parts = partsOf(clause)
    const typesOnly = type !== undefined || parts.every((part) => part.startsWith('type '))
    add(match.index, match.index + all.length - 1, parts.map(nameOf), typesOnly)
  }
  for (const match of code.matchAll(sideEffect))
    add(match.index, match.index + match[0].length - 1, [], false)
  for (const match of code.matchAll(dynamic)) {
    const [all, destructured, awaited] = match
    const end = match.index + all.length
    const after = /^[^'"]*['"]\s*\)\)?\s*\.\s*([\w$]+)/.exec(code.slice(end))
    const names = destructured ? partsOf(destructured).map(nameOf) : [after?.[1] ?? '*']
    add(match.index, end - 1, names, awaited === undefined && after !== null)
  }
  return found
}

export function exportsOf(file: SourceFile): readonly Export[] {
  const code = codeOf(file.text)
  const lists = [...code.matchAll(exportList)].flatMap((match) =>
    partsOf(match[1] ?? '').map((part) => ({
      line: lineAt(code, match.index),
      name: part.split(/\s+as\s+/).at(-1) ?? part,
      isType: false,
    })),
  )
  const single = [...code.matchAll(exported)].map((match) => ({
    line: lineAt(code, match.index),
    name: match[2] ?? '',
    isType: match[1] !== undefined,
  }))
  return [...single, ...lists]
}

/** The package of a specifier: `@fastify/rate-limit`, `rxjs`, `node:fs`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const partsOf = (clause: string): readonly string[] =>
  clause.startsWith('*')
    ? ['*']
    : clause
        .replaceAll(/[{}]/g, ' ')
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')

/** `type A as B` imports A; `a: b` in a destructuring takes a. */
const nameOf = (part: string): string =>
  part
    .replace(/^type\s+/, '')
    .split(/\s+as\s+|\s*:\s*/)
    .at(0) ?? part
