export * from './model.ts';
export * from './names.ts';
export * from './plan.ts';
export * from './ranges.ts';
export * from './render.ts';
export * from './ruleset.ts';
