// Makes the pages that browsers load: one script, one style sheet, one worker, one file of symbols, from the sources in this folder.
// Run by `npm run pages`, which `npm ci` and `npm start` do by themselves.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { paletteCss } from './palette.ts'

const here = import.meta.dirname
const built = resolve(here, '../../dist/pages')

const { outputFiles } = await build({
  entryPoints: {
    pages: join(here, 'pages.tsx'),
    'stream-worker': join(here, 'live/stream-worker.ts'),
    styles: join(here, 'style/styles.css'),
  },
  outdir: built,
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2024', 'chrome115', 'firefox121', 'safari17'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  write: false,
  logLevel: 'error',
})

await mkdir(built, { recursive: true })
const files = new Map(
  outputFiles.map(({ path, contents }) => [path.slice(built.length + 1), Buffer.from(contents)]),
)
const styles = files.get('styles.css') ?? Buffer.alloc(0)
files.set('styles.css', Buffer.concat([Buffer.from(paletteCss()), styles]))
for (const name of ['pages.html', 'icon.svg']) files.set(name, await readFile(join(here, name)))

let packed = 0
for (const [name, bytes] of files) {
  await writeFile(join(built, name), bytes)
  packed += brotliCompressSync(bytes).length
}
process.stdout.write(
  `pages built: ${files.size} files, ${(packed / 1000).toFixed(1)} kB compressed\n`,
)
