import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { play } from './story.ts'

// REWRITE=1 writes the answers anew. Commit a changed answer only when you understand what changed it.
describe('scenarios: what the supervisor does, told as stories', () => {
  const folder = join(import.meta.dirname, 'scenarios')
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt'))) {
    it(readFileSync(join(folder, name), 'utf8').split('\n')[0]?.replace(/^# /, '') ?? name, () => {
      const file = join(folder, name)
      const text = readFileSync(file, 'utf8')
      const played = play(text)
      if (process.env.REWRITE) writeFileSync(file, played)
      else assert.equal(played, text)
    })
  }
})
