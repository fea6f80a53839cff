// Numbers and ranges as people write them into tables: with a decimal comma, with a unit behind, `0..100`, `-50 bis 150 °C`.

/** A finite number with `.` or `,` before the decimals; nothing else. */
export function readNumber(text: string): number | undefined {
  const trimmed = text.trim()
  if (!/^[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d{1,3})?$/.test(trimmed)) return undefined
  const value = Number(trimmed.replace(',', '.'))
  return Number.isFinite(value) ? value : undefined
}

/** Two ends with a low below the high, and the unit that may follow. */
export function readRange(
  text: string,
): { readonly low: number; readonly high: number; readonly units: string } | undefined {
  const number = String.raw`([-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d{1,3})?)`
  const between = String.raw`\s*(?:\.{2,3}|…|to|bis|til|/|[-–])\s*`
  const match = new RegExp(`^\\s*${number}${between}${number}\\s*(\\D.{0,19})?$`, 'i').exec(text)
  const low = readNumber(match?.[1] ?? '')
  const high = readNumber(match?.[2] ?? '')
  if (low === undefined || high === undefined || low >= high) return undefined
  if (!Number.isFinite(high - low)) return undefined
  return { low, high, units: (match?.[3] ?? '').trim() }
}
