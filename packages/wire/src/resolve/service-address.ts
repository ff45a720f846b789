import type { ServiceTarget } from '@margay/ports';
import { WireError } from '../error.ts';

const SCHEME = 'kubernetes:';

/** RFC 1123 label, as Kubernetes wants of Services and namespaces. */
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const ADDRESS = new RegExp(`^kubernetes:///(${LABEL})\\.(${LABEL}):([0-9]{1,5})$`);

/**
 * Reads `kubernetes:///SERVICE.NAMESPACE:PORT`; undefined for an address of
 * another form.
 *
 * @throws {WireError} `BAD_ADDRESS`: it begins like one, but is none
 */
export function parseServiceAddress(address: string): ServiceTarget | undefined {
  if (!address.startsWith(SCHEME)) return undefined;
  const [, service, namespace, port] = ADDRESS.exec(address) ?? [];
  const number = Number(port);
  if (service === undefined || namespace === undefined || number < 1 || number > 65_535) {
    throw new WireError(
      'BAD_ADDRESS',
      `'${address}' is no address of a Service: write kubernetes:///SERVICE.NAMESPACE:PORT, such as kubernetes:///margay-ipam.margay-system:7461`,
    );
  }
  return { service, namespace, port: number };
}
