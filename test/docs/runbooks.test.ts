// Every alarm has a runbook that fits on a screen, with the same headings in the same order, so that nobody has to search at night.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type AlarmEntry, catalogue } from '../../src/core/alarms/alarm-catalogue.ts'

const folder = resolve(import.meta.dirname, '../../docs/runbooks')
const headings = [
  'What it means',
  'What the supervisor does now',
  'First look',
  'Likely causes',
  'What to do',
  'When it clears',
  'Whom to call',
  'Never',
]
/** One screen, as a terminal or a printed page shows it. */
const linesMax = 65
const words = { 1: 'critical', 2: 'high', 3: 'medium', 4: 'low' } as const

describe('the runbooks', () => {
  for (const [key, { priority }] of Object.entries<AlarmEntry>(catalogue)) {
    describe(`of ${key}`, () => {
      const file = join(folder, `${key}.md`)
      const text = existsSync(file) ? readFileSync(file, 'utf8') : ''

      it('is there, and says which alarm it is about and how urgent that is', () => {
        assert.ok(text !== '', `docs/runbooks/${key}.md is missing: write it, with these headings`)
        assert.match(
          text,
          new RegExp(`^# .+ \\(\`${key}\`\\)\n\nPriority ${priority}, ${words[priority]}\\.`),
        )
      })

      it('has its headings in the usual order, and something under each', () => {
        const found = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
        assert.deepEqual(found, headings)
        for (const part of text.split(/^## .+$/m).slice(1))
          assert.ok(part.trim().length > 20, `too little in docs/runbooks/${key}.md`)
      })

      it('begins the look with a command and what should be seen', () => {
        const [, look = ''] = /## First look\n\n```text\n([\s\S]*?)```/.exec(text) ?? []
        assert.match(look, /^\$ npx bumpless /, 'the first line is a command')
      })

      it('fits on a screen', () => {
        assert.ok(text.split('\n').length <= linesMax, `${text.split('\n').length} lines`)
      })
    })
  }

  it('are about alarms that exist', () => {
    const pages = readdirSync(folder).filter((name) => name !== 'README.md')
    const keys = pages.map((name) => name.replace(/\.md$/, ''))
    assert.deepEqual(
      keys.filter((key) => !Object.hasOwn(catalogue, key)),
      [],
    )
  })

  it('are linked from the list of all alarms', () => {
    const list = readFileSync(join(folder, '../alarms.md'), 'utf8')
    for (const key of Object.keys(catalogue))
      assert.ok(list.includes(`(runbooks/${key}.md)`), `docs/alarms.md does not link ${key}`)
  })
})
