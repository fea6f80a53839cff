// How a device is reached, as the plant file writes it: one way a path, with the keys of that way only. Which keys belong
// together is judged in path-rules.ts, so that a fault can name the key that is wrong.

import { z } from 'zod'

const file = z.string().regex(/\S/, { error: 'must not be empty' }).max(1000)
const word = z.string().regex(/^\S{1,64}$/, { error: 'expected 1 to 64 characters without spaces' })

const modbusKeys = {
  modbus: z
    .string()
    .optional()
    .describe(
      'Modbus address: `tcp://host:port`, `rtu+tcp://host:port` (RTU frames through a serial device server) or `serial:///dev/ttyUSB0`.',
    ),
  unit: z.int().min(0).max(255).default(1).describe('Modbus unit identifier on the wire.'),
  baud: z
    .union(
      [z.literal(9600), z.literal(19200), z.literal(38400), z.literal(57600), z.literal(115200)],
      { error: 'expected 9600, 19200, 38400, 57600 or 115200' },
    )
    .optional()
    .describe('Serial line: bits per second. Default 19200.'),
  parity: z.enum(['none', 'even', 'odd']).optional().describe('Serial line: parity. Default even.'),
  stop_bits: z
    .union([z.literal(1), z.literal(2)], { error: 'expected 1 or 2' })
    .optional()
    .describe('Serial line: stop bits. Default 1, without parity 2.'),
}

const opcuaKeys = {
  opcua: z.string().optional().describe('OPC UA address: `opc.tcp://host:port`.'),
  security: z
    .enum(['none', 'sign', 'sign-and-encrypt'])
    .optional()
    .describe('OPC UA: how messages are protected. Default sign-and-encrypt.'),
  policy: z
    .enum(['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'])
    .optional()
    .describe('OPC UA: security policy. Default Basic256Sha256.'),
  pki: file
    .optional()
    .describe('OPC UA: folder of our certificate and of the trusted ones. Default data/pki.'),
}

const accountKeys = {
  user: word
    .optional()
    .describe('Account on the device or server; without it: nobody in particular.'),
  password_file: file.optional().describe('File with the password of the account (mode 0600).'),
}

const lan = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, {
    error: 'a name is 1 to 40 letters, digits, "-" and "_", and begins with a letter or digit',
  })
  .optional()
  .describe('Name of the network, so that common causes can be found.')

/** One way to a controller. */
export const unitPathSchema = z.strictObject({ ...modbusKeys, ...opcuaKeys, ...accountKeys, lan })

/** The ways to a UPS; its entry in the plant file carries them directly. */
export const upsPathKeys = {
  ...modbusKeys,
  nut: z
    .string()
    .optional()
    .describe('Address on a NUT server: `nut://host/ups`; the port is 3493 where none is given.'),
  tls: z
    .enum(['required', 'off'])
    .optional()
    .describe('NUT: encrypt with STARTTLS, or send everything in clear. Default required.'),
  ca: file.optional().describe("NUT: certificate of the authority that signed the server's."),
  snmp: z
    .string()
    .optional()
    .describe('SNMP address: `snmp://host`; the port is 161 where none is given.'),
  community_file: file.optional().describe('SNMP version 2c: file with the community (mode 0600).'),
  auth: z
    .enum(['sha', 'sha256', 'sha512'])
    .optional()
    .describe('SNMP version 3 (with `user`): how requests are signed. Default sha256.'),
  auth_file: file
    .optional()
    .describe('SNMP version 3: file with the signing password (mode 0600).'),
  priv_file: file
    .optional()
    .describe('SNMP version 3: file with the encryption password (AES, mode 0600).'),
  ...accountKeys,
  lan,
}

export type UnitPathEntry = z.output<typeof unitPathSchema>
export type UpsPathEntry = z.output<z.ZodObject<typeof upsPathKeys>>
