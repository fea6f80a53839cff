// Whether a certificate may stand for a person, told from the certificate alone. Whose it is stands in the users file, and whether it is
// trusted in a folder; here is only asked whether it was made for such a use at all. Node does not tell the key usage, so this reads
// the few bytes that do.

import { X509Certificate } from 'node:crypto'

/** Why this (DER) is no person's certificate, in words that follow "the certificate"; undefined when it may be one. */
export function notAPersons(der: Buffer, ofTheClient: Buffer | undefined): string | undefined {
  if (ofTheClient?.equals(der)) return 'is the one of the client application itself'
  const certificate = new X509Certificate(der)
  if (certificate.ca) return 'is one of an authority'
  const { keyUsage: purposes, subjectAltName = '' } = certificate
  if (/\bURI:urn:/.test(subjectAltName)) return 'is one of an application (it carries its address)'
  if (purposes?.includes(serverPurpose) && !purposes.includes(clientPurpose)) {
    return 'is one of a server'
  }
  const usage = keyUsageOf(der)
  return usage === undefined || (usage & digitalSignature) !== 0
    ? undefined
    : 'was not made for signatures (key usage)'
}

const serverPurpose = '1.3.6.1.5.5.7.3.1'
const clientPurpose = '1.3.6.1.5.5.7.3.2'
/** First bit of the key usage (RFC 5280, 4.2.1.3). */
const digitalSignature = 0x80

/** First byte of the key usage; undefined where the certificate does not limit it. */
function keyUsageOf(der: Buffer): number | undefined {
  const [certificate] = partsOf(der)
  const [body] = certificate === undefined ? [] : partsOf(certificate.content)
  const fields = body === undefined ? [] : partsOf(body.content)
  const extensions = fields.find(({ tag }) => tag === extensionsTag)
  const [list] = extensions === undefined ? [] : partsOf(extensions.content)
  for (const extension of list === undefined ? [] : partsOf(list.content)) {
    const [name, ...rest] = partsOf(extension.content)
    if (name?.content.toString('hex') !== keyUsageName) continue
    const [bits] = partsOf(rest.at(-1)?.content ?? Buffer.alloc(0))
    return bits?.content.at(1) ?? 0
  }
  return undefined
}

const extensionsTag = 0xa3
/** Object identifier 2.5.29.15. */
const keyUsageName = '551d0f'

type Part = { readonly tag: number; readonly content: Buffer }

/** The parts of a DER value, one after the other; ends where a length is wrong. */
function partsOf(bytes: Buffer): readonly Part[] {
  const parts: Part[] = []
  let at = 0
  while (at + 2 <= bytes.length) {
    const tag = bytes[at] ?? 0
    const first = bytes[at + 1] ?? 0
    const more = first < 0x80 ? 0 : first & 0x7f
    if (more > 4 || at + 2 + more > bytes.length) break
    const length = more === 0 ? first : bytes.readUIntBE(at + 2, more)
    const from = at + 2 + more
    if (from + length > bytes.length) break
    parts.push({ tag, content: bytes.subarray(from, from + length) })
    at = from + length
  }
  return parts
}
