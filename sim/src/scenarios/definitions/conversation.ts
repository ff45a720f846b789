import type { Cluster, RunningCommand } from '../cluster.ts';
import { pods, type RunningPod } from '../pods-of.ts';
import { eventually, type Step } from '../scenario.ts';
import { step } from '../steps.ts';

/** Who answers a pod: a pod of another node, or what listens on that node's own address. */
export interface Partner {
  readonly says: string;
  readonly port: number;
  addressOf(pod: RunningPod): string;
}

const POD: Partner = { says: 'a pod', port: 80, addressOf: ({ address }) => address };

/** A connection from a pod to another node that says something every time it is asked, as long as it lives. */
export class Conversation {
  readonly open: Step;
  #command: RunningCommand | undefined;
  #said = 0;

  constructor(partner: Partner = POD) {
    this.open = step(`a connection from a pod to ${partner.says} of another node is opened`, (cluster) =>
      this.#open(cluster, partner),
    );
  }

  lives = step('the connection still works', () => this.#exchange());

  close = step('the connection is closed', async () => {
    await this.#command?.stop();
    this.#command = undefined;
  });

  async #open(cluster: Cluster, { addressOf, port }: Partner): Promise<void> {
    const all = await pods(cluster);
    const to = all.find(({ node: other }) => other !== all[0]?.node);
    if (!all[0] || !to) throw new Error('the cluster has no pods on two nodes');
    const script =
      'const s=require("net").connect(Number(process.argv[1]),process.argv[2]);s.on("data",(d)=>process.stdout.write(d));for(const e of ["error","close"])s.on(e,()=>{console.log("lost");process.exit(1)});process.stdin.on("data",(d)=>s.write(d))';
    this.#command = await cluster.start(all[0].name, 'node', '-e', script, String(port), addressOf(to));
    this.#said = 0;
    await this.#exchange();
  }

  async #exchange(): Promise<void> {
    const command = this.#command;
    if (!command) throw new Error('it was not opened');
    const word = `word-${++this.#said}\n`;
    command.write(word);
    await eventually(async () => {
      if (command.output().includes('lost')) throw new Error('it broke');
      return command.output().includes(word) ? undefined : `no answer to ${word.trim()}`;
    });
  }
}
