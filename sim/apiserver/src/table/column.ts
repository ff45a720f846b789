import type { ApiObject } from '../storage/entry.ts';

/** One column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: string;
  readonly description: string;
  /** 0 is always shown; others with `-o wide`. */
  readonly priority: number;
  readonly cell: (object: ApiObject, nowMs: number) => unknown;
}
