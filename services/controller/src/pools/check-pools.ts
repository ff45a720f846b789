import { type IPPool, MARGAY_API_VERSION, validateIpPool } from '@margay/model';

/** A mistake in one entry of a list of pools. */
export interface PoolProblem {
  readonly index: number;
  /** Such as `spec.cidr`; empty: the entry itself. */
  readonly field: string;
  readonly text: string;
}

const MODES = ['Always', 'CrossSubnet', 'Never'];

/** What a field of the spec must be. */
const SPEC_FIELDS: Readonly<Record<string, { readonly isRight: (value: unknown) => boolean; readonly kind: string }>> =
  {
    cidr: { isRight: (value) => typeof value === 'string', kind: 'a text, such as 10.8.0.0/16' },
    blockSize: { isRight: Number.isInteger, kind: 'a whole number, such as 26' },
    ipipMode: { isRight: (value) => MODES.includes(value as string), kind: `one of ${MODES.join(', ')}` },
    vxlanMode: { isRight: (value) => MODES.includes(value as string), kind: `one of ${MODES.join(', ')}` },
    natOutgoing: { isRight: (value) => typeof value === 'boolean', kind: 'true or false' },
    disabled: { isRight: (value) => typeof value === 'boolean', kind: 'true or false' },
  };

/** RFC 1123 subdomain, as Kubernetes wants of names. */
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Finds what is wrong with pools that are written by hand: each alone, and one beside another. Pure. */
export function checkPools(entries: readonly unknown[]): PoolProblem[] {
  const problems: PoolProblem[] = [];
  const sound: IPPool[] = [];
  for (const [index, entry] of entries.entries()) {
    const found = formProblems(entry).map((problem) => ({ index, ...problem }));
    problems.push(...found);
    if (found.length > 0) continue;
    const pool = entry as IPPool;
    const { name } = pool.metadata;
    if (sound.some(({ metadata }) => metadata.name === name)) {
      problems.push({
        index,
        field: 'metadata.name',
        text: `two pools are called ${name}: give each a name of its own`,
      });
    }
    for (const { field, value, why } of validateIpPool(pool, sound)) {
      problems.push({ index, field, text: `pool ${name}: ${field} ${JSON.stringify(value)}: ${why}` });
    }
    sound.push(pool);
  }
  return problems;
}

type Fields = Readonly<Record<string, unknown>>;
type Found = Omit<PoolProblem, 'index'>;

function formProblems(entry: unknown): Found[] {
  if (!isFields(entry)) return [{ field: '', text: 'an entry is no object: write an IPPool with metadata and spec' }];
  const { apiVersion, kind, metadata, spec, ...others } = entry;
  const problems = Object.keys(others).map((field) =>
    unknown(field, field, ['apiVersion', 'kind', 'metadata', 'spec']),
  );
  if (apiVersion !== MARGAY_API_VERSION) {
    problems.push(wrong('apiVersion', apiVersion, `write ${MARGAY_API_VERSION}`));
  }
  if (kind !== 'IPPool') problems.push(wrong('kind', kind, 'write IPPool'));
  const name = isFields(metadata) ? metadata.name : undefined;
  if (typeof name !== 'string' || !NAME.test(name) || name.length > 253) {
    problems.push(wrong('metadata.name', name, 'use small letters, digits and -'));
  }
  if (!isFields(spec)) return [...problems, wrong('spec', spec, 'write an object with cidr')];
  if (spec.cidr === undefined)
    problems.push({ field: 'spec', text: 'spec.cidr is missing: write one such as 10.8.0.0/16' });
  for (const [field, value] of Object.entries(spec)) {
    const rule = SPEC_FIELDS[field];
    if (rule === undefined) problems.push(unknown(`spec.${field}`, field, Object.keys(SPEC_FIELDS)));
    else if (!rule.isRight(value)) problems.push(wrong(`spec.${field}`, value, `it must be ${rule.kind}`));
  }
  return problems;
}

function wrong(field: string, value: unknown, remedy: string): Found {
  const fault = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  return { field, text: `${field} ${fault}: ${remedy}` };
}

function unknown(place: string, field: string, known: readonly string[]): Found {
  return { field: place, text: `${place}: there is no field ${field} here; the fields are ${known.join(', ')}` };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
