import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** What goes into a package: text, or a file of any size that is read as it is written. */
export type ZipContent = { readonly text: string } | { readonly file: string }

/** The first moment that a zip file can tell; as local time, because zip files know no zones. */
const TIME = new Date(1980, 0, 1, 0, 0, 0)

/**
 * Writes a zip file whose bytes depend on names and contents only: entries sorted by name, with one time and mode.
 * `entries`: by path within the file, with `/`.
 */
export async function writeZip(
  path: string,
  entries: { readonly [name: string]: ZipContent },
  signal: AbortSignal,
): Promise<void> {
  // A bundle hands a CommonJS package over as `default` alone.
  const { default: yazl } = await import('yazl')
  const zip = new yazl.ZipFile()
  const options = { mtime: TIME, mode: 0o100644, forceDosTimestamp: true, compress: true }
  for (const name of Object.keys(entries).sort()) {
    const content = entries[name]!
    if ('text' in content) zip.addBuffer(Buffer.from(content.text, 'utf8'), name, options)
    else zip.addFile(content.file, name, options)
  }
  zip.end()
  const failed = new Promise<never>((_, reject) => zip.once('error', reject))
  await Promise.race([pipeline(zip.outputStream, createWriteStream(path), { signal }), failed])
}
