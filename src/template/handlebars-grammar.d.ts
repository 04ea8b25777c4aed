/** The LR grammar of the `handlebars` package, without its lexer and runtime. */
declare module 'handlebars/dist/cjs/handlebars/compiler/parser.js' {
  interface Grammar {
    readonly symbols_: { readonly [symbol: string]: number }
    readonly Parser: new () => Grammar
    lexer: unknown
    yy: unknown
    parse(input: string): unknown
  }
  const grammar: Grammar
  export = grammar
}
