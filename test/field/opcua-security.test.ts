import assert from 'node:assert/strict'
import fs from 'node:fs/promises'
import path from 'node:path'
import type { OpcUaPath } from '../../src/core/plant.ts'
import { type OpcUaDriver, opcuaDriver } from '../../src/field/opcua/driver.ts'
import { until } from './devices.ts'
import { OpcUaRig, statusOf, statusSignal } from './opcua-rig.ts'

const clock = (): number => performance.now()
const password = 'Zx9-secret-of-the-plant'

describe('a secured connection to an OPC UA server', function () {
  this.timeout(90_000)
  let rig: OpcUaRig
  let driver: OpcUaDriver | undefined
  let passwordFile = ''

  before(async () => {
    rig = await OpcUaRig.start({
      policies: ['None', 'Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'],
      user: { name: 'supervisor', password },
    })
    await rig.order({ set: [statusOf(0)] })
    passwordFile = path.join(rig.folder, 'password')
    await fs.writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  })
  afterEach(async () => {
    await driver?.close()
    driver = undefined
  })
  after(() => rig.close())

  const pki = (): string => path.join(rig.folder, 'client-pki')
  const connect = (options: Partial<OpcUaPath>): void => {
    const opcua = rig.path([statusSignal], options)
    driver = opcuaDriver(rig.device(opcua, { timeoutMs: 1000 }), clock, opcua)
  }
  const answered = (): Promise<boolean> =>
    until('an answer', async () => (await driver?.read(true))?.kind === 'answered', 30_000)
  /** The detail of a scan once it says why. */
  const refusal = (why: RegExp): Promise<string> =>
    until(
      `a refusal ${why}`,
      async () => {
        const scan = await driver?.read(true)
        return scan?.kind === 'failed' && why.test(scan.detail) && scan.detail
      },
      30_000,
    )
  const letIn = async (): Promise<void> => {
    const rejected = path.join(pki(), 'rejected')
    const files = await fs.readdir(rejected).catch(() => [])
    for (const file of files) {
      await fs.rename(path.join(rejected, file), path.join(pki(), 'trusted', 'certs', file))
    }
  }

  it('is refused until somebody trusts the certificate, and then made without a restart', async () => {
    connect({ policy: 'Basic256Sha256', mode: 'sign-and-encrypt' })
    const detail = await refusal(/not trusted/)
    const kept = /kept as (\S.*\.pem); move it to (\S+) to let/.exec(detail)
    assert.ok(kept?.[1] !== undefined && kept[2] !== undefined, detail)
    assert.equal(path.dirname(kept[1]), path.join(pki(), 'rejected'))
    await fs.rename(kept[1], path.join(kept[2], path.basename(kept[1])))
    await answered()
    assert.equal((await fs.stat(pki())).mode & 0o777, 0o700)
  })

  for (const policy of [
    'Basic256Sha256',
    'Aes128_Sha256_RsaOaep',
    'Aes256_Sha256_RsaPss',
  ] as const) {
    for (const mode of ['sign', 'sign-and-encrypt'] as const) {
      it(`works with ${policy}, mode ${mode}, and a command goes through`, async () => {
        await letIn()
        connect({ policy, mode })
        await answered()
        const words = Array.from({ length: 18 }, (_word, at) => at)
        const note = await driver?.write({ commandId: 'c', words, deadlineMs: clock() + 1000 })
        assert.equal(note?.fate, 'sent')
      })
    }
  }

  it('is refused with what the server offers, where it does not offer what the path asks for', async () => {
    connect({ policy: 'None', mode: 'sign' })
    const detail = await refusal(/offers no None with mode sign/)
    assert.match(detail, /Basic256Sha256 with mode Sign/)
  })

  it('takes the password from its file, and shows it nowhere', async () => {
    await letIn()
    for (const mode of ['sign', 'sign-and-encrypt', 'none'] as const) {
      const policy = mode === 'none' ? 'None' : 'Basic256Sha256'
      connect({ policy, mode, user: { name: 'supervisor', passwordFile } })
      await answered()
      await driver?.close()
    }
    assert.ok((await rig.logins()).length >= 3)
  })

  it('is refused with the reason when the password is wrong, without the password', async () => {
    const wrongFile = path.join(rig.folder, 'wrong')
    await fs.writeFile(wrongFile, 'wrong-one-77\n', { mode: 0o600 })
    const user = { name: 'supervisor', passwordFile: wrongFile }
    connect({ policy: 'Basic256Sha256', mode: 'sign-and-encrypt', user })
    const detail = await refusal(/BadUserAccessDenied|BadIdentityToken/)
    assert.doesNotMatch(detail, /wrong-one/)
  })

  it('comes back after a restart, but not to a server that shows another certificate', async () => {
    await letIn()
    connect({ policy: 'Aes256_Sha256_RsaPss', mode: 'sign-and-encrypt' })
    await answered()
    await rig.kill()
    await refusal(/ECONNREFUSED/)
    await rig.start([statusOf(0)])
    await answered()
    await rig.kill()
    await fs.rm(path.join(rig.folder, 'server-pki'), { recursive: true })
    await rig.start([statusOf(0)])
    await refusal(/not trusted/)
    await letIn()
    await answered()
  })

  it('is refused when others may read the password file', async () => {
    const openFile = path.join(rig.folder, 'open')
    await fs.writeFile(openFile, `${password}\n`, { mode: 0o644 })
    connect({ policy: 'None', mode: 'none', user: { name: 'supervisor', passwordFile: openFile } })
    const detail = await refusal(/chmod 600/)
    assert.doesNotMatch(detail, new RegExp(password))
  })
})

describe('a server that takes passwords only in clear', function () {
  this.timeout(60_000)

  it('is never told one', async () => {
    const rig = await OpcUaRig.start({
      policies: ['None', 'Basic256Sha256'],
      user: { name: 'supervisor', password },
      clearPassword: true,
    })
    const passwordFile = path.join(rig.folder, 'password')
    await fs.writeFile(passwordFile, password, { mode: 0o600 })
    const opcua = rig.path([statusSignal], { user: { name: 'supervisor', passwordFile } })
    const driver = opcuaDriver(rig.device(opcua), clock, opcua)
    const refused = (why: RegExp): Promise<unknown> =>
      until(
        String(why),
        async () => {
          const scan = await driver.read(true)
          assert.equal(scan.kind, 'failed')
          return scan.kind === 'failed' && why.test(scan.detail)
        },
        20_000,
      )
    try {
      await refused(/not trusted/)
      const folder = path.join(rig.folder, 'client-pki')
      for (const file of await fs.readdir(path.join(folder, 'rejected'))) {
        await fs.rename(
          path.join(folder, 'rejected', file),
          path.join(folder, 'trusted/certs', file),
        )
      }
      await refused(/only in clear/)
      assert.deepEqual(await rig.logins(), [])
    } finally {
      await driver.close()
      await rig.close()
    }
  })
})
