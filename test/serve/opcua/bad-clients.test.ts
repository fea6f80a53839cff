// Clients that are not what they should be: every one ends with the status code of the standard and a line in the journal, and those who
// are in stay in.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { copyFile, readdir, rename } from 'node:fs/promises'
import net from 'node:net'
import { join } from 'node:path'
import {
  ActivateSessionRequest,
  CloseSessionRequest,
  CreateSessionRequest,
  type NodeId,
} from 'node-opcua'
import { password, waitFor } from '../fixture.ts'
import { application, type Made, makeCertificate, type Wishes } from './certificates.ts'
import type { StandardClient } from './client.ts'
import { type DoorRig, startDoorRig } from './door-rig.ts'
import { again, RawClient, readRequest } from './raw-client.ts'

describe('A bad client of the OPC UA door', function () {
  this.timeout(60_000)
  let rig: DoorRig
  let anna: StandardClient
  before(async () => {
    rig = await startDoorRig({ sessionsMax: 10, connectionsMax: 14 })
    anna = await rig.client('anna')
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close()
    assert.match(String(await anna.value('Supervisor.Site')), /Westhaven/, 'who is in stays in')
  })
  after(() => rig.stop())

  const uri = 'urn:hmi-3:UaExpert'
  const make = (wishes: Wishes): Promise<Made> =>
    makeCertificate(join(rig.folder, 'made'), { extensions: application(uri), ...wishes })
  const clients: RawClient[] = []
  async function raw(made?: Made): Promise<RawClient> {
    const client = await RawClient.open({
      ...{ url: rig.door.url, pki: join(rig.folder, made === undefined ? 'client' : 'raw') },
      ...(made && { made, applicationUri: uri }),
    })
    clients.push(client)
    return client
  }
  async function trust({ name, certificateFile, thumbprint }: Made): Promise<void> {
    const file = `${name}[${thumbprint}].pem`
    await copyFile(certificateFile, join(rig.settings.pki, 'trusted', 'certs', file))
    await new Promise((done) => setTimeout(done, 1_500))
  }
  /** Does it, and sees that the journal has a line about it. */
  async function audited(pattern: RegExp, work: () => Promise<void>): Promise<void> {
    const before = rig.audit.length
    await work()
    await waitFor(
      () => rig.audit.slice(before).some((line) => pattern.test(line)),
      5_000,
      () => `the journal says: ${rig.audit.slice(before).join('\n')}`,
    )
  }
  function sent<T>(client: StandardClient, type: new (...given: never[]) => T): T {
    const found = client.sent.findLast((request) => request instanceof type)
    assert.ok(found instanceof type)
    return found
  }
  const tokenOf = (client: StandardClient): NodeId =>
    sent(client, ActivateSessionRequest).requestHeader.authenticationToken

  describe('with a certificate', () => {
    it('that nobody trusts is turned away, and named', async () => {
      const made = await make({ name: 'stranger' })
      await audited(/client stranger turned away: BadCertificateUntrusted/, () =>
        assert.rejects(raw(made), /BadSecurityChecksFailed/),
      )
    })

    it('that has expired is turned away, trusted or not', async () => {
      const made = await make({ name: 'expired', fromDays: -30, toDays: -1 })
      await trust(made)
      await audited(/client expired turned away: BadCertificateTimeInvalid/, () =>
        assert.rejects(raw(made), /BadCertificateTimeInvalid/),
      )
    })

    it('that is not valid yet is turned away, trusted or not', async () => {
      const made = await make({ name: 'early', fromDays: 2, toDays: 30 })
      await trust(made)
      await audited(/client early turned away: BadCertificateTimeInvalid/, () =>
        assert.rejects(raw(made), /BadCertificateTimeInvalid/),
      )
    })

    it('that belongs to another application gets no session', async () => {
      const made = await make({ name: 'hmi', extensions: application('urn:somebody:else') })
      await trust(made)
      const client = await raw(made)
      const request = again(sent(anna, CreateSessionRequest))
      request.clientNonce = randomBytes(32)
      await audited(/CreateSession of \S+ refused: BadCertificateUriInvalid/, async () => {
        assert.equal(await client.status(request), 'BadCertificateUriInvalid')
      })
    })

    it('whose trust was taken back gets in no more', async () => {
      const made = await make({ name: 'former' })
      await trust(made)
      await raw(made)
      const trusted = join(rig.settings.pki, 'trusted', 'certs')
      const file = (await readdir(trusted)).find((name) => name.startsWith('former'))
      assert.ok(file !== undefined)
      await rename(join(trusted, file), join(rig.settings.pki, 'rejected', file))
      await new Promise((done) => setTimeout(done, 1_500))
      await audited(/client former turned away: BadCertificateUntrusted/, () =>
        assert.rejects(raw(made), /BadSecurityChecksFailed/),
      )
    })
  })

  describe('with a password', () => {
    const bad = (user: string, guess: string) =>
      rig.client(user, { password: guess, pki: join(rig.folder, 'client') })

    it('that is wrong is told nothing more than that', async () => {
      await audited(/log-in refused for bert/, () =>
        assert.rejects(bad('bert', 'not the password'), /BadUserAccessDenied/),
      )
    })

    it('of nobody is told the same, and the name is not written down', async () => {
      await audited(/log-in refused for an unknown user/, () =>
        assert.rejects(bad('my.own.secret', password), /BadUserAccessDenied/),
      )
      assert.ok(!rig.audit.join('\n').includes('my.own.secret'))
    })

    it('that guesses has to wait, which is a line in the journal as well', async () => {
      // So often that the wait is longer than a slow machine needs for the next attempt.
      for (const pauseMs of [0, 0, 0, 1_200, 2_200]) {
        await new Promise((done) => setTimeout(done, pauseMs))
        await assert.rejects(bad('bert', `guess after ${pauseMs} ms`), /BadUserAccessDenied/)
      }
      await audited(/ActivateSession of \S+ refused: BadUserAccessDenied/, () =>
        assert.rejects(bad('bert', password), /BadUserAccessDenied/),
      )
    })
  })

  describe('with the session of somebody else', () => {
    it('cannot read with its token over a connection of its own', async () => {
      const client = await raw()
      await audited(/Read of \S+, naming the session of anna refused: BadSecureCh/, async () => {
        assert.equal(await client.status(readRequest(tokenOf(anna))), 'BadSecureChannelIdInvalid')
      })
    })

    it('cannot end it', async () => {
      const client = await raw()
      const request = new CloseSessionRequest({ deleteSubscriptions: true })
      request.requestHeader.authenticationToken = tokenOf(anna)
      await audited(/CloseSession of .* refused: BadSessionIdInvalid/, async () => {
        assert.equal(await client.status(request), 'BadSessionIdInvalid')
      })
    })

    it('cannot take it over by saying again what opened it', async () => {
      const client = await raw()
      const request = again(sent(anna, ActivateSessionRequest))
      const line = /ActivateSession of \S+, naming the session of anna refused: BadApplicationSig/
      await audited(line, async () => {
        assert.equal(await client.status(request), 'BadApplicationSignatureInvalid')
      })
    })

    it('cannot take it over as another trusted application', async () => {
      const made = await make({ name: 'neighbour' })
      await trust(made)
      const client = await raw(made)
      const request = again(sent(anna, ActivateSessionRequest))
      const line = /ActivateSession of \S+, naming the session of anna refused: BadNoValidCert/
      await audited(line, async () => {
        assert.equal(await client.status(request), 'BadNoValidCertificates')
      })
    })
  })

  describe('that says again what was said', () => {
    it('over the same connection activates nothing: each activation has a nonce of its own', async () => {
      const request = again(sent(anna, ActivateSessionRequest))
      await audited(/ActivateSession of .* refused: BadApplicationSignatureInvalid/, async () => {
        assert.equal(await anna.status(request), 'BadApplicationSignatureInvalid')
      })
    })

    it('creates no session with a nonce that was used', async () => {
      const client = await raw()
      await audited(/CreateSession of \S+ refused: BadNonceInvalid/, async () => {
        assert.equal(
          await client.status(again(sent(anna, CreateSessionRequest))),
          'BadNonceInvalid',
        )
      })
    })

    it('finds a session closed that was closed', async () => {
      const carl = await rig.client('carl')
      const [activation, token] = [again(sent(carl, ActivateSessionRequest)), tokenOf(carl)]
      const client = await raw()
      await carl.close()
      await audited(/ActivateSession of \S+ refused: BadSessionIdInvalid/, async () => {
        assert.equal(await client.status(activation), 'BadSessionIdInvalid')
      })
      await audited(/Read of \S+ refused: BadSessionIdInvalid/, async () => {
        assert.equal(await client.status(readRequest(token)), 'BadSessionIdInvalid')
      })
    })

    it('reads nothing in a session that nobody activated, and spoils it', async () => {
      const client = await raw()
      const create = again(sent(anna, CreateSessionRequest))
      create.clientNonce = randomBytes(32)
      const session = await client.create(create)
      await audited(/Read of \S+ refused: BadSessionNotActivated/, async () => {
        assert.equal(await client.status(readRequest(session)), 'BadSessionNotActivated')
      })
      const activation = again(sent(anna, ActivateSessionRequest))
      activation.requestHeader.authenticationToken = session
      await audited(/ActivateSession of \S+ refused: BadSessionClosed/, async () => {
        assert.equal(await client.status(activation), 'BadSessionClosed')
      })
    })
  })

  describe('among too many (sessions: see the limits)', () => {
    it('finds no connection, and makes room for others when it goes', async () => {
      const sockets: net.Socket[] = []
      await audited(/too many connections, one of \S+ refused/, async () => {
        for (let count = 0; count < 30; count += 1) {
          const socket = net.connect(rig.settings.port, '127.0.0.1')
          socket.on('error', () => undefined)
          sockets.push(socket)
        }
      })
      for (const socket of sockets) socket.destroy()
      const client = await rig.until(() =>
        rig.client('olga', { pki: join(rig.folder, 'client') }).catch(() => undefined),
      )
      await client.close()
    })
  })
})
