/** The state of one service per account and Region: a map of maps that is never asked for `undefined`. */
export class Regional<T> {
  private readonly places = new Map<string, Map<string, T>>();

  /** The things of one account and Region, by name. */
  in(account: string, region: string): Map<string, T> {
    const key = `${account}/${region}`;
    let place = this.places.get(key);
    if (place === undefined) this.places.set(key, (place = new Map<string, T>()));
    return place;
  }

  /** Everything of every account and Region. */
  *all(): Iterable<T> {
    for (const place of this.places.values()) yield* place.values();
  }
}
