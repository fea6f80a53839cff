import assert from 'node:assert/strict'
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Access, openAccess } from '../../src/serve/access.ts'
import { guardLimits, openLoginGuard } from '../../src/serve/login-guard.ts'
import { hashPassword, isPasswordHash, passwordMatches } from '../../src/serve/password.ts'
import { openSessions, sessionIdleMs, sessionLongestMs } from '../../src/serve/sessions.ts'
import {
  addUser,
  readUsers,
  removeUser,
  setPassword,
  setRole,
  UsersError,
} from '../../src/serve/users-file.ts'
import { password, temporaryFolder, writeUsers } from './fixture.ts'

describe('password hashes', () => {
  it('agree with the vectors of the argon2 reference implementation', async () => {
    const vector =
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    assert.equal(await passwordMatches('password', vector), true)
    assert.equal(await passwordMatches('passwore', vector), false)
  })

  it('are salted, of the strength that was decided, and say so themselves', async () => {
    const [one, two] = await Promise.all([hashPassword(password), hashPassword(password)])
    assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]{22}\$[^$]{43}$/)
    assert.notEqual(one, two)
    assert.equal(await passwordMatches(password, one), true)
    assert.equal(await passwordMatches(`${password} `, one), false)
  })

  it('take the same word from keyboards that spell letters differently', async () => {
    const hash = await hashPassword('vann\u00e5pning st\u00e5r')
    assert.equal(await passwordMatches('vanna\u030apning sta\u030ar', hash), true)
  })

  it('are refused when their cost would stall the service', () => {
    const parts = 'c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    assert.equal(isPasswordHash(`$argon2id$v=19$m=65536,t=2,p=1$${parts}`), true)
    assert.equal(isPasswordHash(`$argon2id$v=19$m=999999,t=2,p=1$${parts}`), false)
    assert.equal(isPasswordHash(`$argon2id$v=19$m=65536,t=99,p=1$${parts}`), false)
    assert.equal(isPasswordHash(`$argon2i$v=19$m=65536,t=2,p=1$${parts}`), false)
  })
})

describe('the users file', () => {
  let file = ''
  let remove = async (): Promise<void> => {}
  beforeEach(async () => {
    const made = await temporaryFolder()
    file = join(made.folder, 'users.yaml')
    remove = made.remove
  })
  afterEach(() => remove())

  const anna = { name: 'anna', role: 'operator', password } as const

  it('is made readable for its owner only, and keeps no password', async () => {
    await addUser(file, anna, 0)
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    assert.equal((await readFile(file, 'utf8')).includes(password), false)
    assert.deepEqual(
      readUsers(file).map(({ name, role, created }) => ({ name, role, created })),
      [{ name: 'anna', role: 'operator', created: '1970-01-01T00:00:00.000Z' }],
    )
  })

  for (const mode of [0o640, 0o604, 0o660, 0o644, 0o620]) {
    it(`is refused with mode ${mode.toString(8)}, in one line that says what to do`, async () => {
      await addUser(file, anna, 0)
      await chmod(file, mode)
      await assert.rejects(openAccess({ usersFile: file, onAudit: () => {} }), (error: Error) => {
        assert(error instanceof UsersError)
        assert.equal(
          error.message,
          `${file} may be read or written by others (mode 0${mode.toString(8)}), expected 0600: chmod 600 ${file}`,
        )
        return true
      })
    })
  }

  it('is missed with one line that says how to make it', () => {
    assert.throws(() => readUsers(file), /does not exist; add a first user: bumpless user add/)
  })

  it('shows no hash when it is damaged', async () => {
    await addUser(file, anna, 0)
    const sound = await readFile(file, 'utf8')
    for (const damaged of [
      sound.replace('argon2id', 'argon9'),
      sound.replace('users:', 'users: ['),
    ]) {
      await writeFile(file, damaged)
      assert.throws(
        () => readUsers(file),
        (error: Error) => error instanceof UsersError && !/\$m=|\$v=/.test(error.message),
      )
    }
  })

  it('takes no weak password, no name twice, and no change of somebody unknown', async () => {
    await addUser(file, anna, 0)
    const refused = (work: Promise<void>, text: RegExp) => assert.rejects(work, text)
    await refused(addUser(file, anna, 0), /anna exists already/)
    await refused(addUser(file, { ...anna, name: 'bo\u001bb' }, 0), /expected a letter/)
    await refused(addUser(file, { ...anna, name: 'bob', password: 'short' }, 0), /5 characters/)
    const own = { name: 'Long.User.Name', role: 'operator', password: 'long.user.name' } as const
    await refused(addUser(file, own, 0), /the password is the user name/)
    await refused(setPassword(file, 'carl', password), /no user carl .*users: anna/)
    assert.throws(() => removeUser(file, 'carl'), /no user carl/)
    assert.throws(() => setRole(file, 'carl', 'engineer'), /no user carl/)
    assert.equal(readUsers(file).length, 1)
  })
})

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
    const known = Math.min(await timeOf('anna'), await timeOf('anna'), await timeOf('bert'))
    const unknown = Math.min(await timeOf('zoe'), await timeOf('zoe'), await timeOf('yan'))
    assert(unknown > known / 3, `unknown user ${unknown} ms, known user ${known} ms`)
    assert(known > unknown / 3, `unknown user ${unknown} ms, known user ${known} ms`)
  })

  it('never writes down a name that nobody has, because it may be a password', async () => {
    await access.login('correct-horse-battery', 'anna', '127.0.0.1')
    await access.login('anna', 'not the right password', '127.0.0.1')
    assert.deepEqual(audit, ['log-in refused for an unknown user', 'log-in refused for anna'])
  })
})
