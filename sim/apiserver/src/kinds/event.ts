import type { Event } from '@margay/model';
import type { FieldError } from '../error.ts';
import { invalidValue } from '../registry/metadata.ts';
import { fieldAt } from '../selectors/field.ts';
import type { ApiObject } from '../storage/entry.ts';
import type { Column } from '../table/column.ts';
import { ageOf } from '../table/duration.ts';
import { builtIn } from './built-in.ts';
import { NAME, textColumn } from './columns.ts';

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
    const { lastTimestamp, firstTimestamp } = object as unknown as Event;
    const eventTime = typeof object.eventTime === 'string' ? object.eventTime : undefined;
    return ageOf(lastTimestamp ?? firstTimestamp ?? eventTime, nowMs);
  },
};

const FIRST_SEEN: Column = {
  ...LAST_SEEN,
  name: 'First Seen',
  description: 'How long ago it happened first.',
  priority: 1,
  cell: (object, nowMs) => {
    const { firstTimestamp } = eventOf(object);
    const eventTime = typeof object.eventTime === 'string' ? object.eventTime : undefined;
    return ageOf(firstTimestamp ?? eventTime, nowMs);
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
  strategy: { fill: fillEvent, validate: eventErrors },
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
    textColumn('Count', 'How often.', ({ count }) => count ?? 1, 1),
    { ...NAME, priority: 1 },
  ],
});

function fillEvent(object: ApiObject): void {
  object.involvedObject ??= {};
}

/** An event stands beside its object; those about objects without a namespace stand in `default`. */
function eventErrors(object: ApiObject): FieldError[] {
  const { namespace = '' } = eventOf(object).involvedObject;
  const { metadata } = object;
  const fits = namespace === '' ? metadata.namespace === 'default' : namespace === metadata.namespace;
  return fits ? [] : [invalidValue('involvedObject.namespace', namespace, 'does not match event.namespace')];
}

function eventOf(object: ApiObject): Event {
  return object as unknown as Event;
}

function objectOf(object: ApiObject): string {
  const { kind, name } = eventOf(object).involvedObject;
  return name === undefined ? (kind ?? '').toLowerCase() : `${(kind ?? '').toLowerCase()}/${name}`;
}

function sourceOf(object: ApiObject): string {
  const { source, reportingComponent } = eventOf(object);
  const component = source?.component ?? reportingComponent ?? '';
  return source?.host === undefined ? component : `${component}, ${source.host}`;
}
