// The manual agrees with the code: what is printed from it is current, what is linked exists, and every command that is named
// is one.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { manualPages, withSections } from '../../src/cli/manual.ts'
import { readSources } from '../architecture/source.ts'

const repository = resolve(import.meta.dirname, '../..')
const read = (page: string): string => readFileSync(join(repository, page), 'utf8')

describe('the manual', () => {
  for (const page of manualPages()) {
    it(`has in ${page} what the code says now`, () => {
      const text = read(page)
      assert.equal(text, withSections(page, text), `${page} is not current: npm run manual`)
    })

    it(`links in ${page} only to files and headings that exist`, () => {
      for (const [, target = ''] of outsideCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target)) continue
        const [path = '', heading] = target.split('#')
        const file = path === '' ? page : join(dirname(page), path)
        assert.ok(existsSync(join(repository, file)), `${page} links to ${target}: no such file`)
        if (heading !== undefined)
          assert.ok(
            headings(read(file)).includes(heading),
            `${page} links to ${target}: no heading`,
          )
      }
    })
  }

  it('prints each part somewhere, so that none is written for nobody', () => {
    const marks = manualPages().flatMap((page) =>
      [...read(page).matchAll(/<!-- generated: (.+?) -->/g)].map((match) => match[1]),
    )
    for (const part of ['phases', 'refusals', 'gates', 'alarms', 'rights', 'exit codes'])
      assert.ok(marks.includes(part), `no page shows the part "${part}"`)
  })

  it('names on the map of the code only files that exist', () => {
    const text = read('docs/architecture.md')
    const paths = readSources('src', 'plc-sim', 'test').map((file) => `/${file.path}`)
    const named = [...text.matchAll(/`([\w./-]+\.ts)`/g)].map(([, name = '']) => name)
    assert.ok(named.length > 30, 'the map names few files: is the pattern still right?')
    for (const name of named)
      assert.ok(
        paths.some((path) => path.endsWith(`/${name}`)),
        `docs/architecture.md names ${name}, which is not there`,
      )
  })

  it('names only commands and options that bumpless has', function () {
    this.timeout(60_000)
    const named = new Map<string, Set<string>>()
    for (const page of manualPages())
      for (const [, words = ''] of read(page).matchAll(/npx bumpless ([^`\n#|>]+)/g)) {
        const [command = ''] = words.trim().split(/\s+/)
        const options = named.get(command) ?? new Set()
        for (const [option] of words.matchAll(/--[a-z][a-z-]*/g)) options.add(option)
        named.set(command, options)
      }
    assert.ok(named.size > 10, 'the manual names few commands: is the pattern still right?')
    for (const [command, options] of named) {
      if (command.startsWith('-')) continue
      const help = helpOf(command)
      for (const option of options)
        assert.ok(help.includes(option), `bumpless ${command} has no option ${option}`)
    }
  })
})

describe('the printing of the manual', () => {
  it('replaces what stands between the marks and nothing else', () => {
    const page = 'one\n<!-- generated: exit codes -->\nold\n<!-- end -->\ntwo\n'
    const text = withSections('page', page)
    assert.match(text, /^one\n<!-- generated: exit codes -->\n\n\| code \|/)
    assert.match(text, /\n\n<!-- end -->\ntwo\n$/)
    assert.doesNotMatch(text, /old/)
    assert.equal(withSections('page', text), text)
  })

  it('refuses a mark that names nothing, and one that is never closed', () => {
    const wrong = '<!-- generated: phase -->\n<!-- end -->\n'
    assert.throws(() => withSections('page', wrong), /nothing is generated as "phase"/)
    assert.throws(() => withSections('page', '<!-- generated: gates -->\n'), /not closed/)
  })
})

/** What a command says of itself, with its subcommands; a name that is no command fails the test. */
function helpOf(command: string): string {
  const main = join(repository, 'src/main.ts')
  const help = (words: readonly string[]): string =>
    execFileSync(process.execPath, [main, ...words, '--help'], { encoding: 'utf8' })
  assert.match(
    help([]),
    new RegExp(`^ {2}${command}\\b`, 'm'),
    `bumpless has no command ${command}`,
  )
  const own = help([command])
  const subcommands = [...(own.split('\nCommands:')[1] ?? '').matchAll(/^ {2}([a-z-]+)/gm)]
  return [
    own,
    ...subcommands.flatMap(([, sub = '']) => (sub === 'help' ? [] : help([command, sub]))),
  ].join('')
}

const outsideCode = (text: string): string => text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '')

/** The anchors of a page's headings, as the common viewers make them. */
const headings = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  )
