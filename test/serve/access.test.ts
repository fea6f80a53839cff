import assert from 'node:assert/strict'
import { chmod, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Access, openAccess } from '../../src/serve/access.ts'
import { guardLimits, openLoginGuard } from '../../src/serve/login-guard.ts'
import { openSessions, sessionIdleMs, sessionLongestMs } from '../../src/serve/sessions.ts'
import { removeUser, setPassword, setRole } from '../../src/serve/users-file.ts'
import { password, temporaryFolder, writeUsers } from './fixture.ts'

describe('the guard against guessing', () => {
  const keys = [
    { kind: 'user', name: 'anna' },
    { kind: 'address', name: '10.1.0.9' },
  ] as const

  it('lets some errors pass, then doubles the wait up to its limit', () => {
    const guard = openLoginGuard()
    let nowMs = 0
    const waitsS: number[] = []
    for (let failures = 0; failures < 12; failures++) {
      // Asked too early first, which tells the wait and costs nothing.
      const early = failures < guardLimits.user.free ? undefined : guard.attempt([keys[0]], nowMs)
      if (early?.allowed === false) {
        waitsS.push(early.retryAfterMs / 1_000)
        nowMs += early.retryAfterMs
      }
      assert.equal(guard.attempt([keys[0]], nowMs).allowed, true)
    }
    assert.deepEqual(waitsS, [1, 2, 4, 8, 16, 32, 60, 60])
  })

  it('counts attempts made at the same time', () => {
    const guard = openLoginGuard()
    const allowed = Array.from({ length: 50 }, () => guard.attempt(keys, 0)).filter(
      (attempt) => attempt.allowed,
    )
    assert.equal(allowed.length, guardLimits.user.free)
  })

  it('stops an address that tries many names', () => {
    const guard = openLoginGuard()
    const tries = Array.from({ length: 50 }, (_, count) =>
      guard.attempt([{ kind: 'user', name: `user${count}` }, keys[1]], 0),
    )
    assert.equal(tries.filter(({ allowed }) => allowed).length, guardLimits.address.free)
  })

  it('forgets after a quarter of an hour, and forgives a person who got it right', () => {
    const guard = openLoginGuard()
    for (let count = 0; count < 4; count++) guard.attempt(keys, 0)
    assert.equal(guard.attempt(keys, 0).allowed, false)
    const right = guard.attempt(keys, 1_000)
    assert(right.allowed)
    right.succeeded()
    for (let count = 0; count < 4; count++) assert(guard.attempt(keys, 1_000).allowed)
    assert.equal(guard.attempt(keys, 1_001).allowed, false)
    assert.equal(guard.attempt(keys, 1_000 + 900_000).allowed, true)
  })
})

describe('sessions', () => {
  const openAt = () => {
    const clock = { ms: 0 }
    const ended: string[] = []
    const sessions = openSessions(
      { nowMs: () => clock.ms, wallMs: () => clock.ms },
      ({ user }, reason) => ended.push(`${user}: ${reason}`),
    )
    return { clock, ended, sessions }
  }

  it('end after 12 h without a request', () => {
    const { clock, ended, sessions } = openAt()
    const { token } = sessions.open('anna', '127.0.0.1')
    clock.ms = sessionIdleMs - 1
    assert.notEqual(sessions.find(token), undefined)
    clock.ms += sessionIdleMs
    assert.equal(sessions.find(token), undefined)
    assert.deepEqual(ended, ['anna: it was not used for 12 h'])
  })

  it('end after 24 h even when they are used all the time', () => {
    const { clock, ended, sessions } = openAt()
    const { token } = sessions.open('anna', '127.0.0.1')
    for (clock.ms = 0; clock.ms < sessionLongestMs; clock.ms += 3_600_000) {
      assert.notEqual(sessions.find(token), undefined)
    }
    sessions.sweep()
    assert.deepEqual(ended, ['anna: it was open for 24 h'])
    assert.equal(sessions.find(token), undefined)
  })

  it('end the one that was unused for longest when one user opens too many', () => {
    const { clock, ended, sessions } = openAt()
    const first = sessions.open('anna', '127.0.0.1')
    const second = sessions.open('anna', '127.0.0.1')
    for (let count = 0; count < 30; count++) sessions.open('anna', '127.0.0.1')
    clock.ms = 10
    sessions.find(first.token)
    sessions.open('anna', '127.0.0.1')
    assert.equal(ended.length, 1)
    assert.equal(sessions.get(second.entry.id), undefined)
    assert.notEqual(sessions.get(first.entry.id), undefined)
  })

  it('have tokens of 256 bits that are kept nowhere', () => {
    const { sessions } = openAt()
    const { token } = sessions.open('anna', '127.0.0.1')
    assert.equal(Buffer.from(token, 'base64url').length, 32)
    assert.equal(JSON.stringify(sessions.all()).includes(token), false)
  })
})

describe('access while the users change', () => {
  let access: Access
  let file = ''
  let remove = async (): Promise<void> => {}
  let audit: string[] = []
  beforeEach(async () => {
    const made = await temporaryFolder()
    remove = made.remove
    file = join(made.folder, 'users.yaml')
    await writeUsers(file)
    audit = []
    access = await openAccess({ usersFile: file, onAudit: (text) => audit.push(text) })
  })
  afterEach(async () => {
    access.close()
    await remove()
  })

  const logIn = async (user: string) => {
    const login = await access.login(user, password, '127.0.0.1')
    assert(login.kind === 'good')
    const ended: string[] = []
    access.ended.subscribe(({ session, reason }) => ended.push(`${session.person.name}: ${reason}`))
    return { ...login, ended }
  }

  it('ends the sessions of a person who was removed', async () => {
    const { token, ended } = await logIn('anna')
    removeUser(file, 'anna')
    access.refresh()
    assert.equal(access.sessionOf(token), undefined)
    assert.deepEqual(ended, ['anna: the user was removed'])
    assert.equal((await access.login('anna', password, '127.0.0.1')).kind, 'wrong')
  })

  it('ends the sessions of a person who lost a role or got another password', async () => {
    const bert = await logIn('bert')
    setRole(file, 'bert', 'operator')
    access.refresh()
    assert.deepEqual(bert.ended, ['bert: the role was changed to operator'])
    const anna = await logIn('anna')
    await setPassword(file, 'anna', 'another good password')
    access.refresh()
    assert.deepEqual(anna.ended, ['anna: the password was changed'])
  })

  it('gives a person who was promoted the new role within the same session', async () => {
    const { token, ended } = await logIn('anna')
    setRole(file, 'anna', 'supervisor')
    access.refresh()
    assert.equal(access.sessionOf(token)?.person.role, 'supervisor')
    assert.deepEqual(ended, [])
  })

  it('keeps whoever was logged in when the file is lost or opened to others, and says so once', async () => {
    const { token } = await logIn('anna')
    await chmod(file, 0o644)
    access.refresh()
    access.refresh()
    assert.notEqual(access.sessionOf(token), undefined)
    assert.equal(audit.filter((text) => /users file not used/.test(text)).length, 1)
    await rm(file)
    access.refresh()
    assert.notEqual(access.sessionOf(token), undefined)
  })

  it('answers about as fast for a user who does not exist', async () => {
    const timeOf = async (user: string): Promise<number> => {
      const startMs = performance.now()
      await access.login(user, 'not the right password', '127.0.0.1')
      return performance.now() - startMs
    }
    // In turns, and the quickest of each: what else this machine does at the moment must not count.
    let known = Number.POSITIVE_INFINITY
    let unknown = Number.POSITIVE_INFINITY
    for (let round = 0; round < 20; round++) {
      known = Math.min(known, await timeOf(`${round % 2 ? 'anna' : 'bert'}`))
      unknown = Math.min(unknown, await timeOf(`nobody-${round}`))
      if (unknown > known / 3 && known > unknown / 3 && round >= 2) break
    }
    assert(unknown > known / 3, `unknown user ${unknown} ms, known user ${known} ms`)
    assert(known > unknown / 3, `unknown user ${unknown} ms, known user ${known} ms`)
  })

  it('never writes down a name that nobody has, because it may be a password', async () => {
    await access.login('correct-horse-battery', 'anna', '127.0.0.1')
    await access.login('anna', 'not the right password', '127.0.0.1')
    assert.deepEqual(audit, ['log-in refused for an unknown user', 'log-in refused for anna'])
  })
})
