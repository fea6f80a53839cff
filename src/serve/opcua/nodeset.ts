// Our types as a NodeSet2 file, for tools that plan a SCADA project without a running server. The plant is not in it: its nodes come
// and go with the plant file, the types do not.

import { AddressSpace, generateAddressSpace, nodesets } from 'node-opcua'
import { namespaceUri } from './node-names.ts'
import { addTypes } from './types.ts'

/** The XML: the same text for the same model, because its date is `modelDate` and not that of the export. */
export async function nodesetXml(): Promise<string> {
  const addressSpace = AddressSpace.create()
  await generateAddressSpace(addressSpace, [nodesets.standard, nodesets.di])
  const namespace = addressSpace.registerNamespace(namespaceUri)
  addTypes(addressSpace, namespace)
  const xml = namespace.toNodeset2XML()
  addressSpace.dispose()
  const model = new RegExp(
    `(<Model ModelUri="${namespaceUri}" )Version="[^"]*" PublicationDate="[^"]*"`,
  )
  return `${xml.trimEnd()}\n`
    .replace(model, `$1Version="${modelVersion}" PublicationDate="${modelDate}"`)
    .replaceAll(/ LastModified="[^"]*"/g, '')
}

/** Counted up with every change of a type. */
const modelVersion = '1.1.0'
const modelDate = '2026-11-23T00:00:00Z'
