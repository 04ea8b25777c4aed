import { fromXml } from 'xast-util-from-xml'

/** A part of a multipart message. */
export interface Part {
  readonly name: string
  readonly filename: string | undefined
  readonly contentType: string
  readonly content: Buffer
}

/** Reads a multipart message strictly; raises an error that says what is wrong with it. */
export function parseMultipart(contentType: string, body: Buffer, kind: 'mixed' | 'form-data'): readonly Part[] {
  const boundary = new RegExp(`^multipart/${kind}; boundary=([\\w'()+,./:=?-]{1,70})$`).exec(contentType)?.[1]
  if (boundary === undefined) throw new Error(`Content type '${contentType}' not supported`)
  const open = Buffer.from(`--${boundary}`)
  const parts: Part[] = []
  let at = 0
  for (;;) {
    if (!body.subarray(at, at + open.length).equals(open)) throw new Error(`no boundary at byte ${at}`)
    at += open.length
    if (body.subarray(at).equals(Buffer.from('--\r\n'))) return parts
    if (body.toString('latin1', at, at + 2) !== '\r\n') throw new Error(`no line break behind the boundary at ${at}`)
    const head = body.indexOf('\r\n\r\n', at)
    if (head < 0) throw new Error('a part without an end of its headers')
    const headers = body.toString('utf8', at + 2, head).split('\r\n')
    const end = body.indexOf(Buffer.from(`\r\n--${boundary}`), head + 2)
    if (end < head + 2) throw new Error('a part without an end')
    parts.push(partOf(headers, body.subarray(head + 4, Math.max(end, head + 4))))
    at = end + 2
  }
}

function partOf(headers: readonly string[], content: Buffer): Part {
  const [disposition = '', type = '', ...more] = headers
  if (more.length > 0) throw new Error(`more headers than known: ${more.join(', ')}`)
  const named = /^Content-Disposition: form-data; name="(\w+)"(?:; filename="([^"\r\n]*)")?$/.exec(disposition)
  const contentType = /^Content-Type: ([a-z]+\/[a-z-]+)$/.exec(type)?.[1]
  if (named === null || contentType === undefined) throw new Error(`headers of a part: ${headers.join(' | ')}`)
  return { name: named[1]!, filename: named[2], contentType, content }
}

export type Shape = Readonly<
  Record<string, { readonly attributes: readonly string[]; readonly children: readonly string[] }>
>

interface Element {
  readonly type: string
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
}

/** Reads an XML request of that shape, each element once; gives the attributes by element. A name with `?` may be missing, `*` are any children. */
export function checkXml(text: string, shape: Shape): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const tree = fromXml(text) as unknown as { readonly children: readonly Element[] }
  const found: Record<string, Record<string, string>> = {}
  const visit = (element: Element): void => {
    const rule = shape[element.name]
    if (element.type !== 'element' || rule === undefined) throw new Error(`<${element.name}> is not expected`)
    const known = rule.attributes.map((name) => name.replace('?', ''))
    for (const name of Object.keys(element.attributes))
      if (!known.includes(name)) throw new Error(`the attribute ${name} of <${element.name}>`)
    for (const name of rule.attributes)
      if (!name.endsWith('?') && element.attributes[name] === undefined)
        throw new Error(`no ${name} of <${element.name}>`)
    const children = element.children.map((child) => child.name)
    if (rule.children[0] !== '*' && children.join() !== rule.children.join())
      throw new Error(`<${element.name}> holds ${children.join()}`)
    found[element.name] = { ...element.attributes }
    element.children.forEach(visit)
  }
  const root = tree.children.filter((child) => child.type === 'element')
  if (root.length !== 1 || root[0]!.name !== 'tsRequest') throw new Error('no tsRequest')
  visit(root[0]!)
  return found
}
