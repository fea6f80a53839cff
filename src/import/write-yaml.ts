// The entries as YAML to paste into the plant file: one line for each tag, and above it in comments what the list called it,
// what is doubtful and what a person should decide.

import { Document, Scalar, visit, type YAMLMap, YAMLSeq } from 'yaml'
import type { Conversion } from './convert.ts'
import type { Taken } from './entry.ts'

/** `source` is what the first comment calls the list; with `pair` the tags stand under that pair. */
export function writeYaml(
  { taken, leftOut }: Conversion,
  source: string,
  pair: string | undefined,
): string {
  const document = new Document()
  const tags = new YAMLSeq()
  for (const one of taken) tags.add(tagNode(document, one))
  document.contents = document.createNode(
    pair === undefined ? { tags } : { pairs: [{ name: pair, tags }] },
  )
  const doubtful = taken.filter(({ doubts }) => doubts.length > 0).length
  document.commentBefore = comment([
    `${taken.length} tags from ${source}: ${doubtful} doubtful, ${leftOut.length} left out.`,
    'Classes and tolerances are proposals: read every comment, decide, and delete it.',
  ])
  return document.toString({ lineWidth: 0, singleQuote: true, flowCollectionPadding: true })
}

function tagNode(document: Document, { from, entry, critical, doubts }: Taken): YAMLMap {
  const node = document.createNode(entry, { flow: true, aliasDuplicateObjects: false })
  visit(node, { Scalar: (_key, scalar) => quote(scalar) })
  const original = from.name === entry.name ? '' : `"${from.name}"`
  const described = [original, from.description].filter((text) => text.trim() !== '').join(': ')
  node.commentBefore = comment([
    ...(described === '' ? [] : [described]),
    ...doubts.map((doubt) => `doubtful: ${doubt}`),
    ...(critical === undefined ? [] : [`proposed: critical: true, because ${critical}`]),
  ])
  return node as YAMLMap
}

// Texts of a list may be anything; only plain words go without quotes.
function quote(scalar: Scalar): void {
  if (typeof scalar.value !== 'string' || /^[A-Za-z0-9][\w.-]*$/.test(scalar.value)) return
  const printable = !/[\p{C}\p{Zl}\p{Zp}]/u.test(scalar.value)
  scalar.type = printable ? Scalar.QUOTE_SINGLE : Scalar.QUOTE_DOUBLE
}

const widthMax = 160

/** Text of a list could end a comment or hold control characters; neither must reach the file. */
const comment = (lines: readonly string[]): string =>
  lines
    .map((line) => line.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim())
    .map((line) => ` ${line.length > widthMax ? `${line.slice(0, widthMax - 3)}...` : line}`)
    .join('\n')
