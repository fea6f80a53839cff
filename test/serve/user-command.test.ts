import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { certificateDigest } from '../../src/serve/certificate.ts'
import { addUser, readUsers } from '../../src/serve/users-file.ts'
import { password, temporaryFolder, waitFor } from './fixture.ts'
import { makeCertificate } from './opcua/certificates.ts'

// The command alone, as the main program calls it: one line for what went wrong, and its number.
const program = `
  import { Command } from 'commander'
  import { Halt } from '${pathToFileURL('src/cli/outcome.ts')}'
  import { userCommand } from '${pathToFileURL('src/cli/user.ts')}'
  const program = new Command('bumpless')
  userCommand(program)
  try {
    await program.parseAsync(JSON.parse(process.env.ARGUMENTS), { from: 'user' })
  } catch (error) {
    if (!(error instanceof Halt)) throw error
    process.stderr.write(error.message + '\\n')
    process.exitCode = error.exit
  }
`

describe('the user command', () => {
  let file = ''
  let remove = async (): Promise<void> => {}
  const children: ChildProcess[] = []
  beforeEach(async () => {
    const made = await temporaryFolder()
    file = join(made.folder, 'data', 'users.yaml')
    remove = made.remove
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill()
    await remove()
  })

  const start = (words: readonly string[], onTerminal = false) => {
    const given = ['user', ...words, '--users', file]
    const env = { ...process.env, ARGUMENTS: JSON.stringify(given), PROGRAM: program }
    const node = [process.execPath, '--input-type=module', '-e', program]
    const terminal = `${process.execPath} --input-type=module -e "$PROGRAM"`
    const child = onTerminal
      ? spawn('script', ['-qec', terminal, '/dev/null'], { env })
      : spawn(node[0] ?? '', node.slice(1), { env })
    children.push(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
    return { child, exit, output: () => output }
  }
  const run = async (words: readonly string[], input = '') => {
    const { child, exit, output } = start(words)
    child.stdin.end(input)
    return { code: await exit, text: output() }
  }

  it('adds, shows, changes and removes a person', async () => {
    const added = await run(
      ['add', 'anna', '--role', 'operator', '--password-stdin'],
      `${password}\n`,
    )
    assert.deepEqual(added, { code: 0, text: `anna was added to ${file} as operator\n` })
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    const role = await run(['role', 'anna', '--role', 'supervisor'])
    assert.equal(role.code, 0, role.text)
    const listed = await run(['list', '--json'])
    const [entry, ...others] = JSON.parse(listed.text)
    assert.deepEqual(Object.keys(entry), ['name', 'role', 'created', 'certificates'])
    assert.deepEqual([entry.name, entry.role, others.length], ['anna', 'supervisor', 0])
    const before = readUsers(file)[0]?.password
    await run(['passwd', 'anna', '--password-stdin'], 'another good password\n')
    assert.notEqual(readUsers(file)[0]?.password, before)
    assert.match((await run(['list'])).text, /^anna {2}supervisor {2}since \d{4}-\d\d-\d\d\n$/)
    assert.equal((await run(['remove', 'anna'])).code, 0)
    assert.equal(readUsers(file).length, 0)
  })

  it('binds a certificate to one person and to no second one, shows it, and takes it back', async () => {
    for (const name of ['anna', 'bert'])
      await addUser(file, { name, role: 'operator', password }, 0)
    const made = await makeCertificate(dirname(file), { name: 'Anna Berg' })
    const bound = await run(['certificate', 'anna', made.certificateFile])
    assert.equal(bound.code, 0, bound.text)
    assert.match(bound.text, /anna may log in over OPC UA with the certificate of Anna Berg/)
    assert.match(bound.text, /must trust it as well/)
    const digest = certificateDigest(made.der)
    assert.match(
      (await run(['list'])).text,
      new RegExp(`certificate ${digest.slice(0, 12)} of Anna`),
    )
    const second = await run(['certificate', 'bert', made.certificateFile])
    assert.equal(second.code, 1)
    assert.match(second.text, /is bound to anna already; a certificate is one person/)
    const nothing = await run(['certificate', 'anna', '--remove', 'ffff'])
    assert.match(nothing.text, /no certificate of anna begins with ffff \(bound: [0-9a-f]{12} Anna/)
    const key = await run(['certificate', 'anna', made.keyFile])
    assert.match(key.text, /is not a certificate, expected one in PEM or DER form/)
    assert.equal((await run(['certificate', 'anna'])).code, 2)
    const taken = await run(['certificate', 'anna', '--remove', digest.slice(0, 8)])
    assert.equal(taken.code, 0, taken.text)
    assert.deepEqual(
      readUsers(file).map(({ certificates }) => certificates),
      [undefined, undefined],
    )
  }).timeout(20_000)

  it('refuses what it cannot do in one clear line', async () => {
    const add = (name: string, secret: string) =>
      run(['add', name, '--role', 'operator', '--password-stdin'], `${secret}\n`)
    const short = await add('anna', 'short')
    assert.deepEqual(short, {
      code: 1,
      text: 'the password has 5 characters, expected at least 12\n',
    })
    const own = await add('operations.anna', 'Operations.Anna')
    assert.match(own.text, /^the password is the user name, .*\n$/)
    assert.match((await run(['remove', 'anna'])).text, /^there is no user anna in .*\n$/)
    const asked = await run(['add', 'anna', '--role', 'operator'])
    assert.equal(asked.code, 2)
    assert.match(asked.text, /^no terminal to ask for a password; .*--password-stdin\n$/)
    const role = await run(['add', 'anna', '--role', 'boss', '--password-stdin'])
    assert.match(role.text, /Allowed choices are observer, operator, supervisor, engineer/)
    await assert.rejects(readFile(file))
  })

  const typed = async (second: string) => {
    const { child, exit, output } = start(['add', 'anna', '--role', 'operator'], true)
    await waitFor(() => output().includes('password for anna'), 8_000, output)
    child.stdin.write(`${password}\r`)
    await waitFor(() => output().includes('the same again'), 8_000, output)
    child.stdin.write(`${second}\r`)
    return { code: await exit, text: output() }
  }

  it('asks twice on a terminal and shows no letter of the password', async () => {
    const { code, text } = await typed(password)
    assert.equal(code, 0, text)
    assert.equal(text.includes(password.slice(0, 5)), false, text)
    assert.equal(readUsers(file)[0]?.name, 'anna')
  }).timeout(20_000)

  it('changes nothing when the two passwords differ', async () => {
    const { code, text } = await typed('another good password')
    assert.equal(code, 1)
    assert.match(text, /the two passwords differ; nothing was changed/)
    await assert.rejects(readFile(file))
  }).timeout(20_000)
})
