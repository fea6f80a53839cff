// The certificate of our own OPC UA server: it is replaced while the service runs, and told of before it ends.

import assert from 'node:assert/strict'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { endText } from '../../../src/serve/opcua/own-certificate.ts'
import { renewCertificate } from '../../../src/serve/opcua/renew-certificate.ts'
import { waitFor } from '../fixture.ts'
import { type DoorRig, startDoorRig } from './door-rig.ts'

describe('The certificate of our OPC UA server', function () {
  this.timeout(60_000)
  let rig: DoorRig
  before(async () => {
    rig = await startDoorRig()
  })
  after(() => rig.stop())

  const audited = (pattern: RegExp): boolean => rig.audit.some((line) => pattern.test(line))

  it('is replaced while the service runs: its OPC UA server starts anew, the cycles go on, sessions end', async () => {
    const anna = await rig.client('anna')
    assert.match(String(await anna.value('Supervisor.Site')), /Westhaven/)
    const cycle = rig.board.current()?.view.cycle ?? 0
    const renewed = await renewCertificate(rig.settings.pki, 3650)
    assert.notEqual(renewed.before, renewed.now)
    await waitFor(() => audited(/starts anew with its new certificate/))
    await waitFor(() => audited(/session of anna ended/))
    const again = await rig.until(() =>
      rig.client('anna', { pki: join(rig.folder, 'client') }).catch(() => undefined),
    )
    assert.equal(again.serverThumbprint(), renewed.now)
    assert.match(String(await again.value('Supervisor.Site')), /Westhaven/)
    assert.ok((rig.board.current()?.view.cycle ?? 0) > cycle + 50, 'the cycles went on')
  })

  it('leaves the old one and its key where nobody but us reads them', async () => {
    const replaced = join(rig.settings.pki, 'own', 'replaced')
    const [folder = ''] = await readdir(replaced)
    assert.match(folder, /^\d{4}-\d\d-\d\d-[0-9a-f]{12}$/)
    assert.deepEqual((await readdir(join(replaced, folder))).sort(), [
      'certificate.pem',
      'private_key.pem',
    ])
    assert.equal((await stat(join(replaced, folder))).mode & 0o077, 0)
    const key = join(rig.settings.pki, 'own', 'private', 'private_key.pem')
    assert.equal((await stat(key)).mode & 0o077, 0)
  })

  it('is warned of in the journal before it ends', async () => {
    await renewCertificate(rig.settings.pki, 12)
    await waitFor(() => audited(/certificate of the OPC UA server ends on .* in 1[12] days/))
    assert.ok(audited(/bumpless certs renew/))
  })

  it('is warned of from 60 days before its end', () => {
    const end = Date.parse('2027-03-01')
    const dayMs = 86_400_000
    assert.equal(endText(end, end - 61 * dayMs), undefined)
    assert.equal(endText(end, end - 60 * dayMs + 1), 'ends on 2027-03-01, in 59 days')
    assert.equal(endText(end, end - 1_000), 'ends on 2027-03-01, within a day')
    assert.equal(endText(end, end), 'ended on 2027-03-01')
  })

  it('cannot be replaced before there is one', async () => {
    await assert.rejects(
      renewCertificate(join(rig.folder, 'nothing'), 10),
      /makes one at its first/,
    )
  })
})
