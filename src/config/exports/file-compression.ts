import type { OptionReader } from './option-reader.ts'

export type FileCompression = 'none' | 'gzip' | 'zstd'

const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const

/** `compression`, or else what the end of the file's name tells; the two must agree. */
export function readFileCompression(options: OptionReader, to: string | null): FileCompression {
  const name = to?.toLowerCase() ?? ''
  const told = name.endsWith('.gz') ? 'gzip' : name.endsWith('.zst') ? 'zstd' : 'none'
  const said = options.choice('compression', COMPRESSIONS)
  if (said === undefined || said === told) return told
  const ending = said === 'gzip' ? '.gz' : said === 'zstd' ? '.zst' : undefined
  options.refuse(
    'compression',
    `\`compression: ${said}\` does not fit the name \`${to}\``,
    ending === undefined ? 'take the ending off the name' : `write the name with \`${ending}\` at its end`,
  )
  return told
}
