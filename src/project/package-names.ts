/** Where a name is looked for when it names no package itself. */
export interface NameSearch {
  readonly root: string
  /** The package of who asks comes before the root project, as dbt's `require_ref_searches_node_package_before_root`. */
  readonly ownFirst: boolean
}

/** Things by name that stand in several packages, of which two may have one name. */
export class PackageNames<T> {
  readonly #search: NameSearch
  readonly #packages = new Map<string, Map<string, T>>()

  constructor(search: NameSearch) {
    this.#search = search
  }

  add(packageName: string, name: string, value: T): void {
    const names = this.#packages.get(packageName)
    if (names === undefined) this.#packages.set(packageName, new Map([[name, value]]))
    else names.set(name, value)
  }

  /** In the package that the reference names; else in the root project and the asker's package, else in any: then several may answer. */
  find(name: string, asker: string, wanted?: string): readonly T[] {
    if (wanted !== undefined) return this.#in(wanted, name)
    const { root, ownFirst } = this.#search
    const first = this.#in(ownFirst ? asker : root, name)
    if (first.length > 0) return first
    const second = this.#in(ownFirst ? root : asker, name)
    if (second.length > 0 || this.#packages.size === 1) return second
    return [...this.#packages.keys()].flatMap((other) => this.#in(other, name))
  }

  /** As they can be written: those of other packages than the root project with their package. */
  *names(): Iterable<string> {
    for (const [packageName, names] of this.#packages) {
      for (const name of names.keys()) {
        yield name
        if (packageName !== this.#search.root) yield `${packageName}.${name}`
      }
    }
  }

  *values(): Iterable<T> {
    for (const names of this.#packages.values()) yield* names.values()
  }

  #in(packageName: string, name: string): readonly T[] {
    const found = this.#packages.get(packageName)?.get(name)
    return found === undefined ? [] : [found]
  }
}
