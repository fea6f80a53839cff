// Addresses as people write them in the plant file: a register (`hr:100`, `hr:110.0`, `hr:61.0-1`) and a place on the network
// (`host:port`). Every function answers either the parts or one sentence on what was expected.

export type Area = 'hr' | 'ir' | 'co' | 'di'

/** A register or coil; `bit` where one bit of a word is meant, with `bitCount` where a field of several is. */
export type RegisterAddress = {
  readonly area: Area
  readonly address: number
  readonly bit?: number
  readonly bitCount?: number
}
export type HostPort = { readonly host: string; readonly port: number }
export type Wrong = { readonly wrong: string }

export const isWrong = (parsed: object): parsed is Wrong => 'wrong' in parsed

const addressMax = 65_535
const areas: readonly Area[] = ['hr', 'ir', 'co', 'di']
const isArea = (text: string): text is Area => areas.some((area) => area === text)

/**
 * Parses `AREA:ADDRESS`, `AREA:ADDRESS.BIT` or `AREA:ADDRESS.LOW-HIGH` (bits of words only, 0 is the least significant).
 * Addresses are zero-based protocol addresses, 0 to 65535.
 */
export function parseRegister(text: string): RegisterAddress | Wrong {
  const match = /^([A-Za-z]+):(\d+)(?:\.(\d+(?:-\d+)?))?$/.exec(text)
  if (match === null) return { wrong: `expected an address such as hr:100, found "${text}"` }
  const [, area = '', digits = '', bits] = match
  if (!isArea(area)) {
    return {
      wrong: `unknown area "${area}"; expected hr (holding registers), ir (input registers), co (coils) or di (discrete inputs)`,
    }
  }
  const address = Number(digits)
  if (address > addressMax) {
    return { wrong: `address ${digits} is out of range; expected 0 to ${addressMax}` }
  }
  if (bits === undefined) return { area, address }
  if (area === 'co' || area === 'di') {
    return { wrong: `${area} holds single bits; leave ".${bits}" away` }
  }
  const parsed = parseBits(bits, 15)
  return isWrong(parsed) ? parsed : { area, address, ...parsed }
}

/** Parses `3` or `0-1`: a bit, or a field from its lowest to its highest bit. */
export function parseBits(
  text: string,
  highest: number,
): { readonly bit: number; readonly bitCount?: number } | Wrong {
  const [low = 0, high] = text.split('-').map(Number)
  const outside = [low, high ?? low].find((bit) => bit > highest)
  if (outside !== undefined) {
    return { wrong: `bit ${outside} is out of range; expected 0 to ${highest}` }
  }
  if (high === undefined) return { bit: low }
  if (high <= low) {
    return { wrong: `bits ${text} run backwards; expected the lowest bit first: ${high}-${low}` }
  }
  return { bit: low, bitCount: high - low + 1 }
}

/** Parses `host:port`; an IPv6 address stands in brackets. `shape` is what the sentence says was expected. */
export function parseHostPort(text: string, shape = 'host:port'): HostPort | Wrong {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]*)(?::(.*))?$/.exec(text)
  if (match === null) return { wrong: `expected ${shape}, found "${text}"` }
  const [, host = '', portDigits] = match
  if (host === '') return { wrong: `the host is missing; expected ${shape}` }
  if (!host.startsWith('[') && !isHostName(host)) {
    return { wrong: `"${host}" is not a host name or address; expected ${shape}` }
  }
  if (portDigits === undefined) return { wrong: `the port is missing; expected ${shape}` }
  const port = Number(portDigits)
  if (!/^\d{1,5}$/.test(portDigits) || port < 1 || port > 65_535) {
    return { wrong: `port "${portDigits}" is out of range; expected 1 to 65535` }
  }
  return { host: host.replace(/^\[|\]$/g, '').toLowerCase(), port }
}

// Four groups of digits are meant as an IPv4 address; everything else must be a name after RFC 1123.
function isHostName(host: string): boolean {
  if (/^[\d.]+$/.test(host)) {
    const parts = host.split('.')
    return (
      parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
    )
  }
  const label = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/
  return host.length <= 253 && host.split('.').every((part) => label.test(part))
}
