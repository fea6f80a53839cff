// One command block over OPC UA (docs/protocols.md, section 7): the block is written, read back and compared, and only then is
// the word written that commits it, because some servers take the elements of an array one by one. Values only: with a status or
// a time stamp many servers refuse a write.

import assert from 'node:assert/strict'
import type { WriteNote } from '../../core/image.ts'
import type { OpcUaPath } from '../../core/plant.ts'
import type { BlockWrite } from '../driver.ts'
import type { Line, Reply } from './line.ts'
import { askValues, valueIdOf } from './nodes.ts'
import { nodeDecoder } from './variant.ts'

export type CommandNodes = NonNullable<OpcUaPath['command']>

/** Words of the block without the one that commits it. */
const blockWords = 17

/**
 * Writes one block of 18 words. `dropped`: not a byte of it left. `sent`: the server acknowledged the commit word. Anything
 * else is `uncertain`: a block without its new commit word is not judged, but an older commit word may happen to fit it. A
 * command that gets no answer in time costs the connection: it is reset, so that of what was written nothing is sent later.
 * What a frozen server has received already it may still carry out when it thaws; only the block's challenge stops that.
 */
export async function writeCommand(
  line: Line,
  nodes: CommandNodes,
  block: BlockWrite,
  timeoutMs: number,
): Promise<Omit<WriteNote, 'commandId'>> {
  const { words, deadlineMs } = block
  assert(words.length === blockWords + 1, `a command block of ${words.length} words`)
  const limits = { timeoutMs, deadlineMs }
  const written = await writeWords(line, nodes.block, words.slice(0, blockWords), limits)
  const atMs = written.sentMs
  if (written.kind === 'failed') {
    return written.left
      ? { fate: 'uncertain', atMs, detail: `the block was written, but: ${written.detail}` }
      : { fate: 'dropped', atMs, detail: written.detail }
  }
  const differs = await readBack(line, nodes.block, words.slice(0, blockWords), timeoutMs)
  if (differs !== undefined) {
    return { fate: 'uncertain', atMs, detail: `not committed: ${differs}` }
  }
  const committed = await writeWords(line, nodes.commit, words[blockWords] ?? 0, limits)
  if (committed.kind === 'answered') return { fate: 'sent', atMs, detail: 'acknowledged' }
  const what = committed.left ? 'the commit was written, but' : 'not committed'
  return { fate: 'uncertain', atMs, detail: `${what}: ${committed.detail}` }
}

type Limited = { readonly timeoutMs: number; readonly deadlineMs: number }

/** Writes UInt16 values to one node; answered only when the server calls the write good. */
async function writeWords(
  line: Line,
  node: string,
  words: readonly number[] | number,
  limits: Limited,
): Promise<Reply<object>> {
  const { AttributeIds, DataType, VariantArrayType, WriteRequest, WriteResponse, coerceNodeId } =
    line.library
  const value =
    typeof words === 'number'
      ? { dataType: DataType.UInt16, value: words }
      : {
          dataType: DataType.UInt16,
          arrayType: VariantArrayType.Array,
          value: Uint16Array.from(words),
        }
  const request = new WriteRequest({
    nodesToWrite: [
      { nodeId: coerceNodeId(node), attributeId: AttributeIds.Value, value: { value } },
    ],
  })
  const reply = await line.command(request, WriteResponse, limits)
  if (reply.kind === 'failed') {
    if (reply.fault === 'timeout') line.hangUp('a command was not acknowledged in time')
    return reply
  }
  const status = reply.response.results?.[0]
  if (status?.isGood()) return reply
  const { sentMs, receivedMs } = reply
  const detail = `the server refused ${node}: ${status?.name ?? 'no result'}`
  return { kind: 'failed', fault: 'exception', detail, left: true, sentMs, receivedMs }
}

/** Why the node does not hold what was written to it; undefined when it does. */
async function readBack(
  line: Line,
  node: string,
  words: readonly number[],
  timeoutMs: number,
): Promise<string | undefined> {
  const reply = await askValues(line, [valueIdOf(line.library, node)], timeoutMs)
  if (reply.kind === 'failed') {
    if (reply.fault === 'timeout') line.hangUp('a command could not be read back in time')
    return `it could not be read back: ${reply.detail}`
  }
  const value = decodeBlock(reply.response.answers[0])
  if (!Array.isArray(value)) return `it reads back as no block of ${blockWords} words`
  const at = words.findIndex((word, index) => word !== value[index])
  return at < 0 ? undefined : `word ${at} reads back as ${value[at]} instead of ${words[at]}`
}

const decodeBlock = nodeDecoder({
  key: 'command',
  node: '',
  type: 'words',
  words: blockWords,
  scale: 1,
  offset: 0,
  unknownWhen: [],
})
