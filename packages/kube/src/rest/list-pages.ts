import { type ResourceList, StoreError } from '@margay/ports';

/**
 * Objects of one answer. Source: client-go's pager, and the default of kubectl.
 */
export const PAGE_SIZE = 500;

/** How often a list begins again when the server forgot its version between two pages; then it is asked for whole. */
const RESTARTS = 2;

/** A list as the API answers it (meta/v1 List). */
export interface ListBody<R> {
  readonly items?: R[];
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

export interface PageQuery {
  readonly limit?: number;
  readonly continue?: string;
}

/**
 * Reads a list page by page; all of them show the version of the first. Either
 * the whole list comes back, or an error: a part is never taken for the whole.
 *
 * @throws {StoreError} whatever `page` throws, but GONE of a further page
 */
export async function listPages<R>(
  page: (query: PageQuery) => Promise<ListBody<R>>,
  trim: (object: R) => R,
): Promise<ResourceList<R>> {
  for (let attempt = 0; attempt <= RESTARTS; attempt++) {
    const list = await readPages(page, trim);
    if (list !== undefined) return list;
  }
  const whole = checked(await page({}));
  if (whole.next !== undefined) throw new StoreError('UNAVAILABLE', 'the API server answers in parts only');
  return { resourceVersion: whole.resourceVersion, items: whole.items.map(trim) };
}

/** Undefined: the version of the first page is forgotten. */
async function readPages<R>(
  page: (query: PageQuery) => Promise<ListBody<R>>,
  trim: (object: R) => R,
): Promise<ResourceList<R> | undefined> {
  const first = checked(await page({ limit: PAGE_SIZE }));
  const items = first.items.map(trim);
  for (let { next } = first; next !== undefined; ) {
    let body: Page<R>;
    try {
      body = checked(await page({ limit: PAGE_SIZE, continue: next }));
    } catch (error) {
      if (error instanceof StoreError && error.code === 'GONE') return undefined;
      throw error;
    }
    for (const item of body.items) items.push(trim(item));
    ({ next } = body);
  }
  return { resourceVersion: first.resourceVersion, items };
}

interface Page<R> {
  readonly items: R[];
  readonly resourceVersion: string;
  readonly next: string | undefined;
}

/** A body without items or a version is a broken answer, never an empty list. */
function checked<R>({ items, metadata }: ListBody<R>): Page<R> {
  if (!Array.isArray(items) || typeof metadata?.resourceVersion !== 'string') {
    throw new StoreError('UNAVAILABLE', 'the answer is not a list');
  }
  const { resourceVersion, continue: next } = metadata;
  return { items, resourceVersion, next: next === '' ? undefined : next };
}
