export * from './entry.ts';
export * from './equal.ts';
export * from './error.ts';
export * from './feed.ts';
export * from './replica.ts';
export * from './spans.ts';
