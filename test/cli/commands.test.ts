// The commands without a terminal, as scripts run them: what they print, what they order, how they exit.

import assert from 'node:assert/strict'
import { chmod, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { bumpless, logInAs, sitDown } from './command.ts'
import { type PracticeService, password, startPracticeService } from './practice-service.ts'
import { sampleObstacle, samplePair } from './sample-plant.ts'

describe('the commands', () => {
  let service: PracticeService
  const run = (...words: string[]) => bumpless(service.environment, words)
  beforeEach(async () => {
    service = await startPracticeService()
  })
  afterEach(() => service.stop())

  describe('of a session', () => {
    const sessionFile = () => join(service.folder, 'config', 'bumpless', 'session.json')
    const logIn = (word: string) =>
      bumpless(
        service.environment,
        ['login', '--url', service.url, '--user', 'anna', '--password-stdin'],
        `${word}\n`,
      )

    it('log in, keep the token where only its owner can read it, and log out', async () => {
      const login = await logIn(password)
      assert.equal(login.code, 0, login.error)
      assert.match(login.out, /as anna \(operator\) until/)
      assert.equal((await stat(sessionFile())).mode & 0o777, 0o600)
      assert.equal((await stat(join(sessionFile(), '..'))).mode & 0o777, 0o700)
      assert.equal((await run('status')).code, 0)
      assert.equal((await run('logout')).code, 0)
      const after = await run('status', '--url', service.url)
      assert.equal(after.code, 1)
      assert.match(after.error, /not logged in at .*; log in with 'bumpless login'/)
    })

    it('refuse a wrong password in one line and keep no session', async () => {
      const login = await logIn('not the password')
      assert.equal(login.code, 1)
      assert.match(login.error, /^bumpless: the service refused the log-in: .*\n$/)
      await assert.rejects(stat(sessionFile()), /ENOENT/)
    })

    it('ask for the password on a terminal without showing it', async () => {
      const sitting = sitDown(service.environment, ['login', '--url', service.url])
      await sitting.see('User at')
      sitting.type('anna\r')
      await sitting.see('Password of anna:')
      sitting.type(`${password}\r`)
      await sitting.see('logged in at')
      assert.equal(await sitting.end(), 0)
      assert.doesNotMatch(sitting.screen(), /lantern/)
    })

    it('refuse a session file that others can read', async () => {
      await logInAs(service)
      await chmod(sessionFile(), 0o644)
      const { code, error } = await run('status')
      assert.equal(code, 1)
      assert.match(error, /can be read by others \(mode 644, expected 600\)/)
    })

    it('say that a session has ended', async () => {
      const environment = {
        ...service.environment,
        BUMPLESS_URL: service.url,
        BUMPLESS_TOKEN: 'old',
      }
      const { code, error } = await bumpless(environment, ['status'])
      assert.equal(code, 1)
      assert.match(error, /the session at .* has ended; log in again/)
    })

    it('never send the token to another address than the one that gave it', async () => {
      await logInAs(service)
      const seen: (string | undefined)[] = []
      const other = createServer((request, response) => {
        seen.push(request.headers.authorization)
        response.writeHead(401).end('{}')
      })
      await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
      const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
      await run('status', '--url', url)
      other.closeAllConnections()
      await new Promise((done) => other.close(done))
      assert.deepEqual(seen, [undefined])
    })
  })

  it('say in one line that the service is not running', async () => {
    const { code, error } = await run('status', '--url', 'http://127.0.0.1:1')
    assert.equal(code, 1)
    assert.match(error, /^bumpless: bumpless .*127\.0\.0\.1:1.*\n$/)
  })

  it('suggest the command that was meant, and exit with 2', async () => {
    const { code, error } = await run('statsu')
    assert.equal(code, 2)
    assert.match(error, /Did you mean status\?/)
    assert.equal((await run('--help')).code, 0)
  })

  describe('with a session', () => {
    beforeEach(() => logInAs(service))

    it('show the status and exit with 5 only while both units or none are active', async () => {
      const good = await run('status')
      assert.equal(good.code, 0, good.error)
      assert.match(good.out, /^intake {3}A {5}primary {2}in sync {2}0\.1 s {2}answering$/m)
      service.change('filters', { pairState: 'both primary' })
      const bad = await run('status', 'filters')
      assert.equal(bad.code, 5)
      assert.match(bad.out, /! filters: BOTH UNITS ACTIVE/)
      assert.equal((await run('status', 'intake')).code, 0)
    })

    it('give the status as JSON and name the pair that was meant', async () => {
      const { out } = await run('status', 'intake', '--json')
      assert.equal(JSON.parse(out).name, 'intake')
      const wrong = await run('status', 'intaek')
      assert.equal(wrong.code, 2)
      assert.match(wrong.error, /no pair is named "intaek"; did you mean "intake"\?/)
    })

    it('list alarms and acknowledge all that wait, with a comment', async () => {
      assert.match((await run('alarms')).out, /\[2\] high NOT ACKNOWLEDGED .* id sync\.filters/)
      assert.equal((await run('alarms', 'ack', 'all', '--comment', 'on site')).code, 0)
      const [order] = service.orders
      assert.ok(order?.kind === 'acknowledge')
      assert.deepEqual(
        [order.alarm, order.comment, order.by.name],
        ['sync.filters', 'on site', 'anna'],
      )
      assert.equal((await run('alarms', 'ack', 'sync.filtres')).code, 2)
    })

    it('lock a pair out with a reason, and say which role may end it', async () => {
      assert.equal((await run('lockout', 'intake', '--reason', 'pump work')).code, 0)
      const off = await run('lockout', 'intake', '--off', '--reason', 'done')
      assert.equal(off.code, 1)
      assert.match(off.out, /needs the role supervisor/)
      assert.equal((await run('lockout', 'intake')).code, 2)
    })

    it('take a unit out of service', async () => {
      await logInAs(service, 'bert')
      const { code } = await run('out-of-service', 'intake', 'b', '--reason', 'card swap')
      assert.equal(code, 0)
      const [order] = service.orders
      assert.ok(order?.kind === 'out-of-service')
      assert.deepEqual([order.pair, order.unit, order.on], ['intake', 'B', true])
    })

    it('end the re-qualification of a unit, with a reason', async () => {
      await logInAs(service, 'bert')
      assert.equal((await run('qualified', 'intake', 'b')).code, 2)
      assert.equal((await run('qualified', 'intake', 'b', '--reason', 'tested')).code, 0)
      const [order] = service.orders
      assert.ok(order?.kind === 'qualified')
      assert.deepEqual([order.unit, order.reason], ['B', 'tested'])
    })

    it('list every obstacle of a dry run, order nothing, and exit with 3', async () => {
      const ready = await run('switchover', 'intake', '--to', 'B', '--dry-run')
      assert.equal(ready.code, 0, ready.error)
      service.obstacles = [sampleObstacle]
      const { code, out } = await run('switchover', 'intake', '--to', 'B', '--dry-run')
      assert.equal(code, 3)
      assert.match(out, /! in sync for the dwell time\n {4}found 2 s in sync/)
      const json = await run('switchover', 'intake', '--to', 'B', '--dry-run', '--json')
      assert.equal(JSON.parse(json.out).obstacles[0].gate, 'sync-dwell')
      assert.equal(json.code, 3)
      assert.ok(service.orders.every((order) => order.kind === 'prepare' && order.dryRun))
    })

    it('confirm without asking only what is named in full', async () => {
      service.propose('intake', 'S-7')
      const hash = service.view().pairs[0]?.switchover?.evidence?.hash ?? ''
      const confirm = (...words: string[]) =>
        run('switchover', 'intake', '--to', 'B', '--yes', ...words)
      const all = ['--proposal', 'S-7', '--evidence', hash, '--reason', 'planned work']
      for (let left = 0; left < 3; left++) {
        const words = all.filter((_, index) => Math.floor(index / 2) !== left)
        assert.equal((await confirm(...words)).code, 2)
      }
      const old = await confirm('--proposal', 'S-7', '--evidence', 'beef', '--reason', 'x')
      assert.equal(old.code, 4)
      assert.match(old.out, /sync verdict: was in sync, is different/)
      const good = await confirm(...all)
      assert.equal(good.code, 0, good.error)
      assert.match(good.out, /S-7 done: B is primary, A is standby\./)
      const again = await confirm(...all)
      assert.equal(again.code, 4)
      assert.match(again.error, /S-7 has ended: done/)
    })

    it('want the name of the pair and the passwords that its policy asks for', async () => {
      service.needs = { reauthentication: true, secondPerson: true }
      service.propose('intake', 'S-7')
      const hash = service.view().pairs[0]?.switchover?.evidence?.hash ?? ''
      const words = ['confirm', 'S-7', '--yes', '--evidence', hash, '--reason', 'x']
      assert.match((await run(...words)).error, /wants its name; add --pair NAME/)
      words.push('--pair', 'intake')
      assert.match((await run(...words)).error, /needs --approver NAME and --password-stdin/)
      words.push('--approver', 'bert', '--password-stdin', '--json')
      const { code, out } = await bumpless(service.environment, words, `${password}\n${password}\n`)
      assert.equal(code, 0)
      assert.equal(JSON.parse(out).ended.outcome, 'done')
    })

    it('reject and extend by id, and say when it is no longer open', async () => {
      service.propose('intake', 'S-7')
      assert.equal((await run('extend', 'S-7')).code, 0)
      assert.equal((await run('reject', 'S-7', '--reason', 'not now')).code, 0)
      assert.equal((await run('reject', 'S-7')).code, 2)
    })

    it('resume a held pair at once, but ask for every other way', async () => {
      await logInAs(service, 'bert')
      const resume = await run('resolve', 'intake', 'resume', '--reason', 'looked at it')
      assert.equal(resume.code, 0, resume.error)
      const retry = await run('resolve', 'intake', 'retry', '--reason', 'fixed')
      assert.equal(retry.code, 2)
      assert.match(retry.error, /asks for a confirmation and this is not a terminal/)
      assert.equal(service.orders.length, 1)
    })

    it('say what is read when an order gets no answer, and do not send it again', async function () {
      this.timeout(20_000)
      const { out, code } = await withoutAnswer(service)
      assert.equal(code, 1)
      assert.match(out, /Whether it was taken is not known|Read again: intake has no switchover/)
    })

    it('print the newest records, of one pair, and as JSON', async () => {
      const { out } = await run('journal', '--last', '3')
      assert.match(out, /28 note filters, supervisor: note 28\n.* 29 .*\n.* 30 note filters/)
      const lines = (await run('journal', '--pair', 'intake', '--last', '2', '--json')).out.trim()
      assert.deepEqual(
        lines.split('\n').map((line) => JSON.parse(line).seq),
        [27, 29],
      )
      assert.equal((await run('journal', '--last', 'x')).code, 2)
    })

    it('tell that a journal on disk is not there', async () => {
      const { code, out, error } = await run('journal', 'verify', join(service.folder, 'nothing'))
      assert.equal(code, 1)
      assert.equal(out, '')
      assert.match(
        error,
        /^bumpless: journal copy .*nothing: cannot be read \(no such folder\).*\n$/,
      )
    })

    it('watch at a terminal until q, and leave the screen as it was', async () => {
      const sitting = sitDown(service.environment, ['watch'])
      await sitting.see('intake: A primary')
      service.change('intake', { ...samplePair('intake', { sentence: 'intake: B primary.' }) })
      await sitting.see('intake: B primary.')
      sitting.type('q')
      assert.equal(await sitting.end(), 0)
      assert.ok(sitting.raw().endsWith('\u001b[?25h\u001b[?1049l'))
    })
  })
})

/** A service that takes the order and stays silent. */
async function withoutAnswer(
  service: PracticeService,
): Promise<{ out: string; code: number | null }> {
  const seen: string[] = []
  const silent = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    if (request.method === 'GET') response.end(JSON.stringify(service.view()))
  })
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  const environment = { ...service.environment, BUMPLESS_URL: url, BUMPLESS_TOKEN: 'any' }
  const words = ['switchover', 'intake', '--to', 'B', '--dry-run']
  const { out, code } = await bumpless(environment, words)
  silent.closeAllConnections()
  await new Promise((done) => silent.close(done))
  assert.equal(seen.filter((line) => line.startsWith('POST')).length, 1)
  return { out, code }
}
