// The practice plant as a process of its own, in real time: start, commands in the terminal, end.
import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { createServer } from 'node:net'
import type { PlantState } from '../../plc-sim/state.ts'
import { seenIn } from './by-hand.ts'
import { Terminal } from './terminal.ts'

const MAIN = new URL('../../plc-sim/main.ts', import.meta.url)
const LIMIT_MS = 8000

type Ready = {
  readonly ready: true
  readonly control: string
  readonly ports: Record<string, number>
}

describe('The practice plant as a process', () => {
  it('says when it is ready, scans in real time and ends cleanly on SIGTERM', async () => {
    const { child, ready, printed } = await serve()
    try {
      assert.match(printed(), /^plc-sim: serving intake.A \d+.*; control http:\/\/127.0.0.1:\d+\n$/)
      assert.equal(Object.keys(ready.ports).length, 16)
      assert.notEqual(ready.ports['intake.A/lan-2'], ready.ports['intake.A'])
      const terminal = await Terminal.open(ready.ports['intake.A'] ?? 0)
      const first = seenIn(await terminal.read(1000, 22))
      await scanned(terminal, first.heartbeat + 30)
      terminal.close()
      const { timeMs, scan } = await stateOf(ready)
      assert.equal(timeMs, scan * 10)
    } finally {
      child.kill('SIGTERM')
    }
    assert.deepEqual(await exitOf(child), { code: 0, signal: null })
  })

  it('can be broken and mended from the terminal', async () => {
    const { child, ready } = await serve()
    const control = new URL(ready.control).host
    const run = (...words: string[]) => runToEnd(...words, '--control', control)
    try {
      const broken = await run('fault', 'intake.B', 'slow', 'ms=20', 'when.unit=intake.A')
      assert.deepEqual(broken, { code: 0, out: 'fault 1\n', error: '' })
      assert.equal((await stateOf(ready)).faults[0]?.ms, 20)
      const refused = await run('fault', 'intake.B', 'slwo')
      assert.equal(refused.code, 1)
      assert.match(refused.error, /^plc-sim: unknown fault 'slwo'; did you mean 'slow'\?.*\n$/)
      assert.equal((await run('action', 'filters.A', 'local')).out, 'done\n')
      assert.equal((await stateOf(ready)).pairs.filters?.units.A.remote, false)
      const printed = JSON.parse((await run('state')).out) as PlantState
      assert.equal(printed.faults[0]?.id, '1')
      assert.equal((await run('clear')).out, 'cleared all faults\n')
      assert.deepEqual((await stateOf(ready)).faults, [])
    } finally {
      child.kill('SIGINT')
    }
    assert.equal((await exitOf(child)).code, 0)
  })

  it('ends when the process that started it goes away', async () => {
    const { child } = await serve()
    child.disconnect()
    assert.equal((await exitOf(child)).code, 0)
  })

  it('says in one line which port is in use, and exits with 1', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = address && typeof address === 'object' ? address.port : 0
    const { code, error } = await runToEnd('--base-port', '0', '--control', `127.0.0.1:${port}`)
    await new Promise((resolve) => taken.close(resolve))
    assert.equal(code, 1)
    assert.match(error, new RegExp(`^plc-sim: port ${port} of 127.0.0.1, .* is in use; .*\n$`))
  })

  for (const [words, line] of [
    [['--base-port', '65530'], /--base-port is '65530'; expected a whole number/],
    [['--control', 'here'], /--control is 'here'; expected host:port/],
    [['srve'], /unknown command 'srve'; there are: fault, clear, action, state/],
    [['--speed', '5'], /--speed/],
    [['--serial', '/dev/null'], /--serial is '\/dev\/null'; expected PATH=intake.A:11/],
    [['--serial', '/dev/null=intake.A:0'], /with identifiers 1 to 247/],
    [['--serial', '/dev/no-such-line=ups-1:1'], /no-such-line cannot be opened: .*No such file/],
    [['--opcua', '--opcua-units', 'ups-1'], /unknown unit 'ups-1'; .*intake.A/],
    [['state', '--control', '127.0.0.1:1'], /no practice plant answers at http:\/\/127.0.0.1:1/],
  ] as const) {
    it(`refuses '${words.join(' ')}' in one line`, async () => {
      const { code, error } = await runToEnd(...words)
      assert.equal(code, 1)
      assert.match(error, line)
      assert.equal(error.trimEnd().split('\n').length, 1)
    })
  }
})

async function serve() {
  const child = fork(MAIN, ['--base-port', '0', '--control', '127.0.0.1:0'], { silent: true })
  let out = ''
  child.stdout?.on('data', (chunk) => {
    out += chunk
  })
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Ready))
    child.once('exit', (code) => reject(new Error(`the plant ended with ${code}`)))
  })
  return { child, ready, printed: () => out }
}

function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve({ code: child.exitCode, signal: child.signalCode })
  }
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error('the plant did not end'))
    }, LIMIT_MS)
    child.once('exit', (code, signal) => {
      clearTimeout(late)
      resolve({ code, signal })
    })
  })
}

async function runToEnd(...words: string[]) {
  const child = fork(MAIN, words, { silent: true })
  let out = ''
  let error = ''
  child.stdout?.on('data', (chunk) => {
    out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    error += chunk
  })
  const closed = new Promise((resolve) => child.once('close', resolve))
  const { code } = await exitOf(child)
  await closed
  return { code, out, error }
}

async function stateOf({ control }: Ready): Promise<PlantState> {
  return (await (await fetch(`${control}/state`)).json()) as PlantState
}

async function scanned(terminal: Terminal, heartbeat: number): Promise<void> {
  const deadlineMs = performance.now() + LIMIT_MS
  while (seenIn(await terminal.read(1000, 22)).heartbeat < heartbeat) {
    assert.ok(performance.now() < deadlineMs, 'the heartbeat does not move')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
