/** What a command in a container ended with. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The standard output of a command that must succeed. @throws Error with what it printed. */
export async function must(running: Promise<Ended>): Promise<string> {
  const { exitCode, stdout, stderr } = await running;
  if (exitCode !== 0) throw new Error(`a command ended with ${exitCode}: ${(stderr || stdout).trim()}`);
  return stdout;
}
