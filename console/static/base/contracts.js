// What the server knows of its contracts, asked for once.
import { get } from "./api.js";

const asked = new Map();

export function once(key, load) {
  if (!asked.has(key)) {
    const answer = load();
    asked.set(key, answer);
    answer.catch(() => asked.delete(key)); // it may be asked again
  }
  return asked.get(key);
}

export const contractList = () => once("", async () => (await get("contracts")).contracts);

export const contractOf = (vendor) => once(vendor, () => get("contracts/" + encodeURIComponent(vendor)));

export const payloadOf = (vendor, name) => once(vendor + " " + name, () => get("contracts/" + encodeURIComponent(vendor) + "/payload", { name }));

export async function requirementOf(vendor, id) {
  if (!vendor) return undefined;
  return (await contractOf(vendor)).requirements.find((r) => r.id === id);
}

// operationOf is an operation or an event by its name, as operations/message.
export async function operationOf(vendor, name) {
  const contract = await contractOf(vendor);
  return [...contract.operations, ...contract.events].find((o) => o.name === name);
}

// readingsOf are those in force that decide about an operation or an event.
export async function readingsOf(vendor, name) {
  if (!vendor || !name) return [];
  const ids = ((await operationOf(vendor, name)) || {}).readings || [];
  return (await contractOf(vendor)).readings.filter((r) => ids.includes(r.id));
}
