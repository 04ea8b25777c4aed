import type { Scrubber } from '../../../base/scrub.ts'
import type { HttpReply } from './http-exchange.ts'

/** An element of an answer. */
export interface TsElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly TsElement[]
  readonly text: string
}

/** An element of a request; attributes that are null are left out. */
export interface TsNode {
  readonly name: string
  readonly attributes: Readonly<Record<string, string | null>>
  readonly children?: readonly TsNode[]
}

/** `<tsRequest>` around one element. */
export function writeRequest(node: TsNode): string {
  return `<tsRequest>${write(node)}</tsRequest>`
}

function write({ name, attributes, children = [] }: TsNode): string {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : ` ${key}="${escaped(value)}"`,
  )
  return `<${name}${given.join('')}>${children.map(write).join('')}</${name}>`
}

/** Line breaks too, which would become blanks otherwise. */
function escaped(value: string): string {
  return value.replace(/[&<>"\t\n\r]/g, (letter) => `&#${letter.charCodeAt(0)};`)
}

/** The `<tsResponse>` of an answer; undefined when it is something else. */
export async function readResponse(reply: HttpReply): Promise<TsElement | undefined> {
  if (!reply.text.trimStart().startsWith('<')) return undefined
  const { fromXml } = await import('xast-util-from-xml')
  try {
    const root = fromXml(reply.text).children.find((child) => child.type === 'element')
    const element = root === undefined ? undefined : plain(root)
    return element?.name === 'tsResponse' ? element : undefined
  } catch {
    return undefined
  }
}

interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string | null | undefined>>
  readonly children: readonly { readonly type: string }[]
}

function plain(element: XmlElement): TsElement {
  const attributes: Record<string, string> = {}
  for (const [name, value] of Object.entries(element.attributes)) if (value != null) attributes[name] = value
  const children: TsElement[] = []
  let text = ''
  for (const child of element.children) {
    if (child.type === 'element') children.push(plain(child as unknown as XmlElement))
    else if (child.type === 'text' || child.type === 'cdata') text += (child as unknown as { value: string }).value
  }
  return { name: element.name.replace(/^.*:/, ''), attributes, children, text: text.trim() }
}

/** Every element of that name, at any depth, in the order of the text. */
export function elementsOf(element: TsElement, name: string): readonly TsElement[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...elementsOf(child, name)])
}

/** The first element of that name. */
export function elementOf(element: TsElement | undefined, name: string): TsElement | undefined {
  return element === undefined ? undefined : elementsOf(element, name)[0]
}

/** What a server says is wrong. */
export interface ServerWords {
  /** Six digits, the first three as the status; empty when something else than Tableau answers. */
  readonly code: string
  readonly text: string
  /** Whether it is a page for people, so that somebody between us and Tableau answers. */
  readonly page: boolean
}

/** Reads an error in the form of Tableau, in JSON, or from whoever stands before it. */
export async function serverWords(answer: HttpReply, secrets: Scrubber): Promise<ServerWords> {
  // Before anything is cut off: half a secret would not be known as one.
  const reply = { ...answer, text: secrets.scrub(answer.text) }
  const error = elementOf(await readResponse(reply), 'error')
  if (error !== undefined) {
    const said = [elementOf(error, 'summary')?.text, elementOf(error, 'detail')?.text]
    return { code: error.attributes['code'] ?? '', text: sentence(said), page: false }
  }
  const json = jsonWords(reply.text)
  if (json !== undefined) return json
  const page = /^\s*(<!doctype html|<html)/i.test(reply.text)
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(reply.text)?.[1]?.trim()
  const text = page ? (title ?? '') : reply.text.trim().replace(/\s+/g, ' ').slice(0, 200)
  return { code: '', text, page }
}

function jsonWords(text: string): ServerWords | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    const parsed = JSON.parse(text) as { error?: Record<string, unknown>; message?: unknown }
    const error = typeof parsed.error === 'object' && parsed.error !== null ? parsed.error : parsed
    const { code, summary, detail, message } = error as Record<string, unknown>
    const said = [summary, detail, message].filter((s): s is string => typeof s === 'string')
    return { code: typeof code === 'string' ? code : '', text: sentence(said), page: false }
  } catch {
    return undefined
  }
}

function sentence(parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined && part !== '')
    .join(': ')
    .replace(/\s+/g, ' ')
    .slice(0, 1000)
}
