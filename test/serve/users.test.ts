import assert from 'node:assert/strict'
import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openAccess } from '../../src/serve/access.ts'
import { hashPassword, isPasswordHash, passwordMatches } from '../../src/serve/password.ts'
import {
  addUser,
  readUsers,
  removeUser,
  setPassword,
  setRole,
  UsersError,
} from '../../src/serve/users-file.ts'
import { password, temporaryFolder } from './fixture.ts'

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
    for (const name of ['policy', 'Supervisor'])
      await refused(addUser(file, { ...anna, name }, 0), /the journal calls the program itself so/)
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
