import { isIP } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { FieldError } from '../error.ts';
import { invalidValue, labelErrors } from '../registry/metadata.ts';
import { nameErrors } from '../registry/names.ts';
import type { ApiObject } from '../storage/entry.ts';
import { duplicate, forbidden, required } from './field-errors.ts';
import { portNameErrors, portNumberErrors } from './port-validation.ts';

interface Port {
  readonly name?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
}

interface Spec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly sessionAffinity?: string;
  readonly externalName?: string;
  readonly externalIPs?: readonly string[];
  readonly ports?: readonly Port[];
  readonly selector?: Record<string, string>;
}

/** What is wrong with a Service, beyond its schema; the rules are those of the Kubernetes API reference. */
export function serviceErrors(object: ApiObject): FieldError[] {
  const spec = (object.spec ?? {}) as Spec;
  const { type, clusterIP, externalName, ports = [], selector } = spec;
  const errors: FieldError[] = [];
  if (ports.length === 0 && clusterIP !== 'None' && type !== 'ExternalName') {
    errors.push(required('spec.ports'));
  }
  if (type === 'ExternalName') {
    if (externalName === undefined || externalName === '') errors.push(required('spec.externalName'));
    else errors.push(...nameErrors(externalName.replace(/\.$/, ''), 'subdomain', 'spec.externalName'));
    if ((clusterIP ?? '') !== '' || (spec.clusterIPs ?? []).length > 0) {
      errors.push(forbidden('spec.clusterIPs', 'an ExternalName service has no address'));
    }
  }
  errors.push(...portsErrors(ports), ...labelErrors(selector, 'spec.selector'));
  if ((type === 'NodePort' || type === 'LoadBalancer') && clusterIP === 'None') {
    errors.push(invalidValue('spec.clusterIPs[0]', clusterIP, `a service of type ${type} needs an address`));
  }
  for (const [index, address] of (spec.clusterIPs ?? []).entries()) {
    if (address !== 'None' && isIP(address) === 0) {
      errors.push(invalidValue(`spec.clusterIPs[${index}]`, address, 'must be an IP address, or None'));
    }
  }
  for (const [index, address] of (spec.externalIPs ?? []).entries()) {
    if (isIP(address) === 0) errors.push(invalidValue(`spec.externalIPs[${index}]`, address, 'must be an IP address'));
  }
  return errors;
}

/** The address stays, as long as the type does. */
export function serviceUpdateErrors(object: ApiObject, previous: ApiObject): FieldError[] {
  const spec = (object.spec ?? {}) as Spec;
  const before = (previous.spec ?? {}) as Spec;
  const addresses = spec.clusterIP === before.clusterIP ? spec.clusterIPs : [spec.clusterIP ?? ''];
  if (spec.type === 'ExternalName' || before.type === 'ExternalName' || (before.clusterIP ?? '') === '') return [];
  if (isDeepStrictEqual(addresses?.[0], before.clusterIP)) return [];
  return [invalidValue('spec.clusterIPs[0]', addresses, 'an address that was given cannot change')];
}

function portsErrors(ports: readonly Port[]): FieldError[] {
  const names = new Set<string>();
  const places = new Set<string>();
  return ports.flatMap(({ name = '', port = 0, protocol = '', targetPort }, index) => {
    const path = `spec.ports[${index}]`;
    const errors: FieldError[] = [];
    if (name === '') {
      if (ports.length > 1) errors.push(required(`${path}.name`));
    } else {
      errors.push(...nameErrors(name, 'label', `${path}.name`));
      if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    }
    errors.push(...portNumberErrors(port, `${path}.port`));
    if (typeof targetPort === 'string') errors.push(...portNameErrors(targetPort, `${path}.targetPort`));
    else errors.push(...portNumberErrors(targetPort ?? port, `${path}.targetPort`));
    const place = `${port}/${protocol}`;
    if (places.has(place)) errors.push(duplicate(path, { port, protocol }));
    names.add(name);
    places.add(place);
    return errors;
  });
}

export function serviceWarnings(object: ApiObject): string[] {
  const { clusterIP, sessionAffinity } = (object.spec ?? {}) as Spec;
  if (clusterIP !== 'None' || sessionAffinity === undefined || sessionAffinity === 'None') return [];
  return ['spec.sessionAffinity: it means nothing for a service without an address'];
}
