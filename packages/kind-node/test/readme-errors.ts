// The README's second example: the README's test compares the texts, and the compiler reads it.
import { KindCluster, KindError, type StartedKindCluster } from '@margay/kind-node';

export async function startOrAttach(name: string): Promise<StartedKindCluster> {
  try {
    return await new KindCluster({ name }).start();
  } catch (error) {
    if (error instanceof KindError && error.code === 'NAME_TAKEN') return await KindCluster.attach(name);
    if (error instanceof KindError) console.error(error.output); // what kind printed
    throw error; // its message ends with the remedy
  }
}
