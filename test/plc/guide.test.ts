// The commissioning guide in config/plc agrees with the text beside it, with the protocol page and with what `probe --block` can do.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { plcFiles, StUnit } from './st-unit.ts'

const guideAt = new URL('../../config/plc/README.md', import.meta.url)
const guide = readFileSync(guideAt, 'utf8')
const page = readFileSync(new URL('../../docs/protocols.md', import.meta.url), 'utf8')

describe('The guide to the function block', () => {
  it('names its files in the order in which they are loaded', () => {
    const named = [...guide.matchAll(/^\| `(bumpless_\w+\.st)` /gm)].map(([, name]) => name)
    assert.deepEqual(named, [...plcFiles])
  })

  it('has a line in its checklist for every result code of the protocol page', () => {
    const listed = page.slice(page.indexOf('## 4 Result codes'), page.indexOf('### How a block'))
    const codes = [...listed.matchAll(/^\| (\d+) \| ([A-Z_]+) \| /gm)].map(
      ([, code, name]) => `${code} ${name}`,
    )
    assert.ok(codes.length >= 24)
    const checklist = guide.slice(guide.indexOf('| code | how | who |'))
    const missing = codes.filter((code) => code !== '0 NONE' && !checklist.includes(code))
    assert.deepEqual(missing, [])
  })

  it('says of every input where it comes from, and names none that is not there', () => {
    const wiring = guide.slice(guide.indexOf('## Wiring'), guide.indexOf('## Times'))
    const rows = [...wiring.matchAll(/^\| (`.+?) \|/gm)].map(([, cell = '']) => cell).join(' ')
    const named = [...rows.matchAll(/`(\w+)`/g)].map(([, name = '']) => name.toUpperCase())
    const { slots } = new StUnit('BUMPLESS_BLOCK').part
    const inputs = [...slots.values()].filter(({ variable }) => variable.section === 'input')
    const wired = inputs.map(({ variable }) => variable.name).filter((name) => name !== 'COMMAND')
    assert.deepEqual(named.sort(), wired.sort())
  })

  it('says how much memory must be retained', () => {
    const { slots } = new StUnit('BUMPLESS_BLOCK').part
    const bytes = [...slots.values()]
      .filter(({ variable }) => variable.section === 'retain')
      .map(({ variable: { type } }) =>
        type.kind === 'scalar' && ['UDINT', 'DWORD'].includes(type.name) ? 4 : 2,
      )
    const sum = bytes.reduce((left: number, right) => left + right, 0)
    assert.ok(guide.includes(`| ${sum} bytes retained |`), `${sum} bytes`)
  })

  it('links only to files that exist', () => {
    for (const [, target = ''] of guide.matchAll(/\]\(([^)]+)\)/g)) {
      assert.ok(existsSync(new URL(target, guideAt)), target)
    }
  })
})
