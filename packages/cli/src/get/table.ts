import { alignColumns } from '../output/columns.ts';

/** The part of a Table (meta.k8s.io/v1) that is shown. */
export interface Table {
  readonly columnDefinitions?: readonly { readonly name: string; readonly priority?: number }[];
  readonly rows?: readonly {
    readonly cells: readonly unknown[];
    readonly object?: { readonly metadata?: { readonly namespace?: string } };
  }[];
}

/** Columns of a priority above 0 are for the wide form only. */
export function tableLines(
  { columnDefinitions = [], rows = [] }: Table,
  { isWide, withNamespace }: { readonly isWide: boolean; readonly withNamespace: boolean },
): string[] {
  const shown = columnDefinitions
    .map(({ name, priority = 0 }, index) => ({ name: name.toUpperCase(), index, priority }))
    .filter(({ priority }) => isWide || priority === 0);
  const head = [...(withNamespace ? ['NAMESPACE'] : []), ...shown.map(({ name }) => name)];
  const body = rows.map(({ cells, object }) => [
    ...(withNamespace ? [object?.metadata?.namespace ?? ''] : []),
    ...shown.map(({ index }) => textOf(cells[index])),
  ]);
  return alignColumns([head, ...body]);
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined || cell === '') return '<none>';
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}
