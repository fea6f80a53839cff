// The files as a graph of imports: circles in it, files that no program reaches, and exports that nobody imports.

import { exportsOf, importsOf } from './imports.ts'
import { codeOf, type SourceFile, type Violation } from './source.ts'

/** Circles of imports, types included: files that can only be understood together. */
export function cycleViolations(files: readonly SourceFile[]): readonly Violation[] {
  const edges = new Map(files.map((file) => [file.path, importsOf(file)]))
  const done = new Set<string>()
  const found: Violation[] = []
  const told = new Set<string>()
  const visit = (path: string, trail: readonly string[]) => {
    const begins = trail.indexOf(path)
    if (begins >= 0) {
      const circle = trail.slice(begins)
      const key = [...circle].sort().join()
      if (told.has(key)) return
      told.add(key)
      const last = circle.at(-1) ?? path
      const line = edges.get(last)?.find((one) => one.target === path)?.line ?? 1
      const what = `closes a circle: ${[...circle, path].join(' -> ')}; move what both need into a file of its own`
      found.push({ path: last, line, what })
      return
    }
    if (done.has(path)) return
    for (const { target } of edges.get(path) ?? [])
      if (target !== undefined && edges.has(target)) visit(target, [...trail, path])
    done.add(path)
  }
  for (const { path } of files) visit(path, [])
  return found
}

/** Files that none of the programs `roots` reaches, and imports of files that are not there. */
export function deadFileViolations(
  files: readonly SourceFile[],
  roots: readonly string[],
): readonly Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const reached = new Set<string>()
  const missing: Violation[] = []
  const visit = (path: string) => {
    const file = byPath.get(path)
    if (file === undefined || reached.has(path)) return
    reached.add(path)
    for (const { target, line } of importsOf(file)) {
      if (target === undefined) continue
      if (byPath.has(target)) visit(target)
      else missing.push({ path, line, what: `imports ${target}, which is not there` })
    }
  }
  for (const root of roots) visit(root)
  const dead = files
    .filter((file) => !reached.has(file.path))
    .map(({ path }) => ({
      path,
      line: 1,
      what: `no program reaches it (${roots.join(', ')}); use it or delete it`,
    }))
  return [...missing, ...dead]
}

/**
 * Exports of `files` that no other file of `files` or `users` imports. A type that its own file uses counts as used: it names
 * a part of a signature there, and readers look for it by its name. A class counts as a type. `kept` lists exceptions as `path name`.
 */
export function deadExportViolations(
  files: readonly SourceFile[],
  users: readonly SourceFile[],
  kept: readonly string[] = [],
): readonly Violation[] {
  const used = new Map<string, Set<string>>()
  for (const file of [...files, ...users])
    for (const { target, names } of importsOf(file)) {
      if (target === undefined || target === file.path) continue
      const known = used.get(target) ?? new Set()
      for (const name of names) known.add(name)
      used.set(target, known)
    }
  return files.flatMap((file) => {
    const known = used.get(file.path) ?? new Set()
    return exportsOf(file)
      .filter(({ name }) => !known.has(name) && !known.has('*'))
      .filter(({ name, isType }) => !(isType && usedInside(file, name)))
      .filter(({ name }) => !kept.includes(`${file.path} ${name}`))
      .map(({ name, line }) => ({
        path: file.path,
        line,
        what: `nobody imports ${name}: drop the word export, or delete it`,
      }))
  })
}

const usedInside = ({ text }: SourceFile, name: string): boolean =>
  codeOf(text).split(new RegExp(`(?<![.\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`)).length > 2
