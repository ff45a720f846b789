import { type IPPool, type PoolError, validateIpPool, validateIpPoolUpdate } from '@margay/model';
import type { FieldError } from '../error.ts';
import { invalidValue } from '../registry/metadata.ts';
import type { Strategy } from '../registry/served-resource.ts';
import type { ApiObject } from '../storage/entry.ts';

/** What a pool must keep to beyond its schema: its range, and its place beside the other pools. */
export function ipPoolStrategy(listOthers: (collection: string) => readonly ApiObject[]): Strategy {
  return {
    validate: (object) =>
      validateIpPool(poolOf(object), listOthers('ippools.networking.margay.dev').map(poolOf)).map(toFieldError),
    validateUpdate: (object, previous) => validateIpPoolUpdate(poolOf(object), poolOf(previous)).map(toFieldError),
  };
}

function poolOf(object: ApiObject): IPPool {
  return object as unknown as IPPool;
}

function toFieldError({ field, value, why }: PoolError): FieldError {
  return invalidValue(field, value, why);
}
