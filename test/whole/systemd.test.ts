// The service under a service manager, played by a socket that takes what systemd would be told, and the unit file as systemd reads it.

import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { untilReady } from './persons.ts'
import { type Rig, startRig } from './rig.ts'

const receiver = `
import socket, sys
door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
door.bind(sys.argv[1])
print("listening", flush=True)
while True:
    text = door.recv(65536).decode()
    # systemd-notify waits for this one to be taken; there is nothing to do about it.
    if text != "BARRIER=1":
        print(text.replace("\\n", " | "), flush=True)
`

const repository = resolve(import.meta.dirname, '../..')
const unitFile = join(repository, 'config/systemd/bumpless.service')
const hasSystemd = spawnSync('systemd-notify', ['--version']).status === 0

describe('Under systemd, the service', function () {
  this.timeout(60_000)
  let rig: Rig
  let manager: ChildProcess
  let folder = ''
  let heard = ''
  before(async function () {
    if (!hasSystemd) this.skip()
    folder = mkdtempSync(join(tmpdir(), 'bumpless-notify-'))
    const socket = join(folder, 'notify')
    manager = spawn('python3', ['-c', receiver, socket])
    manager.stdout?.on('data', (chunk: Buffer) => {
      heard += chunk
    })
    while (!heard.includes('listening')) await pause(20)
    const standStill = join(import.meta.dirname, 'stand-still.ts')
    rig = await startRig({
      before: () => [
        'env',
        `NOTIFY_SOCKET=${socket}`,
        'WATCHDOG_USEC=1500000',
        `NODE_OPTIONS=--import=${standStill}`,
      ],
    })
  })
  after(async () => {
    await rig?.stop()
    manager?.kill()
    if (folder !== '') rmSync(folder, { recursive: true })
  })
  const lines = (): readonly string[] => heard.split('\n').filter((line) => line !== '')
  const fed = (): number => lines().filter((line) => line.includes('WATCHDOG=1')).length

  it('is ready once its first cycle has ended, and says how it is in one sentence', async () => {
    await rig.waitFor('READY', () => heard.includes('READY=1'))
    const first = lines().findIndex((line) => line.includes('READY=1'))
    assert.equal(first, 1, `something was told before: ${heard}`)
    await untilReady(rig)
    const { site, supervisor } = await rig.view()
    await rig.waitFor('the sentence', () =>
      heard.includes(`STATUS=${site}: ${supervisor.sentence}`),
    )
  })

  it('feeds the watchdog while cycles advance, and stops when they stand still although it lives and answers', async () => {
    const before = fed()
    await pause(3_000)
    assert(fed() - before >= 4, `fed ${fed() - before} times in 3 s`)
    rig.service.signal('SIGUSR2')
    await rig.waitFor('the end of the feeding', () => heard.includes('STATUS=no cycle for'))
    const last = fed()
    await pause(3_000)
    assert.equal(fed(), last, 'it goes on feeding the watchdog')
    const alive = await fetch(`${rig.service.url}/healthz`)
    assert.equal(alive.status, 503)
    assert.match(await alive.text(), /standing still/)
    await rig.kill9()
    await rig.restart()
    await rig.waitFor('READY again', () => /READY=1[\s\S]*READY=1/.test(heard))
  })

  it('says that it stops, and then does', async () => {
    await untilReady(rig)
    rig.service.signal('SIGTERM')
    assert.deepEqual(await rig.service.ended, { code: 0, signal: null })
    const after = lines().slice(lines().findLastIndex((line) => line.includes('STOPPING=1')))
    assert.match(after[0] ?? '', /^STOPPING=1 \| STATUS=SIGTERM: what is under way/)
    assert(
      after.slice(1).every((line) => line === 'WATCHDOG=1'),
      after.join('\n'),
    )
  })
})

describe('The unit file', () => {
  it('is one that systemd takes, and leaves little open', function () {
    if (spawnSync('systemd-analyze', ['--version']).status !== 0) this.skip()
    const folder = mkdtempSync(join(tmpdir(), 'bumpless-unit-'))
    try {
      // Nothing is installed here; only the program's place is put right.
      const file = join(folder, 'bumpless.service')
      const text = readFileSync(unitFile, 'utf8').replaceAll('/opt/bumpless', repository)
      writeFileSync(file, text)
      const verified = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' })
      assert.equal(verified.stderr, '')
      assert.equal(verified.status, 0)
      const words = ['security', '--offline=true', file]
      const told = execFileSync('systemd-analyze', words, { encoding: 'utf8' })
      const level = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(told)?.[1])
      assert(level < 2.5, `exposure ${level}`)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('gives a stop more time than the longest switchover that the service waits for', () => {
    const unit = readFileSync(unitFile, 'utf8')
    const stop = readFileSync(join(repository, 'src/cli/run-stop.ts'), 'utf8')
    const longestMs = Number(/longestMs = ([\d_]+)/.exec(stop)?.[1]?.replaceAll('_', ''))
    assert(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) * 1000 > longestMs + 30_000)
    assert.match(unit, /^Type=notify$/m)
    assert.match(unit, /^WatchdogSec=30$/m)
    assert.doesNotMatch(unit, /^MemoryDenyWriteExecute/m)
  })
})
