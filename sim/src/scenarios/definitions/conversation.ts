import type { RunningCommand } from '../cluster.ts';
import { pods } from '../pods-of.ts';
import { eventually } from '../scenario.ts';
import { step } from '../steps.ts';

/** A connection that says something every time it is asked, as long as it lives. */
export class Conversation {
  #command: RunningCommand | undefined;
  #said = 0;

  open = step('a connection between pods of two nodes is opened', async (cluster) => {
    const all = await pods(cluster);
    const to = all.find(({ node: other }) => other !== all[0]?.node);
    if (!all[0] || !to) throw new Error('the cluster has no pods on two nodes');
    const script =
      'const s=require("net").connect(80,process.argv[1]);s.on("data",(d)=>process.stdout.write(d));for(const e of ["error","close"])s.on(e,()=>{console.log("lost");process.exit(1)});process.stdin.on("data",(d)=>s.write(d))';
    this.#command = await cluster.start(all[0].name, 'node', '-e', script, to.address);
    this.#said = 0;
    await this.#exchange();
  });

  lives = step('the connection still works', () => this.#exchange());

  close = step('the connection is closed', async () => {
    await this.#command?.stop();
    this.#command = undefined;
  });

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
