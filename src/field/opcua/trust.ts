// Whom we trust and who we are: our own certificate, the servers that a person has let in, and the password. The folder of a
// path holds it all (`own`, `trusted/certs`, `rejected`, `issuers`); several paths may share one folder.

import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { EndpointDescription, OPCUACertificateManager } from 'node-opcua'
import type { OpcUaPath } from '../../core/plant.ts'
import type { Library } from './library.ts'

export type TrustStore = {
  /** For the library: our key and certificate. */
  readonly manager: OPCUACertificateManager
  /**
   * Why a server with this certificate (DER) is not let in; undefined when it is. An unknown one is kept under `rejected`;
   * moving it to `trusted/certs` lets the server in at the next attempt, without a restart.
   */
  distrust(certificate: Uint8Array | null): Promise<string | undefined>
}

/** The store in folder `pki`, made (mode 0700) where there is none. One for all paths that share the folder. */
export function openTrustStore(library: Library, pki: string): Promise<TrustStore> {
  const folder = resolve(pki)
  const known = stores.get(folder)
  if (known !== undefined) return known
  const opening = makeStore(library, folder)
  stores.set(folder, opening)
  // A folder that could not be made this time may be there the next time.
  opening.catch(() => stores.delete(folder))
  return opening
}

/**
 * Of the ways in which a server takes a password, those that keep it secret on a channel that does not encrypt: with a policy
 * of their own or, failing that, the endpoint's.
 */
export function secretTokens(
  library: Library,
  endpoint: EndpointDescription,
): NonNullable<EndpointDescription['userIdentityTokens']> {
  const strong = new Set(policies.map((policy) => library.SecurityPolicy[policy].toString()))
  return (endpoint.userIdentityTokens ?? []).filter((token) => {
    if (token.tokenType !== library.UserTokenType.UserName) return true
    return strong.has(token.securityPolicyUri || endpoint.securityPolicyUri || '')
  })
}

const policies: readonly Exclude<OpcUaPath['policy'], 'None'>[] = [
  'Basic256Sha256',
  'Aes128_Sha256_RsaOaep',
  'Aes256_Sha256_RsaPss',
]

const stores = new Map<string, Promise<TrustStore>>()

async function makeStore(library: Library, folder: string): Promise<TrustStore> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (first !== undefined) await chmod(folder, 0o700)
  const manager = new library.OPCUACertificateManager({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: false,
    // The folders are read again before each judgement: watchers would cost five handles and half a second of delay.
    disableFileWatchers: true,
  })
  // Held by us as well, so that the library does not dispose of it with the first client that ends.
  manager.referenceCounter += 1
  await manager.initialize()
  let judging: Promise<unknown> = Promise.resolve()
  return {
    manager,
    distrust(certificate) {
      const judged = judging.then(() => judge(manager, certificate, folder))
      judging = judged.catch(() => undefined)
      return judged
    },
  }
}

async function judge(
  manager: OPCUACertificateManager,
  certificate: Uint8Array | null,
  folder: string,
): Promise<string | undefined> {
  if (certificate === null || certificate.length === 0) return 'the server shows no certificate'
  await manager.reloadCertificates()
  const status = await manager.checkCertificate(Buffer.from(certificate))
  if (status.isGood()) return undefined
  const file = await rejectedFile(folder, certificate)
  const kept = file === undefined ? '' : `; it is kept as ${file}`
  if (status.name !== 'BadCertificateUntrusted') {
    return `the server's certificate is not accepted: ${status.name}${kept}`
  }
  const trusted = join(folder, 'trusted', 'certs')
  return `the server's certificate is not trusted${kept}; move it to ${trusted} to let the server in`
}

async function rejectedFile(folder: string, certificate: Uint8Array): Promise<string | undefined> {
  const thumbprint = createHash('sha1').update(certificate).digest('hex')
  const files = await readdir(join(folder, 'rejected')).catch(() => [])
  const file = files.find((name) => name.toLowerCase().includes(thumbprint))
  return file === undefined ? undefined : join(folder, 'rejected', file)
}
