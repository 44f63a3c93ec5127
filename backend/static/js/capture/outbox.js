// Statements on their way to the server. What was not taken yet is kept on this device; a conflict stays until somebody
// says whose words hold.

import { drop, keep, kept, lineIsThere, read } from "../keeping.js";

const RETRY = 5000;
const MOST = 100;

export class Outbox {
  // `address` is where a list of statements is posted to, `changed` is called with what the server answered, or null.
  constructor({ address, token, user, place, changed }) {
    Object.assign(this, { address, token, user, place, changed });
    this.slot = `capture ${user} ${place}`;
    this.waiting = new Map();
    this.conflicts = new Map();
    this.hand = null;
    this.state = "saved";
    this.at = Date.now();
    addEventListener("online", () => this.send());
  }

  // What an earlier visit left; how many statements that are.
  async open() {
    const record = (await kept("drafts", this.user)).find((one) => one.slot === this.slot);
    if (!record) return 0;
    const [[, waiting], [, conflicts], [, hand]] = await read(record);
    this.waiting = new Map(waiting.map((one) => [one.uuid, one]));
    this.conflicts = new Map(conflicts);
    this.hand = hand;
    this.at = record.at;
    this.say("waits");
    return this.waiting.size;
  }

  put(item) {
    this.conflicts.delete(item.uuid);
    this.waiting.set(item.uuid, item);
    this.at = Date.now();
    // It is said to be on this device once it is.
    this.remember().then(() => {
      if (this.state !== "nowhere") this.say("waits");
      this.send();
    });
  }

  // What one has in hand and did not take down yet; null when that is nothing.
  holds(draft) {
    this.hand = draft;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.remember(), 100);
  }

  // One after the other, so that what is older never comes on top.
  remember() {
    this.writing = (this.writing ?? Promise.resolve()).then(() => this.write());
    return this.writing;
  }

  // Kept as a draft, so that logging out asks about it too.
  async write() {
    if (!this.waiting.size && !this.conflicts.size && !this.hand) return drop("drafts", this.slot).catch(() => {});
    const record = { slot: this.slot, user: this.user, place: this.place, at: this.at, sent: "" };
    const content = [["waiting", [...this.waiting.values()]], ["conflicts", [...this.conflicts]], ["hand", this.hand]];
    return keep("drafts", record, content).catch(() => this.say("nowhere"));
  }

  async send() {
    if (this.sending || !this.waiting.size) return;
    this.sending = true;
    clearTimeout(this.next);
    const items = [...this.waiting.values()].slice(0, MOST);
    const answer = await this.post(items);
    if (answer) this.taken(items, answer);
    // First what the page shows, then that it does not wait any more: in between nothing is lost.
    await this.changed(answer);
    await this.remember();
    this.sending = false;
    if (this.waiting.size) this.next = setTimeout(() => this.send(), answer ? 0 : RETRY);
    else this.say(this.conflicts.size ? "conflict" : "saved");
  }

  async post(items) {
    try {
      this.token ||= await this.freshToken();
      let response = this.token && (await this.request(items));
      if (response.status === 403 && (this.token = await this.freshToken())) response = await this.request(items);
      if (response.ok) return await response.json();
      this.say(!response || response.type === "opaqueredirect" ? "ended" : "refused");
    } catch {
      this.say((await lineIsThere(RETRY)) ? "refused" : "offline");
    }
    return null;
  }

  request(items) {
    return fetch(this.address, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify({ statements: items }),
    });
  }

  // From the page itself: one that was opened without a line has none, and logging in anew makes another one.
  async freshToken() {
    const response = await fetch(this.place, { redirect: "manual", cache: "no-store" });
    if (!response.ok) return "";
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.querySelector("#capture [name=csrfmiddlewaretoken]")?.value ?? "";
  }

  taken(items, answer) {
    this.at = Date.now();
    items.forEach((item, place) => {
      const result = answer.results[place];
      const now = this.waiting.get(item.uuid);
      if (now === item) this.waiting.delete(item.uuid);
      else if (now && result.statement) now.version = result.statement.version;
      if (result.errors) this.conflicts.set(item.uuid, { mine: item, errors: Object.values(result.errors).flat().map((one) => one.message) });
      else if ("gone" in result && !(item.removed && result.gone)) this.conflicts.set(item.uuid, { mine: item, theirs: result.conflict });
    });
  }

  // Mine goes in the place of theirs, as a new one where theirs is gone; or theirs stays.
  settle(uuid, takeMine) {
    const { mine, theirs } = this.conflicts.get(uuid);
    this.conflicts.delete(uuid);
    if (takeMine) return this.put({ ...mine, uuid: theirs ? uuid : crypto.randomUUID(), version: theirs?.version ?? 0 });
    return this.remember().then(() => this.say(this.waiting.size ? "waits" : "saved"));
  }

  say(state) {
    this.state = state;
    this.told?.(state, this.at);
  }
}
