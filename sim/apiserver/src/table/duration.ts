/**
 * A time span as kubectl prints ages: two units while the first is small
 * (`2m5s`, `9m`, `5h12m`, `7d3h`), one when it is not (`45s`, `12m`, `30h`, `12d`).
 *
 * @param milliseconds how long; a small negative span counts as 0
 */
export function shortDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 120) return `${Math.max(seconds, 0)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return pair(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return days < 2920 ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

function pair(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first}${firstUnit}` : `${first}${firstUnit}${second}${secondUnit}`;
}

/** The age of something that happened at an RFC 3339 time. */
export function ageOf(time: string | undefined, nowMs: number): string {
  const then = Date.parse(time ?? '');
  return Number.isNaN(then) ? '<unknown>' : shortDuration(nowMs - then);
}
