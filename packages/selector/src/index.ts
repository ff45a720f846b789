export * from './error.ts';
export * from './label-selector.ts';
export * from './selector.ts';
export { isLabelKey, isLabelValue } from './syntax.ts';
export * from './text.ts';
