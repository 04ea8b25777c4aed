import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source-file.ts'
import type { Span } from '../base/span.ts'
import { docName, docNotOpen, docUnclosed } from './errors.ts'

/** A doc block as a file has it. */
export interface ScannedDoc {
  readonly name: string
  readonly nameSpan: Span
  /** Markdown as written, without blanks at the ends. */
  readonly text: string
}

/** Our fence and dbt's; each is closed by its own. */
const fence =
  /\{\{~?\s*#\*\s*docs\b([^}]*)\}\}|\{%[-+]?\s*docs\b(.*?)[-+]?%\}|(\{\{~?\s*\/\s*docs\s*~?\}\})|(\{%[-+]?\s*enddocs\s*[-+]?%\})/g

type Style = 'own' | 'jinja'

interface Fence {
  readonly style: Style
  /** The text behind `docs` and where it begins; undefined of a closing one. */
  readonly head: { readonly text: string; readonly start: number } | undefined
  readonly start: number
  readonly end: number
}

/**
 * The doc blocks of a Markdown file. What stands in a block is taken as it is, braces included: only the fence that closes
 * it has a meaning there. What stands outside of blocks is for readers of the file.
 */
export function scanDocs(file: SourceFile, report: (diagnostic: Diagnostic) => void): readonly ScannedDoc[] {
  const docs: ScannedDoc[] = []
  const span = (start: number, end: number): Span => ({ path: file.path, start, end })
  let open: { readonly fence: Fence; readonly name: string | undefined; readonly nameSpan: Span } | undefined
  const leaveOpen = (fence: Fence, name: string | undefined): void =>
    report(docUnclosed({ name, jinja: fence.style === 'jinja' }, { span: span(fence.start, fence.end) }))
  for (const next of fences(file.text)) {
    if (open !== undefined && open.fence.style !== next.style) continue
    if (next.head === undefined) {
      if (open === undefined) report(docNotOpen({}, { span: span(next.start, next.end) }))
      else if (open.name !== undefined)
        docs.push({ ...open, name: open.name, text: file.text.slice(open.fence.end, next.start).trim() })
      open = undefined
      continue
    }
    if (open !== undefined) leaveOpen(open.fence, open.name)
    const name = nameIn(next.head.text)
    const at = next.head.start + next.head.text.indexOf(name)
    const nameSpan = name === '' ? span(next.start, next.end) : span(at, at + name.length)
    const valid = /^[^\W\d]\w*$/.test(name)
    if (!valid) report(docName({ name }, { span: nameSpan }))
    open = { fence: next, name: valid ? name : undefined, nameSpan }
  }
  if (open !== undefined) leaveOpen(open.fence, open.name)
  return docs.map(({ name, nameSpan, text }) => ({ name, nameSpan, text }))
}

/** Without the quotes and the tilde that may stand around it. */
function nameIn(head: string): string {
  return head
    .trim()
    .replace(/~$/, '')
    .trim()
    .replace(/^(['"])(.*)\1$/, '$2')
}

function* fences(text: string): Iterable<Fence> {
  for (const match of text.matchAll(fence)) {
    const [whole, own, jinja, closed] = match
    const start = match.index
    const place = { start, end: start + whole.length }
    const head = own ?? jinja
    yield {
      ...place,
      style: own !== undefined || closed !== undefined ? 'own' : 'jinja',
      head: head === undefined ? undefined : { text: head, start: start + whole.indexOf('docs') + 'docs'.length },
    }
  }
}
