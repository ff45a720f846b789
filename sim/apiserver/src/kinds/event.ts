import type { Event } from '@margay/model';
import type { FieldError } from '../error.ts';
import { invalidValue } from '../registry/metadata.ts';
import { fieldAt } from '../selectors/field.ts';
import type { ApiObject } from '../storage/entry.ts';
import type { Column } from '../table/column.ts';
import { ageOf } from '../table/duration.ts';
import { builtIn } from './built-in.ts';
import { NAME, textColumn } from './columns.ts';

/** In its new form, too; times that are not set are null. */
interface ShownEvent extends Omit<Event, 'firstTimestamp' | 'lastTimestamp'> {
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string | null };
  readonly reportingInstance?: string;
}

const FIELDS = [
  'involvedObject.kind',
  'involvedObject.namespace',
  'involvedObject.name',
  'involvedObject.uid',
  'involvedObject.apiVersion',
  'involvedObject.resourceVersion',
  'involvedObject.fieldPath',
  'reason',
  'reportingComponent',
  'type',
];

const LAST_SEEN: Column = {
  name: 'Last Seen',
  type: 'string',
  description: 'How long ago it happened last.',
  priority: 0,
  cell: (object, nowMs) => {
    const { lastTimestamp, firstTimestamp, eventTime, series } = eventOf(object);
    return ageOf(series?.lastObservedTime ?? lastTimestamp ?? firstTimestamp ?? eventTime ?? undefined, nowMs);
  },
};

const FIRST_SEEN: Column = {
  ...LAST_SEEN,
  name: 'First Seen',
  description: 'How long ago it happened first.',
  priority: 1,
  cell: (object, nowMs) => {
    const { firstTimestamp, eventTime } = eventOf(object);
    return ageOf(firstTimestamp ?? eventTime ?? undefined, nowMs);
  },
};

export const EVENT = builtIn({
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  shortNames: ['ev'],
  selectableFields: {
    ...Object.fromEntries(FIELDS.map((path) => [path, fieldAt(path)] as const)),
    source: fieldAt('source.component'),
  },
  strategy: { validate: eventErrors },
  columns: [
    LAST_SEEN,
    textColumn('Type', 'Normal or Warning.', ({ type }) => type ?? ''),
    textColumn('Reason', 'Why it happened, in one word.', ({ reason }) => reason ?? ''),
    textColumn('Object', 'What it happened to.', objectOf),
    textColumn(
      'Subobject',
      'The part that it happened to.',
      (object) => eventOf(object).involvedObject.fieldPath ?? '',
      1,
    ),
    textColumn('Source', 'Who reports it.', sourceOf, 1),
    textColumn('Message', 'What happened.', ({ message }) => String(message ?? '').trim()),
    FIRST_SEEN,
    textColumn('Count', 'How often.', (object) => eventOf(object).series?.count ?? (object.count || 1), 1),
    { ...NAME, priority: 1 },
  ],
});

/** An event stands beside its object; those about objects without a namespace stand in `default`. */
function eventErrors(object: ApiObject): FieldError[] {
  const { namespace = '' } = eventOf(object).involvedObject;
  const { metadata } = object;
  const fits = namespace === '' ? metadata.namespace === 'default' : namespace === metadata.namespace;
  return fits ? [] : [invalidValue('involvedObject.namespace', namespace, 'does not match event.namespace')];
}

function eventOf(object: ApiObject): ShownEvent {
  return object as unknown as ShownEvent;
}

function objectOf(object: ApiObject): string {
  const { kind, name } = eventOf(object).involvedObject;
  return name === undefined ? (kind ?? '').toLowerCase() : `${(kind ?? '').toLowerCase()}/${name}`;
}

function sourceOf(object: ApiObject): string {
  const { source, reportingComponent, reportingInstance } = eventOf(object);
  const component = source?.component || reportingComponent || '';
  const instance = source?.host || reportingInstance || '';
  return instance === '' ? component : `${component}, ${instance}`;
}
