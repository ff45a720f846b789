import type { MessageBuffer } from '../native/message.ts';
import type { NetworkNamespace } from '../native/namespace.ts';
import { READABLE, type Reactor } from '../native/reactor.ts';
import { bindSocket, closeSocket, growReceiveBuffer, openSocket, reportDestination } from '../native/socket.ts';
import type { Listener } from './listener.ts';

/** Datagrams answered in one turn, so that a flood does not starve the rest of the process. */
const BATCH = 256;
/** Some thousands of short datagrams, which count for about 800 bytes each. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/**
 * Answers every datagram with its own bytes, from the address that it was sent
 * to: a host with several addresses would else answer from another one.
 *
 * @throws {SystemCallError} `EADDRINUSE`: the port is taken.
 */
export function listenUdpEcho(
  port: number,
  context: { readonly namespace: NetworkNamespace; readonly reactor: Reactor; readonly message: MessageBuffer },
): Listener {
  const { reactor, message } = context;
  const fd = context.namespace.run(() => openSocket('udp'));
  try {
    bindSocket(fd, '0.0.0.0', port);
    reportDestination(fd);
    growReceiveBuffer(fd, RECEIVE_BUFFER_BYTES);
  } catch (error) {
    closeSocket(fd);
    throw error;
  }
  reactor.add(fd, READABLE, () => {
    for (let count = 0; count < BATCH; count += 1) {
      const bytes = message.receive(fd);
      if (!bytes) return;
      message.echo(fd, bytes.length);
    }
  });
  return {
    close: () => {
      reactor.remove(fd);
      closeSocket(fd);
    },
  };
}
