// The manual's page on profiles against the profiles and their schema, so that neither is forgotten when the other changes.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { readProfile } from '../../src/config/profile.ts'
import { profileSchema } from '../../src/config/profile-schema.ts'

const root = path.resolve(import.meta.dirname, '../..')
const page = readFileSync(path.join(root, 'docs/profiles.md'), 'utf8')

/** The rows of the page's tables whose first cell is code, by that cell. */
const rows = new Map(
  page.split('\n').flatMap((line) => {
    const [, key] = /^\| `([^`]+)` \|/.exec(line) ?? []
    return key === undefined ? [] : [[key, line] as const]
  }),
)

describe('The manual on profiles', () => {
  it('explains every key that a profile may have', () => {
    for (const key of Object.keys(profileSchema.shape)) assert.ok(rows.has(key), key)
  })

  it('lists every profile with what it reads and whether it was tried on hardware', () => {
    for (const file of readdirSync(path.join(root, 'config/profiles'))) {
      const name = path.basename(file, '.yaml')
      const found = readProfile(name, path.join(root, 'plant.yaml'))
      assert.equal(found.kind, 'read')
      const row = rows.get(name)
      assert.ok(row !== undefined, `${name} has no row`)
      assert.equal(row.split('|')[4]?.trim(), found.profile.verified ? 'yes' : 'no', name)
    }
  })

  it('lists no profile that does not exist', () => {
    const listed = [...rows].filter(([, row]) => row.split('|').length > 6).map(([key]) => key)
    const files = readdirSync(path.join(root, 'config/profiles'))
    assert.deepEqual(
      listed.toSorted(),
      files.map((file) => path.basename(file, '.yaml')).toSorted(),
    )
  })
})
