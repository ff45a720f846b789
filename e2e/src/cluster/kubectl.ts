import { ClusterError } from '@margay/sim/scenarios';
import { spawnCommand } from './spawn-command.ts';

/** As a user of the command has it: the question was wrong. Told apart by kubectl's words. */
const BAD_QUESTION = /is invalid|error validating|error parsing|BadRequest|denied the request|Forbidden/i;

/** The real kubectl, with the kubeconfig of one cluster. */
export class Kubectl {
  readonly #kubeconfig: string;
  readonly #signal: AbortSignal;

  /** The signal kills what runs. */
  constructor(kubeconfig: string, signal: AbortSignal) {
    this.#kubeconfig = kubeconfig;
    this.#signal = signal;
  }

  /** The standard output. @throws ClusterError with what it printed. */
  async run(parameters: readonly string[], input = ''): Promise<string> {
    const command = spawnCommand('kubectl', ['--kubeconfig', this.#kubeconfig, ...parameters], {
      input,
      signal: this.#signal,
    });
    const code = await command.ended;
    if (code === 0) return command.output();
    const message = command.errors().trim() || `kubectl ${parameters[0]} ended with ${code}`;
    throw new ClusterError(message, BAD_QUESTION.test(message) ? 2 : 3);
  }
}
