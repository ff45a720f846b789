import { parseAllDocuments, stringify } from 'yaml';

interface PodManifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: {
    readonly containers?: readonly {
      readonly command?: readonly string[];
      readonly ports?: readonly { readonly containerPort: number; readonly protocol?: string }[];
    }[];
  };
}

export interface Manifests {
  /** Names of the namespaces among them. */
  readonly namespaces: readonly string[];
  /** The namespaces alone, as YAML; empty when there are none. */
  readonly first: string;
  /** All the rest. */
  readonly rest: string;
}

/**
 * A scenario's manifests for a real cluster. A pod's containers get an image
 * that listens on the ports that they declare, as the simulator's pods do by
 * themselves, and one that can run a scenario's command; everything else is as
 * it was. Pure.
 */
export function translate(yaml: string, image: string): Manifests {
  const documents = parseAllDocuments(yaml).map((document) => document.toJS() as PodManifest | null);
  const objects = documents.filter((object) => object !== null);
  const namespaces = objects.filter(({ kind }) => kind === 'Namespace');
  const rest = objects.filter(({ kind }) => kind !== 'Namespace');
  return {
    namespaces: namespaces.map(({ metadata }) => metadata.name),
    first: toYaml(namespaces),
    rest: toYaml(rest.map((object) => (object.kind === 'Pod' ? translatePod(object, image) : object))),
  };
}

function translatePod(pod: PodManifest, image: string): object {
  const containers = (pod.spec?.containers ?? []).map((container) => {
    const ports = (container.ports ?? []).map(
      ({ containerPort, protocol = 'TCP' }) => `${protocol.toLowerCase()}:${containerPort}`,
    );
    const serve = ['node', '/opt/margay-e2e/serve.ts', ...ports];
    return { ...container, image, imagePullPolicy: 'Never', command: container.command ?? serve };
  });
  return {
    ...pod,
    // Nothing waits for these servers when they end.
    spec: { terminationGracePeriodSeconds: 1, automountServiceAccountToken: false, ...pod.spec, containers },
  };
}

function toYaml(objects: readonly object[]): string {
  return objects.map((object) => `---\n${stringify(object)}`).join('');
}
