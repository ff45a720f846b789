import { KernelError } from '@margay/ports';
import { closeFd, ERRNO, kernelError, libc } from '../libc/index.ts';
import { NLM_F, NLMSG } from './constants.ts';
import { type NetlinkSocketOptions, openSocket, receiveBufferBytes } from './open-socket.ts';
import { decodeAck, decodeMessages, type NetlinkMessage } from './reader.ts';
import { encodeRequests, type NetlinkRequest } from './writer.ts';

const MSG_TRUNC = 0x20;
const MSG_DONTWAIT = 0x40;

/** Messages of one send; more only lets the event loop wait longer. */
const BATCH_MESSAGES = 500;
/** What one queued acknowledgement takes of the receive buffer, at most. */
const ACK_BUFFER_BYTES = 1280;
/** The kernel fills at most 32 KiB in one answer of a dump; single messages may be longer. */
const READ_BYTES = 256 * 1024;
/** How often a dump begins again because the table changed meanwhile. */
const DUMP_ATTEMPTS = 20;

/**
 * One netlink socket. All calls are synchronous: the kernel does the work
 * inside `send`, and its answers are queued when that returns, so nothing ever
 * waits. The socket stays in the namespace where it was opened.
 */
export class NetlinkSocket {
  readonly #fd: number;
  readonly #batchMessages: number;
  #sequence = 1;
  #open = true;
  /** Keeps the bytes alive that a pool thread is sending. */
  #sending: Uint8Array | undefined;

  private constructor(fd: number) {
    this.#fd = fd;
    this.#batchMessages = Math.max(1, Math.min(BATCH_MESSAGES, Math.floor(receiveBufferBytes(fd) / ACK_BUFFER_BYTES)));
  }

  /** @throws {KernelError} `NAMESPACE_MISSING`, `NOT_PERMITTED`, `UNSUPPORTED` */
  static open(options: NetlinkSocketOptions): NetlinkSocket {
    const fd = openSocket(options);
    try {
      return new NetlinkSocket(fd);
    } catch (error) {
      closeFd(fd);
      throw error;
    }
  }

  /** Messages that one send can carry so that every acknowledgement fits into the receive buffer. */
  get batchMessages(): number {
    return this.#batchMessages;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeFd(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Does one thing. @throws {KernelError} with the kernel's reason. */
  request(request: NetlinkRequest): void {
    const [failure] = this.batch([request]);
    if (failure) throw failure;
  }

  /**
   * Does many things, in order, each whether or not those before it worked;
   * at most `batchMessages` a send. The result has one place a request.
   */
  batch(requests: readonly NetlinkRequest[]): (KernelError | undefined)[] {
    const failures: (KernelError | undefined)[] = [];
    for (let at = 0; at < requests.length; at += this.#batchMessages) {
      failures.push(...this.#sendBatch(requests.slice(at, at + this.#batchMessages)));
    }
    return failures;
  }

  /**
   * Like `batch`, for one send of requests that take the kernel long: it works
   * on a pool thread, and the event loop goes on. Nothing else may use this
   * socket until it is done.
   */
  async batchElsewhere(requests: readonly NetlinkRequest[]): Promise<(KernelError | undefined)[]> {
    if (requests.length > this.#batchMessages) throw new RangeError(`${requests.length} requests do not fit one send`);
    const first = this.#take(requests.length);
    await this.#sendElsewhere(encodeBatch(requests, first), () => describeFirst(requests));
    return this.#readAcks(requests, first);
  }

  /** Asks for one object: its messages. @throws {KernelError} `MISSING` and others */
  get(request: NetlinkRequest): NetlinkMessage[] {
    const sequence = this.#take(1);
    this.#send(encodeRequests([request], sequence, NLM_F.request | NLM_F.ack), request.operation);
    const found: NetlinkMessage[] = [];
    for (;;) {
      for (const message of this.#receiveOwn(sequence, request.operation)) {
        if (message.type !== NLMSG.error) {
          found.push(copyOf(message));
          continue;
        }
        const { errno, reason } = decodeAck(message);
        if (errno !== 0) throw kernelError(errno, request.operation(), reason);
        return found;
      }
    }
  }

  /**
   * Lists a table. Begins again when it changed while it was read, so that
   * the list is one that was true at some moment.
   *
   * @throws {KernelError} `REJECTED`: it kept changing.
   */
  dump(request: NetlinkRequest): NetlinkMessage[] {
    for (let attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
      const sequence = this.#take(1);
      this.#send(encodeDump(request, sequence), request.operation);
      const messages = this.#readDump(request, sequence);
      if (messages) return messages;
    }
    throw keptChanging(request);
  }

  /**
   * Like `dump`, for a large table of which little is wanted: the kernel looks
   * for the first 32 KiB of the answer on a pool thread, for the rest when it
   * is read. Nothing else may use this socket until it is done.
   */
  async dumpElsewhere(request: NetlinkRequest): Promise<NetlinkMessage[]> {
    for (let attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
      const sequence = this.#take(1);
      await this.#sendElsewhere(encodeDump(request, sequence), request.operation);
      const messages = this.#readDump(request, sequence);
      if (messages) return messages;
    }
    throw keptChanging(request);
  }

  /**
   * Hands over what has arrived at an event socket, without waiting. The
   * message is a view that the next read overwrites. True when the kernel
   * dropped messages because the buffer was full: anything may have changed.
   */
  drain(visit: (message: NetlinkMessage) => void): boolean {
    let overrun = false;
    for (;;) {
      const length = libc().recv(this.#fd, readBuffer, readBuffer.length, MSG_DONTWAIT | MSG_TRUNC);
      if (length > readBuffer.length) overrun = true;
      else if (length >= 0) decodeMessages(readBuffer.subarray(0, length)).forEach(visit);
      else {
        const errno = libc().errno();
        if (errno === ERRNO.EAGAIN) return overrun;
        if (errno === ERRNO.ENOBUFS) overrun = true;
        else if (errno !== ERRNO.EINTR) throw kernelError(errno, 'read kernel events');
      }
    }
  }

  /** Sends bytes as they are, for protocols that frame their own batches. */
  sendBytes(bytes: Uint8Array, operation: () => string): void {
    this.#send(bytes, operation);
  }

  /** Reserves `count` sequence numbers and returns the first. */
  takeSequence(count: number): number {
    return this.#take(count);
  }

  #sendBatch(requests: readonly NetlinkRequest[]): (KernelError | undefined)[] {
    const first = this.#take(requests.length);
    this.#send(encodeBatch(requests, first), () => describeFirst(requests));
    return this.#readAcks(requests, first);
  }

  #readAcks(requests: readonly NetlinkRequest[], first: number): (KernelError | undefined)[] {
    const failures = new Array<KernelError | undefined>(requests.length).fill(undefined);
    const operation = (): string => describeFirst(requests);
    let done = requests.length === 0;
    while (!done) {
      for (const message of this.#receive(operation)) {
        const index = message.sequence - first;
        const request = requests[index];
        if (message.type !== NLMSG.error || request === undefined) continue;
        const { errno, reason } = decodeAck(message);
        if (errno !== 0) failures[index] = kernelError(errno, request.operation(), reason);
        if (index === requests.length - 1) done = true;
      }
    }
    return failures;
  }

  /** Undefined when the table changed meanwhile. */
  #readDump(request: NetlinkRequest, sequence: number): NetlinkMessage[] | undefined {
    const found: NetlinkMessage[] = [];
    let interrupted = false;
    for (;;) {
      for (const message of this.#receiveOwn(sequence, request.operation)) {
        if (message.flags & NLM_F.dumpInterrupted) interrupted = true;
        if (message.type !== NLMSG.error && message.type !== NLMSG.done) {
          found.push(copyOf(message));
          continue;
        }
        const { errno, reason } = decodeAck(message);
        if (errno === ERRNO.EINTR) return undefined;
        if (errno !== 0) throw kernelError(errno, request.operation(), reason);
        return interrupted ? undefined : found;
      }
    }
  }

  #take(count: number): number {
    if (this.#sequence + count > 0x7fffffff) this.#sequence = 1;
    const first = this.#sequence;
    this.#sequence += count;
    return first;
  }

  #refuseWhileSending(): void {
    if (this.#sending) throw new Error('the netlink socket is at work on a pool thread');
  }

  #send(bytes: Uint8Array, operation: () => string): void {
    this.#refuseWhileSending();
    for (;;) {
      if (libc().send(this.#fd, bytes, bytes.length, 0) >= 0) return;
      const errno = libc().errno();
      if (errno !== ERRNO.EINTR) throw kernelError(errno, operation());
    }
  }

  async #sendElsewhere(bytes: Uint8Array, operation: () => string): Promise<void> {
    this.#refuseWhileSending();
    this.#sending = bytes;
    const sent = await libc()
      .sendElsewhere(this.#fd, bytes, bytes.length, 0)
      .finally(() => {
        this.#sending = undefined;
      });
    if (sent < 0) throw new KernelError('REJECTED', `${operation()}: the kernel did not take the message`);
  }

  /** Answers to one request; anything else is what an earlier call that failed left behind. */
  #receiveOwn(sequence: number, operation: () => string): NetlinkMessage[] {
    return this.#receive(operation).filter((message) => message.sequence === sequence);
  }

  #receive(operation: () => string): NetlinkMessage[] {
    for (;;) {
      const length = libc().recv(this.#fd, readBuffer, readBuffer.length, MSG_DONTWAIT | MSG_TRUNC);
      if (length > readBuffer.length) {
        throw new KernelError('REJECTED', `${operation()}: an answer of ${length} bytes is longer than any expected`);
      }
      if (length >= 0) return decodeMessages(readBuffer.subarray(0, length));
      const errno = libc().errno();
      if (errno === ERRNO.EINTR) continue;
      // The kernel answers before send returns: nothing there means that the answer was lost.
      if (errno === ERRNO.EAGAIN) throw new KernelError('REJECTED', `${operation()}: the kernel's answer was lost`);
      throw kernelError(errno, operation());
    }
  }
}

/** Shared: every read is decoded or copied before the next one. */
const readBuffer = Buffer.alloc(READ_BYTES);

/**
 * The kernel works in order and answers every failure, so that only the last
 * request needs an acknowledgement: it tells that all others were done.
 */
function encodeBatch(requests: readonly NetlinkRequest[], first: number): Buffer {
  return encodeRequests(requests, first, NLM_F.request, NLM_F.ack);
}

function encodeDump(request: NetlinkRequest, sequence: number): Buffer {
  return encodeRequests([request], sequence, NLM_F.request | NLM_F.dump);
}

function keptChanging(request: NetlinkRequest): KernelError {
  return new KernelError('REJECTED', `${request.operation()}: it changed at every one of ${DUMP_ATTEMPTS} attempts`);
}

function describeFirst(requests: readonly NetlinkRequest[]): string {
  return requests[0]?.operation() ?? 'no request';
}

function copyOf(message: NetlinkMessage): NetlinkMessage {
  return { ...message, body: Buffer.from(message.body) };
}
