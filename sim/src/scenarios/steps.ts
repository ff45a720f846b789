import {
  type ApiObject,
  type Cluster,
  ClusterError,
  type CommandResult,
  type Probe,
  type ProcessRef,
} from './cluster.ts';
import { eventually, type Step } from './scenario.ts';

/** Creates or changes objects. */
export function apply(yaml: string): Step {
  return { says: `apply ${summary(yaml)}`, run: (cluster) => cluster.apply(yaml) };
}

/** Deletes objects and waits until they are gone. */
export function remove(yaml: string): Step {
  return { says: `delete ${summary(yaml)}`, run: (cluster) => cluster.delete(yaml) };
}

/** The API refuses it, with a message that has all of `words`. */
export function refuses(yaml: string, ...words: string[]): Step {
  return {
    says: `refuse ${summary(yaml)}`,
    run: async (cluster) => {
      const message = await cluster.apply(yaml).then(
        () => undefined,
        (error: unknown) => {
          if (error instanceof ClusterError && error.exitCode === 2) return error.message;
          throw error;
        },
      );
      if (message === undefined) throw new Error('it was taken');
      for (const word of words) if (!message.includes(word)) throw new Error(`the message lacks '${word}': ${message}`);
    },
  };
}

/** Waits until a connection succeeds. */
export function reaches(from: string, to: string, options: Omit<Probe, 'from' | 'to'> = { port: 80 }): Step {
  return {
    says: `${from} reaches ${to} ${describe(options)}`,
    run: (cluster) =>
      eventually(async () => {
        const { allowed, reason } = await cluster.probe({ from, to, ...options });
        return allowed ? undefined : `denied: ${reason}`;
      }),
  };
}

/** Waits until a connection fails; `reason` is how: what policy denies is dropped, so nothing answers. */
export function cannotReach(
  from: string,
  to: string,
  options: Omit<Probe, 'from' | 'to'> & { reason?: string } = { port: 80 },
): Step {
  const { reason: wanted = 'timeout', ...probe } = options;
  return {
    says: `${from} does not reach ${to} ${describe(probe)}`,
    run: (cluster) =>
      eventually(async () => {
        const { allowed, reason } = await cluster.probe({ from, to, ...probe });
        if (allowed) return 'allowed';
        return reason.includes(wanted) ? undefined : `denied by ${reason}, not by ${wanted}`;
      }),
  };
}

/** Waits until every pod reaches every other. */
export const allPodsReachOneAnother: Step = {
  says: 'all pods reach one another',
  run: (cluster) =>
    eventually(async () => {
      const denied = await cluster.deniedPairs();
      return denied.length === 0
        ? undefined
        : `denied: ${denied.slice(0, 5).join(', ')}${denied.length > 5 ? ' …' : ''}`;
    }),
};

/** Waits until an object is as `check` wants; it returns why not yet. */
export function becomes(
  what: string,
  { kind, name, namespace }: { kind: string; name: string; namespace?: string },
  check: (object: ApiObject) => string | undefined,
): Step {
  return {
    says: what,
    run: (cluster) =>
      eventually(async () => {
        const object = await cluster.get(kind, name, namespace);
        return object === undefined ? `${kind} ${name} is not there` : check(object);
      }),
  };
}

export function running(...pods: string[]): Step {
  return {
    says: `${pods.join(', ')} run`,
    run: (cluster) =>
      eventually(async () => {
        for (const pod of pods) {
          const [namespace = '', name = ''] = pod.split('/');
          const found = (await cluster.get('pod', name, namespace)) as
            | { status?: { phase?: string; podIP?: string } }
            | undefined;
          if (found?.status?.phase !== 'Running' || !found.status.podIP)
            return `${pod} is ${found?.status?.phase ?? 'not there'}`;
        }
        return undefined;
      }),
  };
}

/** Runs a command in a node's or pod's network and waits until its result is as `check` wants. */
export function shows(
  target: string,
  command: readonly string[],
  what: string,
  check: (result: CommandResult) => string | undefined,
): Step {
  return {
    says: `${target} shows ${what}`,
    run: (cluster) => eventually(async () => check(await cluster.exec(target, ...command))),
  };
}

/** Runs a command that must succeed. */
export function runs(target: string, ...command: string[]): Step {
  return {
    says: `${target} runs ${command.join(' ')}`,
    run: async (cluster) => {
      const { code, stderr, stdout } = await cluster.exec(target, ...command);
      if (code !== 0) throw new Error(`it ended with ${code}: ${stderr || stdout}`);
    },
  };
}

/** kill -9, and nothing else: the cluster must mend itself. */
export function kill(ref: ProcessRef): Step {
  return { says: `kill ${ref.role}${ref.node ? ` of ${ref.node}` : ''}`, run: (cluster) => cluster.kill(ref) };
}

/** Anything else. */
export function step(says: string, run: (cluster: Cluster) => Promise<void>): Step {
  return { says, run };
}

function describe({ protocol = 'tcp', port }: Omit<Probe, 'from' | 'to'>): string {
  return `by ${protocol}${port === undefined ? '' : ` ${port}`}`;
}

/** `Pod web, NetworkPolicy deny` of a manifest. */
function summary(yaml: string): string {
  const kinds = [...yaml.matchAll(/^kind: (\S+)$/gm)].map(([, kind]) => kind);
  return kinds.join(', ') || 'nothing';
}
