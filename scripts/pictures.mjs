// `npm run pictures`: builds the root project apart and draws the dashboards of its workbook into docs/pictures/.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
// Within the root, so that the bundle finds the packages that it leaves out.
const bundle = join(root, `dist/pictures.${process.pid}.mjs`)
// A project that is built already spares the build.
const built = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'tsdbt-pictures-'))

try {
  await build({
    stdin: {
      contents: `export { workbookPictures } from './scripts/pictures/workbook-pictures.ts'
        export { projectParts } from './spec/warehouse/project-parts.ts'`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  })
  const { projectParts, workbookPictures } = await import(bundle)
  if (process.argv[2] === undefined) {
    for (const part of projectParts) cpSync(join(root, part), join(built, part), { recursive: true })
    const command = [join(root, 'dist/cli.js'), 'build', '--quiet', '--exclude', 'export:*']
    const { status } = spawnSync(process.execPath, command, { cwd: built, stdio: 'inherit' })
    if (status !== 0) throw new Error('the project could not be built; `npm run build` first')
  }
  mkdirSync(join(root, 'docs/pictures'), { recursive: true })
  for (const [name, svg] of await workbookPictures(root, built)) {
    writeFileSync(join(root, 'docs/pictures', name), svg)
    console.log(`docs/pictures/${name} ${Math.ceil(svg.length / 1024)} KB`)
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  rmSync(bundle, { force: true })
  if (process.argv[2] === undefined) rmSync(built, { recursive: true, force: true })
}
