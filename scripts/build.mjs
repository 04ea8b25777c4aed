// `npm run build`: bundles the command line and the library into `dist/`, copies the built-in macros, emits declarations
// (`--no-types` leaves them out).
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = `${root}dist`
// Made beside `dist` and moved there, so that a command that starts meanwhile sees the old bundle or the new one.
const fresh = `${root}dist.${process.pid}`

const common = {
  absWorkingDir: root,
  outdir: fresh,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'silent',
}

/** The library, and the command line without its first file. */
function bundle() {
  return build({
    ...common,
    entryPoints: { index: 'src/index.ts', 'chunks/run-process': 'src/cli/run-process.ts' },
    // Chunks lie one folder deep, as the layers do in `src/`, so that `../macros` leads to the same place from both.
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    // The native engine is a package of its own for each platform; everything else is bundled.
    external: ['@duckdb/node-bindings*'],
    // esbuild answers `require` of the bundled CommonJS packages through this.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  })
}

/** What the shell starts: one file without imports, so that `--version` reads nothing else. */
function bundleEntry() {
  const later = {
    name: 'later',
    setup: ({ onResolve }) =>
      onResolve({ filter: /\/run-process\.ts$/ }, () => ({ path: './chunks/run-process.js', external: true })),
  }
  return build({ ...common, entryPoints: { cli: 'src/cli/main.ts' }, plugins: [later] })
}

function declare() {
  const tsc = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(/package\.json$/, 'bin/tsc')
  const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', `${fresh}/types`]
  if (spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status !== 0) throw new Error('tsc failed')
}

/** `npx tsdbt` finds the command here at once; otherwise npm installs the package into a cache of its own first. */
function linkCommand() {
  const bin = `${root}node_modules/.bin`
  if (process.platform === 'win32' || !existsSync(bin)) return
  rmSync(`${bin}/tsdbt`, { force: true })
  symlinkSync('../../dist/cli.js', `${bin}/tsdbt`)
}

try {
  await Promise.all([bundle(), bundleEntry()])
  chmodSync(`${fresh}/cli.js`, 0o755)
  cpSync(`${root}src/macros`, `${fresh}/macros`, { recursive: true })
  if (!process.argv.includes('--no-types')) declare()
  rmSync(dist, { recursive: true, force: true })
  renameSync(fresh, dist)
  linkCommand()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  rmSync(fresh, { recursive: true, force: true })
}
