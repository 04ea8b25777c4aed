import { join } from 'node:path'
import type { Graph } from '../graph/graph.ts'
import { writeArtifactFile } from './artifact-file.ts'
import { manifestText } from './manifest.ts'
import { batchPath, type CompiledText, type ManifestInput, outputPath } from './manifest-input.ts'
import { type OutputFile, writeOutputFiles } from './output-files.ts'
import { type RunResultsInput, runResultsText } from './run-results.ts'

/** The text of one batch of a node. */
export interface BatchText {
  readonly id: string
  readonly sql: string
}

/** Where artifacts go and what must not stand in them. */
export interface ArtifactPlace {
  /** Absolute. */
  readonly folder: string
  /** Takes secrets out of a text. */
  readonly scrub: (text: string) => string
}

function* scrubbed(pieces: Iterable<string>, scrub: (text: string) => string): Iterable<string> {
  for (const piece of pieces) yield scrub(piece)
}

/** Writes `manifest.json` and resolves to its path. Raises `artifacts/not-writable`, as all of these do. */
export async function writeManifest(place: ArtifactPlace, input: ManifestInput): Promise<string> {
  const path = join(place.folder, 'manifest.json')
  await writeArtifactFile(path, scrubbed(manifestText(input), place.scrub))
  return path
}

/** Writes `run_results.json` and resolves to its path. */
export async function writeRunResults(place: ArtifactPlace, input: RunResultsInput): Promise<string> {
  const path = join(place.folder, 'run_results.json')
  await writeArtifactFile(path, scrubbed(runResultsText(input), place.scrub))
  return path
}

/** Writes an artifact that is small enough to stand in memory, and resolves to its path. */
export async function writeWhole(place: ArtifactPlace, path: string, artifact: object): Promise<string> {
  await writeArtifactFile(path, [place.scrub(JSON.stringify(artifact))])
  return path
}

function* nodeFiles<T>(
  graph: Graph,
  texts: Iterable<readonly [string, T]>,
  textOf: (value: T) => string,
): Iterable<OutputFile> {
  for (const [id, value] of texts) {
    const node = graph.nodes.get(id)
    if (node !== undefined) yield { path: outputPath(node), text: textOf(value) }
  }
}

function* scrubbedFiles(files: Iterable<OutputFile>, scrub: (text: string) => string): Iterable<OutputFile> {
  for (const { path, text } of files) yield { path, text: scrub(text) }
}

/** Writes the compiled SQL of nodes below `compiled/`; resolves to the number of files that changed. */
export function writeCompiled(
  place: ArtifactPlace,
  graph: Graph,
  compiled: ReadonlyMap<string, CompiledText>,
): Promise<number> {
  const files = nodeFiles(graph, compiled, (c) => c.sql.text)
  return writeOutputFiles(join(place.folder, 'compiled'), scrubbedFiles(files, place.scrub))
}

/** Writes the compiled SQL of batches, each in a file of its own; resolves to the number of files that changed. */
export function writeBatches(
  place: ArtifactPlace,
  graph: Graph,
  batches: ReadonlyMap<string, readonly BatchText[]>,
): Promise<number> {
  return writeOutputFiles(join(place.folder, 'compiled'), scrubbedFiles(batchFiles(graph, batches), place.scrub))
}

function* batchFiles(graph: Graph, batches: ReadonlyMap<string, readonly BatchText[]>): Iterable<OutputFile> {
  for (const [id, texts] of batches) {
    const node = graph.nodes.get(id)
    if (node !== undefined) for (const batch of texts) yield { path: batchPath(node, batch), text: batch.sql }
  }
}

/** Writes the statements that built each node below `run/`; resolves to the number of files that changed. */
export function writeExecuted(
  place: ArtifactPlace,
  graph: Graph,
  statements: ReadonlyMap<string, string>,
): Promise<number> {
  const files = nodeFiles(graph, statements, (text) => text)
  return writeOutputFiles(join(place.folder, 'run'), scrubbedFiles(files, place.scrub))
}
