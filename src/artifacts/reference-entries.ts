import type { FunctionCall, RefCall, SourceCall } from '../template/host.ts'

function versionOf(version: string | undefined): number | string | null {
  if (version === undefined) return null
  return /^\d+(\.\d+)?$/.test(version) ? Number(version) : version
}

function refEntry(ref: RefCall): Record<string, unknown> {
  return { name: ref.name, package: ref.package ?? null, version: versionOf(ref.version) }
}

/** `refs` of a node: each name once. */
export function refEntries(refs: readonly RefCall[]): readonly Record<string, unknown>[] {
  if (refs.length < 2) return refs.map(refEntry)
  const distinct = new Map(refs.map((ref) => [`${ref.package ?? ''} ${ref.name} ${ref.version ?? ''}`, ref]))
  return [...distinct.values()].map(refEntry)
}

/** `sources` of a node: each table once. */
export function sourceEntries(calls: readonly SourceCall[]): readonly (readonly string[])[] {
  if (calls.length < 2) return calls.map((call) => [call.source, call.table])
  return [...new Map(calls.map((call) => [`${call.source} ${call.table}`, [call.source, call.table]])).values()]
}

/** `functions` of a node: each name once, behind its package where the call names one. */
export function functionEntries(calls: readonly FunctionCall[]): readonly (readonly string[])[] {
  const named = calls.map((call) => (call.package === undefined ? [call.name] : [call.package, call.name]))
  return [...new Map(named.map((names) => [names.join(' '), names])).values()]
}
