import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { allFiles } from '../../data-generator/all-files.ts'
import { type FileFacts, streamFile } from '../../data-generator/files/write-file.ts'
import { superstoreFolder } from '../../data-generator/superstore.ts'

const root = join(import.meta.dirname, '../..')
const scope = { scale: 1, seed: 42 }

function generate(seed: number): { facts: FileFacts; bytes: Buffer }[] {
  return allFiles({ scale: 0.02, seed }, root).map((file) => {
    const chunks: Uint8Array[] = []
    const facts = streamFile(file, (chunk) => chunks.push(chunk))
    return { facts, bytes: Buffer.concat(chunks) }
  })
}

describe('the committed data', () => {
  const contents = JSON.parse(readFileSync(join(root, 'data/contents.json'), 'utf8')) as { files: FileFacts[] }

  it('is what the generator writes, byte for byte', { timeout: 300_000 }, () => {
    const facts = allFiles(scope, root).map((file) => {
      const chunks: Uint8Array[] = []
      const fileFacts = streamFile(file, (chunk) => chunks.push(chunk))
      const committed = readFileSync(join(root, 'data', file.path))
      expect(Buffer.concat(chunks).equals(committed), file.path).toBe(true)
      const content = file.path.endsWith('.gz') ? gunzipSync(committed) : committed
      expect(createHash('sha256').update(content).digest('hex'), file.path).toBe(fileFacts.sha256)
      return fileFacts
    })
    expect(facts).toEqual(contents.files)
  })

  it('is a few megabytes', () => {
    const bytes = contents.files.reduce((sum, file) => sum + readFileSync(join(root, 'data', file.path)).length, 0)
    expect(bytes).toBeLessThan(5_000_000)
  })

  it('has the traps that its formats allow', () => {
    const raw = (path: string) => gunzipSync(readFileSync(join(root, 'data', path)))
    const campaigns = readFileSync(join(root, 'data/shop/campaigns.tsv'), 'latin1')
    expect(campaigns.includes('\n')).toBe(false)
    expect(campaigns.split('\r')).toHaveLength(26)
    expect(campaigns.endsWith('\r')).toBe(false)
    expect([...raw('shop/inventory.csv.gz').subarray(0, 2)]).toEqual([0xff, 0xfe])
    expect([...raw('shop/products.csv.gz').subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(raw('shop/products.csv.gz').at(-1)).not.toBe(0x0a)
    const customers = raw('shop/customers.csv.gz')
    expect(customers.toString('utf8')).toContain('\uFFFD')
    expect(customers.toString('latin1')).toMatch(/;\d\d\.\d\d\.\d{4};/)
    expect(customers.toString('latin1')).toMatch(/"[^";\r]*\n[^";\r]*""/)
    expect(raw('shop/order_items_2023.tsv.gz').toString('utf8')).toMatch(/\t\d\.\d{3},\d{2}\t/)
    expect(raw('google_ads/campaign_daily_2024-03.csv.gz').toString('utf8')).toContain(',20836690,')
    expect(raw('meta/insights_2024-04.ndjson.gz').toString('utf8')).toContain('offsite_conversion.fb_pixel_purchase')
  })
})

describe('the generator', () => {
  it('gives the same bytes for the same seed and others for another', () => {
    const first = generate(7)
    const again = generate(7)
    const other = generate(8)
    const made = first.filter(({ facts }) => !/^superstore\/|\/lookup\//.test(facts.path))
    expect(made.length).toBeGreaterThan(30)
    for (const [index, file] of first.entries())
      expect(again[index]?.bytes.equals(file.bytes), file.facts.path).toBe(true)
    const others = new Map(other.map((file) => [file.facts.path, file.bytes]))
    for (const file of made) expect(others.get(file.facts.path)?.equals(file.bytes), file.facts.path).toBe(false)
  })

  it('does not depend on the time zone or the language of the machine', () => {
    const before = { TZ: process.env.TZ, LANG: process.env.LANG }
    const here = generate(7).map(({ facts }) => facts.sha256)
    try {
      process.env.TZ = 'Asia/Kathmandu'
      process.env.LANG = 'tr_TR.UTF-8'
      expect(generate(7).map(({ facts }) => facts.sha256)).toEqual(here)
    } finally {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    }
  })

  it('takes the superstore lines from the package, whose CSV and Parquet agree', async () => {
    const folder = superstoreFolder(root)
    const committed = gunzipSync(readFileSync(join(root, 'data/superstore/orders.csv.gz')))
    expect(committed.equals(readFileSync(join(folder, 'superstore.csv')))).toBe(true)
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const csv = join(root, 'data/superstore/orders.csv.gz')
    const parquet = join(folder, 'superstore.parquet')
    const result = await connection.runAndReadAll(
      `select (select count(*) from '${csv}'), (select count(*) from (from '${csv}' except all from '${parquet}')), (select count(*) from (from '${parquet}' except all from '${csv}'))`,
    )
    expect(result.getRows()).toEqual([[9_994n, 0n, 0n]])
    connection.closeSync()
    instance.closeSync()
  })
})
