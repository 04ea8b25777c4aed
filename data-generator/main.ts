import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { allFiles } from './all-files.ts'
import { writeFile } from './files/write-file.ts'

const USAGE = 'usage: npm run data -- [--scale 1] [--seed 42] [--out data]'

function positive(text: string, flag: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  console.error(`--${flag} must be a positive number, not \`${text}\`\n${USAGE}`)
  process.exit(2)
}

function readFlags() {
  const text = (value: string) => ({ type: 'string', default: value }) as const
  try {
    return parseArgs({ options: { scale: text('1'), seed: text('42'), out: text('data') } }).values
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`)
    process.exit(2)
  }
}

const values = readFlags()
const scope = { scale: positive(values.scale, 'scale'), seed: positive(values.seed, 'seed') }
const folder = resolve(values.out)
mkdirSync(folder, { recursive: true })
const facts = allFiles(scope, process.cwd()).map((file) => {
  const written = writeFile(file, folder)
  console.log(`${written.path}: ${written.accepted + written.quarantined + written.duplicate} records`)
  return written
})
writeFileSync(join(folder, 'contents.json'), `${JSON.stringify({ ...scope, files: facts }, null, 2)}\n`)
