// Knows who is deciding on what, as the chips on the page say it; a claim tells others and blocks nobody.
//
//   <span data-claim-person="7" data-lease-until="…Z">Sam is assigning</span>
//   hidden once server time reaches the lease's end; "You are assigning" when it is the viewer's own;
//   the entity around it gets data-claimed="mine" | "other" while the lease runs
//   <span data-declining-person="7">Sam is declining</span>   "You are declining" likewise
//   extend(leases)     what the heartbeat says: {"clinic:3": {"request:12": until_ms}}

import { clock } from "./clock.js";
import { onArrival } from "./arrival.js";

const CHIP = "[data-claim-person][data-lease-until]";

export function paint(root) {
  const own = root.matches?.(CHIP) ? [root] : [];
  for (const chip of [...own, ...root.querySelectorAll(CHIP)]) show(chip);
  const mine = `[data-declining-person="${CSS.escape(document.body.dataset.person ?? "")}"]`;
  for (const words of root.querySelectorAll(mine)) {
    if (words.textContent !== "You are declining") words.textContent = "You are declining";
  }
  if (root.matches?.("[data-claimed]") && !root.querySelector(CHIP)) delete root.dataset.claimed;
}

export function extend(leases) {
  for (const claimed of Object.values(leases ?? {})) {
    for (const [entity, until] of Object.entries(claimed)) {
      const selector = `[data-entity="${CSS.escape(entity)}"] ${CHIP}`;
      for (const chip of document.querySelectorAll(selector)) {
        chip.dataset.leaseUntil = new Date(until).toISOString();
        show(chip);
      }
    }
  }
}

function show(chip) {
  const until = Date.parse(chip.dataset.leaseUntil);
  const isLive = clock.now() < until;
  const isMine = chip.dataset.claimPerson === document.body.dataset.person;
  if (isMine && chip.textContent !== "You are assigning") chip.textContent = "You are assigning";
  chip.hidden = !isLive;
  const entity = chip.closest("[data-entity]");
  if (isLive) {
    if (entity) entity.dataset.claimed = isMine ? "mine" : "other";
    clock.at(until, () => again(chip));
  } else if (entity) {
    delete entity.dataset.claimed;
  }
}

function again(chip) {
  if (chip.isConnected) show(chip);
}

onArrival(paint);
