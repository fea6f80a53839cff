// The digests over OPC UA: the block comes with the scan, the leaf pages only when they are wished for, and a page that the server
// does not have costs no scan.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Plant, startPlant } from '../../plc-sim/plant.ts'
import { type Answered, isUnknown } from '../../src/core/image.ts'
import type { OpcUaPath } from '../../src/core/plant.ts'
import { decodeDigestBlock, decodeDigestPage } from '../../src/core/sync/digest-block.ts'
import { type OpcUaDriver, opcuaDriver } from '../../src/field/opcua/driver.ts'
import { device, until } from './devices.ts'
import { nodeSignal } from './opcua-rig.ts'

const clock = (): number => performance.now()

/** A node of the practice plant: docs/protocols.md section 7. */
const words = (key: string, name: string, count: number) =>
  nodeSignal(key, 'words', { node: `ns=2;s=${name}`, words: count })

describe('The digests of a unit over OPC UA', function () {
  this.timeout(60_000)
  let plant: Plant
  let driver: OpcUaDriver
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bumpless-digest-'))
    plant = await startPlant({ opcua: { units: ['dosing.A'] } })
    const url = `opc.tcp://127.0.0.1:${plant.ports['dosing.A/opcua']}`
    const path: OpcUaPath = {
      ...{ protocol: 'opcua', name: 'opcua', address: url, url, pki: folder },
      ...{ policy: 'None', mode: 'none' },
      signals: [words('status', 'Status', 22), words('digest', 'Digest', 14)],
      detail: [
        words('digest_page_1', 'DigestPage1', 72),
        words('digest_page_2', 'DigestPage2', 72),
      ],
    }
    driver = opcuaDriver(device(path, { timeoutMs: 2000 }), clock, path)
  })
  after(async () => {
    await driver?.close()
    await plant?.close()
    await rm(folder, { recursive: true })
  })

  /** The first scan in which there is a digest: a unit has none in the first scans after its start. */
  const scanned = (detail: boolean): Promise<Answered> =>
    until(
      'a digest',
      async () => {
        const scan = await driver.read(true, detail)
        const words = scan.kind === 'answered' ? scan.values.digest : undefined
        const known = Array.isArray(words) && typeof decodeDigestBlock(words) === 'object'
        return scan.kind === 'answered' && known && scan
      },
      20_000,
    )

  it('come with the scan, without the pages', async () => {
    const { values } = await scanned(false)
    assert.deepEqual(Object.keys(values).sort(), ['digest', 'status'])
    assert.ok(Array.isArray(values.digest))
    const block = decodeDigestBlock(values.digest)
    assert.ok(typeof block === 'object', String(block))
    assert.deepEqual([block.words, block.newest.origin], [1024, 31])
  })

  it('come with the pages that the server has, when they are wished for', async () => {
    const { values } = await scanned(true)
    assert.ok(Array.isArray(values.digest) && Array.isArray(values.digest_page_1))
    const page = decodeDigestPage(values.digest_page_1)
    assert.ok(typeof page === 'object', String(page))
    assert.deepEqual([page.first, page.origin, page.leaves[16]], [0, 31, 0])
    assert.notEqual(page.leaves[15], 0)
    assert.ok(isUnknown(values.digest_page_2))
  })
})
