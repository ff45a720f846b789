import { type IpAddress, IpError, parseAddress } from '@margay/ip';
import { type AddressUse, IpamError, type IpamErrorCode } from '@margay/ipam-core';
import type { Logger } from '@margay/ports';
import { CallError, type ServiceHandlers, type StatusName } from '@margay/wire';
import type { Assigner } from './assign/assigner.ts';
import type { Releaser } from './release/releaser.ts';
import type { ReserveKeeper } from './reserve/reserve-keeper.ts';

export const IPAM_STATUS = {
  NO_POOL: 'FAILED_PRECONDITION',
  EXHAUSTED: 'RESOURCE_EXHAUSTED',
  BAD_REQUEST: 'INVALID_ARGUMENT',
  CONTENTION: 'ABORTED',
  UNAVAILABLE: 'UNAVAILABLE',
} as const satisfies Record<IpamErrorCode, StatusName>;

/** Most addresses of one request. */
const COUNT_LIMIT = 64;

export interface ServeIpamOptions {
  readonly assigner: Assigner;
  readonly reserves: ReserveKeeper;
  readonly releaser: Releaser;
  readonly logger: Logger;
  /** False until pools and blocks are known. */
  readonly isReady: () => boolean;
}

export function serveIpam({
  assigner,
  reserves,
  releaser,
  logger,
  isReady,
}: ServeIpamOptions): ServiceHandlers<'margay.ipam.v1.Ipam'> {
  const requireReady = (): void => {
    if (!isReady()) throw new CallError('UNAVAILABLE', 'this IPAM service does not know the blocks yet; try again');
  };
  return {
    autoAssign: async ({ node, handle, count, use, attributes }) => {
      requireReady();
      const wanted = Number(count);
      if (node === '') throw bad('node is empty');
      if (handle === '') throw bad('handle is empty');
      if (!Number.isInteger(wanted) || wanted < 1 || wanted > COUNT_LIMIT)
        throw bad(`count is ${count}, but must be 1 to ${COUNT_LIMIT}`);
      const taker = { handle, attributes: { ...attributes, node } };
      const isNew = !assigner.knows(handle);
      const assignments = await assigner
        .assign({ node, use: readUse(use), taker, count: wanted })
        .catch(async (error: unknown) => {
          // All or nothing: a part of what was asked for is of no use to the caller.
          if (isNew && error instanceof IpamError && error.code === 'EXHAUSTED') await releaser.releaseHandle(handle);
          throw error;
        });
      logger.debug({ node, handle, addresses: assignments.map(({ address }) => address) }, 'Assigned');
      return { assignments };
    },

    keepReserve: async ({ node, count, handovers, returns }) => {
      requireReady();
      const wanted = Number(count);
      if (node === '') throw bad('node is empty');
      if (!Number.isInteger(wanted) || wanted < 0 || wanted > COUNT_LIMIT)
        throw bad(`count is ${count}, but must be 0 to ${COUNT_LIMIT}`);
      return await reserves.keep({
        node,
        count: wanted,
        handovers: handovers.map(({ address, handle, attributes }, index) => {
          if (handle === '') throw bad(`handovers[${index}].handle is empty`);
          const taker = { handle, attributes: { ...attributes, node } };
          return { address: readAddress(address, `handovers[${index}].address`), taker };
        }),
        returns: returns.map((address, index) => readAddress(address, `returns[${index}]`)),
      });
    },

    releaseHandle: async ({ handle }) => {
      requireReady();
      if (handle === '') throw bad('handle is empty');
      return { released: await releaser.releaseHandle(handle) };
    },

    releaseAddresses: async ({ addresses }) => {
      requireReady();
      return await releaser.releaseAddresses(
        addresses.map(({ address, handle }, index) => ({
          address: readAddress(address, `addresses[${index}].address`),
          ...(handle !== '' && { handle }),
        })),
      );
    },

    releaseNode: async ({ node }) => {
      requireReady();
      if (node === '') throw bad('node is empty');
      const { released, blocks } = await releaser.releaseNode(node);
      logger.info({ node, addresses: released.length, blocks }, 'Released a node');
      return { released, blocks };
    },
  };
}

function readUse(use: string | number): AddressUse {
  if (use === 'USE_WORKLOAD') return 'workload';
  if (use === 'USE_TUNNEL') return 'tunnel';
  throw bad(`use is ${use}, but must be USE_WORKLOAD or USE_TUNNEL`);
}

function readAddress(text: string, field: string): IpAddress {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof IpError) throw bad(`${field}: ${error.message}`);
    throw error;
  }
}

function bad(message: string): IpamError {
  return new IpamError('BAD_REQUEST', message);
}
