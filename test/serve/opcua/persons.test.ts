// Persons with a certificate at the OPC UA door: only one that is trusted, made for a person and bound to an account opens a session, and
// the account says who it is and what they may do.

import assert from 'node:assert/strict'
import { copyFile, mkdir, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { certificateDigest, certificateFacts } from '../../../src/serve/certificate.ts'
import { bindCertificate, removeUser, unbindCertificate } from '../../../src/serve/users-file.ts'
import { password, waitFor } from '../fixture.ts'
import { application, type Made, makeCertificate, type Wishes } from './certificates.ts'
import type { StandardClient } from './client.ts'
import { type DoorRig, startDoorRig } from './door-rig.ts'
import { openWire } from './wire.ts'

describe('A person with a certificate at the OPC UA door', function () {
  this.timeout(60_000)
  let rig: DoorRig
  before(async () => {
    rig = await startDoorRig({ sessionsMax: 40, connectionsMax: 60 })
    await rig.client('olga')
  })
  after(() => rig.stop())

  const persons = (...folders: readonly string[]) => join(rig.settings.pki, 'users', ...folders)
  const make = (wishes: Wishes): Promise<Made> => makeCertificate(join(rig.folder, 'made'), wishes)
  const open = (person: Pick<Made, 'der' | 'key'>): Promise<StandardClient> =>
    rig.client('', { person, pki: join(rig.folder, 'client') })

  /** As a person does with `bumpless certs trust`; the server sees it within a second. */
  async function trust({ name, certificateFile, thumbprint }: Made): Promise<void> {
    await mkdir(persons('trusted', 'certs'), { recursive: true })
    const file = persons('trusted', 'certs', `${name.replaceAll(/\W/g, '-')}[${thumbprint}].pem`)
    await copyFile(certificateFile, file)
    await new Promise((done) => setTimeout(done, 1_500))
  }
  function bind({ der }: Made, user: string): void {
    const certificate = certificateFacts(der)
    assert.ok(certificate)
    bindCertificate(rig.usersFile, user, certificate)
    rig.access.refresh()
  }
  const audited = (pattern: RegExp): Promise<void> =>
    waitFor(
      () => rig.audit.some((line) => pattern.test(line)),
      5_000,
      () => rig.audit.slice(-8).join('\n'),
    )

  it('is turned away while nobody trusts the certificate, and let in once somebody does and binds it', async () => {
    const made = await make({ name: 'Anna Berg' })
    await assert.rejects(open(made), /BadIdentityTokenRejected/)
    await audited(/ActivateSession of .* refused: BadIdentityTokenRejected/)
    const kept = await readdir(persons('rejected'))
    assert.equal(kept.length, 1, 'it is kept, so that a person can look at it')
    await rename(persons('rejected', kept[0] ?? ''), persons('trusted', 'certs', kept[0] ?? ''))
    await new Promise((done) => setTimeout(done, 1_500))
    await assert.rejects(open(made), /BadIdentityTokenRejected/, 'trusted, and nobody')
    await audited(/the certificate of Anna Berg \([0-9a-f]{12}\) is bound to no account/)
    bind(made, 'anna')
    const anna = await open(made)
    const done = await anna.call('Pairs.intake', 'LockOut', 'work on rack 3')
    assert.equal(done.statusCode.name, 'Good')
    const order = rig.orders.at(-1)
    assert.equal(order?.by.name, 'anna')
    assert.equal(order?.by.role, 'operator')
    assert.match(order?.by.via ?? '', /^opcua [0-9a-f]{6}$/)
    await audited(new RegExp(`anna logged in as operator .*${certificateDigest(made.der)}`))
    const denied = await anna.call('Pairs.intake', 'ReleaseLockout', 'work is done')
    assert.equal(denied.statusCode.name, 'BadUserAccessDenied')
    await audited(/call of .*ReleaseLockout by anna \(opcua/)
  })

  it('is nobody by the name in the certificate, whatever account has that name', async () => {
    const made = await make({ name: 'egon' })
    await trust(made)
    await assert.rejects(open(made), /BadIdentityTokenRejected/)
    await audited(/the certificate of egon .* is bound to no account/)
    bind(made, 'olga')
    const olga = await open(made)
    const denied = await olga.call('Pairs.intake', 'LockOut', 'as the engineer')
    assert.equal(denied.statusCode.name, 'BadUserAccessDenied')
    await audited(/call of .*LockOut by olga \(opcua/)
  })

  it('needs the key of the certificate, not only the certificate', async () => {
    const made = await make({ name: 'Bert Dahl' })
    const other = await make({ name: 'somebody else' })
    await trust(made)
    bind(made, 'bert')
    await assert.rejects(open({ der: made.der, key: other.key }), /BadUserSignatureInvalid/)
    await audited(/ActivateSession of .* refused: BadUserSignatureInvalid/)
  })

  const bad: readonly (readonly [string, Wishes, RegExp])[] = [
    ['has expired', { name: 'expired', fromDays: -30, toDays: -1 }, /BadIdentityTokenRejected/],
    ['is not valid yet', { name: 'early', fromDays: 2, toDays: 30 }, /BadIdentityTokenRejected/],
    [
      'was not made for signatures',
      { name: 'encipherer', extensions: ['keyUsage=critical,keyEncipherment'] },
      /certificate of encipherer, shown for a person .*key usage/,
    ],
    [
      'is one of an authority',
      { name: 'authority', extensions: ['basicConstraints=critical,CA:TRUE'] },
      /certificate of authority, shown for a person .*authority/,
    ],
    [
      'is one of another client application',
      { name: 'UaExpert', extensions: application('urn:hmi-3:UaExpert') },
      /certificate of UaExpert, shown for a person .*application/,
    ],
  ]
  for (const [what, wishes, said] of bad) {
    it(`is turned away when the certificate ${what}, trusted and bound or not`, async () => {
      const made = await make(wishes)
      await trust(made)
      bind(made, 'bert')
      const before = rig.audit.length
      await assert.rejects(open(made), /BadIdentityTokenRejected/)
      await waitFor(() => rig.audit.slice(before).some((line) => said.test(line)))
      assert.ok(!rig.audit.slice(before).some((line) => /logged in/.test(line)))
      unbindCertificate(rig.usersFile, 'bert', certificateDigest(made.der))
      rig.access.refresh()
    })
  }

  it('loses the session at once when the certificate is taken back, and only that session', async () => {
    const [made, other] = [await make({ name: 'Carl Holm' }), await make({ name: 'Carl at home' })]
    await trust(made)
    await trust(other)
    bind(made, 'carl')
    bind(other, 'carl')
    const [carl, atHome, byPassword] = [
      await open(made),
      await open(other),
      await rig.client('carl'),
    ]
    unbindCertificate(rig.usersFile, 'carl', certificateDigest(made.der).slice(0, 12))
    rig.access.refresh()
    await audited(/session of carl ended: the certificate of Carl Holm was taken back/)
    await isOut(carl)
    for (const client of [atHome, byPassword]) {
      assert.match(String(await client.value('Supervisor.Site')), /Westhaven/)
    }
    removeUser(rig.usersFile, 'carl')
    rig.access.refresh()
    await isOut(atHome)
    await assert.rejects(open(other), /BadIdentityTokenRejected/)
  })

  it('keeps the session when the wire is cut and the client comes back over another connection', async () => {
    const made = await make({ name: 'Bert again' })
    await trust(made)
    bind(made, 'bert')
    const wire = await openWire(rig.settings.port)
    try {
      const options = { person: made, pki: join(rig.folder, 'client'), url: wire.url, maxRetry: 20 }
      const bert = await rig.client('', options)
      const ended = (): number => rig.orders.filter(({ kind }) => kind === 'session-ended').length
      const before = ended()
      const session = String(bert.session.sessionId)
      wire.cut()
      const site = await rig.until(() => bert.value('Supervisor.Site').catch(() => undefined))
      assert.match(String(site), /Westhaven/)
      assert.equal(String(bert.session.sessionId), session)
      assert.equal(ended(), before, 'what was confirmed would be void')
      const done = await bert.call('Pairs.intake', 'ReleaseLockout', 'work is done')
      assert.equal(done.statusCode.name, 'Good')
      await bert.close()
    } finally {
      await wire.close()
    }
  })

  it('gives the password of the account where a confirmation asks for it, and no other', async () => {
    const made = await make({ name: 'Egon Foss' })
    await trust(made)
    bind(made, 'egon')
    const egon = await open(made)
    const confirm = (typed: string) =>
      egon.call('Pairs.intake.Switchover', 'Confirm', 'S-8', 'e1', '', '', typed, '', '')
    assert.equal((await confirm('')).statusCode.name, 'Good')
    const without = rig.orders.at(-1)
    assert.ok(without?.kind === 'confirm' && !without.reauthenticated, 'a key is no password')
    assert.equal((await confirm('not the password')).statusCode.name, 'BadUserAccessDenied')
    assert.equal((await confirm(password)).statusCode.name, 'Good')
    const again = rig.orders.at(-1)
    assert.ok(again?.kind === 'confirm' && again.reauthenticated)
  })

  /** His client goes on trying to come back; that it gets nothing is what counts. */
  async function isOut(client: StandardClient): Promise<void> {
    const got = client.value('Supervisor.Site').then(
      () => 'a value',
      () => 'nothing',
    )
    const later = new Promise((done) => setTimeout(done, 1_500, 'nothing'))
    assert.equal(await Promise.race([got, later]), 'nothing')
  }
})
