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

export const httpSchema = z.strictObject({
  listen: z.string().default('127.0.0.1:8080').describe('`host:port` of the pages and the API.'),
})
