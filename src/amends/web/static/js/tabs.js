/* Tabs of the same person at the same browser tell each other what is typed. */
import { person } from "./session.js";

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(`amends-${person}`) : null;
export const tell = (message) => { if (channel) channel.postMessage(message); };
export const listen = (hear) => { if (channel) channel.addEventListener("message", (event) => hear(event.data)); };
