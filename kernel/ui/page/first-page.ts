/**
 * A page whose code is worth asking for before anything of the console runs. Modules that name such pages import nothing else: the
 * first script of the document holds them.
 */
export interface FirstPage {
  readonly path: string;
  /** Other pages stand below this one's address. */
  readonly alone?: true;
  readonly load: () => Promise<unknown>;
}

/** The page at an address, or the first one at the root. Pure. */
export function firstPageAt(pages: readonly FirstPage[], path: string): FirstPage | undefined {
  if (path === '/') return pages[0];
  return pages.find((page) => path === page.path || (!page.alone && path.startsWith(`${page.path}/`)));
}
