// `npm run docs`: writes docs/errors.md from the sources.
import { readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { renderErrorsPage } from './errors-table.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** All `errors.ts` of the layers, relative to the root. */
function errorFiles() {
  return readdirSync(`${root}/src`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === 'errors.ts')
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort()
}

const entry = [
  ...errorFiles().map((file) => `import ${JSON.stringify(file)}`),
  `export { diagnosticKinds } from ${JSON.stringify(`${root}/src/base/diagnostic.ts`)}`,
].join('\n')
const bundle = await build({
  stdin: { contents: entry, resolveDir: root, loader: 'ts' },
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
})
const { diagnosticKinds } = await import(
  `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString('base64')}`
)
writeFileSync(`${root}/docs/errors.md`, renderErrorsPage(diagnosticKinds()))
