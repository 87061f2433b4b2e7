/** What an appointment type offers, as far as a calendar can show it. Lengths, buffers, notice and step are minutes. */
export type TypeOffer = {
  name: string;
  slug: string;
  /** Ascending; the default one first. */
  durations: readonly number[];
  bufferBefore: number;
  bufferAfter: number;
  notice: number;
  horizonDays: number;
  slotStep: number;
  /** No longer offered. */
  archived: boolean;
};
