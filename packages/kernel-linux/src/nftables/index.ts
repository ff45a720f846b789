import { type FirewallModel, planRuleset, type Ruleset, renderRuleset, TRANSLATION_CHAIN } from '@margay/firewall-core';
import type { Firewall } from '@margay/ports';
import { NETLINK_PROTOCOL, NetlinkSocket } from '../netlink/index.ts';
import { fingerprint, hasChain } from './fingerprint.ts';
import { commit, generation } from './transaction.ts';

export { LinuxFilterTables } from './linux-filter-tables.ts';

export interface NftablesOptions {
  /** Path or file descriptor of a network namespace; without it, the caller's own. */
  readonly namespace?: string | number;
}

/**
 * Firewall by nf_tables, written straight to the kernel: rules, chains, sets
 * and elements of one change are one transaction, and an element costs some
 * microseconds however large its set. libnftables is not used: it reads a set
 * back before it adds to it, and could not share a transaction with us.
 */
export function createNftablesFirewall({ namespace }: NftablesOptions = {}): Firewall & Disposable {
  const socket = NetlinkSocket.open({
    protocol: NETLINK_PROTOCOL.netfilter,
    ...(namespace === undefined ? {} : { namespace }),
  });
  /** What the kernel holds as far as this process knows; undefined: replace everything. */
  let actual: Ruleset | undefined;
  /** The last moment at which the table was known to be ours, and its fingerprint once that was taken. */
  let known: { generation: number; fingerprint?: string } | undefined;

  const forget = (): undefined => {
    actual = undefined;
    known = undefined;
  };

  return {
    apply: async (model: FirewallModel): Promise<{ changed: boolean }> => {
      const keepTranslation = actual ? actual.chains.has(TRANSLATION_CHAIN) : hasChain(socket, TRANSLATION_CHAIN);
      const desired = renderRuleset(model, { keepTranslation });
      const plan = planRuleset(actual, desired);
      if (plan.length === 0) {
        actual = desired;
        return { changed: false };
      }
      // After a refusal, or an answer that was lost, nothing is certain.
      forget();
      const before = generation(socket);
      commit(socket, plan);
      const after = generation(socket);
      actual = desired;
      // Somebody else's change in between leaves it open what the table holds: `verify` then says no.
      if (after === before + 1) known = { generation: after };
      return { changed: true };
    },

    adopt: async (): Promise<string | undefined> => {
      forget();
      const current = generation(socket);
      const now = fingerprint(socket);
      if (now === '') return undefined;
      known = { generation: current, fingerprint: now };
      return now;
    },

    verify: async (): Promise<string | undefined> => {
      if (known === undefined) return forget();
      const current = generation(socket);
      if (known.generation === current && known.fingerprint !== undefined) return known.fingerprint;
      const now = fingerprint(socket);
      // Changed while it was read: what was read is of no certain moment.
      if (generation(socket) !== current) return forget();
      if (known.generation !== current && known.fingerprint !== now) return forget();
      known = { generation: current, fingerprint: now };
      return now;
    },

    clear: async (): Promise<void> => {
      forget();
      commit(socket, [{ kind: 'add-table' }, { kind: 'delete-table' }]);
    },

    [Symbol.dispose]: (): void => socket.close(),
  };
}
