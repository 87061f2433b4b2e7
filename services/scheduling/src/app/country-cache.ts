/** How long another replica's change of the country may stay unnoticed, in milliseconds. */
const keptMs = 10_000;
const mostEntries = 10_000;

/** Countries by organisation, kept for moments so that a booking need not ask for one each time. */
export class CountryCache {
  private readonly entries = new Map<string, { country: string; until: number }>();

  /** The remembered country, while it is fresh. */
  get(organizationId: string): string | undefined {
    const entry = this.entries.get(organizationId);
    return entry && entry.until > performance.now() ? entry.country : undefined;
  }

  /** Remembers; the whole cache goes when it has grown too large. */
  set(organizationId: string, country: string): void {
    if (this.entries.size >= mostEntries) this.entries.clear();
    this.entries.set(organizationId, { country, until: performance.now() + keptMs });
  }
}
