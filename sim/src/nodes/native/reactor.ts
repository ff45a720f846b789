import koffi from 'koffi';
import { calls, checked } from './libc.ts';

const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const BATCH = 256;
/** `struct epoll_event` is packed on amd64 only. */
const EVENT_BYTES = process.arch === 'x64' ? 12 : 16;
const DATA_OFFSET = process.arch === 'x64' ? 4 : 8;

export const READABLE = 0x001;
export const WRITABLE = 0x004;
export const FAILED = 0x008;

/**
 * Waits for many sockets, in any namespaces, without a thread: one epoll
 * descriptor, itself watched by libuv, so that an idle process does nothing.
 */
export class Reactor {
  readonly #epoll: number;
  readonly #poll: { close(): void; ref(): void; unref(): void };
  readonly #handlers = new Map<number, (events: number) => void>();
  readonly #events = Buffer.alloc(EVENT_BYTES * BATCH);

  constructor() {
    this.#epoll = checked('epoll_create1', calls.epollCreate(EPOLL_CLOEXEC));
    this.#poll = koffi.node.poll(this.#epoll, { readable: true }, () => this.#dispatch());
    this.#poll.unref();
  }

  /** Calls `handler` whenever one of `events`, or an error, is true of the socket. */
  add(fd: number, events: number, handler: (events: number) => void): void {
    const event = Buffer.alloc(EVENT_BYTES);
    event.writeUInt32LE(events, 0);
    event.writeInt32LE(fd, DATA_OFFSET);
    checked('epoll_ctl', calls.epollControl(this.#epoll, EPOLL_CTL_ADD, fd, event));
    this.#handlers.set(fd, handler);
    if (this.#handlers.size === 1) this.#poll.ref();
  }

  /** Before the socket is closed. No error when it was never added. */
  remove(fd: number): void {
    if (!this.#handlers.delete(fd)) return;
    calls.epollControl(this.#epoll, EPOLL_CTL_DEL, fd, this.#events);
    if (this.#handlers.size === 0) this.#poll.unref();
  }

  close(): void {
    this.#handlers.clear();
    this.#poll.close();
    calls.close(this.#epoll);
  }

  #dispatch(): void {
    // Below zero: interrupted. What is ready stays so, and libuv calls again.
    const count = calls.epollWait(this.#epoll, this.#events, BATCH, 0);
    // Handlers may remove sockets of this very batch; what they add is not in it.
    const ready: [number, number][] = [];
    for (let index = 0; index < count; index += 1) {
      const at = index * EVENT_BYTES;
      ready.push([this.#events.readInt32LE(at + DATA_OFFSET), this.#events.readUInt32LE(at)]);
    }
    for (const [fd, events] of ready) this.#handlers.get(fd)?.(events);
  }
}
