import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { MethodDefinition, Options, PackageDefinition } from '@grpc/proto-loader';
import { WireError } from './error.ts';
import type { ServiceName } from './services.ts';

/** Must say the same as GENERATOR_OPTIONS in scripts/gen.ts. */
const LOADER_OPTIONS: Options = { longs: Number, enums: String, defaults: true, oneofs: true };

/** Where each service is defined, below proto/. */
const PROTO_FILE = {
  'margay.agent.v1.NodeAgent': 'margay/agent/v1/agent.proto',
  'margay.feed.v1.Feed': 'margay/feed/v1/feed.proto',
  'margay.ipam.v1.Ipam': 'margay/ipam/v1/ipam.proto',
  'margay.policy.v1.PolicyViews': 'margay/policy/v1/policy.proto',
  'margay.sim.v1.Kubelet': 'margay/sim/v1/sim.proto',
  'margay.sim.v1.Simulator': 'margay/sim/v1/sim.proto',
} as const satisfies Record<ServiceName, string>;

/** A method as the loader describes it, once the types are put aside. */
export type AnyMethod = MethodDefinition<object, object>;

const packages = new Map<string, PackageDefinition>();
const require = createRequire(import.meta.url);

/**
 * The methods of a service by their proto names. The first use of a proto
 * file parses it (some milliseconds), so that a process pays only for those
 * that it speaks.
 *
 * @throws {WireError} `UNKNOWN_SERVICE`
 */
export function methodsOf(service: ServiceName): Record<string, AnyMethod> {
  const file = PROTO_FILE[service];
  let loaded = packages.get(file);
  if (loaded === undefined) {
    const { loadSync } = require('@grpc/proto-loader') as typeof import('@grpc/proto-loader');
    loaded = loadSync(file, { ...LOADER_OPTIONS, includeDirs: [protoFolder()] });
    packages.set(file, loaded);
  }
  const definition = loaded[service];
  if (definition === undefined || 'format' in definition) {
    throw new WireError('UNKNOWN_SERVICE', `${file} does not define ${service}`);
  }
  return definition as Record<string, AnyMethod>;
}

/** proto/ of the checkout, found from this file so that the working directory does not matter. */
function protoFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'proto');
    if (existsSync(join(candidate, 'margay'))) return candidate;
    if (dirname(folder) === folder) {
      throw new WireError('UNKNOWN_SERVICE', `No proto folder above ${import.meta.dirname}`);
    }
  }
}
