import { randomBytes } from 'node:crypto';
import { calls, ERRNO, lastErrno, SystemCallError } from '../native/libc.ts';
import type { MessageBuffer } from '../native/message.ts';
import type { NetworkNamespace } from '../native/namespace.ts';
import { FAILED, READABLE, type Reactor, WRITABLE } from '../native/reactor.ts';
import {
  beginConnect,
  closeSocket,
  openSocket,
  reportIcmpErrors,
  resetOnClose,
  type SocketProtocol,
  takeError,
} from '../native/socket.ts';
import { failureReason, type ProbeOutcome } from './reason.ts';

export interface ProbeSpec {
  readonly namespace: NetworkNamespace;
  readonly protocol: SocketProtocol;
  /** IPv4. */
  readonly address: string;
  /** Ignored for icmp. */
  readonly port: number;
  readonly timeoutMs: number;
}

/** Sockets in flight at once; more wait their turn, and their time starts then. */
const MAX_IN_FLIGHT = 512;
/** A datagram is sent this often within the timeout: a full queue is not a verdict. */
const DATAGRAM_TRIES = 4;
const ICMP_ECHO_REQUEST = 8;
const ICMP_HEADER_BYTES = 8;

/** Makes real connections from inside namespaces, many at once, on one thread. */
export class Prober {
  readonly #reactor: Reactor;
  readonly #message: MessageBuffer;
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;

  constructor({ reactor, message }: { readonly reactor: Reactor; readonly message: MessageBuffer }) {
    this.#reactor = reactor;
    this.#message = message;
  }

  /** Never rejects for what the network or the kernel answers: that is the outcome. */
  async probe(spec: ProbeSpec): Promise<ProbeOutcome> {
    if (this.#inFlight >= MAX_IN_FLIGHT) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#inFlight += 1;
    try {
      return await this.#run(spec);
    } finally {
      this.#inFlight -= 1;
      this.#waiting.shift()?.();
    }
  }

  #run(spec: ProbeSpec): Promise<ProbeOutcome> {
    const { protocol } = spec;
    const startedMs = performance.now();
    const outcome = (allowed: boolean, reason: string): ProbeOutcome => ({
      allowed,
      reason,
      rttMs: performance.now() - startedMs,
    });
    const stream = protocol === 'tcp' || protocol === 'sctp';
    const nonce = stream ? undefined : datagram(protocol);
    let fd: number;
    try {
      fd = spec.namespace.run(() => openSocket(protocol));
    } catch (error) {
      if (error instanceof SystemCallError) return Promise.resolve(outcome(false, socketFailure(protocol, error)));
      throw error;
    }
    return new Promise((resolve) => {
      const timers: NodeJS.Timeout[] = [];
      const settle = (result: ProbeOutcome): void => {
        for (const timer of timers) clearTimeout(timer);
        this.#reactor.remove(fd);
        closeSocket(fd);
        resolve(result);
      };
      const fail = (errno: number, queued = this.#message.takeQueuedError(fd)): void =>
        settle(outcome(false, failureReason(protocol, errno, queued)));
      const send = (): boolean => {
        if (!nonce || Number(calls.send(fd, nonce, nonce.length, 0)) >= 0) return true;
        const errno = lastErrno();
        // The device's queue is full: the next try, or the timeout, decides.
        if (errno === ERRNO.EAGAIN || errno === ERRNO.ENOBUFS) return true;
        fail(errno);
        return false;
      };

      reportIcmpErrors(fd);
      if (stream) resetOnClose(fd);
      const errno = beginConnect(fd, spec.address, spec.port);
      if (errno !== 0) {
        fail(errno);
        return;
      }
      if (!send()) return;
      timers.push(setTimeout(() => settle(outcome(false, 'timeout')), spec.timeoutMs));
      for (let attempt = 1; nonce && attempt < DATAGRAM_TRIES; attempt += 1) {
        timers.push(setTimeout(send, (spec.timeoutMs * attempt) / DATAGRAM_TRIES));
      }
      this.#reactor.add(fd, stream ? WRITABLE : READABLE, (events) => {
        if (stream) {
          const errno = takeError(fd);
          if (errno !== 0) fail(errno);
          else settle(outcome(true, 'connected'));
          return;
        }
        if ((events & FAILED) !== 0) {
          const errno = takeError(fd);
          const queued = this.#message.takeQueuedError(fd);
          if (errno !== 0 || queued) {
            fail(errno, queued);
            return;
          }
        }
        const answer = this.#message.receive(fd);
        if (answer && nonce && isAnswer(protocol, nonce, answer)) settle(outcome(true, 'replied'));
      });
    });
  }
}

/** A nonce; for icmp behind the header of an echo request, whose id and checksum the kernel fills in. */
function datagram(protocol: SocketProtocol): Buffer {
  const nonce = randomBytes(16);
  if (protocol !== 'icmp') return nonce;
  const header = Buffer.alloc(ICMP_HEADER_BYTES);
  header.writeUInt8(ICMP_ECHO_REQUEST, 0);
  return Buffer.concat([header, nonce]);
}

function isAnswer(protocol: SocketProtocol, sent: Buffer, received: Buffer): boolean {
  const skip = protocol === 'icmp' ? ICMP_HEADER_BYTES : 0;
  return received.subarray(skip).equals(sent.subarray(skip));
}

function socketFailure(protocol: SocketProtocol, error: SystemCallError): string {
  if (error.reason === 'EPROTONOSUPPORT' || error.reason === 'ESOCKTNOSUPPORT') {
    return `${protocol} is not supported by this kernel`;
  }
  return error.message;
}
