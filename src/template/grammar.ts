import grammar from 'handlebars/dist/cjs/handlebars/compiler/parser.js'
import type { Lexer, TokenPlace } from './lexer.ts'
import type { RawBlock, RawExpression, RawHash, RawMustache, RawPath, RawProgram, RawStatement } from './syntax-tree.ts'

/** The grammar met a token that cannot stand there. */
export class SyntaxFailure extends Error {
  /** Name of the token in the grammar, for example `EOF`, `INVALID`, `OPEN_ENDBLOCK`. */
  readonly token: string

  constructor(token: string) {
    super(`unexpected ${token}`)
    this.token = token
  }
}

interface OpenTag {
  readonly open?: string
  readonly path: RawExpression
  readonly params: readonly RawExpression[]
  readonly hash: RawHash | undefined
  readonly blockParams?: readonly string[] | undefined
}

interface Inverse {
  readonly program: RawProgram
  readonly chain?: boolean
}

const range = (place: TokenPlace): { start: number; end: number } => ({
  start: place.first_column,
  end: place.last_column,
})

/** `[x y]` names what brackets hold. */
export function unbracket(segment: string): string {
  return segment.startsWith('[') && segment.endsWith(']') ? segment.slice(1, -1) : segment
}

function block(
  kind: RawBlock['kind'],
  open: OpenTag,
  program: RawProgram,
  rest: Pick<RawBlock, 'inverse' | 'closePath' | 'inverted'>,
  place: TokenPlace,
): RawBlock {
  return {
    type: 'BlockStatement',
    kind,
    path: open.path,
    params: open.params,
    hash: open.hash,
    blockParams: open.blockParams ?? [],
    program,
    ...rest,
    loc: range(place),
  }
}

/** The callbacks that the grammar's actions use to build nodes, by the names the package gives them. */
const builders = {
  locInfo: range,
  // The grammar also hands over the whole list of block parameters.
  id: (token: string | readonly string[]): string | readonly string[] =>
    typeof token === 'string' ? unbracket(token) : token.map(unbracket),
  stripFlags: (): undefined => undefined,
  stripComment: (comment: string): string => comment,
  prepareProgram: (body: readonly RawStatement[]): RawProgram => ({ type: 'Program', body }),
  preparePath: (data: boolean, parts: readonly { original: string }[], place: TokenPlace): RawPath => ({
    type: 'PathExpression',
    data,
    segments: parts.map((part) => part.original),
    loc: range(place),
  }),
  prepareMustache: (
    path: RawExpression,
    params: readonly RawExpression[],
    hash: RawHash | undefined,
    open: string,
    _strip: undefined,
    place: TokenPlace,
  ): RawMustache => ({
    type: 'MustacheStatement',
    decorator: open.includes('*'),
    path,
    params,
    hash,
    loc: range(place),
  }),
  prepareRawBlock: (open: OpenTag, contents: readonly RawStatement[], close: string, place: TokenPlace): RawBlock => {
    const name: RawPath = { type: 'PathExpression', data: false, segments: close.split('.'), loc: range(place) }
    const rest = { inverse: undefined, closePath: name, inverted: false }
    return block('raw', open, { type: 'Program', body: contents }, rest, place)
  },
  prepareBlock: (
    open: OpenTag,
    program: RawProgram,
    inverse: Inverse | undefined,
    close: { readonly path?: RawExpression } | undefined,
    inverted: boolean,
    place: TokenPlace,
  ): RawBlock => {
    const kind = open.open?.includes('*') ? 'decorator' : 'block'
    return block(kind, open, program, { inverse: inverse?.program, closePath: close?.path, inverted }, place)
  },
  preparePartialBlock: (
    open: OpenTag,
    program: RawProgram,
    close: { readonly path?: RawExpression },
    place: TokenPlace,
  ): RawBlock => block('partial', open, program, { inverse: undefined, closePath: close.path, inverted: false }, place),
  parseError: (_message: string, details: { readonly token: unknown }): never => {
    throw new SyntaxFailure(String(details.token))
  },
}

/** Parses by the grammar of the `handlebars` package. Throws `SyntaxFailure`. */
export function parseSyntax(text: string, lexer: Lexer): RawProgram {
  const parser = new grammar.Parser()
  parser.lexer = lexer
  parser.yy = { ...builders }
  return parser.parse(text) as RawProgram
}
