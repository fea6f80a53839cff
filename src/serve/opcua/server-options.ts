// How the library is set up: nothing that is convenient and nothing that is anonymous is left on. Every limit of a client stands
// here.

import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import {
  MessageSecurityMode,
  nodesets,
  OPCUACertificateManager,
  type OPCUAServerOptions,
  SecurityPolicy,
  WellKnownRoles,
} from 'node-opcua'
import type { OpcUaSettings } from '../../core/opcua-settings.ts'
import { clientLimits } from './client-limits.ts'
import { namespaceUri } from './node-names.ts'
import { applicationUri } from './own-certificate.ts'
import type { Users } from './users.ts'

export async function serverOptions(
  settings: OpcUaSettings,
  version: string,
  users: Users,
): Promise<OPCUAServerOptions> {
  const { host, port, policies, sessionsMax, connectionsMax } = settings
  const name = hostname()
  const shownHost = everywhere.includes(host) ? name : host
  const [clients, persons] = await certificateManagers(settings.pki)
  return {
    ...{
      host,
      port,
      hostname: shownHost,
      alternateHostname: shownHost === name ? [] : [shownHost],
    },
    nodesets: [nodesets.standard, nodesets.di],
    serverInfo: {
      applicationUri: applicationUri(),
      productUri: namespaceUri,
      applicationName: { text: 'bumpless' },
    },
    buildInfo: {
      ...{ productName: 'bumpless', productUri: namespaceUri, softwareVersion: version },
      ...{ manufacturerName: 'bumpless', buildNumber: version, buildDate: new Date(0) },
    },
    serverCertificateManager: clients,
    userCertificateManager: persons,
    securityPolicies: policies.map((policy) => SecurityPolicy[policy]),
    securityModes: [
      ...(policies.includes('None') ? [MessageSecurityMode.None] : []),
      ...(policies.some((policy) => policy !== 'None')
        ? [MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt]
        : []),
    ],
    allowAnonymous: false,
    unresolvedPermissionPolicy: 'deny',
    isAuditing: true,
    auditEventRoles: [WellKnownRoles.Supervisor, WellKnownRoles.Engineer],
    maxConnectionsPerEndpoint: connectionsMax,
    transportSettings: { adjustTransportLimits },
    serverCapabilities: {
      maxSessions: sessionsMax,
      maxBrowseContinuationPoints: 10,
      maxSubscriptionsPerSession: clientLimits.subscriptionsPerSession,
      maxSubscriptions: clientLimits.subscriptionsMax,
      maxMonitoredItemsPerSubscription: clientLimits.itemsPerSubscription,
      maxMonitoredItems: clientLimits.itemsMax,
      maxMonitoredItemsQueueSize: clientLimits.queueMax,
      // Only with 0 are items told of every change at once.
      minSupportedSampleRate: 0,
      operationLimits: limits,
    },
    userManager: {
      isValidUserAsync(user, password, done) {
        users.check(this, user, password).then(
          (right) => done(null, right),
          () => done(null, false),
        )
      },
      // By name alone a certificate could speak for an account; the resolver below looks at the kind of token.
      getUserRoles: () => [],
    },
  }
}

const everywhere = ['0.0.0.0', '::', '']

/** Items in one request of a client. */
const limits = {
  maxNodesPerRead: 10_000,
  maxNodesPerWrite: 1_000,
  maxNodesPerBrowse: 5_000,
  maxNodesPerMethodCall: 100,
  maxNodesPerRegisterNodes: 10_000,
  maxNodesPerTranslateBrowsePathsToNodeIds: 10_000,
  maxMonitoredItemsPerCall: 20_000,
}

/** Sizes that both sides keep to, whatever the client offers. */
function adjustTransportLimits(hello: {
  readonly receiveBufferSize: number
  readonly sendBufferSize: number
  readonly maxMessageSize: number
}) {
  const { messageMaxBytes } = clientLimits
  const chunk = (offered: number): number => Math.min(Math.max(offered, 8 * 1024), 64 * 1024)
  return {
    receiveBufferSize: chunk(hello.receiveBufferSize),
    sendBufferSize: chunk(hello.sendBufferSize),
    // 0: the client has no limit of its own.
    maxMessageSize: Math.min(hello.maxMessageSize || messageMaxBytes, messageMaxBytes),
    maxChunkCount: messageMaxBytes / (8 * 1024),
  }
}

/** One folder for the clients, one inside it for persons with a certificate: a client's must never count as a person's. */
async function certificateManagers(pki: string) {
  const folders = [resolve(pki), join(resolve(pki), 'users')]
  const managers = []
  for (const rootFolder of folders) {
    await mkdir(rootFolder, { recursive: true, mode: 0o700 })
    const manager = new OPCUACertificateManager({
      rootFolder,
      automaticallyAcceptUnknownCertificate: false,
    })
    await manager.initialize()
    managers.push(manager)
  }
  const [clients, persons] = managers
  if (clients === undefined || persons === undefined) throw new Error('no certificate folder')
  return [clients, persons] as const
}
