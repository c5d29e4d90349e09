import type { Session } from "../session.js";
import { UserError } from "../../lib/user-error.js";
import type { Place } from "./hosts.js";
import { count } from "./plan-text.js";

/** A person confirms before more than one host is touched. @throws UserError where nobody said yes */
export async function checkConsent(
  places: readonly (Pick<Place, "account"> & { readonly hosts: readonly unknown[] })[],
  { yes }: { readonly yes?: boolean },
  session: Session,
): Promise<void> {
  const hosts = places.reduce((sum, place) => sum + place.hosts.length, 0);
  if (hosts <= 1 || yes === true) return;
  const accounts = new Set(places.map(({ account }) => account)).size;
  const what = `It runs on ${hosts} hosts in ${count(accounts, "account", "accounts")}`;
  if (session.ask === undefined) {
    throw new UserError(`${what}: nobody is there to ask; --yes starts it, --plan only shows it`);
  }
  const answer = await session.ask(`${what}. Go on? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError("nothing was started");
}
