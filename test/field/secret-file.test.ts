// Files with passwords: which of them are read, and what is said about the others.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { readSecret } from '../../src/field/secret-file.ts'

describe('a file with a password', () => {
  let folder = ''
  let file = ''
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bumpless-secret-'))
    file = path.join(folder, 'password')
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))
  const holding = async (text: string | Buffer): ReturnType<typeof readSecret> => {
    await writeFile(file, text, { mode: 0o600 })
    return readSecret(file)
  }
  const wrongWith = (what: string) => ({ wrong: `the secret file ${file} ${what}` })

  const good: [string, string, string][] = [
    ['is read', 'sesame', 'sesame'],
    ['is read without its line end', 'sesame\n', 'sesame'],
    ['is read without its Windows line end', 'sesame\r\n', 'sesame'],
    ['keeps its blanks', ' open sesame \n', ' open sesame '],
    ['may hold any letters', 'pässwört', 'pässwört'],
  ]
  for (const [title, text, secret] of good) {
    it(title, async () => assert.deepEqual(await holding(text), { secret }))
  }
  const bad: [string, string | Buffer, string][] = [
    ['may not be empty', '', 'is empty; write the secret into it, one line'],
    ['may not hold a line end alone', '\n', 'is empty; write the secret into it, one line'],
    [
      'may not hold two lines',
      'sesame\nsesame\n',
      'holds more than one line, or control characters; expected one line of text',
    ],
    ['may not hold other bytes', Buffer.from([0xff, 0xfe]), 'is not UTF-8 text'],
    ['may not be long', 'x'.repeat(4097), 'is longer than 4096 bytes'],
  ]
  for (const [title, text, what] of bad) {
    it(title, async () => assert.deepEqual(await holding(text), wrongWith(what)))
  }
  for (const mode of [0o640, 0o604, 0o620, 0o777]) {
    it(`may not have the mode ${mode.toString(8)}`, async () => {
      await writeFile(file, 'sesame')
      await chmod(file, mode)
      const what = `is open to others; run: chmod 600 ${file}`
      assert.deepEqual(await readSecret(file), wrongWith(what))
    })
  }
  it('may be for reading alone', async () => {
    await writeFile(file, 'sesame')
    await chmod(file, 0o400)
    assert.deepEqual(await readSecret(file), { secret: 'sesame' })
  })
  it('must be there', async () => {
    const what = 'does not exist; write the secret into it and run chmod 600'
    assert.deepEqual(await readSecret(file), wrongWith(what))
  })
  it('may not be a folder', async () => {
    await mkdir(file, { mode: 0o700 })
    const what = 'is not a plain file; expected a file with one line'
    assert.deepEqual(await readSecret(file), wrongWith(what))
  })
  it('may not be a pipe, which would keep us waiting', async () => {
    await promisify(execFile)('mkfifo', ['-m', '600', file])
    const what = 'is not a plain file; expected a file with one line'
    assert.deepEqual(await readSecret(file), wrongWith(what))
  })
  it('may not be a link', async () => {
    await writeFile(path.join(folder, 'other'), 'sesame', { mode: 0o600 })
    await symlink(path.join(folder, 'other'), file)
    assert.deepEqual(await readSecret(file), wrongWith('is a link; name the file itself'))
  })
})
