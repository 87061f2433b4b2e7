/** Whose time is booked. */
export type Provider = {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
  /** IANA zone of the weekly hours. */
  readonly timeZone: string;
};
