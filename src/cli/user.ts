// `bumpless user`: the accounts of people, kept in the users file. Works on the file alone, so it needs no running service;
// a service that runs takes up the change within a second.

import { readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { type AccessRole, accessRoles } from '../core/plant.ts'
import { certificateFacts } from '../serve/certificate.ts'
import { passwordFault } from '../serve/password.ts'
import {
  addUser,
  bindCertificate,
  listUsers,
  removeUser,
  setPassword,
  setRole,
  UsersError,
  unbindCertificate,
} from '../serve/users-file.ts'
import { ask, linesOfStdin } from './ask.ts'
import { Halt, usageFault } from './outcome.ts'
import { openTerminal } from './terminal.ts'

/** Adds `user add|list|remove|passwd|role` to a command. What goes wrong is thrown as a Halt with one clear line. */
export function userCommand(program: Command): void {
  const user = program.command('user').description('the people who may log in')
  onFile(user.command('add <name>').description('add a person'))
    .addOption(roleOption().makeOptionMandatory())
    .addOption(fromStdin())
    .action(clearly(add))
  onFile(user.command('list').description('show who may log in'))
    .option('--json', 'as JSON, without the password hashes')
    .action(clearly(list))
  onFile(
    user.command('remove <name>').description('remove a person and end their sessions'),
  ).action(
    clearly(async (name: string, { users }: FileOptions) => {
      removeUser(users, name)
      openTerminal({}).out(`${name} was removed from ${users}`)
    }),
  )
  onFile(user.command('passwd <name>').description('give a person another password'))
    .addOption(fromStdin())
    .action(clearly(changePassword))
  onFile(user.command('role <name>').description('give a person another role'))
    .addOption(roleOption().makeOptionMandatory())
    .action(
      clearly(async (name: string, { users, role }: FileOptions & RoleOptions) => {
        setRole(users, name, role)
        openTerminal({}).out(`${name} is ${role} in ${users}`)
      }),
    )
  onFile(
    user
      .command('certificate <name> [file]')
      .description('let a person log in over OPC UA with this certificate'),
  )
    .option('--remove <sha256>', 'take the certificate back that begins with these digits')
    .action(clearly(changeCertificate))
}

type FileOptions = { readonly users: string }
type RoleOptions = { readonly role: AccessRole }
type PasswordOptions = { readonly passwordStdin?: boolean }

async function add(
  name: string,
  { users, role, passwordStdin }: FileOptions & RoleOptions & PasswordOptions,
): Promise<void> {
  if (listUsers(users).some((other) => other.name === name)) {
    throw new UsersError(`${name} exists already in ${users}; change it with passwd or role`)
  }
  const password = await newPassword(name, passwordStdin)
  await addUser(users, { name, role, password }, Date.now())
  openTerminal({}).out(`${name} was added to ${users} as ${role}`)
}

type CertificateOptions = FileOptions & { readonly remove?: string }

async function changeCertificate(
  name: string,
  file: string | undefined,
  { users, remove }: CertificateOptions,
): Promise<void> {
  if ((file === undefined) === (remove === undefined)) {
    throw usageFault('expected a certificate file, or --remove with its first digits')
  }
  const { out } = openTerminal({})
  if (remove !== undefined) {
    const taken = unbindCertificate(users, name, remove)
    out(`the certificate of ${taken.name} no longer logs ${name} in; its sessions have ended`)
    return
  }
  const certificate = certificateFacts(readFileSync(file ?? ''))
  if (certificate === undefined) {
    throw new UsersError(`${file} is not a certificate, expected one in PEM or DER form`)
  }
  bindCertificate(users, name, certificate)
  out(`${name} may log in over OPC UA with the certificate of ${certificate.name}`)
  out(`(valid to ${certificate.validTo}, SHA-256 ${certificate.sha256})`)
  out('The server must trust it as well: bumpless certs list, bumpless certs trust')
}

async function list({ users, json }: FileOptions & { json?: boolean }): Promise<void> {
  const terminal = openTerminal({})
  const shown = listUsers(users).map(({ name, role, created, certificates = [] }) => ({
    ...{ name, role, created, certificates },
  }))
  if (json) return terminal.json(shown)
  if (shown.length === 0) return terminal.out(`nobody may log in: ${users} names no user`)
  const width = Math.max(...shown.map(({ name }) => name.length))
  for (const { name, role, created, certificates } of shown) {
    terminal.out(`${name.padEnd(width)}  ${role.padEnd(10)}  since ${created.slice(0, 10)}`)
    for (const { sha256, name: named, validTo } of certificates) {
      terminal.out(`  certificate ${sha256.slice(0, 12)} of ${named}, valid to ${validTo}`)
    }
  }
}

async function changePassword(
  name: string,
  { users, passwordStdin }: FileOptions & PasswordOptions,
): Promise<void> {
  if (!listUsers(users).some((other) => other.name === name)) {
    throw new UsersError(`there is no user ${name} in ${users}`)
  }
  await setPassword(users, name, await newPassword(name, passwordStdin))
  openTerminal({}).out(`the password of ${name} was changed; sessions that were open have ended`)
}

async function newPassword(name: string, passwordStdin = false): Promise<string> {
  if (passwordStdin) return (await linesOfStdin())[0] ?? ''
  const terminal = openTerminal({})
  if (!terminal.interactive) {
    throw usageFault('no terminal to ask for a password; give it on stdin with --password-stdin')
  }
  const first = await secret(`password for ${name} (at least 12 characters):`)
  const fault = passwordFault(first, name)
  if (fault !== undefined) throw new UsersError(fault)
  const second = await secret('the same again:')
  if (first !== second) throw new Halt('the two passwords differ; nothing was changed')
  return first
}

async function secret(question: string): Promise<string> {
  const asked = await ask(openTerminal({}), question, { secret: true })
  if (asked.kind !== 'line') throw new Halt('nothing was changed')
  return asked.text
}

const onFile = (command: Command): Command =>
  command.option('--users <file>', 'the users file', 'data/users.yaml')

const roleOption = (): Option =>
  new Option('--role <role>', 'what the person may do').choices(accessRoles)

const fromStdin = (): Option =>
  new Option('--password-stdin', 'read the password from the first line of stdin')

// One clear line instead of a stack for what a person can mend.
function clearly<Arguments extends unknown[]>(
  work: (...given: Arguments) => Promise<void>,
): (...given: Arguments) => Promise<void> {
  return async (...given) => {
    try {
      await work(...given)
    } catch (error) {
      if (error instanceof UsersError) throw new Halt(error.message)
      if (error instanceof Error && 'syscall' in error) throw new Halt(error.message)
      throw error
    }
  }
}
