// The first start on a plant: nobody has an account, the plant is watched at once, and whoever can read the service's own file makes
// the first account in the browser.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { password, type Rig, startRig } from './rig.ts'

describe('The first start', function () {
  this.timeout(60_000)
  let rig: Rig
  before(async () => {
    rig = await startRig({ unstarted: true })
    await rm(join(rig.folder, 'users.yaml'))
    await rig.restart()
  })
  after(() => rig.stop())

  const send = async (method: string, path: string, body?: object) => {
    const headers = { 'content-type': 'application/json' }
    const content = body && { headers, body: JSON.stringify(body) }
    const answer = await fetch(`${rig.service.url}${path}`, { method, ...content })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }

  it('watches the plant, lets nobody in, and becomes usable with the token that only its own user can read', async () => {
    await rig.waitFor('readiness', async () => (await send('GET', '/readyz')).status === 200)
    assert.equal((await send('GET', '/api/v1/plant')).status, 401)
    const file = await rig.waitFor(
      'the line that names the file',
      () => /token in (\S+) makes/.exec(rig.service.out())?.[1],
    )
    const token = (await readFile(file, 'utf8')).trim()
    const first = { user: 'egon', password }
    assert.equal((await send('POST', '/api/v1/setup', { token, ...first })).status, 201)
    const login = await send('POST', '/api/v1/login', first)
    assert.equal(login.body.role, 'engineer')
    assert.equal(existsSync(file), false)
    const journal = await rig.waitFor('the journal to say so', async () => {
      const segments = (await readdir(rig.journal)).map((name) => join(rig.journal, name))
      const text = (await Promise.all(segments.map((name) => readFile(name, 'utf8')))).join()
      return text.includes('egon made the first account') && text
    })
    assert.equal(`${rig.service.out()}${rig.service.error()}${journal}`.includes(token), false)
    assert.equal(rig.truth().writeFrames, 0)
  })

  it('is never offered again, also after a restart', async () => {
    rig.service.signal('SIGTERM')
    await rig.service.ended
    await rig.restart()
    assert.equal((await send('GET', '/api/v1/site')).body.setup, false)
    assert.doesNotMatch(rig.service.out(), /nobody has an account/)
  })
})
