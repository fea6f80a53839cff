// The words of the commands about the OPC UA door: who is trusted, and our types as a file. They work on files alone and need no
// running service.

import type { Command } from 'commander'
import { offline } from './action.ts'
import type { CertsOptions } from './certs.ts'
import type { RenewOptions } from './renew.ts'

export function addOpcUaCommands(program: Command): void {
  program.commandsGroup('OPC UA:')
  const certs = program
    .command('certs')
    .description('the certificates of OPC UA clients and servers')
  onFolders(certs.command('list').description('who is trusted and who was turned away'))
    .option('--json', 'as JSON')
    .action(
      offline(async (terminal, options: CertsOptions) =>
        (await import('./certs.ts')).listCerts(terminal, options),
      ),
    )
  onFolders(
    certs
      .command('trust <thumbprint>')
      .description('let a client or server in that was turned away'),
  ).action(
    offline(async (terminal, thumbprint: string, options: CertsOptions) =>
      (await import('./certs.ts')).moveCert(terminal, thumbprint, 'trusted', options),
    ),
  )
  onFolders(
    certs.command('reject <thumbprint>').description('no longer trust a client or server'),
  ).action(
    offline(async (terminal, thumbprint: string, options: CertsOptions) =>
      (await import('./certs.ts')).moveCert(terminal, thumbprint, 'rejected', options),
    ),
  )
  onFolders(certs.command('renew').description('a new key and certificate for our OPC UA server'))
    .option('--days <days>', 'how long it lives', '3650')
    .action(
      offline(async (terminal, options: RenewOptions) =>
        (await import('./renew.ts')).renew(terminal, options),
      ),
    )
  program
    .command('opcua')
    .description('the OPC UA server')
    .command('nodeset')
    .description('its types as NodeSet2 XML, for engineering tools')
    .action(
      offline(async () => {
        const { nodesetXml } = await import('../serve/opcua/nodeset.ts')
        process.stdout.write(await nodesetXml())
        return 0
      }),
    )
}

const onFolders = (command: Command): Command =>
  command
    .option('--plant <file>', 'the plant file that names the folders', 'config/plant.demo.yaml')
    .option('--pki <folder>', 'this folder instead')
