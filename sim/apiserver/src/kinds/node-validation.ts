import { parseInterfaceAddress } from '@margay/ip';
import type { FieldError } from '../error.ts';
import { invalidValue, labelErrors } from '../registry/metadata.ts';
import type { ApiObject } from '../storage/entry.ts';
import { duplicate, forbidden } from './field-errors.ts';

interface Taint {
  readonly key: string;
  readonly effect: string;
}

interface Spec {
  readonly podCIDRs?: readonly string[];
  readonly providerID?: string;
  readonly taints?: readonly Taint[];
}

function specOf(node: ApiObject): Spec {
  return (node.spec ?? {}) as Spec;
}

/** What is wrong with a node, beyond its schema; the rules are those of the Kubernetes API reference. */
export function nodeErrors(node: ApiObject): FieldError[] {
  const { podCIDRs = [], taints = [] } = specOf(node);
  return [...taintErrors(taints), ...rangeErrors(podCIDRs)];
}

/** What a node was given once stays. */
export function nodeUpdateErrors(node: ApiObject, previous: ApiObject): FieldError[] {
  const { podCIDRs = [], providerID = '' } = specOf(node);
  const { podCIDRs: rangesBefore = [], providerID: providerBefore = '' } = specOf(previous);
  const errors: FieldError[] = [];
  const why = 'it cannot change once it is set';
  if (rangesBefore.length > 0 && podCIDRs.join() !== rangesBefore.join()) errors.push(forbidden('spec.podCIDRs', why));
  if (providerBefore !== '' && providerID !== providerBefore) errors.push(forbidden('spec.providerID', why));
  return errors;
}

function taintErrors(taints: readonly Taint[]): FieldError[] {
  const seen = new Set<string>();
  return taints.flatMap(({ key, effect }, index) => {
    const path = `spec.taints[${index}]`;
    const identity = `${key}:${effect}`;
    const errors =
      key === '' ? [invalidValue(`${path}.key`, key, 'must not be empty')] : labelErrors({ [key]: '' }, `${path}.key`);
    if (seen.has(identity)) errors.push(duplicate(path, identity));
    seen.add(identity);
    return errors;
  });
}

/** One range for each address family. */
function rangeErrors(ranges: readonly string[]): FieldError[] {
  const families = ranges.map(familyOf);
  const errors = ranges.flatMap((range, index) =>
    families[index] === undefined
      ? [invalidValue(`spec.podCIDRs[${index}]`, range, 'must be a range, as 192.0.2.0/24')]
      : [],
  );
  if (errors.length > 0 || new Set(families).size === families.length) return errors;
  return [invalidValue('spec.podCIDRs', ranges, 'may have one range for each address family')];
}

function familyOf(range: string): 4 | 6 | undefined {
  try {
    return parseInterfaceAddress(range).network.includes(':') ? 6 : 4;
  } catch {
    return undefined;
  }
}
