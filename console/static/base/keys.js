// Keys that act wherever the reader is.
import { useLayoutEffect, useRef, typing } from "./ui.js";

// useKeys tells act of each key, and whether that is done is what act returns. Of keys in a
// field it is told Escape alone, with the field. It is always the act of what is shown:
// one of an earlier drawing would go by rows that are gone.
export function useKeys(act) {
  const latest = useRef(act);
  useLayoutEffect(() => { latest.current = act; });
  useLayoutEffect(() => {
    const press = (event) => {
      const field = typing(event.target) ? event.target : null;
      if (event.metaKey || event.ctrlKey || event.altKey || (field && event.key !== "Escape")) return;
      if (latest.current(event.key, field, event)) event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
