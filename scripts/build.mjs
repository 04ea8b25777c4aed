// `npm run build`: bundles the command line and the library into `dist/`, copies the built-in macros, emits declarations.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, renameSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = `${root}dist`
// Made beside `dist` and moved there, so that a command that runs meanwhile sees the old bundle or the new one.
const fresh = `${root}dist.${process.pid}`

await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: fresh,
  // Chunks lie one folder deep, as the layers do in `src/`, so that `../macros` leads to the same place from both.
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  sourcemap: false,
  legalComments: 'none',
  // The native engine is a package of its own for each platform; everything else is bundled.
  external: ['@duckdb/node-bindings*'],
  // esbuild answers `require` of the bundled CommonJS packages through this.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
})
chmodSync(`${fresh}/cli.js`, 0o755)
cpSync(`${root}src/macros`, `${fresh}/macros`, { recursive: true })

if (!process.argv.includes('--no-types')) {
  const tsc = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(/package\.json$/, 'bin/tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', `${fresh}/types`], { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true })
    process.exit(status ?? 1)
  }
}
rmSync(dist, { recursive: true, force: true })
renameSync(fresh, dist)
