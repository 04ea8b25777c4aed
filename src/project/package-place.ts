/** Where the files of the project, or of a package, lie. */
export interface PackagePlace {
  /** Absolute folder. */
  readonly root: string
  /** Stands before paths for readers, so that they start from the project: empty, or `packages/shop_utils/`. */
  readonly prefix: string
}
