// The manual names for every rule of a switchover the story that shows it, and every story shows some rule.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, matchesGlob, resolve } from 'node:path'
import { matrix } from '../../src/core/gates/readiness.ts'

const repository = resolve(import.meta.dirname, '../..')
const folder = 'test/core/scenarios'
const page = readFileSync(join(repository, 'docs/switchover.md'), 'utf8')
const stories = readdirSync(join(repository, folder)).filter((name) => name.endsWith('.txt'))

/** The rows of the table: rule, and what stands in backticks beside it. */
const rows = page
  .slice(page.indexOf('## Every rule and the story that shows it'))
  .split('\n')
  .flatMap((line) => {
    const [, rule = '', shown = ''] = /^\| (.+?) \| (.*?) \|$/.exec(line) ?? []
    if (rule === '' || rule === 'rule' || /^-+$/.test(rule)) return []
    return [{ rule, names: [...shown.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name) }]
  })
const named = rows.flatMap(({ names }) => names)

describe('the index of rules in docs/switchover.md', () => {
  it('names something for every rule', () => {
    assert.ok(rows.length > 70, 'few rows: is the pattern still right?')
    const empty = rows.filter(({ rule, names }) => names.length === 0 && !rule.startsWith('**'))
    assert.deepEqual(
      empty.map(({ rule }) => rule).filter((rule) => !/maker/.test(rule)),
      [],
    )
  })

  it('names only stories and tests that exist', () => {
    const missing = named.filter((name) =>
      name.includes('/')
        ? !existsSync(join(repository, name))
        : !stories.some((story) => matchesGlob(story, name)),
    )
    assert.deepEqual(missing, [])
  })

  it('names every story', () => {
    const patterns = named.filter((name) => !name.includes('/'))
    const unnamed = stories.filter((story) => !patterns.some((name) => matchesGlob(story, name)))
    assert.deepEqual(
      unnamed,
      [],
      'add a row to docs/switchover.md: which rule does the story show?',
    )
  })

  it('tells no rule twice', () => {
    const rules = rows.map(({ rule }) => rule)
    assert.deepEqual(
      rules.filter((rule, index) => rules.indexOf(rule) !== index),
      [],
    )
  })
})

describe('the stories', () => {
  for (const story of stories) {
    it(`${story} begins with what it shows, in few sentences`, () => {
      const lines = readFileSync(join(repository, folder, story), 'utf8').split('\n')
      const end = lines.findIndex((line) => !line.startsWith('# '))
      const text = lines
        .slice(0, end)
        .map((line) => line.slice(2))
        .join(' ')
      assert.match(text, /[.]$/, 'opens with a comment that ends with a full stop')
      assert.ok(text.length >= 40, `too short: ${text}`)
      assert.ok(text.split(/[.] /).length <= 3, `more than three sentences: ${text}`)
    })
  }

  it('are at least 60', () => assert.ok(stories.length >= 60, `${stories.length}`))
})

describe('the table of what a late cycle does to each gate', () => {
  it('names the gates that say so in their titles', () => {
    const from = page.indexOf('## When the supervisor itself is late')
    const table = page.slice(from, page.indexOf('\n## ', from + 5))
    for (const gate of [
      'cycle',
      'clock',
      'fresh',
      'reachable',
      'heartbeat',
      'sync',
      'power',
      'interval',
    ] as const)
      assert.ok(table.includes(matrix[gate].title), matrix[gate].title)
  })
})
