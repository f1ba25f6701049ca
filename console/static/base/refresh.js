// What changes with the traffic is loaded again when there is some.
import { useEffect, useRef, useLoaded } from "./ui.js";
import { exchanges } from "../exchanges/exchanges.js";

const pause = 400; // milliseconds from an exchange to the next load; several are one

// useRefreshed is useLoaded, again after exchanges; with every, a time in milliseconds,
// also so often while the page can be seen, for what happens without an exchange.
export function useRefreshed(load, depends, every) {
  const busy = useRef(0); // a load that takes long is not broken off by the next one
  const loaded = useLoaded(async (signal) => {
    busy.current++;
    try { return await load(signal); } finally { busy.current--; }
  }, depends);
  useEffect(() => {
    let timer = 0;
    const soon = () => { timer = timer || setTimeout(due, pause); };
    const due = () => {
      timer = 0;
      if (busy.current) soon();
      else loaded.reload();
    };
    exchanges.followers.add(soon);
    const often = every && setInterval(() => document.visibilityState === "visible" && soon(), every);
    return () => {
      exchanges.followers.delete(soon);
      clearTimeout(timer);
      clearInterval(often);
    };
  }, [loaded.reload, every]);
  return loaded;
}
