// The part of the plant file that is about the service itself: what it keeps where, and where it listens.

import { z } from 'zod'

export const folder = z.string().regex(/\S/, { error: 'must not be empty' }).max(1000)

export const journalSchema = z.strictObject({
  copies: z
    .array(folder)
    .min(1, { error: 'at least one folder is needed' })
    .max(4, { error: 'four copies at most' })
    .default(['data/journal-a', 'data/journal-b'])
    .describe('Folders of the copies, best on different disks.'),
})

export const recorderSchema = z.strictObject({
  folder: folder
    .optional()
    .describe("Folder of the recording. Default: `recording` beside the journal's first copy."),
  keep_h: z
    .int()
    .min(0)
    .max(8760)
    .default(24)
    .describe('How long the inputs are kept for replay; 0: nothing is recorded.'),
  max_mb: z
    .int()
    .min(10)
    .max(1_000_000)
    .default(500)
    .describe('Most that the recording may take, MB; the oldest part goes first.'),
})

const hostName = z.string().regex(/^[a-z0-9]([a-z0-9.:-]{0,251}[a-z0-9])?$/, {
  error: 'a host name or address in small letters, without port',
})

export const httpSchema = z.strictObject({
  listen: z.string().default('127.0.0.1:8080').describe('`host:port` of the pages and the API.'),
  names: z
    .array(hostName)
    .max(20)
    .default([])
    .describe(
      'Further host names under which browsers may reach the service. Any other name is refused.',
    ),
  notice: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe('Shown where people log in, such as who may use this.'),
  tls: z
    .strictObject({
      certificate: folder.describe(
        'PEM file with the certificate of this service, then those between it and the root.',
      ),
      key: folder.describe('PEM file with its private key, mode 0600.'),
    })
    .optional()
    .describe('HTTPS instead of HTTP. A change of the files is taken up without a restart.'),
  metrics: z
    .strictObject({
      token_file: folder
        .optional()
        .describe('File with the token (16 characters or more) that a scraper sends, mode 0600.'),
      open_here: z
        .boolean()
        .default(false)
        .describe('Whether every program on this machine may have the metrics without a token.'),
    })
    .optional()
    .describe('Who may have `/metrics` without logging in. Without this key: nobody.'),
})

const policy = z.enum(['None', 'Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'])

const historySchema = z.strictObject({
  folder: folder
    .optional()
    .describe("Folder of the history. Default: `history` beside the journal's first copy."),
  keep_days: z
    .int()
    .min(0)
    .max(3650)
    .default(30)
    .describe('How long values and events are kept for clients; 0: no history is kept.'),
  max_mb: z
    .int()
    .min(20)
    .max(1_000_000)
    .default(1000)
    .describe('Most that the history may take, MB; the oldest part goes first.'),
  tag_s: z
    .number()
    .min(0)
    .max(3600)
    .default(1)
    .describe(
      'Values of one tag are kept at most so often; while a switchover runs, and at 0, each one that is shown.',
    ),
})

export const opcuaSchema = z.strictObject({
  listen: z.string().default('127.0.0.1:4840').describe('`host:port` of the OPC UA server.'),
  policies: z
    .array(policy)
    .min(1, { error: 'at least one policy is needed' })
    .default(['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'])
    .describe(
      'Security policies that clients may use. `None` (nothing is signed or encrypted) only where it stands here.',
    ),
  pki: folder
    .default('data/opcua')
    .describe(
      'Folder of our certificate and of the clients that are trusted (`bumpless certs` shows them).',
    ),
  sessions: z.int().min(1).max(200).default(20).describe('Sessions that may be open at once.'),
  connections: z
    .int()
    .min(2)
    .max(500)
    .default(50)
    .describe('Connections that may be open at once.'),
  alarms: z
    .int()
    .min(10)
    .max(1000)
    .default(200)
    .describe(
      'Alarms that are shown at once; each takes about 0.2 MB. The least urgent are left out.',
    ),
  back_s: z
    .int()
    .min(1)
    .max(3600)
    .default(60)
    .describe(
      'When stopped as planned, clients are told that the service is back after this time.',
    ),
  history: historySchema
    .prefault({})
    .describe('What was, for clients that read the past. Kept unless `keep_days` is 0.'),
})
