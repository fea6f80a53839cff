// Starts that cannot succeed end at once with one clear line and a number that scripts can tell apart. A controller that is away
// is no such thing: the service starts and waits for it.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { untilReady } from './persons.ts'
import { assertNeverBothActive, type Rig, startRig } from './rig.ts'
import { freePort, NotStarted, startService } from './service.ts'

const limitMs = 5000

describe('A supervisor that cannot start', function () {
  this.timeout(60_000)
  let rig: Rig
  beforeEach(async () => {
    rig = await startRig({ unstarted: true })
  })
  afterEach(async () => {
    try {
      assertNeverBothActive(rig)
      assert.equal(rig.truth().writeFrames, 0)
    } finally {
      await rig.stop()
    }
  })

  /** Fails when it starts; else its lines on stderr. */
  const refused = async (code: number, file = rig.plantFile): Promise<readonly string[]> => {
    const fault = await startService(file).then(
      (service) => {
        service.signal('SIGKILL')
        return undefined
      },
      (reason: unknown) => reason,
    )
    assert.ok(fault instanceof NotStarted, `it started, or failed otherwise: ${fault}`)
    assert.deepEqual(fault.end, { code, signal: null }, fault.stderr)
    assert.ok(fault.tookMs < limitMs, `it took ${Math.round(fault.tookMs)} ms`)
    return fault.stderr.trimEnd().split('\n')
  }

  const oneLine = async (code: number, words: RegExp, file?: string): Promise<void> => {
    const lines = await refused(code, file)
    assert.equal(lines.length, 1, lines.join('\n'))
    assert.match(lines[0] ?? '', words)
  }

  const change = async (from: string | RegExp, to: string): Promise<void> => {
    const text = await readFile(rig.plantFile, 'utf8')
    assert.notEqual(text.replace(from, to), text)
    await writeFile(rig.plantFile, text.replace(from, to))
  }

  it('because another program has its port names the address', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    assert.ok(address !== null && typeof address === 'object')
    await change(/listen: .*/, `listen: 127.0.0.1:${address.port}`)
    await oneLine(1, new RegExp(`127\\.0\\.0\\.1:${address.port} is in use`))
    other.close()
    await once(other, 'close')
  })

  it('because the journal folder is a file names it', async () => {
    await writeFile(rig.journal, '')
    await oneLine(1, /journal-a/)
  })

  it('because the disk of the journal is read-only names it', async function () {
    const disk = join(rig.folder, 'disk')
    await mkdir(disk)
    const mount = ['-t', 'tmpfs', '-o', 'ro,size=64k', 'tmpfs', disk]
    if (spawnSync('mount', mount).status !== 0) this.skip()
    try {
      await change(rig.journal, join(disk, 'journal-a'))
      await oneLine(1, /disk\/journal-a.*read-only/i)
    } finally {
      spawnSync('umount', [disk])
    }
  })

  it('because of faults in the plant file tells all of them at once, with line and column', async () => {
    await change('cycle_ms:', 'cycel_ms:')
    await change('scan_ms: 100', 'scan_ms: fast')
    await change(/number: 12/, 'number: 11')
    const lines = await refused(2)
    assert.equal(lines.length, 3, lines.join('\n'))
    for (const line of lines) assert.match(line, /plant\.yaml:\d+:\d+ /)
    assert.match(lines.join('\n'), /cycel_ms.*cycle_ms/)
  })

  it('because there is no plant file names it', () =>
    oneLine(2, /nowhere\.yaml/, join(rig.folder, 'nowhere.yaml')))

  it('because its certificate cannot be read names the file and the setting', async () => {
    const tls = `{ certificate: ${rig.folder}/none.pem, key: ${rig.folder}/none.key }`
    await change(/listen: (.*)/, `listen: $1\n  tls: ${tls}`)
    await oneLine(1, /none\.pem cannot be read \(ENOENT\).*http\.tls\.certificate/)
  })

  it('because others can read the users file says what to do', async () => {
    await chmod(join(rig.folder, 'users.yaml'), 0o644)
    await oneLine(1, /users\.yaml may be read.*chmod 600/)
  })

  it('because another supervisor works on the same data names its process', async () => {
    await rig.restart()
    const second = join(rig.folder, 'second.yaml')
    const text = await readFile(rig.plantFile, 'utf8')
    await writeFile(second, text.replace(/listen: .*/, `listen: 127.0.0.1:${await freePort()}`))
    await oneLine(1, new RegExp(`in use by process ${rig.service.pid}`), second)
    assert.ok((await rig.pair()).name, 'the first one goes on')
  })
})

describe('A controller that is away', function () {
  this.timeout(60_000)
  let rig: Rig
  before(async () => {
    rig = await startRig({ unstarted: true })
  })
  after(() => rig.stop())
  afterEach(() => assertNeverBothActive(rig))

  it('does not keep the service from starting, is named with its address, and is found when it is back', async () => {
    const fault = await rig.fault('intake.B', 'crash')
    await rig.restart()
    await rig.waitFor('the alarm', async () => {
      const { alarms } = await rig.view()
      return alarms.some(
        ({ source, condition }) =>
          source === 'intake.B' && condition.includes(`127.0.0.1:${rig.plant.ports['intake.B']}`),
      )
    })
    assert.equal((await rig.pair()).ready, false)
    await rig.plant.clearFault(fault)
    await untilReady(rig)
  })
})
